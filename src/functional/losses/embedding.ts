/** Losses of pairs that should be near (target 1) or far from each other (target -1). */
import { checkOptions, ShapeError } from '../../errors/index.ts'
import { add, mul, rsqrt } from '../../ops/elementwise/index.ts'
import { elementwise } from '../../ops/kinds/elementwise.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { sameShape, shapeText } from '../../ops/shape.ts'
import * as s from '../../scalar/index.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { type LossOptions, reduceLoss, requirePair, requireTensors } from './reduction.ts'

/** max(x, 0) with slope 1 at 0, as clamp has it. */
const positive = (x: s.Scalar) => s.select(s.lt(x, s.c(0)), s.c(0), x)

const hinge = elementwise({
  name: 'hinge',
  args: ['input', 'target', 'margin'],
  formula: ({ input, target, margin }) => {
    const far = s.select(s.eq(target, s.c(1)), s.c(0), positive(s.sub(margin, input)))
    const near = s.select(s.eq(target, s.c(-1)), s.c(0), input)
    return s.add(far, near)
  },
})

export interface MarginOptions extends LossOptions {
  /** The distance (or similarity) from which on a pair counts as far apart. */
  readonly margin?: number
}

/**
 * input where target is 1, max(0, margin - input) where it is -1, reduced. The margin is 1 unless given.
 * @param input distances.
 * @param target 1 or -1, of the shape of input.
 * @throws ShapeError where the shapes differ.
 * @example hingeEmbeddingLoss(tensor([0.5, 0.5]), tensor([1, -1]), { reduction: 'none', margin: 2 }) // [0.5, 1.5]
 */
export const hingeEmbeddingLoss = composite(
  'hingeEmbeddingLoss',
  (input: Tensor, target: Tensor, options: MarginOptions = {}): Tensor => {
    checkOptions('hingeEmbeddingLoss', options, ['reduction', 'margin'])
    requirePair('hingeEmbeddingLoss', input, target)
    return reduceLoss('hingeEmbeddingLoss', hinge(input, target, options.margin ?? 1), options.reduction)
  },
)

const similarity = elementwise({
  name: 'similarity',
  args: ['cosine', 'target', 'margin'],
  formula: ({ cosine, target, margin }) => {
    const near = s.select(s.eq(target, s.c(1)), s.sub(s.c(1), cosine), s.c(0))
    return s.select(s.eq(target, s.c(-1)), positive(s.sub(cosine, margin)), near)
  },
})

/** Keeps the cosine of a zero vector, and its slope, finite: the value of PyTorch, which has it in float32. */
const TINY = Math.fround(1e-12)

/** a·b / (|a| |b|) along the last dimension. */
function cosine(a: Tensor, b: Tensor): Tensor {
  const [ab, aa, bb] = [mul(a, b), mul(a, a), mul(b, b)].map((product) => sum(product, -1))
  return mul(mul(ab, rsqrt(add(aa, TINY))), rsqrt(add(bb, TINY)))
}

/**
 * 1 - cos(input1, input2) where target is 1, max(0, cos - margin) where it is -1, reduced. The margin is 0 unless given.
 * @param input1 vectors [n, d] or [d]; input2 has the same shape.
 * @param target 1 or -1: [n] or [].
 * @throws ShapeError where the shapes do not fit.
 * @example cosineEmbeddingLoss(tensor([[1, 0], [1, 0]]), tensor([[0, 1], [1, 0]]), tensor([1, -1])) // 1
 */
export const cosineEmbeddingLoss = composite(
  'cosineEmbeddingLoss',
  (input1: Tensor, input2: Tensor, target: Tensor, options: MarginOptions = {}): Tensor => {
    checkOptions('cosineEmbeddingLoss', options, ['reduction', 'margin'])
    requirePair('cosineEmbeddingLoss', input1, input2)
    requireTensors('cosineEmbeddingLoss', input1, target)
    if (input1.ndim < 1 || !sameShape(target.shape, input1.shape.slice(0, -1))) {
      throw new ShapeError(
        `cosineEmbeddingLoss: vectors ${shapeText(input1.shape)} need one target each, ${shapeText(input1.shape.slice(0, -1))}, got ${shapeText(target.shape)}`,
      )
    }
    return reduceLoss(
      'cosineEmbeddingLoss',
      similarity(cosine(input1, input2), target, options.margin ?? 0),
      options.reduction,
    )
  },
)
