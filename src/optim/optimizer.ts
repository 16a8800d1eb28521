/**
 * What all optimizers share: groups of parameters with their hyperparameters, a state per parameter that is made when
 * first needed, and saving and restoring both. A subclass says what its hyperparameters must be (`check`), how a saved
 * state is taken back (`restore`), and what a step is; `elementwise.ts` has the step of all optimizers but LBFGS.
 */
import { ArgumentError, checkOptions } from '../errors/index.ts'
import { enableGrad, Tensor, tracing, withoutRecording, zero_, zerosLike } from '../tensor/index.ts'
import { shown, withDefaults } from './check.ts'
import { copyOf } from './elements.ts'
import { type GroupInput, type Hyper, type ParamGroup, type ParamsInput, readGroups, readParams } from './groups.ts'

export type StateValue = number | Tensor | readonly Tensor[] | readonly number[]
/** What was saved for one parameter. */
export type SavedState = Record<string, StateValue>

/** PyTorch's structure: parameters are numbered through all groups. Tensors are copies. */
export interface OptimizerState {
  state: Record<number, SavedState>
  paramGroups: (Record<string, unknown> & { params: number[] })[]
}

export abstract class Optimizer<H extends Hyper = Hyper, S extends object = object> {
  /** For messages. */
  readonly name: string
  readonly defaults: Readonly<H>
  readonly paramGroups: ParamGroup<H>[] = []
  /** What the optimizer remembers of each parameter. */
  readonly state: Map<Tensor, S> = new StateMap()

  constructor(name: string, params: ParamsInput<H>, options: Partial<H>, defaults: H) {
    this.name = name
    this.defaults = withDefaults(name, options, defaults)
    for (const group of readGroups(name, params)) this.addParamGroup(group)
  }

  /** Throws an ArgumentError unless the hyperparameters of a group are in their ranges. */
  protected abstract check(group: ParamGroup<H>): void

  /** The state of x from what `stateDict` saved. */
  protected abstract restore(x: Tensor, saved: SavedState, group: ParamGroup<H>): S

  /** Changes the parameters by their gradients. A closure, if given, computes the loss and the gradients first; its result is returned. */
  abstract step(closure?: () => unknown): unknown

  /**
   * Adds parameters, with hyperparameters of their own where they are given.
   * @throws ArgumentError where an option is unknown or out of range, or a parameter is already optimized.
   */
  addParamGroup(input: GroupInput<H>): void {
    const taken = new Set(this.paramGroups.flatMap((group) => group.params))
    const read = readParams(this.name, input, taken)
    const { params: _, initialLr, ...options } = input as GroupInput<H> & { initialLr?: number }
    const group: ParamGroup<H> = {
      ...withDefaults<H>(this.name, options as unknown as Partial<H>, this.defaults),
      ...read,
    }
    if (initialLr !== undefined) group.initialLr = initialLr
    this.check(group)
    this.paramGroups.push(group)
  }

  /** Forgets the gradients; with `setToNone: false` they become zeros instead of null. */
  zeroGrad(options: { setToNone?: boolean } = {}): void {
    checkOptions(`${this.name}.zeroGrad`, options, ['setToNone'])
    const { setToNone = true } = options
    for (const { params } of this.paramGroups) {
      for (const x of params) {
        // Without a look at it: a compiled step then does not depend on whether there was one.
        if (setToNone) x.grad = null
        else if (x.grad === null) continue
        else if (x.grad.tracked) x.grad = withoutRecording(() => zerosLike(x.grad as Tensor))
        else zero_(x.grad)
      }
    }
  }

  /** Everything that training needs to go on later: hyperparameters and a copy of the state. */
  stateDict(): OptimizerState {
    const state: Record<number, SavedState> = {}
    let next = 0
    const paramGroups = this.paramGroups.map(({ params, ...options }) => {
      const numbers = params.map((x) => {
        const own = this.state.get(x)
        if (own) state[next] = copyState(own)
        return next++
      })
      return { ...structuredClone(options as object), params: numbers }
    })
    return { state, paramGroups }
  }

