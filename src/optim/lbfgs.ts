/**
 * L-BFGS (Nocedal 1980; Liu and Nocedal 1989), in the form of PyTorch and minFunc: a quasi-Newton method for losses
 * without noise. The last changes of the gradient (y) and of the parameters (s) stand for the inverse Hessian in a
 * recursion of two loops. All parameters are one flat vector here.
 */

import { toDense } from '../backends/js/layout.ts'
import { ArgumentError } from '../errors/index.ts'
import { allocate, isFloating, promote } from '../ops/dtype.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import type { TypedArray } from '../ops/value.ts'
import { fromArray, Tensor } from '../tensor/index.ts'
import { integer, nonNegative, oneOf, refuseTracing } from './check.ts'
import { copyOf, editInPlace } from './elements.ts'
import { type GroupInput, gradProblem, type Hyper, type ParamGroup, type ParamsInput } from './groups.ts'
import { Optimizer, type SavedState } from './optimizer.ts'
import { type Point, strongWolfe } from './strong-wolfe.ts'

export interface LBFGSOptions extends Hyper {
  /** The most iterations per step. */
  maxIter: number
  /** The most evaluations per step; 5/4 of maxIter unless given. */
  maxEval: number
  /** A step ends where no element of the gradient is larger. */
  toleranceGrad: number
  /** A step ends where neither loss nor parameters change by more. */
  toleranceChange: number
  historySize: number
  /** Null takes steps of length lr. */
  lineSearchFn: 'strong_wolfe' | null
}

/** Kept for the first parameter, as in PyTorch; what is optional appears with the first direction. */
export interface LBFGSState {
  funcEvals: number
  nIter: number
  /** The last direction and how far it was followed. */
  d?: Tensor
  t?: number
  /** Changes of the gradient, changes of the parameters, and 1 / <y, s>. */
  oldDirs?: readonly Tensor[]
  oldStps?: readonly Tensor[]
  ro?: readonly number[]
  /** <y, s> / <y, y>: the inverse Hessian at the beginning of the recursion. */
  hDiag?: number
  prevFlatGrad?: Tensor
  prevLoss?: number
}

const defaults: LBFGSOptions = {
  lr: 1,
  maxIter: 20,
  maxEval: 25,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  historySize: 100,
  lineSearchFn: null,
}

/** What is remembered while a step is under way; vectors are never changed once they are here. */
interface Memory {
  funcEvals: number
  nIter: number
  last: { d: TypedArray; t: number; grad: TypedArray; loss: number } | null
  ys: TypedArray[]
  ss: TypedArray[]
  ro: number[]
  hDiag: number
}

interface Evaluation<T> {
  readonly result: T
  readonly loss: number
  readonly grad: TypedArray
}

/**
 * L-BFGS over all parameters as one vector; there is one parameter group.
 * @throws ArgumentError where an option is unknown or out of range, or there is more than one group.
 * @example const w = tensor([3], { requiresGrad: true }); const opt = new optim.LBFGS([w]); opt.step(() => { opt.zeroGrad(); const loss = w.sub(1).square().sum(); loss.backward(); return loss }); w // [1]
 */
export class LBFGS extends Optimizer<LBFGSOptions, LBFGSState> {
  constructor(params: ParamsInput<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    const { maxIter = defaults.maxIter } = options
    super('LBFGS', params, options, { ...defaults, maxEval: Math.floor((maxIter * 5) / 4) })
  }

  override addParamGroup(group: GroupInput<LBFGSOptions>): void {
    if (this.paramGroups.length > 0) throw new ArgumentError('LBFGS: there can be only one parameter group')
    super.addParamGroup(group)
  }

  protected override check(group: ParamGroup<LBFGSOptions>): void {
    nonNegative('LBFGS', 'lr', group.lr)
    integer('LBFGS', 'maxIter', group.maxIter)
    integer('LBFGS', 'maxEval', group.maxEval)
    nonNegative('LBFGS', 'toleranceGrad', group.toleranceGrad)
    nonNegative('LBFGS', 'toleranceChange', group.toleranceChange)
    integer('LBFGS', 'historySize', group.historySize)
    oneOf('LBFGS', 'lineSearchFn', group.lineSearchFn, ['strong_wolfe', null])
  }

