/** The run that is on screen, the worker that trains it, and the step of it that is looked at, if any. */
import { digits } from 'virtual:digits'
import type { ExplanationJson, Finding } from 'chainrule/explain'
import { create } from 'zustand'
import type { Element } from '../model/session.ts'
import { NOTHING, show, update, useExplorer } from '../model/store.ts'
import { announce, showNumber } from '../ui/index.ts'
import { pushPage } from '../url/index.ts'
import type { News, Opened, Reply, Request, Setting } from './protocol.ts'
import { Kept } from './run/kept.ts'
import type { Entry, Exam } from './run/training.ts'
import { type Inputs, isSameRun, type Settings, settingsOf } from './settings.ts'

/** So many steps are charted one by one; of longer runs every second one, and so on. */
export const CHARTED = 5000

const ORIGIN = 'train'

export interface Shown {
  readonly settings: Settings | null
  /** Null until the examples are there. */
  readonly setting: Setting | null
  readonly running: boolean
  readonly steps: number
  readonly entries: readonly Entry[]
  /** The last step that was taken, whether it is charted or not. */
  readonly last: Entry | null
  /** Of how many steps one is charted. */
  readonly stride: number
  readonly exam: Exam | null
  readonly picture: Float32Array | null
  readonly findings: readonly Finding[]
  readonly bad: number | null
  /** Whether η was changed on the way, so that a link does not lead to the same steps. */
  readonly changed: boolean
  readonly problem: string | null
  /** The step whose graph is on its way. */
  readonly opening: number | null
  /** The step whose graph is shown. */
  readonly opened: { readonly step: number; readonly loss: number } | null
}

const nothing: Shown = {
  settings: null,
  setting: null,
  running: false,
  steps: 0,
  entries: [],
  last: null,
  stride: 1,
  exam: null,
  picture: null,
  findings: [],
  bad: null,
  changed: false,
  problem: null,
  opening: null,
  opened: null,
}

export const useTraining = create<Shown>(() => nothing)
const set = useTraining.setState
const get = useTraining.getState

interface Waiting {
  readonly step?: number
  resolve(explanation: ExplanationJson): void
  reject(error: Error): void
}

let worker: Worker | null = null
let run = 0
let asked = 0
let kept = new Kept<Entry>(CHARTED)
const waiting = new Map<number, Waiting>()
/** A step that the link asks for: it is trained for and then opened. */
let wanted: number | null = null

const post = (request: Request): void => worker?.postMessage(request)

/** Begins a run, or begins it anew: with the same settings it is the same run. */
export function start(settings: Settings, at: number | null = null): void {
  worker ??= hire()
  kept = new Kept<Entry>(CHARTED)
  wanted = at
  // What was asked of the run before is of no interest any more.
  for (const [id, { step }] of waiting) if (step !== undefined) waiting.delete(id)
  set({ ...nothing, settings })
  post({ is: 'start', run: ++run, settings, digits })
}

/** Takes up settings: a change of η alone does not begin anew. */
export function adopt(settings: Settings, at: number | null): void {
  const { settings: before } = get()
  if (before === null || !isSameRun(before, settings)) start(settings, at)
  else if (before.lr !== settings.lr) {
    post({ is: 'rate', lr: settings.lr })
    set(({ steps, changed }) => ({ settings, changed: changed || steps > 0 }))
  }
}

export function go(steps: number, pace = Infinity): void {
  if (!get().setting) return
  set({ running: true })
  post({ is: 'go', steps, pace })
}

export function pause(): void {
  post({ is: 'pause' })
}

/** Asks for the graph of a step; where it cannot be had, the reason comes as a notice. */
export function open(step: number): void {
  pause()
  const id = ++asked
  waiting.set(id, { step, resolve: () => {}, reject: ({ message }) => set({ problem: message, opening: null }) })
  set({ opening: step })
  post({ is: 'open', id, step })
}

