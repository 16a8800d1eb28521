/**
 * The five exercises of "Chain Rule of Derivatives" (docs/articles.md) as data: what is asked, the answer, which answers count as right, and the way
 * there with its numbers. Nothing is written down that the library can calculate. In the fourth, the article's
 * one-sided quotient lacks the factor x, so that it would estimate another derivative; it is put right here.
 */
import { grad, gradients } from '../../autodiff/index.ts'
import * as nn from '../../nn/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'

export interface Exercise {
  readonly id: string
  readonly title: string
  readonly prompt: string
  readonly questions: readonly Question[]
  readonly solution: readonly SolutionStep[]
}

export interface Question {
  readonly ask: string
  readonly answer: number
  /** Answers in this range are right. */
  readonly accepts: readonly [least: number, most: number]
  /** Wrong answers that show what went wrong. */
  readonly slips: readonly { readonly answer: number; readonly hint: string }[]
}

export interface SolutionStep {
  readonly says: string
  readonly formula: string
  readonly value: number
}

export interface Verdict {
  readonly right: boolean
  readonly says: string
}

/**
 * Judges an answer. A slip is recognised where it is as close to one as an answer must be to the right one.
 * @example judge(exercises()[0].questions[0], 0.489).right // true
 */
export function judge({ answer, accepts: [least, most], slips }: Question, given: number): Verdict {
  if (given >= least && given <= most) return { right: true, says: `Right: ${shown(answer)}.` }
  const slack = (most - least) / 2
  const slip = slips.find((s) => Math.abs(given - s.answer) <= slack)
  return { right: false, says: slip?.hint ?? `Not ${shown(given)}: ${hintOn(given, answer)}.` }
}

const hintOn = (given: number, answer: number): string => {
  if (given * answer < 0) return 'look at the sign'
  return given < answer ? 'it is larger' : 'it is smaller'
}

/**
 * All five, in the order of the article: what is asked, the answers, the way there; calculated when this is called.
 * @example exercises().length // 5
 */
export const exercises = (): Exercise[] => [
  tanhNeuron(),
  otherWeight(),
  sigmoidHidden(),
  differenceError(),
  tenLayers(),
]

/** Four significant digits. */
const shown = (x: number): string => {
  const size = Math.abs(x)
  return size > 0 && size < 1e-4 ? x.toExponential(2) : String(Number(x.toPrecision(4)))
}

/** Right within one per cent, which an answer of three digits is. */
const question = (ask: string, answer: number, slips: Question['slips'] = []): Question => {
  const slack = Math.abs(answer) / 100
  return { ask, answer, accepts: [answer - slack, answer + slack], slips }
}

const step = (says: string, formula: string, value: number): SolutionStep => ({
  says,
  formula: `${formula} = ${shown(value)}`,
  value,
})

const leaf = (value: number | number[] | number[][], requiresGrad = true): Tensor =>
  tensor(value, { dtype: 'float64', requiresGrad })

const slope = (f: (x: Tensor) => Tensor, x: number): number => grad(f)(leaf(x)).item()

function tanhNeuron(): Exercise {
  const [w, x, b] = [leaf(0.3), leaf(0.5), leaf(0)]
  const z = w.mul(x).add(b)
  const y = z.tanh()
  const [dydz, dydw] = gradients(y, [z, w]).map((g) => g!.item())
  return {
    id: 'tanh-neuron',
    title: 'A tanh neuron',
    prompt: 'A neuron computes y = tanh(z) with z = wx + b. What is dy/dw at w = 0.3, x = 0.5, b = 0?',
    questions: [
      question('dy/dw', dydw, [
        { answer: dydz, hint: 'That is dy/dz. z moves with w by the factor x, which is still missing.' },
        { answer: y.item(), hint: 'That is y. Its derivative is 1 − y², times x.' },
      ]),
    ],
    solution: [
      step('The chain is y ← z ← w. First the value in the middle', 'z = 0.3 × 0.5 + 0', z.item()),
      step('The outer function there', `y = tanh(${shown(z.item())})`, y.item()),
      step('Its slope, at z and not at w', `dy/dz = 1 − tanh²(z) = 1 − ${shown(y.item())}²`, dydz),
      step('The inner slope is what w is multiplied by', 'dz/dw = x', x.item()),
      step('The product', `dy/dw = ${shown(dydz)} × ${shown(x.item())}`, dydw),
    ],
  }
}

