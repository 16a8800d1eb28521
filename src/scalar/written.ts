/** How each intrinsic is written, in all scripts at once: the choices from which `intrinsics.ts` takes one per row. */
import type { Comparison, Notation, Script } from './notation.ts'
import { mathml } from './notation-mathml.ts'
import { tex } from './notation-tex.ts'
import { text, unicode } from './notation-text.ts'

/** ASCII as in programs, text for reading, and the two that are typeset. */
export const scripts = { text, unicode, tex, mathml } as const

export type ScriptName = keyof typeof scripts

export type Written = Readonly<Record<ScriptName, Notation>>

const everywhere = (choose: (script: Script) => Notation): Written => ({
  text: choose(text),
  unicode: choose(unicode),
  tex: choose(tex),
  mathml: choose(mathml),
})

/** In plain text as the function of that name, typeset as mathematics writes it. */
const typeset = (name: string, choose: (script: Script) => Notation): Written => ({
  ...everywhere(choose),
  text: text.applied(name),
  unicode: unicode.applied(name),
})

const one = (script: Script) => script.digits('1')

export const written = {
  sum: everywhere((script) => script.sum),
  difference: everywhere((script) => script.difference),
  negation: everywhere((script) => script.negation),
  product: everywhere((script) => script.product),
  quotient: everywhere((script) => script.quotient),
  remainder: everywhere((script) => script.remainder),
  power: everywhere((script) => script.power),
  root: everywhere((script) => script.root),
  exponential: everywhere((script) => script.exponential),
  magnitude: everywhere((script) => script.magnitude),
  floor: everywhere((script) => script.floor),
  choice: everywhere((script) => script.choice),
  relation: (comparison: Comparison) => everywhere((script) => script.relation(comparison)),
  /** The name in programs, and that of mathematics where it is another. */
  applied: (name: string, inMathematics = name) => typeset(name, (script) => script.applied(inMathematics)),
  /** e^a - 1 */
  expm1: typeset('expm1', (script) => (a) => script.difference(script.exponential(a), one(script))),
  /** ln(1 + a) */
  log1p: typeset('log1p', (script) => (a) => script.applied('ln')(script.sum(one(script), a))),
} as const
