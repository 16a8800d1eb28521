/** The JavaScript backend where a Content-Security-Policy forbids generated code: kernels are composed of closures. */
import { codeGeneration } from '../../src/scalar/index.ts'
import { conformance } from './suite.ts'

// Kernels are made once per op and process; test files have a process each, so that none is left of the other way.
conformance({ name: 'js without generated code', ulp: 0, start: () => codeGeneration.force('compose'), gaps: [] })