/** The network that the article follows throughout, in words. */
const ANCHOR =
  'A network has x = (0.5, 0.1), W1 = ((0.5, −0.2), (0.3, 0.8)), b1 = (0.1, −0.1), W2 = (0.6, −0.4), b2 = 0 and the target y = 0; z1 = W1 x + b1, a1 = ReLU(z1), z2 = W2 · a1 + b2, ŷ = σ(z2), and L is the binary cross-entropy.'

/** The network that the article follows throughout. */
function anchor(activation: (z: Tensor) => Tensor) {
  const x = leaf([0.5, 0.1], false)
  const W1 = leaf([
    [0.5, -0.2],
    [0.3, 0.8],
  ])
  const z1 = W1.matmul(x).add(leaf([0.1, -0.1]))
  const a1 = activation(z1)
  const W2 = leaf([0.6, -0.4])
  const z2 = W2.dot(a1)
  const yhat = z2.sigmoid()
  const L = nn.bceLoss(yhat, leaf(0, false))
  const [dW1, dz2] = gradients(L, [W1, z2])
  return { x, W1, z1, W2, yhat, dW1: dW1!, dz2: dz2!.item() }
}

function otherWeight(): Exercise {
  const { x, z1, W2, yhat, dW1, dz2 } = anchor((z) => z.relu())
  const [out, gate, input] = [W2.at(1).item(), slope((z) => z.relu(), z1.at(1).item()), x.at(0).item()]
  const answer = dW1.at(1, 0).item()
  return {
    id: 'other-weight',
    title: 'The second hidden neuron',
    prompt: `${ANCHOR} Its output is ŷ = 0.5364, and the second hidden neuron has z1₂ = a1₂ = 0.13 and W2₂ = −0.4. What is ∂L/∂W1₂₁, by the four factors ∂L/∂z2 = ŷ − y, W2₂, ReLU′(z1₂) and x₁?`,
    questions: [
      question('∂L/∂W1₂₁', answer, [
        { answer: -answer, hint: 'The size is right. W2₂ is negative, and nothing else is.' },
        { answer: dW1.at(0, 0).item(), hint: 'That is ∂L/∂W1₁₁, through the first hidden neuron.' },
        { answer: dW1.at(1, 1).item(), hint: 'That is ∂L/∂W1₂₂: column 1 meets x₁ = 0.5.' },
      ]),
    ],
    solution: [
      step('The chain is L ← z2 ← a1₂ ← z1₂ ← W1₂₁. Behind the sigmoid', '∂L/∂z2 = ŷ − y', dz2),
      step('Into the second hidden neuron', '∂z2/∂a1₂ = W2₂', out),
      step('Its gate is open, since z1₂ = 0.13 > 0', '∂a1₂/∂z1₂ = ReLU′(0.13)', gate),
      step('Column 1 of W1 meets the first input', '∂z1₂/∂W1₂₁ = x₁', input),
      step('The product', `∂L/∂W1₂₁ = ${[yhat.item(), out, gate, input].map(shown).join(' × ')}`, answer),
    ],
  }
}

function sigmoidHidden(): Exercise {
  const before = anchor((z) => z.relu())
  const after = anchor((z) => z.sigmoid())
  const z = before.z1.at(0).item()
  const factor = slope((z) => z.sigmoid(), z)
  const [relu, whole] = [before, after].map(({ dW1 }) => dW1.at(0, 0).item())
  const held = relu * factor
  return {
    id: 'sigmoid-hidden',
    title: 'Sigmoid instead of ReLU',
    prompt: `${ANCHOR} Its hidden neurons get sigmoids instead of ReLUs. What is ∂a1₁/∂z1₁ at z1₁ = 0.33 now, and what becomes of ∂L/∂W1₁₁ = 0.5364 × 0.6 × 1 × 0.5 if only that factor changes?`,
    questions: [
      question('∂a1₁/∂z1₁', factor, [
        { answer: 1, hint: 'That was the ReLU. The slope of a sigmoid is σ(z)(1 − σ(z)).' },
      ]),
      question('∂L/∂W1₁₁', held, [{ answer: relu, hint: 'That is the gradient with the ReLU.' }]),
    ],
    solution: [
      step('The new local derivative', '∂a1₁/∂z1₁ = σ(0.33)(1 − σ(0.33))', factor),
      step('With the ReLU this factor was 1, and the gradient', '∂L/∂W1₁₁', relu),
      step('All other factors kept, about a quarter is left', `∂L/∂W1₁₁ = ${shown(relu)} × ${shown(factor)}`, held),
      step(`In the network itself ŷ changes as well, from ${shown(before.yhat.item())}`, 'ŷ', after.yhat.item()),
      step('So that its gradient is a little smaller still', '∂L/∂W1₁₁', whole),
    ],
  }
}

