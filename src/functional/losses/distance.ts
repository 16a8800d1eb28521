/**
 * Losses of regression: a function of the difference d = input - target. Huber's and the smooth L1 loss are a parabola
 * near 0 that goes on as a straight line, each a single formula, so that their derivatives choose a branch, too, and
 * an infinite difference meets no 0.
 */

import { ArgumentError, checkOptions } from '../../errors/index.ts'
import { abs, square, sub } from '../../ops/elementwise/index.ts'
import { elementwise } from '../../ops/kinds/elementwise.ts'
import * as s from '../../scalar/index.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { type LossOptions, reduceLoss, requirePair } from './reduction.ts'

/**
 * (input - target)², reduced.
 * @param target of the shape of input.
 * @throws ShapeError where the shapes differ or the mean is over nothing.
 * @example mseLoss(tensor([1, 2]), tensor([1, 4])) // 2
 */
export const mseLoss = composite('mseLoss', (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => {
  checkOptions('mseLoss', options, ['reduction'])
  requirePair('mseLoss', input, target)
  return reduceLoss('mseLoss', square(sub(input, target)), options.reduction)
})

/**
 * |input - target|, reduced; slope 0 where they are equal.
 * @param target of the shape of input.
 * @throws ShapeError where the shapes differ or the mean is over nothing.
 * @example l1Loss(tensor([1, 2]), tensor([1, 4])) // 1
 */
export const l1Loss = composite('l1Loss', (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => {
  checkOptions('l1Loss', options, ['reduction'])
  requirePair('l1Loss', input, target)
  return reduceLoss('l1Loss', abs(sub(input, target)), options.reduction)
})

const smoothL1 = elementwise({
  name: 'smoothL1',
  args: ['input', 'target', 'beta'],
  formula: ({ input, target, beta }) => {
    const d = s.sub(input, target)
    const half = s.c(0.5)
    const line = s.sub(s.abs(d), s.mul(half, beta))
    return s.select(s.lt(s.abs(d), beta), s.div(s.mul(half, s.mul(d, d)), beta), line)
  },
  domain: { beta: [0.5, 2] },
})

export interface SmoothL1Options extends LossOptions {
  /** Where the parabola ends; 1 unless given. 0 makes it the L1 loss. */
  readonly beta?: number
}

/**
 * d² / (2 beta) where |d| < beta, |d| - beta / 2 elsewhere, for d = input - target, reduced.
 * @throws ShapeError where the shapes differ, ArgumentError for a negative beta.
 * @example smoothL1Loss(tensor([0.5, 3]), tensor([0, 0]), { reduction: 'none' }) // [0.125, 2.5]
 */
export const smoothL1Loss = composite(
  'smoothL1Loss',
  (input: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor => {
    checkOptions('smoothL1Loss', options, ['reduction', 'beta'])
    const { beta = 1, reduction } = options
    if (!(beta >= 0)) throw new ArgumentError(`smoothL1Loss: beta must not be negative, got ${String(beta)}`)
    requirePair('smoothL1Loss', input, target)
    return reduceLoss('smoothL1Loss', smoothL1(input, target, beta), reduction)
  },
)

const huber = elementwise({
  name: 'huber',
  args: ['input', 'target', 'delta'],
  formula: ({ input, target, delta }) => {
    const d = s.sub(input, target)
    const half = s.c(0.5)
    const line = s.mul(delta, s.sub(s.abs(d), s.mul(half, delta)))
    return s.select(s.le(s.abs(d), delta), s.mul(half, s.mul(d, d)), line)
  },
  domain: { delta: [0.5, 2] },
})

export interface HuberOptions extends LossOptions {
  /** Where the parabola ends; 1 unless given. */
  readonly delta?: number
}

/**
 * d² / 2 where |d| <= delta, delta (|d| - delta / 2) elsewhere, for d = input - target, reduced (Huber 1964).
 * @throws ShapeError where the shapes differ, ArgumentError unless delta > 0.
 * @example huberLoss(tensor([0.5, 3]), tensor([0, 0]), { reduction: 'none' }) // [0.125, 2.5]
 */
export const huberLoss = composite('huberLoss', (input: Tensor, target: Tensor, options: HuberOptions = {}): Tensor => {
  checkOptions('huberLoss', options, ['reduction', 'delta'])
  const { delta = 1, reduction } = options
  if (!(delta > 0)) throw new ArgumentError(`huberLoss: delta must be positive, got ${String(delta)}`)
  requirePair('huberLoss', input, target)
  return reduceLoss('huberLoss', huber(input, target, delta), reduction)
})
