/** Loops over a batch of products, whose strides are baked into the code. */
import { i32, op } from '../emit/code.ts'
import type { FunctionBuilder } from '../emit/function.ts'
import { sum } from '../tables.ts'
import { count, type Form } from './form.ts'
import type { Pointer } from './tile.ts'

interface Matrices {
  readonly a: Pointer
  readonly b: Pointer
  readonly c: Pointer
}

/** From this many products on, threads share them out whole. */
export const WHOLE_FROM = 4

/** Runs the body for the matrices numbered from..to of the batch, for all without a range. */
export function eachOfBatch(
  f: FunctionBuilder,
  { batch, format }: Form,
  range: { readonly from: Pointer; readonly to: Pointer } | undefined,
  { a, b, c }: Matrices,
  body: (at: Matrices) => void,
): void {
  const total = count(batch)
  if (total === 1 && !range) {
    body({ a, b, c })
    return
  }
  const [i, end] = range ? [f.let(range.from), range.to] : [f.let(i32(0)), i32(total)]
  f.block((done) => {
    f.jump(done, op('i32.ge_s', i, end))
    f.loop((again) => {
      const indices = indicesOf(f, batch.sizes, i)
      const [x, y, z] = [a, b, c].map((base, operand) => {
        const steps = indices.map((index, d) => op('i32.mul', index, i32(batch.strides[operand][d] * format.size)))
        return f.let(steps.reduce(sum, base))
      })
      body({ a: x, b: y, c: z })
      f.advance(i, 1)
      f.jump(again, op('i32.lt_s', i, end))
    })
  })
}

/** The loops' indices at the i-th of all combinations. */
function indicesOf(f: FunctionBuilder, sizes: readonly number[], i: Pointer): Pointer[] {
  let left = i
  const indices: Pointer[] = []
  for (let d = sizes.length - 1; d > 0; d--) {
    indices.unshift(f.let(op('i32.rem_u', left, i32(sizes[d]))))
    left = f.let(op('i32.div_u', left, i32(sizes[d])))
  }
  return sizes.length > 0 ? [left, ...indices] : []
}
