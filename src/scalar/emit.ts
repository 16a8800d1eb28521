/**
 * A formula as JavaScript source: one table from intrinsic to source text, temporaries for what is shared. What `Math`
 * lacks is reached as `S.name`, with `S` the `scalarHelpers` that generated code is given.
 */

import { erf, erfc } from './erf.ts'
import type { Intrinsic, Scalar } from './expression.ts'
import { isCondition, lower, type Program, type Step } from './lower.ts'
import { integerPower, power, roundHalfEven } from './numeric.ts'

export const scalarHelpers = { erf, erfc, round: roundHalfEven, pow: power, integerPow: integerPower } as const

export type EmitOptions = {
  /** The JavaScript expression that holds each argument; it is repeated where the argument is read. */
  readonly args: Readonly<Record<string, string>>
  /** Arguments are int32: sums and products wrap as int32 does, quotients and functions are float64. */
  readonly integer?: boolean
}

export type Emitted = { readonly statements: string[]; readonly results: string[] }

export function emitJs(roots: readonly Scalar[], { args, integer = false }: EmitOptions): Emitted {
  const names = Object.keys(args)
  const program = lower(roots, names, integer)
  const statements: string[] = []
  const sources: string[] = []
  for (const [i, step] of program.steps.entries()) {
    const source = sourceOf(program, sources, step, (at) => args[names[at]])
    if (!program.named.has(i)) {
      sources.push(source)
      continue
    }
    sources.push(`t${statements.length}`)
    statements.push(`const t${statements.length} = ${source}`)
  }
  return { statements, results: program.roots.map((root) => sources[root]) }
}

function sourceOf(program: Program, sources: readonly string[], step: Step, argument: (at: number) => string): string {
  if (step.is === 'const') return literal(step.value)
  if (step.is === 'arg') return argument(step.at)
  const of = step.of.map((i) => sources[i])
  if (step.fn === 'select') return `(${condition(program, sources, step.of[0])} ? ${of[1]} : ${of[2]})`
  return ((step.integer && integerSource[step.fn]) || source[step.fn])(...of)
}

const comparison: { readonly [F in Intrinsic]?: string } = { eq: '===', lt: '<', le: '<=' }

/** A comparison is a condition as it stands; a product of two is their conjunction. */
function condition(program: Program, sources: readonly string[], i: number): string {
  const step = program.steps[i]
  if (step.is !== 'call' || program.named.has(i) || !isCondition(program.steps, i)) return `${sources[i]} !== 0`
  if (step.fn === 'mul') return step.of.map((child) => condition(program, sources, child)).join(' && ')
  return `${sources[step.of[0]]} ${comparison[step.fn]} ${sources[step.of[1]]}`
}

const literal = (value: number) => (value < 0 || Object.is(value, -0) ? `(-${-value})` : String(value))

type Write = (...of: string[]) => string
const infix =
  (symbol: string): Write =>
  (a, b) =>
    `(${a} ${symbol} ${b})`
const truth =
  (symbol: string): Write =>
  (a, b) =>
    `(${a} ${symbol} ${b} ? 1 : 0)`
const applied =
  (name: string): Write =>
  (...of) =>
    `${name}(${of.join(', ')})`

const source = {
  add: infix('+'),
  sub: infix('-'),
  mul: infix('*'),
  div: infix('/'),
  neg: (a) => `(-${a})`,
  abs: applied('Math.abs'),
  sign: applied('Math.sign'),
  floor: applied('Math.floor'),
  round: applied('S.round'),
  min: applied('Math.min'),
  max: applied('Math.max'),
  fmod: infix('%'),
  sqrt: applied('Math.sqrt'),
  pow: applied('S.pow'),
  exp: applied('Math.exp'),
  expm1: applied('Math.expm1'),
  log: applied('Math.log'),
  log1p: applied('Math.log1p'),
  sin: applied('Math.sin'),
  cos: applied('Math.cos'),
  asin: applied('Math.asin'),
  acos: applied('Math.acos'),
  atan2: applied('Math.atan2'),
  sinh: applied('Math.sinh'),
  cosh: applied('Math.cosh'),
  tanh: applied('Math.tanh'),
  erf: applied('S.erf'),
  erfc: applied('S.erfc'),
  eq: truth('==='),
  lt: truth('<'),
  le: truth('<='),
  select: (when, a, b) => `(${when} !== 0 ? ${a} : ${b})`,
} satisfies Record<Intrinsic, Write>

const integerSource: { readonly [F in Intrinsic]?: Write } = {
  add: (a, b) => `(${a} + ${b} | 0)`,
  sub: (a, b) => `(${a} - ${b} | 0)`,
  mul: applied('Math.imul'),
  neg: (a) => `(-${a} | 0)`,
  abs: (a) => `(Math.abs(${a}) | 0)`,
  floor: (a) => a,
  round: (a) => a,
  fmod: (a, b) => `(${a} % ${b} | 0)`,
  pow: applied('S.integerPow'),
}
