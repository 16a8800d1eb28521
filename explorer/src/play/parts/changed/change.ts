/**
 * What the reader has changed, and the runs before and after. Moving one slider to and fro is one change: it is compared
 * with how things were before. Another slider begins another one.
 */
import { create } from 'zustand'
import type { Session } from '../../../model/session.ts'
import { chosenOf, type Inputs, knobsOf, numberOf, type Program } from '../program.ts'

export interface Move {
  /** Of a number or of a choice. */
  readonly id: string
  readonly from: number | string
  readonly to: number | string
}

export interface Change {
  readonly before: Session
  readonly after: Session
  readonly moves: readonly Move[]
}

/** A run and the inputs that it was made with. */
export interface Run {
  readonly inputs: Inputs
  readonly session: Session
}

/** The run that changes are counted from, and the latest. */
export interface History {
  readonly base: Run
  readonly last: Run
}

export const useChange = create<{ readonly history: History | null; readonly change: Change | null }>(() => ({
  history: null,
  change: null,
}))

/** Tells of a new run of a program. */
export function noteChange(program: Program, inputs: Inputs, session: Session): void {
  const { history } = useChange.getState()
  const next = follow(program, history, { inputs, session })
  const { base, last } = next
  const moves = movesBetween(program, base.inputs, last.inputs)
  useChange.setState({
    history: next,
    change: base === last || moves.length === 0 ? null : { before: base.session, after: last.session, moves },
  })
}

/** Where changes are counted from after one more run. */
export function follow(program: Program, history: History | null, run: Run): History {
  const anew = { base: run, last: run }
  if (!history || history.last.session.origin !== program.origin) return anew
  const { base, last } = history
  if (isElsewhere(program, last.inputs, run.inputs) || !isSameGraph(last.session, run.session)) return anew
  const now = namesOf(movesBetween(program, last.inputs, run.inputs))
  if (now === '') return { base, last: run }
  const before = namesOf(movesBetween(program, base.inputs, last.inputs))
  return { base: before === '' || before === now ? base : last, last: run }
}

/** Choices and numbers that differ. */
function movesBetween(program: Program, from: Inputs, to: Inputs): Move[] {
  const [was, is] = [chosenOf(program, from), chosenOf(program, to)]
  const choices = Object.keys(is).map((id) => ({ id, from: was[id], to: is[id] }))
  const knobs = program.leaves(is).flatMap(knobsOf)
  const numbers = knobs.map((knob) => ({ id: knob.id, from: numberOf(knob, from), to: numberOf(knob, to) }))
  return [...choices, ...numbers].filter((move) => move.from !== move.to)
}

const namesOf = (moves: readonly Move[]): string => moves.map(({ id }) => id).join(' ')

/** Another station of a story, or all numbers as they were given. */
function isElsewhere(program: Program, from: Inputs, to: Inputs): boolean {
  const [was, is] = [chosenOf(program, from), chosenOf(program, to)]
  if (program.choices?.some(({ id, isPlace }) => isPlace && was[id] !== is[id])) return true
  const ids = program.leaves(chosenOf(program, to)).flatMap(knobsOf)
  return ids.some(({ id }) => from[id] !== undefined) && ids.every(({ id }) => to[id] === undefined)
}

/** With the same values in it, ways through both can be told side by side. */
const isSameGraph = ({ trace: a }: Session, { trace: b }: Session): boolean =>
  a.nodes.length === b.nodes.length && a.nodes.every(({ name }, i) => name === b.nodes[i].name)
