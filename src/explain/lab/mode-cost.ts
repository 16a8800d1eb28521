/**
 * What forward and reverse mode cost for a function: by counted operations, which are the same everywhere, and by
 * measured time. Forward mode is a true jvp; differences are a third way beside the two and not one of them.
 */
import { ArgumentError, checkOptions, GradError } from '../../errors/index.ts'
import { requireFloating } from '../../ops/dtype.ts'
import { defaultGenerator, requireFunction, requireTensor, Tensor, withoutRecording } from '../../tensor/index.ts'
import { type JacobianCosts, jacobianCosts } from './jacobian-cost.ts'
import { compareModes } from './mode-agreement.ts'
import { ModeCost } from './mode-cost-document.ts'
import type { Mode } from './mode-passes.ts'
import { countPasses, type Subject, timePasses } from './passes.ts'
import { withRandomState } from './random.ts'
import { requireFinite, requireSeed } from './require.ts'

export interface ModeCostOptions {
  /** About how long to measure, in milliseconds; 1000 unless given, 0 to count only. */
  readonly budget?: number
  /** Of the random directions in which the modes are compared; 0 unless given. */
  readonly seed?: number
}

export interface Recommendation {
  readonly mode: Mode | 'either'
  /** How many times the operations of the better mode the other one needs for the full Jacobian. */
  readonly factor: number
}

/**
 * Counts and measures a function, its jvp and its vjp, and what the full Jacobian costs in either mode. Counted is what
 * is applied to values that depend on the inputs: see `OperationCount`.
 * @param f takes tensors and returns one. It is called many times, each time with the same random numbers.
 * @param x its argument, or an array of its arguments: R^n is all their elements.
 * @throws ArgumentError for wrong arguments, DTypeError where a value is not floating point, GradError where f returns no
 *   tensor or an empty one.
 * @example modeCost((x) => x.square().sum(), ones([5]), { budget: 0 }).recommendation.mode // 'reverse'
 */
export function modeCost(
  f: (...xs: Tensor[]) => Tensor,
  x: Tensor | readonly Tensor[],
  options: ModeCostOptions = {},
): ModeCost {
  const name = 'modeCost'
  requireFunction(name, f)
  checkOptions(name, options, ['budget', 'seed'])
  const { budget = 1000, seed = 0 } = options
  requireFinite(name, 'budget', budget)
  if (budget < 0) throw new ArgumentError(`${name}: budget is a time in milliseconds from 0, got ${budget}`)
  requireSeed(name, seed)
  const xs = inputsOf(name, x)
  return withoutRecording(() => examine(name, f, xs, budget, seed))
}

function inputsOf(name: string, x: unknown): Tensor[] {
  const xs: readonly unknown[] = Array.isArray(x) ? x : [x]
  if (xs.length === 0) throw new ArgumentError(`${name}: x is a tensor or an array of at least one`)
  for (const input of xs) {
    requireTensor(name, input, 'x')
    requireFloating(name, input.dtype)
    if (input.size === 0) throw new ArgumentError(`${name}: x has no elements to differentiate by`)
  }
  return xs as Tensor[]
}

function examine(name: string, f: Subject['f'], xs: Tensor[], budget: number, seed: number): ModeCost {
  const state = defaultGenerator.state
  const [y, random] = withRandomState(state, () => [f(...xs) as unknown, defaultGenerator.offset !== state.offset])
  if (!(y instanceof Tensor) || y.size === 0)
    throw new GradError(`${name}: the function must return a tensor that is not empty`)
  requireFloating(name, y.dtype)
  const subject: Subject = {
    f: (...given) => withRandomState(state, () => f(...given)),
    random,
    xs,
    y,
    inputs: xs.reduce((n, x) => n + x.size, 0),
    outputs: y.size,
  }
  const counts = countPasses(name, subject)
  const times = budget > 0 ? timePasses(subject, budget / 8) : null
  const jacobian = jacobianCosts(subject, counts, times, budget)
  const { inputs, outputs } = subject
  return new ModeCost(inputs, outputs, counts, times, jacobian, compareModes(subject, seed), recommend(jacobian))
}

/** Within a factor of 1.5 the choice matters little. */
function recommend({ forward, reverse }: JacobianCosts): Recommendation {
  // A function that only rearranges its input costs nothing but the passes.
  const free = forward.operations + reverse.operations === 0
  const ratio = free ? forward.passes / reverse.passes : forward.operations / reverse.operations
  const factor = Math.max(ratio, 1 / ratio)
  return { mode: factor < 1.5 ? 'either' : ratio > 1 ? 'reverse' : 'forward', factor }
}
