/**
 * The step of every optimizer whose update of an element depends on that element of the parameter, its gradient and
 * its state alone. A subclass says which rule holds for a group; the rule has the formulas and computes the numbers
 * that enter them (bias corrections, decay). While tracing, the numbers are computed again at every call of the compiled
 * function, so that schedules and changes from outside are seen. All gradients are checked before anything changes.
 */
import { ArgumentError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import { Tensor, type Tracer, tracing, update } from '../tensor/index.ts'
import { copyOf, stateLike } from './elements.ts'
import { gradProblem, type Hyper, type ParamGroup, type ParamsInput } from './groups.ts'
import { Optimizer, type SavedState } from './optimizer.ts'
import { type StepRule, targetsOf } from './rule.ts'
import { traceStep } from './trace.ts'

/** Of optimizers that remember nothing. */
const NO_STATE = Object.freeze({})

export abstract class ElementwiseOptimizer<H extends Hyper = Hyper, S extends object = object> extends Optimizer<H, S> {
  /** What is said to have changed a parameter. */
  protected readonly by: string
  /** States that were made while tracing: they count from the first call of what was traced. */
  private readonly prepared: WeakMap<Tensor, S> = new WeakMap()

  constructor(name: string, params: ParamsInput<H>, options: Partial<H>, defaults: H) {
    super(name, params, options, defaults)
    this.by = `${name}.step`
  }

  /** The state before the first step. */
  protected abstract init(x: Tensor, group: ParamGroup<H>): S

  /** What a step computes with these options; the same object while they switch on the same things. */
  protected abstract rule(group: ParamGroup<H>): StepRule<H, S>

  /**
   * Changes every parameter that has a gradient; those without are left as they are, and so is their state.
   * @returns what the closure returned, if there is one; it is called with recording on.
   */
  step<T = undefined>(closure?: () => T): T {
    const loss = closure === undefined ? undefined : this.evaluate(closure)
    for (let k = 0; k < this.paramGroups.length; k++) this.checkGroup(this.paramGroups[k])
    if (tracing.tracer) this.trace(tracing.tracer)
    else this.stepNow()
    return loss as T
  }

  private stepNow(): void {
    // States that compiled functions keep in step with each other may now differ.
    tracing.epoch++
    for (let k = 0; k < this.paramGroups.length; k++) this.stepGroup(this.paramGroups[k])
  }

  private stepGroup(group: ParamGroup<H>): void {
    const rule = this.rule(group)
    const shared = rule.sharedNumbers(group)
    for (let i = 0; i < group.params.length; i++) {
      const x = group.params[i]
      const { grad } = x
      if (grad === null) continue
      const fresh = !this.state.has(x)
      const state = this.stateOf(x, group, rule)
      if (fresh && rule.state.length > 0) this.begin(x, state)
      const own = rule.ownNumbers(group, state, fresh)
      update(this.by, rule.update, targetsOf(x, state, rule), [grad], own.length === 0 ? shared : [...shared, ...own])
    }
  }

  private checkGroup(group: ParamGroup<H>): void {
    this.check(group)
    for (let i = 0; i < group.params.length; i++) {
      const x = group.params[i]
      const g = x.grad
      if (g === null) continue
      const fits = g instanceof Tensor && sameShape(g.shape, x.shape) && isFloating(g.dtype) && g.box === null
      if (!fits) throw gradProblem(this.name, x, g, i, group.paramNames)
    }
  }

  private trace(tracer: Tracer): void {
    traceStep<H, S>(tracer, {
      by: this.by,
      groups: this.paramGroups,
      rule: (group) => this.rule(group),
      check: (group) => this.check(group),
      begun: (x) => this.state.has(x),
      current: (x) => this.state.get(x) ?? this.prepared.get(x),
      stateOf: (x, group, rule) => this.stateOf(x, group, rule),
      begin: (x, state) => this.begin(x, state),
    })
  }

  /** The state of x with all tensors that the rule needs; a fresh one is kept apart until a step is taken. */
  private stateOf(x: Tensor, group: ParamGroup<H>, rule: StepRule<H, S>): S {
    if (rule.state.length === 0) return NO_STATE as S
    let state = this.state.get(x) ?? this.prepared.get(x)
    if (state === undefined) {
      state = this.init(x, group)
      if (tracing.tracer) this.prepared.set(x, state)
    }
    const tensors = state as Record<string, unknown>
    for (let k = 0; k < rule.state.length; k++) tensors[rule.state[k]] ??= stateLike(x)
    return state
  }

  private begin(x: Tensor, state: S): void {
    this.state.set(x, state)
    this.prepared.delete(x)
  }

  /** A state has the entries of a fresh one, of the same kinds. */
  protected restore(x: Tensor, saved: SavedState, group: ParamGroup<H>): S {
    const who = `${this.name}.loadStateDict`
    const state = this.init(x, group) as Record<string, unknown>
    const keys = Object.keys(state).filter((key) => state[key] !== null)
    const shown = `the state of a parameter ${shapeText(x.shape)}`
    const unknown = Object.keys(saved).find((key) => !(key in state))
    if (unknown)
      throw new ArgumentError(
        `${who}: ${shown} has '${unknown}', which is not part of ${this.name}'s state { ${keys.join(', ')} }`,
      )
    for (const key of Object.keys(state)) {
      const value = saved[key]
      if (value === undefined && state[key] === null) continue
      const isTensor = state[key] === null || state[key] instanceof Tensor
      if (isTensor ? !(value instanceof Tensor) : !Number.isFinite(value)) {
        throw new ArgumentError(
          `${who}: ${shown} needs '${key}', a ${isTensor ? 'tensor' : 'number'}, got ${typeof value}`,
        )
      }
      if (value instanceof Tensor && !sameShape(value.shape, x.shape)) {
        throw new ArgumentError(
          `${who}: '${key}' was saved for a parameter ${shapeText(value.shape)}, here it is ${shapeText(x.shape)}`,
        )
      }
      state[key] = value instanceof Tensor ? copyOf(value, x.dtype) : value
    }
    return state as S
  }
}
