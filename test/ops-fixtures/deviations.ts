/** Where chainrule and PyTorch 1.13 differ on purpose: element by element, with what chainrule says instead and why. */
import type { Case } from './case.ts'

export interface Deviation {
  readonly op: string
  /** Of an output, or of the gradient of an input. */
  readonly of: 'output' | 'gradient'
  /** Which output or input. */
  readonly index: number
  /** The operands' elements at which it is so. */
  at(...x: number[]): boolean
  /** What chainrule has. */
  is(c: Case, i: number): number
  readonly reason: string
  /** Only these cases. */
  when?(c: Case): boolean
}

/** A gradient as a sum of products written out: per row Σₖ g[k] Π x[j] over j ≤ k other than i. */
function cumprodGradient({ inputs: [x], gradOutput }: Case, i: number): number {
  const [row, n] = [x.shape[1] * Math.floor(i / x.shape[1]), x.shape[1]]
  let sum = 0
  for (let k = i; k < row + n; k++) {
    let others = 1
    for (let j = row; j <= k; j++) if (j !== i) others *= Number(x.data[j])
    sum += Number(gradOutput![k]) * others
  }
  return sum
}

const isInfinite = (x: number) => Math.abs(x) === Infinity
const output = (op: string, at: Deviation['at'], is: number, reason: string): Deviation => ({
  op,
  of: 'output',
  index: 0,
  at,
  is: () => is,
  reason,
})
const slope = (op: string, index: number, at: Deviation['at'], is: number, reason: string): Deviation => ({
  op,
  of: 'gradient',
  index,
  at,
  is: ({ gradOutput }, i) => is * Number(gradOutput![i]),
  reason,
})

const noValue = 'the function is NaN here, and so is its slope; PyTorch has -trunc(a / b), an infinity'
const origin = 'the slope at the origin is 0, as of norm (design.md, section 6); PyTorch divides 0 by 0'
const tie = 'the limit along a = b; PyTorch has Infinity - Infinity'

export const deviations: readonly Deviation[] = [
  output('sign', Number.isNaN, NaN, 'the sign of NaN is not known'),
  slope('abs', 0, Number.isNaN, NaN, 'the slope is sign(x), NaN for NaN'),
  slope('clamp', 0, Number.isNaN, 1, 'NaN passes through, and so does its gradient'),
  slope('fmod', 1, (a, b) => b === 0 || (isInfinite(a) && Number.isFinite(b)), NaN, noValue),
  slope('remainder', 1, (_, b) => b === 0, NaN, noValue),
  slope(
    'hardsigmoid',
    0,
    (x) => Math.abs(x) < 3 || Number.isNaN(x),
    1 / 6,
    'PyTorch rounds 1/6 to float32, and has 0 for NaN',
  ),
  output('hardswish', (x) => x === -Infinity, 0, 'the limit; PyTorch multiplies it by 0'),
  slope('hardswish', 0, (x) => x === 3, 1, 'one of the two slopes; PyTorch has 1.5, which is neither'),
  slope('hardswish', 0, (x) => x === -3, 0, 'one of the two slopes; PyTorch has -0.5'),
  slope('hardswish', 0, Number.isNaN, NaN, 'x / 3 + 1/2 for NaN'),
  slope('hypot', 0, (a, b) => a === 0 && b === 0, 0, origin),
  slope('hypot', 1, (a, b) => a === 0 && b === 0, 0, origin),
  slope('logaddexp', 0, (a, b) => a === b && isInfinite(a), 0.5, tie),
  slope('logaddexp', 1, (a, b) => a === b && isInfinite(a), 0.5, tie),
  slope('pow', 0, (x, e) => Number.isNaN(x) && e === 0, NaN, 'e x^(e - 1) for NaN; PyTorch has 0 for an exponent of 0'),
  slope('xlogy', 1, (a, b) => a === 0 && b === 0, 0, 'an absent class, 0 log 0, sends nothing back; PyTorch has 0 / 0'),
  {
    op: 'cumprod',
    of: 'gradient',
    index: 0,
    when: (c) => c.nonfinite === true,
    at: () => true,
    is: cumprodGradient,
    reason: 'the products of the other elements as they are; PyTorch finds them by division',
  },
]

/** The deviation that concerns element i, if there is one. */
export function deviationAt(c: Case, of: Deviation['of'], index: number, i: number): Deviation | undefined {
  const operands = () => c.inputs.map(({ data }) => Number(data[i]))
  const concerns = (d: Deviation) => d.op === c.op && d.of === of && d.index === index
  return deviations.find((d) => concerns(d) && (d.when?.(c) ?? true) && d.at(...operands()))
}