function differenceError(): Exercise {
  const y = (w: Tensor): Tensor => w.mul(0.5).add(0.1).sigmoid()
  const at = (w: number): number => y(leaf(w)).item()
  const [w, exact] = [0.6, slope(y, 0.6)]
  const second = grad(grad(y))
  const third = grad(second)
  const oneSided = (h: number) => Math.abs((at(w + h) - at(w)) / h - exact)
  const central = (h: number) => Math.abs((at(w + h) - at(w - h)) / (2 * h) - exact)
  const order = (error: (h: number) => number) => Math.log10(error(0.1) / error(0.01))
  const coefficients = [Math.abs(second(leaf(w)).item()) / 2, Math.abs(third(leaf(w)).item()) / 6]
  return {
    id: 'difference-error',
    title: 'Why the central difference is better',
    prompt:
      'For y = σ(z), z = wx + b, the derivative dy/dw can be estimated by (f(z + εx) − f(z − εx)) / 2ε or by (f(z + εx) − f(z)) / ε. The error of each falls as a power of ε: which?',
    questions: [
      { ask: 'the power for the one-sided quotient', answer: 1, accepts: [1, 1], slips: [] },
      {
        ask: 'the power for the central quotient',
        answer: 2,
        accepts: [2, 2],
        slips: [{ answer: 1, hint: 'The terms with f″ on both sides are equal and cancel.' }],
      },
    ],
    solution: [
      step('By Taylor, one side leaves ε/2 · |d²y/dw²|', '|d²y/dw²| / 2', coefficients[0]),
      step('Both sides cancel that and leave ε²/6 · |d³y/dw³|', '|d³y/dw³| / 6', coefficients[1]),
      step('One side, at ε = 0.01', 'error', oneSided(0.01)),
      step('Both sides, at ε = 0.01', 'error', central(0.01)),
      step('The power with which one side falls from ε = 0.1 to 0.01', 'order', order(oneSided)),
      step('The power with which both sides fall', 'order', order(central)),
    ],
  }
}

function tenLayers(): Exercise {
  // every pre-activation is 0, where a sigmoid is steepest; weights are 1
  const weights = Array.from({ length: 10 }, () => leaf(1))
  const output = weights.reduce((h, w) => w.mul(h).sub(0.5).sigmoid(), leaf(0.5, false))
  const found = gradients(output, weights).map((g) => g!.item())
  const ratio = found[0] / found[9]
  const steepest = slope((z) => z.sigmoid(), 0)
  return {
    id: 'ten-sigmoid-layers',
    title: 'Ten sigmoid layers',
    prompt:
      'A network of 10 layers has sigmoids throughout, whose slope is 0.25 at most. How large is ∂L/∂W1 at most beside ∂L/∂W10, with weights of order 1?',
    questions: [
      {
        ask: '∂L/∂W1 / ∂L/∂W10, at most about',
        answer: ratio,
        accepts: [ratio / 10, ratio * 2.7], // from 10^-6.4 to 10^-5: a millionth
        slips: [{ answer: steepest, hint: 'That is one layer. Nine lie between W10 and W1.' }],
      },
    ],
    solution: [
      step('The steepest slope of a sigmoid', 'σ′(0)', steepest),
      step('Nine more slopes lie between W10 and W1', '0.25⁹', steepest ** 9),
      step('A network with all slopes at 0.25 and weights 1 has', '∂L/∂W1 / ∂L/∂W10', ratio),
      step('Early layers learn that much more slowly', '1 / 0.25⁹', 1 / ratio),
    ],
  }
}
