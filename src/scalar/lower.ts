/**
 * A formula as numbered steps, the common ground of generated code and of composed closures: equal sub-expressions
 * become one step, and a step gets a name (a temporary) when it is used twice or when the code would nest too deeply.
 */

import { ArgumentError } from '../errors/argument-error.ts'
import { c, div, type Intrinsic, mul, type Scalar } from './expression.ts'
import { fold } from './fold.ts'
import { isConst, scalarKey } from './simplify.ts'

export type Step =
  | { readonly is: 'const'; readonly value: number; readonly integer: boolean }
  | { readonly is: 'arg'; readonly at: number; readonly integer: boolean }
  | { readonly is: 'call'; readonly fn: Intrinsic; readonly of: readonly number[]; readonly integer: boolean }

export type Program = {
  /** Each step reads only earlier ones. */
  readonly steps: readonly Step[]
  readonly roots: readonly number[]
  /** The steps to be held in a temporary, in order. */
  readonly named: ReadonlySet<number>
}

/** Parsers and closures recurse once per level of nesting. */
const deepestNesting = 40

/** In integer mode arguments are int32, and so is every call here all of whose operands are. */
const integerCalls: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['add', 'sub', 'mul', 'neg', 'abs', 'sign', 'floor', 'round', 'min', 'max'] as const),
  ...(['fmod', 'pow', 'eq', 'lt', 'le', 'select'] as const),
])

export function lower(roots: readonly Scalar[], args: readonly string[], integer = false): Program {
  const steps: Step[] = []
  const numberOfKey = new Map<string, number>()
  const numberOf = new Map<Scalar, number>()

  function step(s: Scalar, of: number[]): number {
    const key = scalarKey(s, (child) => numberOf.get(child)!)
    const known = numberOfKey.get(key)
    if (known !== undefined) return known
    if (s.is === 'const') steps.push({ is: 'const', value: s.value, integer: integer && (s.value | 0) === s.value })
    else if (s.is === 'arg') steps.push({ is: 'arg', at: positionOf(s.name, args), integer })
    else steps.push({ is: 'call', fn: s.fn, of, integer: isInteger(s.fn, of) })
    numberOfKey.set(key, steps.length - 1)
    return steps.length - 1
  }
  const isInteger = (fn: Intrinsic, of: number[]) =>
    integer &&
    (fn === 'eq' || fn === 'lt' || fn === 'le' || (integerCalls.has(fn) && of.every((i) => steps[i].integer)))

  function visit(s: Scalar, of: number[]): number {
    const plain = smallPower(s)
    return plain === s ? step(s, of) : fold(plain, step, numberOf)
  }
  const numbers = roots.map((root) => fold(root, visit, numberOf))
  return { steps, roots: numbers, named: toName(steps, numbers) }
}

/** x^2 = x x and so on: what `power` computes for these exponents, without the call. */
function smallPower(s: Scalar): Scalar {
  if (s.is !== 'call' || s.fn !== 'pow') return s
  const [x, e] = s.of
  if (isConst(e, 2)) return mul(x, x)
  if (isConst(e, 3)) return mul(mul(x, x), x)
  if (isConst(e, -1)) return div(c(1), x)
  return s
}

function positionOf(name: string, args: readonly string[]): number {
  const at = args.indexOf(name)
  if (at < 0)
    throw new ArgumentError(`The formula reads '${name}', which is not among its arguments (${args.join(', ')})`)
  return at
}

/** A condition is cheaper to repeat than to hold as 0 or 1, so its operands count once per use of it. */
function toName(steps: readonly Step[], roots: readonly number[]): Set<number> {
  const conditions = steps.map((_, i) => isCondition(steps, i))
  const uses = new Array<number>(steps.length).fill(0)
  for (const root of roots) uses[root]++
  for (let i = steps.length - 1; i >= 0; i--) {
    const s = steps[i]
    if (s.is === 'call') for (const child of s.of) uses[child] += conditions[i] ? uses[i] : 1
  }
  const named = new Set<number>()
  const depth: number[] = []
  for (const [i, s] of steps.entries()) {
    depth[i] = s.is === 'call' ? 1 + Math.max(...s.of.map((child) => depth[child])) : 0
    if (s.is !== 'call' || ((uses[i] < 2 || conditions[i]) && depth[i] < deepestNesting)) continue
    named.add(i)
    depth[i] = 0
  }
  return named
}

/** A comparison, or the product of two: their conjunction. */
export function isCondition(steps: readonly Step[], i: number): boolean {
  const s = steps[i]
  return s.is === 'call' && (isComparison(s) || (s.fn === 'mul' && s.of.every((child) => isComparison(steps[child]))))
}

const isComparison = (s: Step) => s.is === 'call' && (s.fn === 'eq' || s.fn === 'lt' || s.fn === 'le')
