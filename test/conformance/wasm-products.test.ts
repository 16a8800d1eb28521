/** The JavaScript backend with every product of floating point matrices, however small, in WebAssembly. */
import { it } from 'vitest'
import { wasmProducts } from '../../src/backends/wasm/gemm.ts'
import { wasmStatus } from '../../src/backends/wasm/wasm.ts'
import { conformance } from './suite.ts'

// BLAS comes before WebAssembly and is looked for at the first product.
process.env.CHAINRULE_BLAS = 'off'
const status = wasmStatus()
if ('missing' in status) it.skip(`products in WebAssembly: ${status.missing}`, () => undefined)
else conformance({ name: 'js with WebAssembly', ulp: 0, start: () => wasmProducts.force({ from: 1 }), gaps: [] })
