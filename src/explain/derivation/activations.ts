/**
 * The activations of every first course: sigmoid, tanh and ReLU. Each derivation starts with the formula that the op is
 * made from and ends with the derivative that it runs with.
 */
import { gradients } from '../../autodiff/index.ts'
import { relu, sigmoid, tanh } from '../../ops/elementwise/index.ts'
import { abs, add, arg, c, div, exp, le, lt, mul, neg, type Scalar, select, sub } from '../../scalar/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { between, type Derivation, derivativeStep, functionStep, implementationStep, words } from './model.ts'

const [x, y, u, v, a, b] = ['x', 'y', 'u', 'v', 'a', 'b'].map(arg)
const [uSlope, vSlope, ySlope] = ["u'", "v'", "y'"].map(arg)
const zero = c(0)
const one = c(1)
const square = (s: Scalar) => mul(s, s)

/** (u/v)' */
const quotientRule = [ySlope, div(sub(mul(uSlope, v), mul(u, vSlope)), square(v))]

type Told = Pick<Derivation, 'title' | 'summary' | 'steps' | 'remarks'>

/** What the three have in common. */
const activation = (op: typeof sigmoid, told: Told): Derivation => ({
  name: op.name,
  result: 'y',
  wrt: 'x',
  formula: op.formula,
  symbols: { y: op.formula },
  parts: [],
  samples: { x: between(-8, 8) },
  table: [-2, -0.5, 0, 0.5, 2].map((x) => ({ x })),
  extremes: [-1000, -40, 40, 1000].map((x) => ({ x })),
  engine: ({ x }) => slopeAt(op, x),
  ...told,
})

/** What backward gives for f at one element. */
function slopeAt(f: (x: Tensor) => Tensor, at: number): number {
  const input = tensor(at, { dtype: 'float64', requiresGrad: true })
  return gradients(f(input), [input])[0].item()
}

export function deriveSigmoid(): Derivation {
  const decay = exp(neg(x))
  const below = add(one, decay)
  return activation(sigmoid, {
    title: 'The derivative of the sigmoid',
    summary: words`The sigmoid takes any number into the interval from 0 to 1. Its slope needs nothing but its result, which the forward pass has already computed.`,
    steps: [
      derivativeStep(
        div(decay, square(below)),
        words`Quotient rule, ${quotientRule} for ${[y, div(u, v)]}, with ${[u, one]}, ${[uSlope, zero]}, ${[v, below]} and ${[vSlope, neg(decay)]}.`,
      ),
      derivativeStep(
        mul(y, div(decay, below)),
        words`The denominator is a product of two factors. One of them makes ${[div(one, below), y]}.`,
      ),
      derivativeStep(mul(y, div(sub(below, one), below)), words`Write ${decay} as ${sub(below, one)}.`),
      derivativeStep(mul(y, sub(one, div(one, below))), words`Divide term by term.`),
      derivativeStep(mul(y, sub(one, y)), words`The fraction is ${y} again.`),
      implementationStep(
        sigmoid.partials[0],
        words`Where ${y} rounds to 1, no digit is left of ${sub(one, y)}; it equals ${mul(y, decay)}, which takes its place from ${[x, one]} on.`,
      ),
    ],
    remarks: [
      words`The slope is largest at ${[x, zero]}, where it is ${div(one, c(4))}: each sigmoid on its way leaves at most a quarter of a gradient.`,
    ],
  })
}

export function deriveTanh(): Derivation {
  const [up, down] = [exp(x), exp(neg(x))]
  const [sum, difference] = [add(up, down), sub(up, down)]
  const size = add(one, abs(y))
  return activation(tanh, {
    title: 'The derivative of tanh',
    summary: words`The hyperbolic tangent takes any number into the interval from -1 to 1. It is a sigmoid of twice the height and half the width, and its slope needs nothing but its result, too.`,
    steps: [
      functionStep(div(difference, sum), words`The hyperbolic tangent written with exponentials.`),
      derivativeStep(
        div(sub(mul(sum, sum), mul(difference, difference)), square(sum)),
        words`Quotient rule, ${quotientRule} for ${[y, div(u, v)]}, with ${[u, difference]} and ${[v, sum]}. Each is the derivative of the other: ${[uSlope, v]} and ${[vSlope, u]}.`,
      ),
      derivativeStep(
        div(mul(c(4), mul(up, down)), square(sum)),
        words`${[sub(square(add(a, b)), square(sub(a, b))), mul(c(4), mul(a, b))]}, with ${[a, up]} and ${[b, down]}.`,
      ),
      derivativeStep(div(c(4), square(sum)), words`${[mul(up, down), one]}: each is the other's reciprocal.`),
      derivativeStep(
        sub(one, square(div(difference, sum))),
        words`Read the same backwards, ${[c(4), sub(square(sum), square(difference))]}, and divide term by term.`,
      ),
      derivativeStep(sub(one, square(y)), words`The fraction is ${y}.`),
      implementationStep(
        tanh.partials[0],
        words`Where ${abs(y)} rounds to 1, no digit is left of ${[sub(one, square(y)), mul(sub(one, abs(y)), size)]}; there ${sub(one, abs(y))} is computed as ${mul(size, exp(mul(c(-2), abs(x))))}, which equals it.`,
      ),
    ],
    remarks: [words`The slope is largest at ${[x, zero]}, where it is 1: four times that of the sigmoid.`],
  })
}

export function deriveRelu(): Derivation {
  return activation(relu, {
    title: 'The derivative of ReLU',
    summary: words`The rectified linear unit passes what is positive and stops the rest. It is made of two straight lines, so its slope is one of two numbers.`,
    steps: [
      derivativeStep(
        select(lt(x, zero), zero, select(lt(zero, x), one, c(NaN))),
        words`Each piece on its own: the slope of ${zero} is 0, the slope of ${x} is 1. At ${[x, zero]}, where they meet, there is none.`,
      ),
      derivativeStep(
        select(le(x, zero), zero, one),
        words`Combine the pieces and decide at the kink. Any number from 0 to 1 is a subgradient there; with 0, a unit whose output is 0 passes nothing back, wherever its input lies.`,
      ),
    ],
    remarks: [
      words`The convention is written into the formula: ${[x, zero]} belongs to the piece whose value is 0, and differentiating that piece gives 0. PyTorch decides the same.`,
    ],
  })
}