  /**
   * Takes back what `stateDict` returned, as copies in the parameters' dtypes.
   * @throws ArgumentError, with nothing changed, where it belongs to other groups, shapes or another optimizer.
   */
  loadStateDict(dict: OptimizerState): void {
    const groups = readSavedGroups(this.name, dict, this.paramGroups)
    for (const group of groups) this.check(group)
    const owners = groups.flatMap((group) => group.params.map((x) => ({ x, group })))
    const numbers = dict.paramGroups.flatMap((group) => group.params)
    const states = Object.entries(dict.state).map(([number, saved]): [Tensor, S] => {
      const owner = owners[numbers.indexOf(Number(number))]
      if (!owner)
        throw new ArgumentError(`${this.name}.loadStateDict: state for parameter ${number}, which is in no group`)
      return [owner.x, this.restore(owner.x, saved, owner.group)]
    })
    this.state.clear()
    for (const [x, state] of states) this.state.set(x, state)
    for (const [i, group] of groups.entries()) Object.assign(this.paramGroups[i], group)
  }

  /** The hyperparameters of every group, as PyTorch prints them. */
  toString(): string {
    const groups = this.paramGroups.map(({ params: _, paramNames: __, ...options }, i) => {
      const lines = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))
      return [`Parameter Group ${i}`, ...lines.map(([key, value]) => `    ${key}: ${shown(value)}`)].join('\n')
    })
    return `${this.name} (\n${groups.join('\n\n')}\n)`
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  protected evaluate<T>(closure: () => T): T {
    if (typeof closure !== 'function')
      throw new ArgumentError(`${this.name}.step: the closure must be a function, got ${typeof closure}`)
    const loss = enableGrad(closure)
    if (typeof (loss as PromiseLike<unknown> | null | undefined)?.then === 'function') {
      throw new ArgumentError(
        `${this.name}.step: the closure returned a promise; await the loss and its backward, then call step()`,
      )
    }
    return loss
  }
}

/** A map that tells compiled functions when it changes: they have captured the states that it holds. */
class StateMap<S> extends Map<Tensor, S> {
  override set(x: Tensor, state: S): this {
    tracing.epoch++
    return super.set(x, state)
  }

  override delete(x: Tensor): boolean {
    tracing.epoch++
    return super.delete(x)
  }

  override clear(): void {
    tracing.epoch++
    super.clear()
  }
}

function copyState(state: object): SavedState {
  const copy = (value: StateValue): StateValue => {
    if (value instanceof Tensor) return copyOf(value)
    return typeof value === 'number' ? value : (value.map((v) => copy(v)) as readonly Tensor[] | readonly number[])
  }
  const kept = Object.entries(state).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(kept.map(([key, value]) => [key, copy(value as StateValue)]))
}

/** The groups as they would be with the saved hyperparameters. */
function readSavedGroups<H extends Hyper>(
  name: string,
  dict: OptimizerState,
  own: readonly ParamGroup<H>[],
): ParamGroup<H>[] {
  const who = `${name}.loadStateDict`
  if (!Array.isArray(dict?.paramGroups) || typeof dict.state !== 'object' || dict.state === null) {
    throw new ArgumentError(`${who}: takes what stateDict() returned: { state, paramGroups }`)
  }
  if (dict.paramGroups.length !== own.length) {
    throw new ArgumentError(`${who}: saved were ${dict.paramGroups.length} parameter groups, here are ${own.length}`)
  }
  return dict.paramGroups.map(({ params, ...options }, i) => {
    if (!Array.isArray(params) || params.length !== own[i].params.length) {
      throw new ArgumentError(
        `${who}: group ${i} was saved with ${params?.length} parameters, here it has ${own[i].params.length}`,
      )
    }
    const known = new Set([...Object.keys(own[i]), 'paramNames', 'initialLr'])
    const unknown = Object.keys(options).find((key) => !known.has(key))
    if (unknown)
      throw new ArgumentError(`${who}: group ${i} was saved with the option '${unknown}', which ${name} does not have`)
    return { ...own[i], ...(structuredClone(options) as Partial<H>) }
  })
}
