/**
 * The address and the store, kept together. The address is read when the page opens and when the reader goes back or
 * follows a link; it is written a little after the store changes, in place, so that Back leaves the view and not the
 * last tick of a slider.
 */
import { create } from 'zustand'
import { type Element, elementsIn, type Session } from '../model/session.ts'
import { NOTHING, type State, update, useExplorer } from '../model/store.ts'
import { toast } from '../ui/toast.ts'
import { type Link, readLink, writeLink } from './link.ts'

interface Route {
  readonly path: string
  /** Counts arrivals: a view that is opened again starts from the inputs of its link. */
  readonly visit: number
}

export const useRoute = create<Route>(() => ({ path: '', visit: 0 }))

/** What a link wants of a session that has not come yet. */
let wanted: Link | null = null
let timer: ReturnType<typeof setTimeout> | undefined
const QUIET_MS = 250

/** The link to what is shown now. */
export function currentLink(): string {
  const { session, inputs, step, selected, root, open, theme, tab } = useExplorer.getState()
  const { path } = useRoute.getState()
  if (wanted) return writeLink({ ...wanted, path, inputs })
  const last = session ? session.trace.steps.length - 1 : 0
  const shown = { selected, paths: tab === 'paths', root, open, theme }
  return writeLink({ path, inputs, step: session && step < last ? step : null, ...shown })
}

function write(): void {
  clearTimeout(timer)
  const link = currentLink()
  if (link !== location.hash) history.replaceState(null, '', link)
}

/** Opens a view, as one more page of the history. */
export function openView(path: string, inputs: Readonly<Record<string, string>> = {}): void {
  write()
  const { theme } = useExplorer.getState()
  const link = { path, inputs, step: null, selected: null, paths: false, root: null, open: null, theme }
  history.pushState(null, '', writeLink(link))
  arrive(link)
}

/** Shows what a link says, from nothing: the session of the view before is not this one's. */
function arrive(link: Link): void {
  wanted = link
  update({ ...NOTHING, open: link.open, inputs: link.inputs, ...(link.theme && { theme: link.theme }) })
  useRoute.setState(({ visit }) => ({ path: link.path, visit: visit + 1 }))
}

/** A page of the history for what is shown now: what is shown next in this view gets one of its own. */
export function pushPage(): void {
  write()
  history.pushState(null, '', location.hash)
}

/** Takes the inputs of another page of the same view, if it can show them as they were left; else the view is opened anew. */
type Turn = (inputs: Link['inputs']) => boolean
let turn: Turn | null = null

/** How the view that is open goes back and forward among pages of its own; null where it has none. */
export const setTurn = (next: Turn | null): void => {
  turn = next
}

function read(): void {
  const { link, problems } = readLink(location.hash)
  for (const problem of problems) toast('warning', problem)
  if (link.path === useRoute.getState().path && turn?.(link.inputs)) return
  arrive(link)
}

/** What a link asks of the session that has now come, as far as the session has it. */
function settle(link: Link, { trace }: Session): Partial<State> {
  const last = trace.steps.length - 1
  const { selected } = link
  const exists = (it: Element | null) =>
    it !== null && trace.nodes[it.node] !== undefined && it.index < Math.max(1, elementsIn(trace, it.node))
  const isSelected = exists(selected)
  if (selected && !isSelected) {
    const node = trace.nodes[selected.node]
    const [what, has] = node
      ? [`element ${selected.index} of ${node.name}`, `it has ${elementsIn(trace, node.id)}`]
      : [`node ${selected.node}`, `this program has ${trace.nodes.length} nodes`]
    toast('warning', `The link selects ${what}; ${has}.`)
  }
  return {
    step: Math.min(link.step ?? last, last),
    selected: isSelected ? selected : null,
    ...(isSelected && link.paths && { tab: 'paths' }),
    root: exists(link.root) ? link.root : null,
  }
}

const WRITTEN = ['session', 'inputs', 'step', 'selected', 'root', 'open', 'theme', 'tab'] as const

/** Starts keeping address and store together. */
export function startRouting(): void {
  read()
  window.addEventListener('popstate', read)
  useExplorer.subscribe((state, before) => {
    if (wanted && state.session && state.session !== before.session) {
      const link = wanted
      wanted = null
      update(settle(link, state.session))
    }
    if (WRITTEN.every((key) => state[key] === before[key])) return
    clearTimeout(timer)
    timer = setTimeout(write, QUIET_MS)
  })
}