  /**
   * Runs up to `maxIter` iterations.
   * @param closure clears the gradients, computes the loss, calls `backward` and returns the loss.
   * @returns what the closure returned first. If it throws, parameters and state are as they were.
   * @throws CompileError inside of a compiled function.
   */
  step<T = undefined>(closure?: () => T): T {
    if (closure === undefined) {
      throw new ArgumentError(
        'LBFGS.step: needs a closure that clears the gradients, computes the loss, calls backward and returns the loss',
      )
    }
    refuseTracing('LBFGS.step', 'the values of the loss', 'compile the closure instead: opt.step(compile(() => ...))')
    const [group] = this.paramGroups
    this.check(group)
    const start = gather(group.params, (x) => toDense(x))
    try {
      return this.minimize(closure, group, start)
    } catch (error) {
      write(group.params, start)
      throw error
    }
  }

  private minimize<T>(closure: () => T, group: ParamGroup<LBFGSOptions>, start: TypedArray): T {
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, lineSearchFn } = group
    const memory = readMemory(this.state.get(group.params[0]))
    const first = this.measure(closure, group)
    let { loss, grad } = first
    let evaluations = 1
    let x = start
    for (let n = 1; n <= maxIter && largest(grad) > toleranceGrad; n++) {
      memory.nIter++
      const d = direction(memory, grad, group.historySize)
      let t = memory.nIter === 1 ? Math.min(1, 1 / sumOfMagnitudes(grad)) * lr : lr
      const slope = dot(grad, d)
      const before = { d, t, grad, loss }
      memory.last = before
      if (slope > -toleranceChange) break
      if (lineSearchFn !== null) {
        const found = this.search(closure, group, x, d, { t: 0, loss, grad, slope }, t)
        ;({ loss, grad, t } = found.point)
        evaluations += found.evaluations
      }
      x = moved(x, t, d)
      write(group.params, x)
      memory.last = { ...before, t }
      if (n === maxIter) break
      if (lineSearchFn === null) {
        ;({ loss, grad } = this.measure(closure, group))
        evaluations++
      }
      if (evaluations >= maxEval || t * largest(d) <= toleranceChange || Math.abs(loss - before.loss) < toleranceChange)
        break
    }
    memory.funcEvals += evaluations
    this.state.set(group.params[0], writeMemory(memory, start))
    return first.result
  }

  private search<T>(
    closure: () => T,
    group: ParamGroup<LBFGSOptions>,
    x: TypedArray,
    d: TypedArray,
    origin: Point,
    t: number,
  ) {
    const evaluate = (length: number): Point => {
      write(group.params, moved(x, length, d))
      const { loss, grad } = this.measure(closure, group)
      // A loss that is not a number is worse than any other: the search turns back.
      return { t: length, loss: Number.isNaN(loss) ? Infinity : loss, grad, slope: dot(grad, d) }
    }
    return strongWolfe({ evaluate, origin, t, size: largest(d), tolerance: group.toleranceChange })
  }

  /** Loss and gradient where the parameters are; a parameter without gradient counts as constant. */
  private measure<T>(closure: () => T, { params, paramNames }: ParamGroup<LBFGSOptions>): Evaluation<T> {
    const result = this.evaluate(closure)
    const loss = result instanceof Tensor ? result.item() : result
    if (typeof loss !== 'number')
      throw new ArgumentError(`LBFGS.step: the closure must return the loss, it returned ${typeof result}`)
    params.forEach((x, i) => {
      const g = x.grad
      const fits = g === null || (sameShape(g.shape, x.shape) && isFloating(g.dtype) && g.box === null)
      if (!fits) throw gradProblem('LBFGS', x, g as Tensor, i, paramNames)
    })
    return { result, loss, grad: gather(params, (x) => x.grad && toDense(x.grad)) }
  }

  protected override restore(_: Tensor, saved: SavedState, { params }: ParamGroup<LBFGSOptions>): LBFGSState {
    const size = params.reduce((n, x) => n + x.size, 0)
    const vector = (value: unknown): value is Tensor => value instanceof Tensor && sameShape(value.shape, [size])
    const number = (value: unknown) => typeof value === 'number'
    const list = (of: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(of)
    const kinds: Record<string, (value: unknown) => boolean> = {
      ...{ funcEvals: number, nIter: number, t: number, hDiag: number, prevLoss: number, ro: list(number) },
      ...{ d: vector, prevFlatGrad: vector, oldDirs: list(vector), oldStps: list(vector) },
    }
    const needed = (saved.nIter as number) > 0 ? Object.keys(kinds) : ['funcEvals', 'nIter']
    const wrong = [...needed, ...Object.keys(saved)].find((key) => !kinds[key]?.(saved[key]))
    if (wrong)
      throw new ArgumentError(
        `LBFGS.loadStateDict: '${wrong}' is not what LBFGS saves for parameters of ${shapeText([size])} elements`,
      )
    const dtype = promote(params)
    const copy = (value: unknown): unknown =>
      value instanceof Tensor ? copyOf(value, dtype) : Array.isArray(value) ? value.map(copy) : value
    return Object.fromEntries(Object.entries(saved).map(([key, value]) => [key, copy(value)])) as unknown as LBFGSState
  }
}

