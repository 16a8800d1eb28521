/**
 * Loop kernels as WebAssembly: fused elementwise formulas and folds over strided operands, one function per kernel with
 * sizes and strides written into it. Read `recipe.ts` (what is computed), `layout.ts` (how it is walked), `passes.ts`
 * (when), `writer.ts` (the code).
 */
import type { LoopKernel } from '../../kernels.ts'
import type { ModuleBuilder } from '../emit/module.ts'
import { Lanes } from '../lanes.ts'
import type { Heap } from '../memory.ts'
import { hasRelaxedSimd } from '../wasm.ts'
import { grainOf } from './blocks.ts'
import { recipeOf } from './recipe.ts'
import { LoopWriter } from './writer.ts'

export { loopKey } from './recipe.ts'

/** A function `name(from, to, ...addresses of the reads, ...of the writes, scratch)` that computes units from <= u < to. */
export interface LoopCode {
  readonly name: string
  /** How many units there are; threads may share them in any way, the results are the same. */
  readonly units: number
  /** How many neighbouring units write to one cache line: at least so many should stay together. */
  readonly grain: number
  /** Bytes that each thread needs at `scratch`, not shared with others; at 0 bytes the address is not used. */
  readonly scratch: number
}

/** Adds the kernel to the module. */
export function emitLoop(module: ModuleBuilder, name: string, kernel: LoopKernel, heap: Heap): LoopCode {
  const recipe = recipeOf(kernel)
  let code: LoopCode | undefined
  const streams = kernel.reads.length + kernel.writes.length
  const params = new Array<'i32'>(streams + 3).fill('i32')
  module.function(name, params, 'none', (f, [from, to, ...rest]) => {
    const l = new Lanes(kernel.dtype, { module, heap, f, fused: hasRelaxedSimd() })
    const writer = new LoopWriter(l, kernel, recipe, rest.slice(0, streams), rest[streams])
    writer.write(from, to)
    const { units, scratchBytes: scratch } = writer
    code = { name, units, grain: grainOf(kernel, units), scratch }
  })
  return code!
}
