/** What the page and the worker in which a program runs say to each other. */
import type { ExplanationJson, Trace, TraceNode } from 'chainrule/explain'
import type { Element } from '../model/session.ts'

/** The program is called so in messages, names of lines and stack traces. */
export const PROGRAM = 'main.ts'

/** What is wrong with a program, and where if that is known; lines and columns count from 1. */
export interface Problem {
  readonly message: string
  readonly line?: number
  readonly column?: number
  /** The calls that led there, as text. */
  readonly stack?: string
}

/** A line of the console. */
export interface Printed {
  readonly level: 'log' | 'warn' | 'error'
  readonly text: string
}

/** Where a program is: the line that ran last, how many ops it has recorded, and about how many bytes these hold. */
export interface Whereabouts {
  readonly line: number
  readonly nodes: number
  readonly bytes: number
}

/** What the page says. */
export type Request =
  | { readonly is: 'run'; readonly source: string }
  /** Asked of a program that has ended: what it left behind may keep the worker busy for ever. */
  | { readonly is: 'there?' }
  | { readonly is: 'explain'; readonly id: number; readonly output: Element; readonly input: Element }

/** What the worker says. */
export type Reply =
  /** The program begins; the time that it took to load does not count. */
  | { readonly is: 'begun' }
  | ({ readonly is: 'at' } & Whereabouts)
  | { readonly is: 'printed'; readonly printed: readonly Printed[] }
  | { readonly is: 'there' }
  /** It has ended, and these are nodes of its trace: one message with all of them would hold the page for too long. */
  | { readonly is: 'part'; readonly nodes: readonly TraceNode[] }
  /** It has ended, well or with a problem; what was recorded until then, but for the nodes that came before. */
  | { readonly is: 'ended'; readonly trace: Trace | null; readonly problem: Problem | null }
  | { readonly is: 'explained'; readonly id: number; readonly explanation: ExplanationJson }
  | { readonly is: 'refused'; readonly id: number; readonly message: string }
