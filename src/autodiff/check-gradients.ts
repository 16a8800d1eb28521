/**
 * Are gradients right? Every entry of the Jacobian by `backward` against a difference quotient, or (fast) one random
 * projection of it. Derivatives of higher order are those of a function that is itself a gradient: (x, v) -> Jᵀ v.
 * Read on in `check-gradients-program.ts` (running it), `check-gradients-judge.ts` (kinks), `check-gradients-tally.ts`.
 */
import {
  ArgumentError,
  checkOptions,
  DTypeError,
  GradError,
  GradientCheckError,
  type GradientCheckReport,
} from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import { sizeOf } from '../ops/shape.ts'
import { enableGrad, Generator, randn, Tensor, zerosLike } from '../tensor/index.ts'
import { gradients } from './backward.ts'
import { checkDirection, checkElements, checkWhole, type Settings } from './check-gradients-examine.ts'
import type { Difference } from './check-gradients-judge.ts'
import { Program, placesOf } from './check-gradients-program.ts'
import { explainFailure, Tally } from './check-gradients-tally.ts'
import { flatten } from './tree.ts'

export interface CheckGradientsOptions {
  /**
   * The step of the differences: 1e-6, or 1/64 where float32 is involved, times the element where that exceeds 1. It
   * shrinks where the function bends.
   */
  readonly eps?: number
  /**
   * An entry is right if it is within atol + rtol · |numeric| (and what rounding makes of the difference: in float32,
   * an error of 1 % in a derivative below about 1/300 of the result drowns in it). Unless given, atol is a part of the largest
   * derivative of the same result by the same input: 1e-7, float32 1e-5.
   */
  readonly atol?: number
  /** 1e-3 */
  readonly rtol?: number
  /** 2 checks the gradient of the gradient too, and so on; 1 unless given. */
  readonly order?: number
  /** 'full' compares every entry of the Jacobian; 'fast' one random projection of it per input, and all entries where that fails. */
  readonly mode?: 'full' | 'fast'
  /** 'forward' and 'backward' evaluate the function on one side only: for the edge of a domain. */
  readonly difference?: Difference
  /** Throw a GradientCheckError instead of returning a report that is not ok. */
  readonly throws?: boolean
  /** Of the random directions. */
  readonly seed?: number
}

const known = ['eps', 'atol', 'rtol', 'order', 'mode', 'difference', 'throws', 'seed']

/**
 * Compares the gradients of f with numeric differences (f(x + h) - f(x - h)) / 2h. At a kink, where the slopes to both
 * sides differ, any gradient between them is right: it counts in `kinks`. It also finds a function that returns other
 * results when called again, results that are NaN, and a backward that is not linear in its cotangent.
 * @param f takes the inputs and returns a tensor or any nesting of tensors. It may close over the inputs instead: their
 *   elements are moved in place and put back exactly, as are `grad` and `requiresGrad`.
 * @param inputs finite floating point tensors, float64 for sharp answers; no two of them may share elements.
 * @returns per input the element (multi-index) at which both numbers are furthest apart, and `ok` if all are right.
 * @throws GradientCheckError with `{ throws: true }` where a gradient is wrong; ArgumentError where nothing can be checked.
 * @example checkGradients((x) => sin(x), [tensor([1, 2], { dtype: 'float64' })]).ok // true
 */
export function checkGradients(
  f: (...inputs: Tensor[]) => unknown,
  inputs: Tensor | readonly Tensor[],
  options: CheckGradientsOptions = {},
): GradientCheckReport {
  checkOptions('checkGradients', options, known)
  const settings = settingsOf(options)
  const xs = inputs instanceof Tensor ? [inputs] : [...inputs]
  checkInputs(xs)
  const restore = remember(xs)
  try {
    for (const x of xs) if (x.isLeaf) x.requiresGrad = true
    const { report, message } = enableGrad(() => check(new Program(xs, () => results(f(...xs))), settings))
    if (options.throws && !report.ok) throw new GradientCheckError(message, report)
    return report
  } finally {
    restore()
  }
}

function settingsOf(options: CheckGradientsOptions): Settings {
  const { order = 1, mode = 'full', difference = 'central', seed = 0, eps, atol, rtol } = options
  const complain = (what: string) => {
    throw new ArgumentError(`checkGradients: ${what}`)
  }
  if (!Number.isInteger(order) || order < 1) complain(`order counts derivatives from 1, got ${String(order)}`)
  if (mode !== 'full' && mode !== 'fast') complain(`mode is 'full' or 'fast', got ${String(mode)}`)
  if (!['central', 'forward', 'backward'].includes(difference)) {
    complain(`difference is 'central', 'forward' or 'backward', got ${String(difference)}`)
  }
  if (eps !== undefined && !(eps > 0)) complain(`eps must be positive, got ${String(eps)}`)
  return { order, mode, difference, precision: { eps, atol, rtol }, generator: new Generator(seed) }
}

