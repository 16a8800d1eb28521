/**
 * Binary cross-entropy, -t log p - (1 - t) log(1 - p), of probabilities and of logits. With p = sigmoid(x) the latter is
 * (1 - t) x + log(1 + e^-x), in which no logarithm meets a 0: exact at any logit.
 */
import { toDense } from '../../backends/js/layout.ts'
import { ArgumentError, checkOptions } from '../../errors/index.ts'
import { elementwise } from '../../ops/kinds/elementwise.ts'
import * as s from '../../scalar/index.ts'
import { composite, readable, type Tensor } from '../../tensor/index.ts'
import { type LossOptions, reduceLoss, requirePair, requireUnchanged, weighted } from './reduction.ts'

const one = s.c(1)

/** PyTorch's bound: a logarithm counts as -100 at least, so that a certain and wrong answer costs 100. */
const bounded = (log: s.Scalar) => s.select(s.lt(log, s.c(-100)), s.c(-100), log)
const atLeast = (x: s.Scalar, min: number) => s.select(s.lt(x, s.c(min)), s.c(min), x)

const binaryEntropy = elementwise({
  name: 'binaryEntropy',
  args: ['input', 'target'],
  formula: ({ input: p, target: t }) =>
    s.sub(s.mul(s.sub(t, one), bounded(s.log1p(s.neg(p)))), s.mul(t, bounded(s.log(p)))),
  // (p - t) / (p (1 - p)) in one fraction, with PyTorch's floor (a float32): finite at p = 0 and p = 1, where the bound's slope is 0
  partials: ({ input: p, target: t }) => ({
    input: s.div(s.sub(p, t), atLeast(s.mul(s.sub(one, p), p), Math.fround(1e-12))),
  }),
  domain: { input: [0.1, 0.9], target: [0, 1] },
})

export interface BCEOptions extends LossOptions {
  /** A factor per element, broadcast to the input. */
  readonly weight?: Tensor
}

/**
 * -target log(input) - (1 - target) log(1 - input), reduced; logarithms are bounded by -100, as in PyTorch.
 * @param input probabilities. Of logits, `bceWithLogits` is exact.
 * @param target probabilities of the shape of input.
 * @throws ShapeError where the shapes differ, ArgumentError for a number outside of [0, 1]; inside of transforms and
 * compiled functions, where values cannot be read, the loss is NaN then.
 * @example bceLoss(tensor([0.5, 0.25]), tensor([1, 0])) // 0.4904
 */
export const bceLoss = composite('bceLoss', (input: Tensor, target: Tensor, options: BCEOptions = {}): Tensor => {
  checkOptions('bceLoss', options, ['reduction', 'weight'])
  requirePair('bceLoss', input, target)
  requireProbabilities('input', input, '; for logits use bceWithLogits')
  requireProbabilities('target', target, '')
  const losses = weighted('bceLoss', binaryEntropy(input, target), options.weight)
  return reduceLoss('bceLoss', losses, options.reduction)
})

function requireProbabilities(what: string, x: Tensor, remedy: string): void {
  if (!readable(x)) return
  for (const p of toDense(x)) {
    if (!(p >= 0 && p <= 1)) throw new ArgumentError(`bceLoss: the ${what} must lie in [0, 1], it has ${p}${remedy}`)
  }
}

/** log(1 + e^-x), below 0 as log(1 + e^x) - x. */
const softplusOfNegative = (x: s.Scalar) =>
  s.select(s.lt(x, s.c(0)), s.sub(s.log1p(s.exp(x)), x), s.log1p(s.exp(s.neg(x))))

/** w t + (1 - t): what an example with target t weighs. */
const weightOf = (t: s.Scalar, w: s.Scalar) => s.add(one, s.mul(s.sub(w, one), t))

/** σ(-|x|) for u = e^-|x| */
const tail = (u: s.Scalar) => s.div(u, s.add(one, u))

const logitEntropy = elementwise({
  name: 'logitEntropy',
  args: ['input', 'target', 'posWeight'],
  // w t log(1 + e^-x) + (1 - t)(x + log(1 + e^-x))
  formula: ({ input: x, target: t, posWeight: w }) =>
    s.add(s.mul(s.sub(one, t), x), s.mul(weightOf(t, w), softplusOfNegative(x))),
  // (w t + 1 - t) σ(x) - w t, from 0 on (1 - t) - (w t + 1 - t) σ(-x): of a target met, only the small tail is left
  partials: ({ input: x, target: t, posWeight: w }) => ({
    input: s.select(
      s.lt(x, s.c(0)),
      s.sub(s.mul(weightOf(t, w), tail(s.exp(x))), s.mul(w, t)),
      s.sub(s.sub(one, t), s.mul(weightOf(t, w), tail(s.exp(s.neg(x))))),
    ),
  }),
  // (1 + (w - 1) t) σ(x) - w t, which for w = 1 is σ(x) - t; near σ(x) = t it would cancel
  textbook: ({ input: x, target: t, posWeight: w }) => ({
    input: s.sub(s.div(s.add(one, s.mul(s.sub(w, one), t)), s.add(one, s.exp(s.neg(x)))), s.mul(w, t)),
  }),
  domain: { target: [0, 1], posWeight: [0.5, 2] },
})

export interface BCEWithLogitsOptions extends BCEOptions {
  /** What a positive example weighs, per class; broadcast to the input. */
  readonly posWeight?: Tensor
}

/**
 * Binary cross-entropy of sigmoid(input): -w target log σ(x) - (1 - target) log(1 - σ(x)), reduced.
 * @param input logits of any size: nothing overflows.
 * @param target probabilities of the shape of input.
 * @throws ShapeError where the shapes differ or a weight does not broadcast to the input.
 * @example bceWithLogits(tensor([0, 1000]), tensor([1, 1])) // 0.3466
 */
export const bceWithLogits = composite(
  'bceWithLogits',
  (input: Tensor, target: Tensor, options: BCEWithLogitsOptions = {}): Tensor => {
    checkOptions('bceWithLogits', options, ['reduction', 'weight', 'posWeight'])
    const { weight, posWeight, reduction } = options
    requirePair('bceWithLogits', input, target)
    const losses = logitEntropy(input, target, posWeight ?? 1)
    if (posWeight) requireUnchanged('bceWithLogits', 'posWeight', posWeight, input, losses)
    return reduceLoss('bceWithLogits', weighted('bceWithLogits', losses, weight), reduction)
  },
)
