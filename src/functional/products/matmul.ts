/**
 * Products of vectors, matrices and batches of them, each one contraction. Batch dimensions that only one operand has
 * (or that are 1 in the other) are not expanded: their letter stands in one operand alone, so that they are further
 * rows of the same product.
 */
import { ShapeError } from '../../errors/index.ts'
import {
  bmm as batchedProduct,
  dot as dotProduct,
  matmul as matrixProduct,
  outer as outerProduct,
} from '../../ops/contract/index.ts'
import { broadcastShapes, shapeText } from '../../ops/shape.ts'
import type { Shape } from '../../ops/value.ts'
import { reshape } from '../../ops/view/index.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'

/**
 * The matrix product over the last two dimensions: [..., n, k] @ [..., k, m] = [..., n, m], the others broadcast. A
 * vector is a row on the left and a column on the right, and its dimension goes away.
 * @throws ShapeError where inner sizes differ, batch dimensions do not broadcast, or an operand is a scalar.
 * @example matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1])) // [3, 7]
 */
export const matmul = composite('matmul', (a: Tensor, b: Tensor): Tensor => {
  requireTensor('matmul', a, 'the left operand')
  requireTensor('matmul', b, 'the right operand')
  if (a.shape.length === 0 || b.shape.length === 0) {
    throw new ShapeError(
      `matmul: operands need a dimension, got ${shapeText(a.shape)} @ ${shapeText(b.shape)}; use mul for scalars`,
    )
  }
  const inner = b.shape[b.shape.length === 1 ? 0 : b.shape.length - 2]
  if (a.shape.at(-1) !== inner) throw innerSizes(a.shape, b.shape)
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  const batch = broadcastShapes('matmul: batch dimensions', [batchA, batchB])
  // A dimension of size 1 that the other operand has or extends is dropped; one operand keeps it.
  const own = (shape: Shape, other: Shape, keepOnes: boolean) => {
    const skip = batch.length - shape.length
    return shape.flatMap((n, d) => {
      const there = other[d + skip - (batch.length - other.length)]
      return n !== 1 || there === undefined || (keepOnes && there === 1) ? [d + skip] : []
    })
  }
  const [fromA, fromB] = [own(batchA, batchB, true), own(batchB, batchA, false)]
  const letters = (dims: readonly number[]) => dims.map(batchLetter).join('')
  const [row, column] = [a.shape.length > 1 ? 'i' : '', b.shape.length > 1 ? 'k' : '']
  const indices = `${letters(fromA)}${row}j,${letters(fromB)}j${column}->${letters(batch.map((_, d) => d))}${row}${column}`
  return matrixProduct(squeezed(a, batch, fromA), squeezed(b, batch, fromB), indices)
})

/** Without the batch dimensions that are not in `dims`, which counts from the front of the whole batch. */
function squeezed(x: Tensor, batch: Shape, dims: readonly number[]): Tensor {
  const count = Math.max(0, x.shape.length - 2)
  if (dims.length === count) return x
  return reshape(x, [...dims.map((d) => x.shape[d - (batch.length - count)]), ...x.shape.slice(count)])
}

const LETTERS = 'bcdefghlmnopqrstuvwxyza'
const batchLetter = (d: number): string => LETTERS[d] ?? String.fromCharCode(0x3b1 + d)

function innerSizes(a: Shape, b: Shape): ShapeError {
  const flipped = (shape: Shape) => (shape.length > 2 ? '.transpose(-2, -1)' : '.T')
  const hint = () => {
    if (b.length > 1 && a.at(-1) === b.at(-1)) return `; did you mean b${flipped(b)}?`
    if (a.length > 1 && a.at(-2) === b.at(b.length === 1 ? 0 : -2)) return `; did you mean a${flipped(a)}?`
    return ''
  }
  return new ShapeError(`matmul: inner sizes differ: ${shapeText(a)} @ ${shapeText(b)}${hint()}`)
}

/**
 * The sum of products of two vectors, Σ a[i] b[i].
 * @throws ShapeError where they are no vectors of one length.
 * @example dot(tensor([1, 2]), tensor([3, 4])) // 11
 */
export const dot = composite('dot', (a: Tensor, b: Tensor): Tensor => {
  requireRank('dot', a, b, 1, 'vectors; use matmul for matrices')
  if (a.shape[0] !== b.shape[0])
    throw new ShapeError(`dot: lengths differ: ${shapeText(a.shape)} and ${shapeText(b.shape)}`)
  return dotProduct(a, b, 'i,i->')
})

/**
 * Every product of two elements, y[i][j] = a[i] b[j].
 * @throws ShapeError where an operand is no vector.
 * @example outer(tensor([1, 2]), tensor([3, 4])) // [[3, 4], [6, 8]]
 */
export const outer = composite('outer', (a: Tensor, b: Tensor): Tensor => {
  requireRank('outer', a, b, 1, 'vectors; flatten them first')
  return outerProduct(a, b, 'i,j->ij')
})

/**
 * One matrix product per batch: [b, n, k] with [b, k, m] gives [b, n, m]; nothing is broadcast.
 * @throws ShapeError where the operands are no such batches.
 * @example bmm(tensor([[[1, 2]]]), tensor([[[3], [4]]])) // [[[11]]]
 */
export const bmm = composite('bmm', (a: Tensor, b: Tensor): Tensor => {
  requireRank('bmm', a, b, 3, 'batches of matrices; use matmul to broadcast')
  if (a.shape[0] !== b.shape[0])
    throw new ShapeError(
      `bmm: batch sizes differ: ${shapeText(a.shape)} and ${shapeText(b.shape)}; use matmul to broadcast`,
    )
  if (a.shape[2] !== b.shape[1])
    throw new ShapeError(`bmm: inner sizes differ: ${shapeText(a.shape)} @ ${shapeText(b.shape)}`)
  return batchedProduct(a, b, 'bij,bjk->bik')
})

function requireRank(name: string, a: Tensor, b: Tensor, rank: number, what: string): void {
  requireTensor(name, a, 'the left operand')
  requireTensor(name, b, 'the right operand')
  if (a.shape.length === rank && b.shape.length === rank) return
  throw new ShapeError(`${name}: ${shapeText(a.shape)} and ${shapeText(b.shape)} are not both ${what}`)
}
