/**
 * Rewrites that change no value. Every rule holds for all IEEE numbers, NaN and the infinities included, but for the
 * sign of a zero (x + 0 gives x, so -0 stays -0). x * 0 is not rewritten, since it is NaN for an infinite x; only a
 * factor known to be 0 or 1 may vanish so. Equal sub-expressions come out as one object.
 */

import { c, call, type Intrinsic, type Scalar } from './expression.ts'
import { fold } from './fold.ts'
import { intrinsics } from './intrinsics.ts'

export type Simplifier = {
  /** `fn(...of)` in simplest form; arguments that did not come from this simplifier are simplified first. */
  readonly build: (fn: Intrinsic, ...of: Scalar[]) => Scalar
  /** Any formula in simplest form. */
  readonly simplify: (s: Scalar) => Scalar
}

export const simplify = (s: Scalar): Scalar => simplifier().simplify(s)

/** A rule returns the simpler formula, or undefined where it does not apply. */
type Rule = (build: Simplifier['build'], ...of: Scalar[]) => Scalar | undefined

export const isConst = (s: Scalar, value: number): boolean => s.is === 'const' && s.value === value

const isCall = (s: Scalar, fn: Intrinsic) => s.is === 'call' && s.fn === fn
const operand = (s: Scalar, i = 0): Scalar => (s.is === 'call' ? s.of[i] : s)

/** Is the value always 0 or 1? */
function isTruth(s: Scalar): boolean {
  if (s.is === 'const') return s.value === 0 || s.value === 1
  if (s.is === 'arg') return false
  return s.fn === 'eq' || s.fn === 'lt' || s.fn === 'le' || (s.fn === 'mul' && s.of.every(isTruth))
}

const rules: { readonly [F in Intrinsic]?: Rule } = {
  add(build, a, b) {
    if (isConst(a, 0)) return b
    if (isConst(b, 0)) return a
    if (a === b) return build('mul', c(2), a)
    if (isCall(b, 'neg')) return build('sub', a, operand(b))
    if (isCall(a, 'neg')) return build('sub', b, operand(a))
    return undefined
  },
  sub(build, a, b) {
    if (isConst(b, 0)) return a
    if (isConst(a, 0)) return build('neg', b)
    if (isCall(b, 'neg')) return build('add', a, operand(b))
    return undefined
  },
  mul(build, a, b) {
    if (b.is === 'const' && a.is !== 'const') return build('mul', b, a)
    if (isConst(a, 1)) return b
    if (isConst(a, -1)) return build('neg', b)
    if (isConst(a, 0) && isTruth(b)) return a
    return pulledSign(build, 'mul', a, b)
  },
  div(build, a, b) {
    if (isConst(b, 1)) return a
    if (isConst(b, -1)) return build('neg', a)
    return pulledSign(build, 'div', a, b)
  },
  neg(build, a) {
    if (isCall(a, 'neg')) return operand(a)
    if (isCall(a, 'sub')) return build('sub', operand(a, 1), operand(a))
    if ((isCall(a, 'mul') || isCall(a, 'div')) && operand(a).is === 'const')
      return build((a as Extract<Scalar, { is: 'call' }>).fn, build('neg', operand(a)), operand(a, 1))
    return undefined
  },
  abs: (_, a) => (isCall(a, 'abs') ? a : undefined),
  pow: (_, a, b) => (isConst(b, 1) ? a : isConst(b, 0) || isConst(a, 1) ? c(1) : undefined),
  select(_, when, a, b) {
    if (when.is === 'const') return when.value !== 0 ? a : b
    return a === b ? a : undefined
  },
}

/** (-a) b = -(a b), exactly: rounding is symmetric. A constant keeps its own sign. */
function pulledSign(build: Simplifier['build'], fn: 'mul' | 'div', a: Scalar, b: Scalar): Scalar | undefined {
  const left = isCall(a, 'neg')
  const right = isCall(b, 'neg')
  if (left && right) return build(fn, operand(a), operand(b))
  if (left) return build('neg', build(fn, operand(a), b))
  if (right) return build('neg', build(fn, a, operand(b)))
  return undefined
}

/** A simplifier that remembers: what it returned once for a formula, it returns again as the same object. */
export function simplifier(): Simplifier {
  const unique = new Map<string, Scalar>()
  const numbers = new Map<Scalar, number>()
  const simplest = new Map<Scalar, Scalar>()

  function intern(s: Scalar): Scalar {
    const key = scalarKey(s, (child) => numbers.get(child)!)
    const known = unique.get(key)
    if (known !== undefined) return known
    unique.set(key, s)
    numbers.set(s, numbers.size)
    simplest.set(s, s)
    return s
  }

  function build(fn: Intrinsic, ...of: Scalar[]): Scalar {
    const args = of.map((s) => (numbers.has(s) ? s : simplify(s)))
    const constants = args.map((s) => (s.is === 'const' ? s.value : undefined))
    if (constants.every((v) => v !== undefined)) return intern(c(intrinsics[fn].value(...constants)))
    return intern(rules[fn]?.(build, ...args) ?? call(fn, ...args))
  }

  const visit = (s: Scalar, children: Scalar[]) => (s.is === 'call' ? build(s.fn, ...children) : intern(s))
  const simplify = (s: Scalar) => fold(s, visit, simplest)
  return { build, simplify }
}

/** Equal for formulas of equal structure, given numbers that identify the children. -0 and 0 differ. */
export function scalarKey(s: Scalar, numberOf: (child: Scalar) => number): string {
  if (s.is === 'arg') return `arg ${s.name}`
  if (s.is === 'const') return `const ${Object.is(s.value, -0) ? '-0' : s.value}`
  return `${s.fn} ${s.of.map(numberOf).join(' ')}`
}
