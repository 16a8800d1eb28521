/**
 * Vector code computes both branches of a `select`. Where both call the same expensive function, and only they use it,
 * one call will do: select(c, exp(a), exp(b)) reads exp(select(c, a, b)), with the same bits in every lane. So
 * softplus, which is log1p(exp(x)) here and log1p(exp(-x)) there, costs one exp and one log1p.
 */
import type { Intrinsic, Program, Step } from '../../scalar/index.ts'

export type Steps = Pick<Program, 'steps' | 'roots'>
type Call = Extract<Step, { is: 'call' }>

/** What costs no more than selecting its operands is better computed twice. */
const cheap: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['add', 'sub', 'mul', 'neg', 'abs', 'sign', 'floor', 'round', 'min', 'max'] as const),
  ...(['eq', 'lt', 'le', 'select'] as const),
])

/** Beyond this many steps a kernel would have more variables than engines allow, and pairs would take long to find. */
export const TOO_MANY = 400

/** The same values from fewer expensive calls. */
export function mergeBranches(program: Steps): Steps {
  let merged = program
  for (let pair = findPair(merged); pair; pair = findPair(merged)) merged = replace(merged, pair)
  return merged
}

/** Two calls of one function, each used by nothing but its branch of the select. */
interface Pair {
  readonly condition: number
  readonly chosen: number
  readonly otherwise: number
}

/** The innermost pair: what its operands are made of has been merged before. */
function findPair({ steps, roots }: Steps): Pair | undefined {
  const users = usersOf(steps)
  for (const [at, step] of steps.entries()) {
    if (step.is !== 'call' || step.fn !== 'select') continue
    const [chosen, otherwise] = [1, 2].map((slot) => branch(steps, roots, users, at, slot))
    for (const a of chosen) {
      const b = otherwise.find((i) => (steps[i] as Call).fn === (steps[a] as Call).fn)
      if (b !== undefined) return { condition: step.of[0], chosen: a, otherwise: b }
    }
  }
  return undefined
}

interface Use {
  readonly by: number
  readonly slot: number
}

function usersOf(steps: readonly Step[]): readonly Use[][] {
  const users: Use[][] = steps.map(() => [])
  for (const [by, step] of steps.entries()) {
    if (step.is === 'call') for (const [slot, i] of step.of.entries()) users[i].push({ by, slot })
  }
  return users
}

/** The expensive calls that nothing but this branch of the select uses, innermost first. */
function branch(
  steps: readonly Step[],
  roots: readonly number[],
  users: readonly Use[][],
  select: number,
  slot: number,
): number[] {
  const inside = new Set<number>()
  for (let i = select - 1; i >= 0; i--) {
    const only = users[i].every((use) => (use.by === select ? use.slot === slot : inside.has(use.by)))
    if (only && users[i].length > 0 && !roots.includes(i)) inside.add(i)
  }
  return [...inside].reverse().filter((i) => {
    const step = steps[i]
    return step.is === 'call' && !cheap.has(step.fn)
  })
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
  const copy = (i: number): number => {
    const known = copies.get(i)
    if (known !== undefined) return known
    const step = steps[i]
    let place: number
    if (step.is !== 'call') place = add(step)
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

function keyOf(step: Step): string {
  if (step.is === 'const') return `=${Object.is(step.value, -0) ? '-0' : step.value}`
  return step.is === 'arg' ? `@${step.at}` : `${step.fn} ${step.of}`
}