/** -H g by the two loops, after taking in what the last step has shown of the Hessian. */
function direction(memory: Memory, grad: TypedArray, historySize: number): TypedArray {
  const q = grad.map((v) => -v)
  const { last, ys, ss, ro } = memory
  if (last === null) return q
  const y = grad.map((v, i) => v - last.grad[i])
  const s = last.d.map((v) => v * last.t)
  const curvature = dot(y, s)
  if (curvature > 1e-10) {
    for (const list of [ys, ss, ro]) if (list.length >= historySize) list.splice(0, list.length - historySize + 1)
    ys.push(y)
    ss.push(s)
    ro.push(1 / curvature)
    memory.hDiag = curvature / dot(y, y)
  }
  const alpha = new Float64Array(ys.length)
  for (let i = ys.length - 1; i >= 0; i--) addScaled(q, -(alpha[i] = dot(ss[i], q) * ro[i]), ys[i])
  for (let i = 0; i < q.length; i++) q[i] *= memory.hDiag
  for (let i = 0; i < ys.length; i++) addScaled(q, alpha[i] - dot(ys[i], q) * ro[i], ss[i])
  return q
}

const arrayOf = (x: Tensor): TypedArray => x.storage.buffer

function readMemory(state: LBFGSState | undefined): Memory {
  const { funcEvals = 0, nIter = 0, d, t = 0, prevFlatGrad, prevLoss = 0 } = state ?? {}
  const { oldDirs = [], oldStps = [], ro = [], hDiag = 1 } = state ?? {}
  const last = d && prevFlatGrad ? { d: arrayOf(d), t, grad: arrayOf(prevFlatGrad), loss: prevLoss } : null
  return { funcEvals, nIter, last, ys: oldDirs.map(arrayOf), ss: oldStps.map(arrayOf), ro: [...ro], hDiag }
}

function writeMemory({ funcEvals, nIter, last, ys, ss, ro, hDiag }: Memory, like: TypedArray): LBFGSState {
  if (last === null) return { funcEvals, nIter }
  const wrap = (data: TypedArray): Tensor =>
    fromArray(data, [data.length], like instanceof Float32Array ? 'float32' : 'float64')
  const { d, t, grad, loss } = last
  const history = { oldDirs: ys.map(wrap), oldStps: ss.map(wrap), ro, hDiag }
  return { funcEvals, nIter, d: wrap(d), t, ...history, prevFlatGrad: wrap(grad), prevLoss: loss }
}

/** One value per element of all parameters, in their widest dtype; zeros where there are none. */
function gather(params: readonly Tensor[], values: (x: Tensor) => TypedArray | null): TypedArray {
  const flat = allocate(
    promote(params),
    params.reduce((n, x) => n + x.size, 0),
  )
  let at = 0
  for (const x of params) {
    const data = values(x)
    if (data) flat.set(data, at)
    at += x.size
  }
  return flat
}

function write(params: readonly Tensor[], flat: TypedArray): void {
  let at = 0
  for (const x of params) editInPlace(x, 'LBFGS.step', (data) => data.set(flat.subarray(at, (at += x.size))))
}

const moved = (x: TypedArray, t: number, d: TypedArray): TypedArray => x.map((v, i) => v + t * d[i])

function dot(a: TypedArray, b: TypedArray): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function addScaled(a: TypedArray, scale: number, b: TypedArray): void {
  for (let i = 0; i < a.length; i++) a[i] += scale * b[i]
}

function sumOfMagnitudes(a: TypedArray): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i])
  return sum
}

/** The largest magnitude; NaN if there is one, which ends the iterations. */
function largest(a: TypedArray): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]))
  return most
}
