/**
 * The losses: squared error and cross-entropy on their own, and cross-entropy behind the function that makes
 * probabilities, where the division that makes it delicate cancels. The formulas are traced from the public functions.
 */
import { gradients } from '../../autodiff/index.ts'
import { bceLoss, bceWithLogits, crossEntropy, mseLoss } from '../../functional/index.ts'
import {
  add,
  arg,
  c,
  differentiate,
  div,
  exp,
  fold,
  log,
  mul,
  neg,
  type Scalar,
  simplify,
  sub,
  substitute,
} from '../../scalar/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { equals, partial, product } from '../render/typeset.ts'
import { among, between, type Derivation, derivativeStep, functionStep, implementationStep, words } from './model.ts'
import { traceFormula } from './trace.ts'

const one = c(1)
const [p, t, z, u, y] = ['p', 't', 'z', 'u', 'y'].map(arg)
const [uSlope, ySlope] = ["u'", "y'"].map(arg)
const square = (s: Scalar) => mul(s, s)
const none = { reduction: 'none' } as const
const constant = (values: number[]) => tensor(values, { dtype: 'float64' })

/** The probability that belongs to the logit 0.146. */
const guess = 1 / (1 + Math.exp(-0.146))

/** What backward gives for the first element of the loss's input. */
function slopeAt(loss: (input: Tensor) => Tensor, at: number[]): number {
  const input = tensor(at, { dtype: 'float64', requiresGrad: true })
  return gradients(loss(input), [input])[0].data[0]
}

const shared = { result: 'L', symbols: {}, parts: [] } as const

export function deriveMse(): Derivation {
  const n = arg('n')
  const error = sub(p, t)
  const { formula } = traceFormula((p, t) => mseLoss(p, t, none), [['p'], ['t']], 'p')
  return {
    ...shared,
    name: 'mseLoss',
    title: 'The derivative of the mean squared error',
    summary: words`The mean squared error of ${n} predictions is the sum of ${div(formula, n)} over them, with the prediction ${p} and the target ${t} of each. A prediction occurs in one term only, and that term is all its derivative sees.`,
    wrt: 'p',
    formula: div(formula, n),
    steps: [
      derivativeStep(
        mul(div(one, n), mul(mul(c(2), error), one)),
        words`Power rule and chain rule, ${[ySlope, mul(c(2), mul(u, uSlope))]} for ${[y, square(u)]}, with ${[u, error]} and ${[uSlope, one]}; ${div(one, n)} is a constant factor.`,
      ),
      derivativeStep(div(mul(c(2), error), n), words`The factor 1 drops out.`),
    ],
    samples: { p: between(-2, 2), t: between(-2, 2), n: among(1, 2, 3, 8) },
    table: [
      { p: guess, t: 0, n: 1 },
      { p: guess, t: 0, n: 4 },
      { p: -1, t: 2, n: 1 },
      { p: 3, t: 3, n: 1 },
    ],
    extremes: [-1000, -1e-8, 0, 1000].map((p) => ({ p, t: 0, n: 1 })),
    remarks: [
      words`The slope is in proportion to the error and vanishes with it. Twice as many elements halve the slope of each, so that a weight's gradient, which adds up over them, keeps its size.`,
    ],
    engine: ({ p, t, n }) => {
      const rest = new Array<number>(n - 1).fill(0)
      return slopeAt((input) => mseLoss(input, constant([t, ...rest])), [p, ...rest])
    },
  }
}

/** The slope of the cross-entropy in the probability, as its derivation ends. */
const slopeInProbability = div(sub(p, t), mul(p, sub(one, p)))

/** -t log p - (1 - t) log(1 - p) */
const crossEntropyOf = sub(neg(mul(t, log(p))), mul(sub(one, t), log(sub(one, p))))

/** The bound of the denominator, a float32. */
const floor = Math.fround(1e-12)

/** The expression with a name in the place of a number. */
const named = (s: Scalar, value: number, name: string): Scalar =>
  fold<Scalar>(s, (node, of) => {
    if (node.is === 'call') return { ...node, of }
    return node.is === 'const' && node.value === value ? arg(name) : node
  })

