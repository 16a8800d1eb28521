/** What the page and the worker that trains say to each other. `run` numbers the starts: news of an earlier one is old. */
import type { ExplanationJson, Finding, Trace } from 'chainrule/explain'
import type { Element } from '../model/session.ts'
import type { DigitsFile } from './data/digits.ts'
import type { Entry, Exam } from './run/training.ts'
import type { Settings } from './settings.ts'

export type Request =
  | { readonly is: 'start'; readonly run: number; readonly settings: Settings; readonly digits: DigitsFile }
  /** Takes steps: so many, or until told otherwise; at most `pace` a second. */
  | { readonly is: 'go'; readonly steps: number; readonly pace: number }
  | { readonly is: 'pause' }
  | { readonly is: 'rate'; readonly lr: number }
  /** The last news is on screen: until this comes, there is no other. A page that is not seen says nothing. */
  | { readonly is: 'seen' }
  | { readonly is: 'open'; readonly id: number; readonly step: number }
  | { readonly is: 'explain'; readonly id: number; readonly output: Element; readonly input: Element }

/** What does not change during a run. */
export interface Setting {
  /** The parameters whose gradients are charted, by their keys. */
  readonly layers: readonly string[]
  readonly perEpoch: number
  readonly examples: Examples
}

/** Of the examples, what is shown: points with their classes, the held-out ones last; or a few held-out digits. */
export interface Examples {
  /** [n, features], row by row. */
  readonly x: Float32Array
  readonly labels: readonly number[]
  /** How many of them are for training. */
  readonly train: number
}

export interface News {
  /** The steps since the last news. */
  readonly entries: readonly Entry[]
  readonly steps: number
  readonly running: boolean
  readonly exam: Exam
  /** Probabilities: of class 1 on a grid over the plane and then of every point, or of each class for the digits shown. */
  readonly picture: Float32Array
  /** Null where they were not looked for again. */
  readonly findings: readonly Finding[] | null
  /** The first step whose loss or gradient was not finite. */
  readonly bad: number | null
}

/** One step as a graph. */
export interface Opened {
  readonly trace: Trace
  readonly loss: number
  /** The number that is asked about first: the weight with the largest gradient. */
  readonly weight: Element
}

export type Reply =
  | { readonly is: 'ready'; readonly run: number; readonly setting: Setting }
  | { readonly is: 'news'; readonly run: number; readonly news: News }
  | { readonly is: 'failed'; readonly run: number; readonly message: string }
  | { readonly is: 'opened'; readonly id: number; readonly opened: Opened }
  | { readonly is: 'explained'; readonly id: number; readonly explanation: ExplanationJson }
  | { readonly is: 'refused'; readonly id: number; readonly message: string }
