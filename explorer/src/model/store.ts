/** The state of the page, in one store: what is shown, at which step, and what is selected. Layout knows none of it. */
import { create } from 'zustand'
import { type Element, elementsIn, type Session } from './session.ts'
import { gradientOf, knownAt } from './steps.ts'

export type Theme = 'auto' | 'light' | 'dark'
export type Tab = 'node' | 'derivation' | 'paths' | 'json'
export type Shape = 'graph' | 'table'

export interface State {
  readonly session: Session | null
  /** A message about the session, shown above it: an error, a warning. */
  readonly notice: { readonly tone: 'bad' | 'warning' | 'info'; readonly text: string } | null
  readonly step: number
  readonly playing: boolean
  /** The selected node is the focus of the graph as well: one state, not two. */
  readonly selected: Element | null
  /** The number whose gradient is asked about; the first root of backward unless chosen. */
  readonly root: Element | null
  /** Scopes that are open, by path; null leaves the choice to the view. */
  readonly open: readonly string[] | null
  readonly tab: Tab
  readonly shape: Shape
  readonly theme: Theme
  readonly shortcuts: boolean
  /** Inputs of the view as they stand in the address: sliders, seeds. */
  readonly inputs: Readonly<Record<string, string>>
}

/** Nothing is looked at: how a view begins. */
export const NOTHING = {
  session: null,
  notice: null,
  step: 0,
  playing: false,
  selected: null,
  root: null,
  open: null,
} as const satisfies Partial<State>

export const useExplorer = create<State>(() => ({
  ...NOTHING,
  tab: 'derivation',
  shape: 'graph',
  theme: 'auto',
  shortcuts: true,
  inputs: {},
}))

export const update = (change: Partial<State>): void => useExplorer.setState(change)

/**
 * Shows a session. One of the same structure as before (the same program with other numbers) keeps step and selection, so
 * that moving a slider moves nothing else; whoever was at the end is at the end again.
 */
export function show(session: Session): void {
  const { session: before, step, selected, root } = useExplorer.getState()
  const same = before !== null && before.origin === session.origin && isAlike(before, session)
  const last = session.trace.steps.length - 1
  const wasInside = before !== null && step < before.trace.steps.length - 1
  update({
    session,
    notice: null,
    step: same && wasInside ? Math.min(step, last) : last,
    selected: same ? within(selected, session) : null,
    root: same ? within(root, session) : null,
  })
}

/** The same element; the first one where its value has got so small that it has no such element any more. */
function within(element: Element | null, { trace }: Session): Element | null {
  return element && element.index >= elementsIn(trace, element.node) ? { ...element, index: 0 } : element
}

/**
 * Asks about a parameter where nothing is selected, so that there is an answer before there is a question: the first that
 * has a gradient at this step, since a training loop has a version of each parameter for every call of backward.
 */
export function askFirst(): void {
  const { session, selected, step } = useExplorer.getState()
  if (!session) return
  const parameters = session.trace.nodes.filter(({ kind }) => kind === 'parameter')
  const known = knownAt(session.trace, step)
  const first = parameters.find((node) => gradientOf(node, known)) ?? parameters[0]
  if (first && !selected) update({ selected: { node: first.id, index: 0 } })
}

const isAlike = (a: Session, b: Session): boolean =>
  a.trace.nodes.length === b.trace.nodes.length &&
  a.trace.nodes.every((node, i) => node.op === b.trace.nodes[i].op && node.name === b.trace.nodes[i].name)

/** Moves by steps, or to one; stops playing unless told otherwise. */
export function seek(step: number, playing = false): void {
  const { session } = useExplorer.getState()
  if (!session) return
  const last = session.trace.steps.length - 1
  update({ step: Math.max(0, Math.min(Math.round(step), last)), playing })
}

/** To the end of a call of backward, where its gradients are complete. */
export function seekCall(call: number): void {
  const { session } = useExplorer.getState()
  if (session) seek(session.trace.steps.findLastIndex((step) => step.call === call))
}
