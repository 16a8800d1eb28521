/**
 * Learning rates as functions of time. A scheduler states the rate at time t in closed form, so that no rounding
 * errors add up. Where it does not find its rate of t - 1, someone else (a second scheduler, the user) has set another
 * one, which it then changes by what one step changes, as PyTorch always does: schedulers multiply, settings are kept.
 */
import { ArgumentError } from '../../errors/index.ts'
import { tracing } from '../../tensor/index.ts'
import { integer, nonNegative, shown } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'

export interface SchedulerOptions {
  /** The time that was reached before, for going on from there; -1 starts anew. */
  lastEpoch: number
}

/** Plain data: the options, the time and the rates. */
export type SchedulerState = Record<string, unknown> & { lastEpoch: number; baseLrs: number[]; lastLrs: number[] }

export abstract class LRScheduler<O extends SchedulerOptions = SchedulerOptions> {
  /** For messages. */
  readonly name: string
  readonly optimizer: Optimizer
  readonly options: O
  /** The time: how often `step` was called. It has a fraction only where `step` was told one. */
  lastEpoch: number
  /** The learning rates of the groups before any schedule. */
  baseLrs: number[]
  protected lastLrs: number[]

  constructor(name: string, optimizer: Optimizer, options: O) {
    const groups = optimizer?.paramGroups
    if (!Array.isArray(groups)) throw new ArgumentError(`${name}: the first argument must be an optimizer`)
    this.name = name
    this.optimizer = optimizer
    this.options = options
    this.check(options)
    integer(name, 'lastEpoch', options.lastEpoch, -1)
    if (options.lastEpoch >= 0 && groups.some((group) => group.initialLr === undefined)) {
      throw new ArgumentError(
        `${name}: lastEpoch ${options.lastEpoch} needs initialLr in every group; load the optimizer's state first`,
      )
    }
    this.lastEpoch = options.lastEpoch
    this.baseLrs = groups.map((_, i) => this.baseOf(i))
    this.lastLrs = []
    this.advance(this.lastEpoch + 1)
    groups.forEach((group, i) => {
      group.initialLr = this.baseLrs[i]
    })
  }

  /** Throws an ArgumentError unless the options are in their ranges. */
  protected abstract check(options: O): void

  /** The rate of group i at time t. */
  protected abstract lrAt(base: number, t: number, i: number): number

  /**
   * What a rate that is not from this schedule becomes at time t: it is replaced, unless a scheduler says how one step
   * changes it.
   */
  protected chained(_lr: number, base: number, t: number, i: number): number {
    return this.lrAt(base, t, i)
  }

  protected baseOf(i: number): number {
    const group = this.optimizer.paramGroups[i]
    return group.initialLr ?? group.lr
  }

  /** Moves the optimizer on to the next learning rates; inside of a compiled function at every call of it. */
  step(): void {
    this.advanceTo(() => this.lastEpoch + 1)
  }

  /** `advance` to the time that holds then, now or at every call of what is being traced. */
  protected advanceTo(next: () => number): void {
    const advance = () => {
      this.advance(next())
      return []
    }
    if (tracing.tracer) tracing.tracer.scalars(`${this.name}.step`, 0, advance)
    else advance()
  }

  /** The rates that were set last, one per group. */
  getLastLr(): number[] {
    return [...this.lastLrs]
  }

  protected advance(t: number): void {
    const groups = this.optimizer.paramGroups
    if (groups.length !== this.baseLrs.length) {
      throw new ArgumentError(
        `${this.name}: the optimizer has ${groups.length} groups, it had ${this.baseLrs.length} when the scheduler was made`,
      )
    }
    const rates = groups.map(({ lr }, i) => this.nextLr(lr, t, i))
    rates.forEach((lr, i) => {
      groups[i].lr = lr
    })
    this.lastEpoch = t
    this.lastLrs = rates
  }

  private nextLr(lr: number, t: number, i: number): number {
    const base = this.baseLrs[i]
    const before = t < 1 ? base : this.lrAt(base, t - 1, i)
    return lr === before ? this.lrAt(base, t, i) : this.chained(lr, base, t, i)
  }

  /** Options, time and rates in one line. */
  toString(): string {
    return schedulerText(this.name, { ...(this.options as object), lastEpoch: this.lastEpoch, lr: this.lastLrs })
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** A copy of options, time and rates, as plain data. */
  stateDict(): SchedulerState {
    const { lastEpoch, baseLrs, lastLrs } = this
    return structuredClone<SchedulerState>({ ...(this.options as object), lastEpoch, baseLrs, lastLrs })
  }

  /**
   * Goes on from what `stateDict` returned. The rates of the optimizer come with its own state.
   * @throws ArgumentError, with nothing changed, where it belongs to another scheduler or other groups.
   */
  loadStateDict(state: SchedulerState): void {
    const { lastEpoch, baseLrs, lastLrs, ...options } = readState(this.name, state, this.stateDict())
    this.check(options as unknown as O)
    Object.assign(this.options, options)
    Object.assign(this, { lastEpoch, baseLrs, lastLrs })
  }
}

/** A copy of a saved state that has the entries of an own one, its lists of the same lengths. */
export function readState<S extends Record<string, unknown>>(name: string, saved: S, own: S): S {
  const who = `${name}.loadStateDict`
  if (typeof saved !== 'object' || saved === null) throw new ArgumentError(`${who}: takes what stateDict() returned`)
  for (const key of new Set([...Object.keys(own), ...Object.keys(saved)])) {
    if (!(key in own)) throw new ArgumentError(`${who}: '${key}' is not part of the state of ${name}`)
    if (!(key in saved) && own[key] !== undefined) throw new ArgumentError(`${who}: '${key}' is missing`)
  }
  for (const key of ['baseLrs', 'lastLrs', 'minLrs'].filter((k) => k in own)) {
    const [list, like] = [saved[key] as unknown, own[key] as unknown[]]
    if (!Array.isArray(list) || list.length !== like.length || !list.every(Number.isFinite)) {
      throw new ArgumentError(`${who}: '${key}' must hold ${like.length} numbers, one per parameter group`)
    }
  }
  nonNegative(who, 'lastEpoch', saved.lastEpoch)
  return structuredClone(saved)
}

/** `StepLR(stepSize=30, gamma=0.1, lastEpoch=0, lr=[0.1])`; what is not set is left out. */
export function schedulerText(name: string, settings: object): string {
  const set = Object.entries(settings).filter(([, value]) => value !== undefined)
  return `${name}(${set.map(([key, value]) => `${key}=${shown(value)}`).join(', ')})`
}
