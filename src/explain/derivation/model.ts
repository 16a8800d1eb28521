/**
 * A derivation as data: a function, taken from its definition, and the expressions that lead from it to its derivative,
 * each with the rule that allows it. An expression can be evaluated as well as printed, so no step has to be believed:
 * `check.ts` compares each with the one before, with difference quotients and with the engine.
 */

import { type Scalar, substitute } from '../../scalar/index.ts'
import type { Typeset } from '../render/typeset.ts'

/** Values of the arguments, by name. */
export type Point = Readonly<Record<string, number>>

/** A formula between words; several in a list are equal. */
export type Formula = Scalar | readonly Scalar[] | Typeset

export type Words = readonly (string | Formula)[]

/** As a template: words`the slope of ${x} at ${[x, c(0)]}`. */
export const words = (strings: TemplateStringsArray, ...formulas: Formula[]): Words =>
  strings.flatMap((text, i) => (i === 0 ? [text] : [formulas[i - 1], text])).filter((part) => part !== '')

export interface Step {
  /** What is rewritten: the function, its derivative on paper, or the derivative for floating point. */
  readonly of: 'function' | 'derivative' | 'implementation'
  readonly is: Scalar
  /** The rule by which it equals the step before. */
  readonly by: Words
}

/** One operation of the formula, with its differential by one rule: du = ∂u/∂v dv + ..., in the names of the parts. */
export interface Part {
  readonly name: string
  readonly is: Scalar
  readonly differential: Scalar
  readonly by: string
}

export interface Derivation {
  /** The op or function that is derived, as it is called. */
  readonly name: string
  readonly title: string
  readonly summary: Words
  /** What the result is called, and the argument in which it is differentiated. */
  readonly result: string
  readonly wrt: string
  /** What runs: the formula by definition. */
  readonly formula: Scalar
  /** Names for expressions that occur again and again, in terms of the arguments. */
  readonly symbols: Readonly<Record<string, Scalar>>
  /** The operations one by one, where the derivative is put together from them; their names are symbols as well. */
  readonly parts: readonly Part[]
  readonly steps: readonly Step[]
  /** Where each argument is sampled: its value for a number from 0 to 1. */
  readonly samples: Readonly<Record<string, (share: number) => number>>
  /** The points of the table of values. */
  readonly table: readonly Point[]
  /** Points at which some of the forms are right on paper and wrong in floating point. */
  readonly extremes: readonly Point[]
  readonly remarks: readonly Words[]
  /** The derivative at a point, as the engine computes it. */
  engine(at: Point): number
}

/** Samples from an interval. */
export const between = (low: number, high: number) => (share: number) => low + (high - low) * share

/** Samples from a list. */
export const among =
  (...values: number[]) =>
  (share: number) =>
    values[Math.min(Math.floor(share * values.length), values.length - 1)]

/** The expression in terms of the arguments alone. */
export const expanded = (d: Derivation, s: Scalar): Scalar => substitute(s, d.symbols)

/** A rewriting of the function, of its derivative, or of the derivative for floating point, by a rule in words. */
export const functionStep = (is: Scalar, by: Words): Step => ({ of: 'function', is, by })
export const derivativeStep = (is: Scalar, by: Words): Step => ({ of: 'derivative', is, by })
export const implementationStep = (is: Scalar, by: Words): Step => ({ of: 'implementation', is, by })
