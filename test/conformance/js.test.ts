/** The JavaScript backend with kernels generated at run time, as nearly everywhere. */
import { codeGeneration } from '../../src/scalar/index.ts'
import { conformance } from './suite.ts'

conformance({ name: 'js', ulp: 0, start: () => codeGeneration.force('generate'), gaps: [] })