export function deriveBce(): Derivation {
  const q = sub(one, p)
  const below = mul(p, q)
  const traced = traceFormula((p, t) => bceLoss(p, t, none), [['p'], ['t']], 'p')
  return {
    ...shared,
    name: 'bceLoss',
    title: 'The derivative of the binary cross-entropy',
    symbols: { ε: c(floor) },
    summary: words`The binary cross-entropy is what a probability ${p} costs if the target is ${t}: the logarithm of the probability that was given to what happened, with its sign turned.`,
    wrt: 'p',
    formula: traced.formula,
    steps: [
      functionStep(
        crossEntropyOf,
        words`As it runs, a logarithm counts as -100 at least, so that a certain and wrong answer costs 100 and not infinity. Between 0 and 1 that bound plays no part.`,
      ),
      derivativeStep(
        add(neg(div(t, p)), div(sub(one, t), q)),
        words`Term by term, ${[ySlope, div(uSlope, u)]} for ${[y, log(u)]}. In the second term ${[u, q]} and ${[uSlope, c(-1)]}, which turns its sign.`,
      ),
      derivativeStep(div(add(neg(mul(t, q)), mul(sub(one, t), p)), below), words`Common denominator ${below}.`),
      derivativeStep(div(sub(add(neg(t), add(mul(t, p), p)), mul(t, p)), below), words`Multiply out the numerator.`),
      derivativeStep(slopeInProbability, words`${mul(t, p)} cancels.`),
      implementationStep(
        named(traced.partial, floor, 'ε'),
        words`The denominator is kept from falling below ${[arg('ε'), c(1e-12)]}, PyTorch's bound, which makes the slope finite at ${[p, c(0)]} and ${[p, one]}.`,
      ),
    ],
    samples: { p: between(0.1, 0.9), t: between(0, 1) },
    table: [
      { p: guess, t: 0 },
      { p: guess, t: 1 },
      { p: 0.5, t: 0.5 },
      { p: 0.9, t: 1 },
      { p: 0.1, t: 1 },
    ],
    extremes: [
      { p: 0, t: 0 },
      { p: 0, t: 1 },
      { p: 1e-9, t: 1 },
      { p: 1, t: 1 },
    ],
    remarks: [
      words`The slope grows beyond all bounds as ${p} nears the wrong end. Behind a sigmoid that is no harm, as its slope ${mul(p, q)} cancels the denominator: see bceWithLogits.`,
    ],
    engine: ({ p, t }) => slopeAt((input) => bceLoss(input, constant([t])), [p]),
  }
}

/** 0 · a is 0, as no argument is infinite here. */
const withoutZeros = (s: Scalar): Scalar =>
  simplify(
    fold<Scalar>(s, (node, of) => {
      if (node.is !== 'call') return node
      const vanishes = node.fn === 'mul' && of.some((factor) => factor.is === 'const' && factor.value === 0)
      return vanishes ? c(0) : { ...node, of }
    }),
  )

export function deriveBceWithLogits(): Derivation {
  const decay = exp(neg(z))
  const sigmoid = div(one, add(one, decay))
  const traced = traceFormula((z, t) => bceWithLogits(z, t, none), [['z'], ['t']], 'z')
  return {
    ...shared,
    name: 'bceWithLogits',
    title: 'The derivative of the binary cross-entropy behind a sigmoid',
    summary: words`A network ends with a logit ${z}, any number; the sigmoid makes the probability ${[p, sigmoid]} of it, and the binary cross-entropy compares ${p} with the target ${t}. Put together, both derivatives lose their difficult part.`,
    symbols: { p: sigmoid },
    wrt: 'z',
    formula: traced.formula,
    steps: [
      functionStep(
        add(mul(sub(one, t), z), log(add(one, decay))),
        words`The weight of positive examples is 1, and both cases are the same logarithm, written so that no exponential overflows.`,
      ),
      functionStep(
        crossEntropyOf,
        words`That is the cross-entropy of ${p}, since ${[log(p), neg(log(add(one, decay)))]} and ${[log(sub(one, p)), sub(log(p), z)]}.`,
      ),
      derivativeStep(
        mul(mul(p, sub(one, p)), slopeInProbability),
        words`Chain rule, ${equals(partial('L', 'z'), product([partial('p', 'z'), partial('L', 'p')]))}, with what is known of the sigmoid and of the cross-entropy.`,
      ),
      derivativeStep(sub(p, t), words`${mul(p, sub(one, p))} cancels.`),
      implementationStep(
        withoutZeros(traced.partial),
        words`${p} or ${sub(one, p)}, whichever is small, is computed from an exponential that does not overflow, so that the little that is left to learn from a correct answer keeps its digits.`,
      ),
    ],
    samples: { z: between(-8, 8), t: between(0, 1) },
    table: [-2, -0.5, 0, 0.146, 2].map((z) => ({ z, t: 0 })),
    extremes: [
      { z: -1000, t: 1 },
      { z: -40, t: 0 },
      { z: 40, t: 0 },
      { z: 1000, t: 0 },
    ],
    remarks: [
      words`The slope is the error of the probability, between -1 and 1. A confident mistake is corrected at full strength, where a squared error behind a sigmoid would hardly move: the sigmoid's slope, close to 0 there, is gone.`,
    ],
    engine: ({ z, t }) => slopeAt((input) => bceWithLogits(input, constant([t])), [z]),
  }
}

