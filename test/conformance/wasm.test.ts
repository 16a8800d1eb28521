/**
 * Eager ops in WebAssembly, however small. What has no kernel there (integers, flags, views, routines) runs in
 * JavaScript, as it does for users.
 */
import { it } from 'vitest'
import { forceWasm } from '../../src/backends/wasm/eager/mode.ts'
import { wasmStatus } from '../../src/backends/wasm/wasm.ts'
import { conformance } from './suite.ts'

// BLAS comes before WebAssembly and is looked for at the first product.
process.env.CHAINRULE_BLAS = 'off'
const status = wasmStatus()
if ('missing' in status) it.skip(status.missing, () => undefined)
else conformance({ name: 'wasm', ulp: 1, float64Ulp: 64, start: () => forceWasm('always'), gaps: [] })
