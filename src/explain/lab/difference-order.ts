/**
 * Why the central difference is better: the error of (f(x + h) - f(x)) / h falls as h, that of (f(x + h) - f(x - h)) / 2h
 * as h², until rounding takes over. By Taylor's theorem the errors are h/2 f''(x) and h²/6 f'''(x) to leading order.
 */
import { grad } from '../../autodiff/index.ts'
import { ArgumentError, GradError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { requireFunction, Tensor, tensor, withoutRecording } from '../../tensor/index.ts'
import { DifferenceOrder } from './difference-order-document.ts'
import { requireFinite } from './require.ts'

/** One formula at one step. */
export interface Difference {
  readonly estimate: number
  /** |estimate - f'(x)| */
  readonly error: number
  /** log(error / previous error) / log(h / previous h); null for the first step and where an error is 0. */
  readonly order: number | null
}

export interface DifferenceStep {
  readonly step: number
  readonly forward: Difference
  readonly central: Difference
}

/** What the steps show of a formula. */
export interface FormulaSummary {
  /** 1 or 2: what the theory says. */
  readonly expectedOrder: number
  /** The median order over the steps above `balance`; null where there are none. */
  readonly observedOrder: number | null
  /** The error is coefficient · h^order to leading order: |f''| / 2, |f'''| / 6. */
  readonly coefficient: number
  /** Where in theory rounding and truncation are equal; null where the coefficient or f(x) is 0. */
  readonly balance: number | null
  readonly bestStep: number
  readonly bestError: number
}

const STEPS = Array.from({ length: 12 }, (_, i) => 10 ** -(i + 1))
const MOST = 1000

/**
 * The errors of forward and central differences against the exact derivative, by step size, in float64.
 * @param f of one number: takes a tensor without dimensions and returns one.
 * @param steps positive; 0.1, 0.01, ..., 1e-12 unless given.
 * @throws ArgumentError for steps that are not positive; GradError where f does not return a finite scalar.
 * @example differenceOrder((x) => x.pow(3), 2).exact // 12
 */
export function differenceOrder(
  f: (x: Tensor) => Tensor,
  x: number,
  steps: readonly number[] = STEPS,
): DifferenceOrder {
  const name = 'differenceOrder'
  requireFunction(name, f)
  requireFinite(name, 'x', x)
  const sizes = stepsOf(name, steps)
  return withoutRecording(() => {
    const value = (at: number) => evaluated(name, f, at)
    const [exact, second, third] = derivatives(name, f, x)
    const middle = value(x)
    const forward = sizes.map((h) => (value(x + h) - middle) / h)
    const central = sizes.map((h) => (value(x + h) - value(x - h)) / (2 * h))
    const [left, right] = [forward, central].map((estimates) => differences(estimates, exact, sizes))
    const rows = sizes.map((step, i) => ({ step, forward: left[i], central: right[i] }))
    const size = Math.abs(middle)
    return new DifferenceOrder(
      x,
      exact,
      rows,
      summary(sizes, left, 1, Math.abs(second) / 2, size),
      summary(sizes, right, 2, Math.abs(third) / 6, size),
    )
  })
}

function stepsOf(name: string, steps: readonly number[]): readonly number[] {
  const fits = (h: unknown) => typeof h === 'number' && h > 0 && h < Infinity
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > MOST || !steps.every(fits))
    throw new ArgumentError(`${name}: steps is an array of 1 to ${MOST} positive numbers, got ${shown(steps)}`)
  const falling = [...new Set(steps as number[])].sort((a, b) => b - a)
  if (falling.length < steps.length) throw new ArgumentError(`${name}: a step occurs twice in ${shown(steps)}`)
  return falling
}

const at = (x: number): Tensor => tensor(x, { dtype: 'float64' })

function evaluated(name: string, f: (x: Tensor) => Tensor, x: number): number {
  const y: unknown = f(at(x))
  if (!(y instanceof Tensor) || y.size !== 1 || y.dtype !== 'float64')
    throw new GradError(`${name}: the function must return a float64 scalar for a float64 scalar`)
  if (!Number.isFinite(y.item())) throw new GradError(`${name}: the function is ${y.item()} at ${x}`)
  return y.item()
}

/** The first three, each the gradient of the one before. */
function derivatives(name: string, f: (x: Tensor) => Tensor, x: number): number[] {
  evaluated(name, f, x)
  const found: number[] = []
  let next = f
  for (let order = 1; order <= 3; order++) {
    const by = grad(next)
    found.push(by(at(x)).item())
    next = by
  }
  return found
}

function differences(estimates: readonly number[], exact: number, steps: readonly number[]): Difference[] {
  const errors = estimates.map((estimate) => Math.abs(estimate - exact))
  return estimates.map((estimate, i) => {
    const comparable = i > 0 && errors[i] > 0 && errors[i - 1] > 0
    const order = comparable ? Math.log(errors[i] / errors[i - 1]) / Math.log(steps[i] / steps[i - 1]) : null
    return { estimate, error: errors[i], order }
  })
}

/** Of float64: half the distance from 1 to the next number. */
const ROUNDING = 2 ** -53

/** Rounding f(x) to a part in 2^53 costs up to 2 ROUNDING |f| / h in a forward and half of it in a central difference. */
function summary(
  steps: readonly number[],
  rows: readonly Difference[],
  expectedOrder: 1 | 2,
  coefficient: number,
  size: number,
): FormulaSummary {
  const best = rows.reduce((least, { error }, i) => (error < rows[least].error ? i : least), 0)
  const rounding = (expectedOrder === 1 ? 2 : 1) * ROUNDING * size
  const balance = coefficient === 0 ? null : (rounding / coefficient) ** (1 / (expectedOrder + 1))
  // Three times as far from there the truncation error is nine to 27 times the rounding.
  const clear = balance === null ? [] : rows.filter((_, i) => steps[i] >= 3 * balance)
  const orders = clear.flatMap(({ order }) => (order === null ? [] : [order])).sort((a, b) => a - b)
  const observedOrder = orders.length > 0 ? orders[orders.length >> 1] : null
  return { expectedOrder, observedOrder, coefficient, balance, bestStep: steps[best], bestError: rows[best].error }
}
