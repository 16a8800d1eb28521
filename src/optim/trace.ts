/**
 * A step while tracing. The formulas become ops; their numbers are computed by the host at every call of the compiled
 * function, all of them at once. Parameters of a group whose states hold the same numbers (steps, as a rule) share them.
 * What chose the formulas is guarded: other options, other states or counts have the function traced anew.
 */
import { type Tensor, type Tracer, update } from '../tensor/index.ts'
import type { Hyper, ParamGroup } from './groups.ts'
import { type StepRule, targetsOf } from './rule.ts'

/** What a traced step needs of its optimizer. */
export interface TracedOptimizer<H extends Hyper, S extends object> {
  readonly by: string
  readonly groups: readonly ParamGroup<H>[]
  rule(group: ParamGroup<H>): StepRule<H, S>
  /** Throws where a hyperparameter is out of its range. */
  check(group: ParamGroup<H>): void
  begun(x: Tensor): boolean
  begin(x: Tensor, state: S): void
  /** The state of x, be it begun or only prepared. */
  current(x: Tensor): S | undefined
  /** The same, made if there is none. */
  stateOf(x: Tensor, group: ParamGroup<H>, rule: StepRule<H, S>): S
}

interface Member<S> {
  readonly x: Tensor
  readonly grad: Tensor
  readonly state: S
}

interface TracedGroup<H extends Hyper, S extends object> {
  readonly group: ParamGroup<H>
  readonly rule: StepRule<H, S>
  readonly size: number
  /** Parameters that share all numbers. */
  readonly cohorts: readonly Member<S>[][]
}

export function traceStep<H extends Hyper, S extends object>(tracer: Tracer, optimizer: TracedOptimizer<H, S>): void {
  const { by, groups } = optimizer
  const steps = stepsSeen(tracer)
  const traced = groups.map((group) => readGroup(optimizer, group, steps))
  const count = traced.reduce((n, { rule, cohorts }) => n + rule.shared + rule.own * cohorts.length, 0)
  const numbers = new Array<number>(count).fill(0)
  const scalars = tracer.scalars(by, count, () => {
    let at = 0
    for (let k = 0; k < traced.length; k++) at = nextNumbers(optimizer, traced[k], numbers, at)
    return numbers
  })
  tracer.guard(() => groups.length === traced.length && traced.every((group) => sameRule(optimizer, group)))
  tracer.guardRarely(() => traced.every((group) => sameStates(optimizer, group)))
  let at = 0
  const take = (n: number) => scalars.slice(at, (at += n))
  for (const { rule, cohorts } of traced) {
    const shared = take(rule.shared)
    for (const members of cohorts) {
      const all = [...shared, ...take(rule.own)]
      for (const { x, grad, state } of members) update(by, rule.update, targetsOf(x, state, rule), [grad], all)
    }
  }
}

/** How many steps of each state a tracer has seen: what a second step in the same function finds differs by them. */
function stepsSeen(tracer: Tracer): Map<object, number> {
  let steps = seen.get(tracer)
  if (!steps) seen.set(tracer, (steps = new Map()))
  return steps
}
const seen = new WeakMap<Tracer, Map<object, number>>()

function readGroup<H extends Hyper, S extends object>(
  optimizer: TracedOptimizer<H, S>,
  group: ParamGroup<H>,
  steps: Map<object, number>,
): TracedGroup<H, S> {
  const rule = optimizer.rule(group)
  const cohorts: Member<S>[][] = []
  for (const x of group.params) {
    const { grad } = x
    if (grad === null) continue
    const state = optimizer.stateOf(x, group, rule)
    const member = { x, grad, state }
    const cohort = cohorts.find(
      ([first]) => steps.get(first.state) === steps.get(state) && inStep(optimizer, first, member),
    )
    if (cohort) cohort.push(member)
    else cohorts.push([member])
  }
  for (const { state } of cohorts.flat()) steps.set(state, (steps.get(state) ?? 0) + 1)
  return { group, rule, size: group.params.length, cohorts }
}

/** What the host computes at a call: the numbers of the group, then those of each cohort. */
function nextNumbers<H extends Hyper, S extends object>(
  optimizer: TracedOptimizer<H, S>,
  { group, rule, cohorts }: TracedGroup<H, S>,
  numbers: number[],
  start: number,
): number {
  let at = put(rule.sharedNumbers(group), numbers, start)
  if (rule.state.length === 0) return at
  for (let c = 0; c < cohorts.length; c++) {
    const members = cohorts[c]
    const [{ x, state }] = members
    const fresh = !optimizer.begun(x)
    if (fresh) for (const member of members) optimizer.begin(member.x, member.state)
    at = put(rule.ownNumbers(group, state, fresh), numbers, at)
    for (let k = 1; k < members.length; k++) follow(members[k].state, state)
  }
  return at
}

function put(values: readonly number[], numbers: number[], at: number): number {
  for (let k = 0; k < values.length; k++) numbers[at + k] = values[k]
  return at + values.length
}

function follow<S extends object>(state: S, leader: S): void {
  for (const key in leader) if (typeof leader[key] === 'number') state[key] = leader[key]
}

function sameRule<H extends Hyper, S extends object>(
  optimizer: TracedOptimizer<H, S>,
  { group, rule, size }: TracedGroup<H, S>,
): boolean {
  optimizer.check(group)
  return group.params.length === size && optimizer.rule(group) === rule
}

function sameStates<H extends Hyper, S extends object>(
  optimizer: TracedOptimizer<H, S>,
  { rule, cohorts }: TracedGroup<H, S>,
): boolean {
  if (rule.state.length === 0) return true
  return cohorts.every((members) =>
    members.every((member) => optimizer.current(member.x) === member.state && inStep(optimizer, members[0], member)),
  )
}

/** Whether two states hold the same numbers. */
function inStep<H extends Hyper, S extends object>(
  { begun }: TracedOptimizer<H, S>,
  a: Member<S>,
  b: Member<S>,
): boolean {
  if (begun(a.x) !== begun(b.x)) return false
  for (const key in a.state) if (typeof a.state[key] === 'number' && a.state[key] !== b.state[key]) return false
  return true
}
