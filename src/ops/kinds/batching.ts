/** Batch rules that several kinds share. A batched operand has the batch as its first dimension. */
import { shapeOf } from '../shape.ts'
import type { Operand, Value } from '../value.ts'
import { expand } from '../view/expand.ts'
import { reshape } from '../view/reshape.ts'

/** Puts ones behind the batch dimension, so that samples of different rank still broadcast against each other. */
export function alignBatch(inputs: readonly Operand[], batched: readonly boolean[]): Operand[] {
  const sampleRank = inputs.map((x, i) => shapeOf(x).length - (batched[i] ? 1 : 0))
  const rank = Math.max(...sampleRank)
  return inputs.map((x, i) => {
    if (!batched[i] || sampleRank[i] === rank) return x
    const [batch, ...sample] = (x as Value).shape
    return reshape(x as Value, [batch, ...new Array<number>(rank - sampleRank[i]).fill(1), ...sample])
  })
}

/** Gives every operand the batch dimension, repeating those that are the same for all samples. */
export function batchAll(inputs: readonly Operand[], batched: readonly boolean[]): Value[] {
  const size = (inputs[batched.indexOf(true)] as Value).shape[0]
  return (inputs as readonly Value[]).map((x, i) =>
    batched[i] ? x : expand(reshape(x, [1, ...x.shape]), [size, ...x.shape]),
  )
}
