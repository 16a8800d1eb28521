/**
 * A formula for people: `toText` for messages, `toTex` for pages. Both join the pieces that `intrinsics.ts` prescribes,
 * from the leaves up; only numbers are written here.
 */
import * as s from './expression.ts'
import { arg, c, type Scalar } from './expression.ts'
import { fold } from './fold.ts'
import { intrinsics } from './intrinsics.ts'
import type { Piece } from './notation.ts'
import { type ScriptName, scripts } from './written.ts'

export const toText = (s: Scalar): string => spell(s, 'text').is

export const toTex = (s: Scalar): string => spell(s, 'tex').is

/** The formula in a script, with what `bound` gives for an argument in its place: another name, a formula or a value. */
export function spell(
  s: Scalar,
  script: ScriptName,
  bound: (name: string) => Piece | undefined = () => undefined,
): Piece {
  return fold<Piece>(s, (node, children) => {
    if (node.is === 'const') return spellNumber(node.value, script)
    if (node.is === 'arg') return bound(node.name) ?? scripts[script].name(node.name)
    return intrinsics[node.fn].written[script](...children)
  })
}

function spellNumber(value: number, script: ScriptName): Piece {
  const { negation, digits } = scripts[script]
  if (value < 0 || Object.is(value, -0)) return negation(spellNumber(-value, script))
  const known = wellKnown.get(value) ?? fractionOf(value)
  return known === undefined ? digits(String(value)) : spell(known, script)
}

/** 1/6 for the double nearest to it: small denominators only, and where the decimals do not end. */
function fractionOf(value: number): Scalar | undefined {
  if (String(value).length < 16 || value >= 100) return undefined
  const below = [3, 6, 7, 9, 11, 12].find((q) => Math.round(value * q) / q === value)
  return below === undefined ? undefined : s.div(c(Math.round(value * below)), c(below))
}

const pi = arg('pi')

/** Doubles that are some well-known number, correctly rounded. */
const wellKnown: ReadonlyMap<number, Scalar> = new Map([
  [Math.PI, pi],
  [Math.PI / 2, s.div(pi, c(2))],
  [Math.E, arg('e')],
  [Math.LN2, s.log(c(2))],
  [Math.LN10, s.log(c(10))],
  [1 / Math.LN2, s.div(c(1), s.log(c(2)))],
  [Math.LOG10E, s.div(c(1), s.log(c(10)))],
  [Math.SQRT2, s.sqrt(c(2))],
  [Math.SQRT1_2, s.div(c(1), s.sqrt(c(2)))],
  [1.7724538509055159, s.sqrt(pi)],
  [0.5641895835477563, s.div(c(1), s.sqrt(pi))],
  [1.1283791670955126, s.div(c(2), s.sqrt(pi))],
  [0.7978845608028654, s.sqrt(s.div(c(2), pi))],
  [0.3989422804014327, s.div(c(1), s.sqrt(s.mul(c(2), pi)))],
])
