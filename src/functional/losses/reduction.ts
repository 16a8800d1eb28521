/**
 * What every loss shares: the check of its operands, and how the losses of single elements become one number. The
 * mean of no elements is refused: a NaN that appears in the first epoch's last, empty batch is hard to find.
 */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { div, mul } from '../../ops/elementwise/index.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { sameShape, shapeText } from '../../ops/shape.ts'
import { Tensor } from '../../tensor/index.ts'

export type Reduction = 'mean' | 'sum' | 'none'

export interface LossOptions {
  /** 'mean' over all elements (the default), their 'sum', or 'none': one loss per element. */
  readonly reduction?: Reduction
}

export function requireTensors(name: string, input: Tensor, target: Tensor): void {
  for (const [x, what] of [
    [input, 'input'],
    [target, 'target'],
  ] as const) {
    if (!(x instanceof Tensor))
      throw new ArgumentError(`${name}: the ${what} must be a tensor; wrap data with tensor(...)`)
  }
}

/** [n, 1] against [n] would broadcast to n × n differences, a silent and common mistake. */
export function requirePair(name: string, input: Tensor, target: Tensor): void {
  requireTensors(name, input, target)
  if (!sameShape(input.shape, target.shape)) {
    throw new ShapeError(
      `${name}: input ${shapeText(input.shape)} and target ${shapeText(target.shape)} must have the same shape; reshape or expand one of them`,
    )
  }
}

export function checkReduction(
  name: string,
  reduction: unknown,
  known: readonly string[] = ['mean', 'sum', 'none'],
): void {
  if (known.includes(reduction as string)) return
  throw new ArgumentError(`${name}: reduction is one of '${known.join("', '")}', got ${JSON.stringify(reduction)}`)
}

/** Losses per element, reduced as asked. */
export function reduceLoss(name: string, losses: Tensor, reduction: Reduction = 'mean'): Tensor {
  checkReduction(name, reduction)
  if (reduction === 'none') return losses
  if (reduction === 'sum') return sum(losses)
  requireElements(name, losses)
  return div(sum(losses), losses.size)
}

export function requireElements(name: string, x: Tensor): void {
  if (x.size > 0) return
  throw new ShapeError(
    `${name}: the mean over no elements ${shapeText(x.shape)} is not defined; skip empty batches or use { reduction: 'sum' }`,
  )
}

/** Losses times weights that broadcast to them. */
export function weighted(name: string, losses: Tensor, weight: Tensor | undefined): Tensor {
  if (weight === undefined) return losses
  const product = mul(losses, weight)
  requireUnchanged(name, 'weight', weight, losses, product)
  return product
}

/** Broadcasting may repeat an option, never the input. */
export function requireUnchanged(name: string, what: string, option: Tensor, input: Tensor, result: Tensor): void {
  if (sameShape(result.shape, input.shape)) return
  throw new ShapeError(
    `${name}: ${what} ${shapeText(option.shape)} does not broadcast to the input ${shapeText(input.shape)}`,
  )
}
