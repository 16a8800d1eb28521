/**
 * In which precision a float32 result is as good as the formula's float64 value rounded once, which is what JavaScript
 * computes. Float32 itself will do where a value is rounded at most once on its way. Else it takes float64 lanes, in
 * which exp, log and the like may be narrow (40 bits) as long as nothing that they give is lost again: by a sum that
 * may cancel, by a decision, or by a function that magnifies its argument's error.
 */
import type { Intrinsic, Step } from '../../../scalar/index.ts'
import type { Precision } from '../lanes.ts'
import type { Steps } from '../merge.ts'

/** `isSingle(k)` tells whether argument k is a float32 number. */
export function precisionFor({ steps, roots }: Steps, isSingle: (argument: number) => boolean): Precision {
  const roundings: number[] = []
  const facts: Fact[] = []
  let full = false
  for (const [i, step] of steps.entries()) {
    if (step.is === 'call') {
      const of = step.of.map((k) => facts[k])
      roundings[i] = roundingsOf(
        step.fn,
        step.of.map((k) => roundings[k]),
      )
      full ||= of.some((fact) => fact.approximate) && magnifies(step.fn, of)
      const square = step.fn === 'mul' && step.of[0] === step.of[1]
      const sign = square ? 1 : (signs[step.fn]?.(...of.map((fact) => fact.sign)) ?? 0)
      facts[i] = { sign, approximate: approximations.has(step.fn) || of.some((fact) => fact.approximate) }
    } else {
      roundings[i] = isExact(step, isSingle) ? EXACT : MORE
      facts[i] = { sign: step.is === 'const' ? signOf(step.value) : 0, approximate: false }
    }
  }
  if (roundings[roots[0]] !== MORE) return 'float32'
  return full ? 'float64' : 'narrow'
}

const isExact = (step: Step, isSingle: (argument: number) => boolean): boolean =>
  step.is === 'const' ? Object.is(Math.fround(step.value), step.value) : step.is === 'arg' && isSingle(step.at)

/** How often a float32 value has been rounded. */
const EXACT = 0
const ONCE = 1
const MORE = 2

/** Of float32 operands these give float32 results without rounding. */
const exactCalls: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['neg', 'abs', 'sign', 'floor', 'round', 'min', 'max', 'fmod', 'eq', 'lt', 'le', 'select'] as const),
])

export const isExactCall = (fn: Intrinsic): boolean => exactCalls.has(fn)

function roundingsOf(fn: Intrinsic, of: readonly number[]): number {
  const most = Math.max(...of)
  if (most === EXACT) return exactCalls.has(fn) ? EXACT : ONCE
  // Passing a value on does not round it again, but what was rounded must not decide.
  const passes = fn === 'neg' || fn === 'abs' || (fn === 'select' && of[0] === EXACT)
  return most === ONCE && passes ? ONCE : MORE
}

interface Fact {
  /** 1 and -1 where the value is never of the other sign, 0 where that is not known. */
  readonly sign: number
  /** Whether one of the functions below has gone into it. */
  readonly approximate: boolean
}

/** What is narrow in narrow lanes. */
const approximations: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['exp', 'expm1', 'log', 'log1p', 'sinh', 'cosh', 'tanh', 'erf', 'erfc', 'pow'] as const),
])

/** Whether small relative errors of the operands may become large ones. */
function magnifies(fn: Intrinsic, [a, b]: readonly Fact[]): boolean {
  if (fn === 'add') return a.sign * b.sign !== 1
  if (fn === 'sub') return a.sign * b.sign !== -1
  if (fn === 'select') return a.approximate
  return fn === 'log1p' ? a.sign !== 1 : magnifying.has(fn)
}

const magnifying: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['sign', 'floor', 'round', 'fmod', 'log', 'sin', 'cos', 'asin', 'acos', 'eq', 'lt', 'le'] as const),
])

const signOf = (x: number): number => (x >= 0 ? 1 : x < 0 ? -1 : 0)
const positive = () => 1
const same = (a: number) => a
const product = (a: number, b: number) => a * b

const signs: { readonly [F in Intrinsic]?: (...of: number[]) => number } = {
  add: (a, b) => (a === b ? a : 0),
  sub: (a, b) => (a === -b ? a : 0),
  mul: product,
  div: product,
  neg: (a) => -a,
  select: (_, a, b) => (a === b ? a : 0),
  ...{ abs: positive, sqrt: positive, exp: positive, cosh: positive, erfc: positive },
  ...{ eq: positive, lt: positive, le: positive },
  ...{ expm1: same, log1p: same, sinh: same, tanh: same, erf: same },
}
