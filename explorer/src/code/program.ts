/** The reader's program: its text, the run that is under way, and what came of it. */
import { create } from 'zustand'
import { keep, kept } from '../app/kept.ts'
import { copyCurrent } from '../app/share.ts'
import { askFirst, show, update, useExplorer } from '../model/store.ts'
import { announce } from '../ui/index.ts'
import { isOwnCode, LinkError, packSource, unpackSource } from '../url/index.ts'
import { examples } from './examples.ts'
import { lineFacts } from './lines.ts'
import type { Printed, Problem } from './protocol.ts'
import { type Outcome, Runner } from './runner.ts'

export interface Program {
  readonly source: string
  /** Where the text comes from, if it has not been touched; code from a link is not run unasked. */
  readonly from: 'example' | 'draft' | 'link' | 'reader'
  readonly running: boolean
  readonly printed: readonly Printed[]
  readonly problem: Problem | null
  /** The text that the graph is of; null before the first run. */
  readonly shown: string | null
  /** Whether the graph is of an earlier run, because the last one gave none. */
  readonly stale: boolean
}

const ORIGIN = 'code'
const [first] = examples

const start: Program = {
  source: first.source,
  from: 'example',
  running: false,
  printed: [],
  problem: null,
  shown: null,
  stale: false,
}

export const useProgram = create<Program>(() => start)
const set = useProgram.setState

const DRAFT = 'draft'
const QUIET_MS = 400
/** The worker whose program is shown, and that of the run under way. */
let shownBy: Runner | null = null
let runner: Runner | null = null
let quiet: ReturnType<typeof setTimeout> | undefined

/** What the page opens with: the program of the link, or the draft that was left here, or the first example. */
export async function open(inputs: Readonly<Record<string, string>>): Promise<void> {
  const { src, example } = inputs
  if (src !== undefined) return openLink(src)
  const chosen = examples.find(({ id }) => id === example)
  const draft = chosen ? null : kept(DRAFT)
  set({ ...start, source: chosen?.source ?? draft ?? first.source, from: draft === null ? 'example' : 'draft' })
  if (draft === null && !(chosen ?? first).isEndless) await run()
}

async function openLink(src: string): Promise<void> {
  try {
    const source = await unpackSource(src)
    const isOwn = isOwnCode(src)
    set({ ...start, source, from: isOwn ? 'example' : source === kept(DRAFT) ? 'draft' : 'link' })
    if (isOwn) await run()
  } catch (error) {
    if (!(error instanceof LinkError)) throw error
    set({ ...start, problem: { message: error.message } })
  }
}

/** The reader leaves the view: nothing goes on behind its back. */
export function leave(): void {
  runner?.cancel()
  shownBy?.dispose()
  shownBy = null
}

/** The text as the reader has just typed it. It is kept, and stands in the address a little later. */
export function edit(source: string): void {
  if (source === useProgram.getState().source) return
  set({ source, from: 'reader' })
  keep(DRAFT, source)
  clearTimeout(quiet)
  quiet = setTimeout(() => void remember(source), QUIET_MS)
}

async function remember(source: string): Promise<void> {
  const src = await packSource(source)
  if (useProgram.getState().source === source) update({ inputs: { src } })
}

/** Copies the link of the program as it stands, however fresh it is. */
export async function copyProgram(): Promise<void> {
  const { source, from } = useProgram.getState()
  clearTimeout(quiet)
  if (from === 'reader') await remember(source)
  await copyCurrent()
}

export async function choose(id: string): Promise<void> {
  const example = examples.find((each) => each.id === id)
  if (!example) return
  clearTimeout(quiet)
  set({ source: example.source, from: 'example', problem: null, printed: [] })
  update({ inputs: { example: id } })
  await run()
}

export async function run(): Promise<void> {
  runner?.cancel()
  const { source } = useProgram.getState()
  const own = new Runner()
  runner = own
  set({ running: true, printed: [], problem: null })
  const outcome = await own.run(source, {
    printed(more) {
      if (own === (runner ?? shownBy)) set(({ printed }) => ({ printed: [...printed, ...more] }))
    },
  })
  if (runner !== own) return
  runner = null
  settle(own, source, outcome)
}

/** Runs the program with one more line at its end, which then stands in the text. */
export async function runWith(line: string): Promise<void> {
  const { source } = useProgram.getState()
  edit(`${source.trimEnd()}\n${line}\n`)
  await run()
}

export const stop = (): void => runner?.cancel()

/** Shows what was recorded, also of a program that failed; where nothing was, the graph of the run before stays. */
function settle(own: Runner, source: string, { trace, problem }: Outcome): void {
  announce(problem ? `The program failed: ${problem.message}` : 'The program has run')
  const isSomething = trace !== null && (trace.nodes.length > 0 || problem === null)
  if (!isSomething) {
    own.dispose()
    set(({ shown }) => ({ running: false, problem, stale: shown !== null }))
    return
  }
  shownBy?.dispose()
  shownBy = own
  show(own.session(ORIGIN, trace))
  askFirst()
  set({ running: false, problem, shown: source, stale: false })
}

/** Selects the value that a line made last. */
export function selectLine(line: number, file: string): void {
  const { session, step } = useExplorer.getState()
  if (!session) return
  const node = lineFacts(session.trace, file, step).find((facts) => facts.line === line)?.node
  if (node != null) update({ selected: { node, index: 0 } })
}