export function deriveCrossEntropy(): Derivation {
  const [z1, z2, z3] = [arg('z1'), arg('z2'), arg('z3')]
  const total = add(add(exp(z1), exp(z2)), exp(z3))
  const p1 = arg('p1')
  const traced = traceFormula(
    (z, t) => crossEntropy(z, t, none),
    [
      ['z1', 'z2', 'z3'],
      [1, 0, 0],
    ],
    'z1',
  )
  const formula = substitute(traced.formula, { m1: arg('m') })
  return {
    ...shared,
    name: 'crossEntropy',
    title: 'The derivative of the cross-entropy behind a softmax',
    summary: words`A network ends with a logit for each class, here three of them; the softmax makes probabilities of them, and the cross-entropy is the logarithm of the one given to the true class, here the first, with its sign turned. ${arg('m')} is the largest logit, which is subtracted first so that no exponential overflows.`,
    symbols: { p1: div(exp(z1), total) },
    wrt: 'z1',
    formula,
    steps: [
      functionStep(
        sub(log(total), z1),
        words`${arg('m')} cancels: the logarithm gives back what was subtracted in every exponent.`,
      ),
      functionStep(neg(log(p1)), words`That is the softmax ${[p1, div(exp(z1), total)]} in the logarithm.`),
      derivativeStep(
        mul(neg(div(total, exp(z1))), div(sub(mul(exp(z1), total), square(exp(z1))), square(total))),
        words`Chain rule, ${equals(partial('L', 'z1'), product([partial('L', 'p1'), partial('p1', 'z1')]))}, with ${neg(div(one, p1))} for ${neg(log(p1))} and the quotient rule for the softmax, whose numerator and denominator both have the derivative ${exp(z1)}.`,
      ),
      derivativeStep(
        mul(neg(div(one, p1)), mul(p1, sub(one, p1))),
        words`Divide term by term: the softmax has the slope ${mul(p1, sub(one, p1))}, as the sigmoid has.`,
      ),
      derivativeStep(sub(p1, one), words`${p1} cancels.`),
      implementationStep(
        differentiate(formula, 'z1'),
        words`${arg('m')} comes back, so that no exponential overflows.`,
      ),
    ],
    samples: { z1: between(-3, 3), z2: between(-3, 3), z3: between(-3, 3), m: between(-3, 3) },
    table: [
      { z1: 0, z2: 0, z3: 0, m: 0 },
      { z1: 2, z2: 1, z3: 0.1, m: 2 },
      { z1: -2, z2: 1, z3: 3, m: 3 },
    ],
    extremes: [
      { z1: 1000, z2: 0, z3: 0, m: 1000 },
      { z1: -1000, z2: 0, z3: 0, m: 0 },
      { z1: -40, z2: 0, z3: 0, m: 0 },
    ],
    remarks: [
      words`The other classes need no derivation of their own: with respect to ${z2} the term ${neg(z1)} has no derivative, which leaves ${arg('p2')}. Together they are the probabilities less the target, ${sub(p, t)}, where ${t} is 1 for the true class and 0 for the others.`,
    ],
    engine: ({ z1, z2, z3 }) => slopeAt((input) => crossEntropy(input, constant([1, 0, 0])), [z1, z2, z3]),
  }
}
