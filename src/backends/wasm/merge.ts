/**
 * Vector code computes both branches of a `select`. Where both call the same expensive function, and nothing else uses it,
 * one call will do: select(c, exp(a), exp(b)) reads exp(select(c, a, b)), with the same bits in every lane. So
 * softplus, which is log1p(exp(x)) here and log1p(exp(-x)) there, costs one exp and one log1p. Several selects of one
 * condition are one choice: a gelu and its slope read exp(u) where u < 0 and exp(-u) elsewhere, in many places.
 */
import type { Intrinsic, Program, Step } from '../../scalar/index.ts'

export type Steps = Pick<Program, 'steps' | 'roots'>
type Call = Extract<Step, { is: 'call' }>

const cheap: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['add', 'sub', 'mul', 'neg', 'abs', 'sign', 'floor', 'round', 'min', 'max'] as const),
  ...(['eq', 'lt', 'le', 'select'] as const),
])

/** Whether the function costs so little that it is better computed twice than kept or its operands selected. */
export const isCheap = (fn: Intrinsic): boolean => cheap.has(fn)

/** Beyond this many steps a kernel would have more variables than engines allow, and pairs would take long to find. */
export const TOO_MANY = 400

/** Numbers for steps; calls of different ranks stay apart. */
export type Ranks = (program: Steps) => readonly number[]

/** The same values from fewer expensive calls. */
export function mergeBranches(program: Steps, ranks: Ranks = () => []): Steps {
  let merged = program
  for (let pair = findPair(merged, ranks); pair; pair = findPair(merged, ranks)) merged = replace(merged, pair)
  return merged
}

/** Two calls of one function, of which one matters only where the condition holds, the other only where it does not. */
interface Pair {
  readonly condition: number
  readonly chosen: number
  readonly otherwise: number
}

/** The innermost pair: what its operands are made of has been merged before. */
function findPair(program: Steps, ranks: Ranks): Pair | undefined {
  const { steps } = program
  const calls = steps.flatMap((step, i) => (step.is === 'call' && !isCheap(step.fn) ? [i] : []))
  if (calls.length < 2) return undefined
  const rank = ranks(program)
  const conditions = new Set(steps.flatMap((step) => (step.is === 'call' && step.fn === 'select' ? [step.of[0]] : [])))
  for (const condition of conditions) {
    const matters = whereMatters(program, condition)
    const [chosen, otherwise] = [CHOSEN, OTHERWISE].map((where) => calls.filter((i) => matters[i] === where))
    for (const a of chosen) {
      const same = (i: number) => fnOf(steps[i]) === fnOf(steps[a]) && rank[i] === rank[a]
      const b = otherwise.find((i) => same(i) && !dependent(steps, i, a))
      if (b !== undefined) return { condition, chosen: a, otherwise: b }
    }
  }
  return undefined
}

const fnOf = (step: Step): Intrinsic => (step as Call).fn

const CHOSEN = 1
const OTHERWISE = 2
const BOTH = CHOSEN | OTHERWISE

/** Per step, whether results depend on it where the condition holds, where it does not, or both. */
function whereMatters({ steps, roots }: Steps, condition: number): Uint8Array {
  const matters = new Uint8Array(steps.length)
  for (const root of roots) matters[root] = BOTH
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]
    if (step.is !== 'call') continue
    const [first, second, third] = step.of
    if (step.fn === 'select' && first === condition) {
      matters[first] |= BOTH
      matters[second] |= matters[i] & CHOSEN
      matters[third] |= matters[i] & OTHERWISE
    } else for (const k of step.of) matters[k] |= matters[i]
  }
  return matters
}

/** Whether the later one of two steps is made of the earlier one. */
function dependent(steps: readonly Step[], i: number, k: number): boolean {
  const first = Math.min(i, k)
  const pending = [Math.max(i, k)]
  const seen = new Set(pending)
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (at === first) return true
    const step = steps[at]
    if (step.is !== 'call') continue
    for (const of of step.of) {
      if (of < first || seen.has(of)) continue
      seen.add(of)
      pending.push(of)
    }
  }
  return false
}

/** The program with both calls of the pair replaced by one of the selected operands; equal steps become one. */
function replace({ steps, roots }: Steps, { condition, chosen, otherwise }: Pair): Steps {
  const made: Step[] = []
  const places = new Map<string, number>()
  const copies = new Map<number, number>()
  const add = (step: Step): number => {
    const key = keyOf(step)
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, made.push(step) - 1)
    return made.length - 1
  }
  const either = (a: number, b: number): number =>
    a === b ? a : add({ is: 'call', fn: 'select', of: [copy(condition), a, b], integer: false })
  const select = (step: Call): number => {
    const [first, second, third] = step.of.map(copy)
    return second === third ? second : add({ ...step, of: [first, second, third] })
  }
  const copy = (i: number): number => {
    const known = copies.get(i)
    if (known !== undefined) return known
    const step = steps[i]
    let place: number
    if (step.is !== 'call') place = add(step)
    else if (step.fn === 'select') place = select(step)
    else if (i !== chosen && i !== otherwise) place = add({ ...step, of: step.of.map(copy) })
    else {
      const other = (steps[otherwise] as Call).of
      const of = (steps[chosen] as Call).of.map((a, k) => either(copy(a), copy(other[k])))
      place = add({ ...step, of })
      copies.set(chosen, place)
      copies.set(otherwise, place)
    }
    copies.set(i, place)
    return place
  }
  return { roots: roots.map(copy), steps: made }
}

/** Equal for steps that compute the same. */
export function keyOf(step: Step): string {
  if (step.is === 'const') return `=${Object.is(step.value, -0) ? '-0' : step.value}`
  return step.is === 'arg' ? `@${step.at}` : `${step.fn} ${step.of}`
}
