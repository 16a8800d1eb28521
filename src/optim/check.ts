/** What options must be. Every function names the optimizer or scheduler that it speaks for, the option and the value found. */
import { ArgumentError, CompileError, checkOptions } from '../errors/index.ts'
import { tracing } from '../tensor/index.ts'

const refuse = (who: string, option: string, expected: string, value: unknown): ArgumentError =>
  new ArgumentError(`${who}: ${option} must be ${expected}, got ${shown(value)}`)

/** A value as messages and printed optimizers have it. */
export const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `[${Object.values(value).join(', ')}]`
    : typeof value === 'string'
      ? `'${value}'`
      : String(value)

export function nonNegative(who: string, option: string, value: unknown): void {
  if (!(typeof value === 'number' && value >= 0 && value < Infinity))
    throw refuse(who, option, 'a finite number >= 0', value)
}

export function positive(who: string, option: string, value: unknown): void {
  if (!(typeof value === 'number' && value > 0 && value < Infinity))
    throw refuse(who, option, 'a finite number > 0', value)
}

export function finite(who: string, option: string, value: unknown): void {
  if (!Number.isFinite(value)) throw refuse(who, option, 'a finite number', value)
}

export function fraction(who: string, option: string, value: unknown): void {
  if (!(typeof value === 'number' && value >= 0 && value <= 1)) throw refuse(who, option, 'a number from 0 to 1', value)
}

/** Decay rates of two averages, each at least 0 and below 1. */
export function betas(who: string, value: unknown): void {
  const [a, b] = Array.isArray(value) && value.length === 2 ? value : [Number.NaN, Number.NaN]
  if (!(a >= 0 && a < 1 && b >= 0 && b < 1)) throw refuse(who, 'betas', 'two numbers of at least 0 and below 1', value)
}

export function flag(who: string, option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw refuse(who, option, 'true or false', value)
}

export function integer(who: string, option: string, value: unknown, least = 1): void {
  if (!(Number.isSafeInteger(value) && (value as number) >= least))
    throw refuse(who, option, `an integer >= ${least}`, value)
}

export function oneOf(who: string, option: string, value: unknown, choices: readonly unknown[]): void {
  if (!choices.includes(value)) throw refuse(who, option, choices.map(shown).join(' or '), value)
}

/** For what decides by values, which a function that is being traced has not. */
export function refuseTracing(who: string, values: string, instead: string): void {
  if (!tracing.tracer) return
  throw new CompileError(`${who}: decides by ${values}, which is not there while a function is traced; ${instead}`)
}

/** Options with the defaults filled in; `undefined` stands for not given, and what is no option is refused. */
export function withDefaults<T extends object>(who: string, options: Partial<T>, defaults: T): T {
  checkOptions(who, options, Object.keys(defaults))
  const filled = { ...defaults }
  for (const key of Object.keys(options) as (keyof T & string)[]) {
    if (options[key] !== undefined) filled[key] = options[key] as T[typeof key]
  }
  return filled
}