function checkInputs(xs: readonly Tensor[]): void {
  if (xs.length === 0) throw new ArgumentError('checkGradients: there are no inputs to differentiate by')
  const taken = new Map<unknown, Set<number>>()
  xs.forEach((x, k) => {
    if (!(x instanceof Tensor)) throw new ArgumentError(`checkGradients: input ${k} is not a tensor`)
    if (x.box)
      throw new GradError('checkGradients: cannot look inside of grad, jvp or vmap; check the function from outside')
    if (!isFloating(x.dtype)) {
      throw new DTypeError(
        `checkGradients: input ${k} is ${x.dtype}, which has no gradient; let the function close over it`,
      )
    }
    const places = placesOf(x)
    const own = taken.get(x.storage) ?? new Set()
    taken.set(x.storage, own)
    for (const p of places) {
      if (!Number.isFinite(x.buffer[p]))
        throw new ArgumentError(
          `checkGradients: input ${k} has the element ${x.buffer[p]}, around which there are no differences`,
        )
      if (own.has(p))
        throw new ArgumentError(
          `checkGradients: input ${k} shares elements with another input or within itself; pass a clone()`,
        )
      own.add(p)
    }
  })
}

/** Returns what puts everything back as it is now. */
function remember(xs: readonly Tensor[]): () => void {
  const before = xs.map((x) => ({ x, tracked: x.tracked, grad: x.grad, places: placesOf(x), elements: x.data }))
  return () => {
    for (const { x, tracked, grad, places, elements } of before) {
      x.tracked = tracked
      x.grad = grad
      places.forEach((p, i) => {
        x.buffer[p] = elements[i]
      })
    }
  }
}

const results = (returned: unknown): Tensor[] => {
  const floats = flatten(returned).leaves.filter((y) => isFloating(y.dtype))
  if (floats.length === 0) throw new ArgumentError('checkGradients: the function returned no floating point tensor')
  return floats
}

function check(first: Program, settings: Settings): { report: GradientCheckReport; message: string } {
  const tallies = first.inputs.map((x, k) => new Tally(x, x.name ?? `inputs[${k}]`))
  let program = first
  let evaluations = 0
  let problem: string | undefined
  for (let order = 1; order <= settings.order && problem === undefined; order++) {
    if (order > 1) {
      program = derivativeOf(program, settings.generator)
      const added = program.inputs.slice(tallies.length)
      for (const [k, v] of added.entries()) tallies.push(new Tally(v, `the cotangent of output ${k} (order ${order})`))
    }
    problem = examine(program, tallies, settings)
    evaluations += program.evaluations
  }
  // Cotangents are inputs of the function that a higher order differentiates; the caller sees them if they fail.
  const listed = tallies.filter((t, k) => k < first.inputs.length || !t.ok)
  const ok = problem === undefined && listed.every((t) => t.ok)
  const report = {
    ok,
    evaluations,
    inputs: listed.map((t) => t.report()),
    ...(problem === undefined ? {} : { problem }),
  }
  return { report, message: explainFailure(problem, listed) }
}

function examine(program: Program, tallies: readonly Tally[], settings: Settings): string | undefined {
  const { subject, problem } = checkWhole(program, settings)
  if (!subject) {
    for (const tally of tallies) tally.ok = false
    return problem
  }
  for (const [k, tally] of tallies.entries()) {
    if (settings.mode === 'full' || !checkDirection(subject, k, tally)) checkElements(subject, k, tally)
  }
  return problem ?? subject.checkLinear()
}

/** The function (x, v) -> Jᵀ v: the gradient of f at x, recorded, so that it can be differentiated. */
function derivativeOf(program: Program, generator: Generator): Program {
  const cotangents = program.run().map((y) => randn(y.shape, { dtype: y.dtype, generator, requiresGrad: true }))
  const run = (): Tensor[] => {
    const pairs = program
      .run()
      .flatMap((y, i) => (y.requiresGrad && sizeOf(y.shape) > 0 ? [{ y, v: cotangents[i] }] : []))
    if (pairs.length === 0) return program.inputs.map((x) => zerosLike(x))
    const found = gradients(
      pairs.map(({ y }) => y),
      program.inputs,
      { gradOutputs: pairs.map(({ v }) => v), createGraph: true, allowUnused: true },
    )
    return found.map((g, i) => g ?? zerosLike(program.inputs[i]))
  }
  return new Program([...program.inputs, ...cotangents], run, (k) => `the gradient of inputs[${k}]`)
}