/** Back from the graph of a step to the training, which stands where it stood. */
export function back(): void {
  if (hasPage) history.back()
  else close()
}

function close(): void {
  hasPage = false
  const { at: _, ...inputs } = useExplorer.getState().inputs
  set({ opened: null })
  update({ ...NOTHING, inputs })
}

/** Whether the graph of a step has a page of the history of its own, behind that of the training. */
let hasPage = false

/** Back or forward in the history of this very run; false where the address is that of another. */
export function turn(inputs: Inputs): boolean {
  const { settings, steps } = get()
  const asked = settingsOf(inputs)
  if (settings === null || !isSameRun(settings, asked) || settings.lr !== asked.lr) return false
  const { at } = inputs
  if (at !== undefined && !(/^\d+$/.test(at) && Number(at) < steps)) return false
  update({ inputs })
  if (at === undefined) close()
  else {
    hasPage = true
    open(Number(at))
  }
  return true
}

/** The reader leaves the view: nothing goes on behind its back. */
export function leave(): void {
  worker?.terminate()
  worker = null
  for (const { reject } of waiting.values()) reject(new Error('The training was left; open the step again.'))
  waiting.clear()
  hasPage = false
  set(nothing)
}

function hire(): Worker {
  const made = new Worker(new URL('./train-worker.ts', import.meta.url), { type: 'module' })
  made.onmessage = ({ data }: MessageEvent<Reply>) => hear(data)
  made.onerror = ({ message }) => {
    const { settings } = get()
    leave()
    set({
      settings,
      problem: `Training has stopped: ${message || 'its worker could not be started, or ran out of memory'}.`,
    })
  }
  return made
}

function hear(reply: Reply): void {
  if ('id' in reply) answered(reply)
  else if (reply.run !== run) return
  else if (reply.is === 'failed') set({ problem: reply.message, running: false })
  else if (reply.is === 'ready') set({ setting: reply.setting })
  else takeIn(reply.news)
}

function takeIn(news: News): void {
  const { entries, findings, ...rest } = news
  for (const entry of entries) kept.add(entry)
  const { running: before, bad, last } = get()
  set({
    ...rest,
    entries: [...kept.items],
    last: entries.at(-1) ?? last,
    stride: kept.stride,
    ...(findings && { findings }),
  })
  requestAnimationFrame(() => post({ is: 'seen' }))
  if (news.bad !== null && bad === null) announce(`Stopped: step ${news.bad} is not finite`)
  else if (before && !news.running) announce(`Paused after ${news.steps} steps: ${examText(news.exam)}`)
  if (wanted === null) return
  const step = wanted
  if (news.steps > step) {
    wanted = null
    open(step)
  } else if (!news.running) go(step + 1 - news.steps)
}

export const examText = ({ loss, accuracy }: Exam): string =>
  `held-out loss ${showNumber(loss)}, ${(100 * accuracy).toFixed(1)} % right`

function answered(reply: Extract<Reply, { id: number }>): void {
  const asker = waiting.get(reply.id)
  waiting.delete(reply.id)
  if (reply.is === 'refused') asker?.reject(new Error(reply.message))
  else if (reply.is === 'explained') asker?.resolve(reply.explanation)
  else if (asker?.step !== undefined) {
    if (get().opened === null && useExplorer.getState().inputs.at === undefined) {
      pushPage()
      hasPage = true
    }
    present(reply.opened)
    set({ opened: { step: asker.step, loss: reply.opened.loss }, opening: null, problem: null })
  }
}

/** With a weight selected, so that there is an answer before there is a question. */
function present({ trace, weight }: Opened): void {
  show({ origin: ORIGIN, trace, explain })
  if (useExplorer.getState().selected === null) update({ selected: weight })
}

function explain(output: Element, input: Element): Promise<ExplanationJson> {
  const id = ++asked
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    post({ is: 'explain', id, output, input })
  })
}
