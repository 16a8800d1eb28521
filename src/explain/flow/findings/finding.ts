/** What a diagnosis says, and what it is. */
import type { Evidence } from '../evidence.ts'

export interface Finding {
  /** The name of the diagnosis. */
  readonly diagnosis: string
  /** `problem`: training cannot work like this; `warning`: it works worse than it could, or may stop to. */
  readonly severity: 'warning' | 'problem'
  /** In a few words, for a heading. */
  readonly title: string
  readonly where: Where
  /** What was seen, with numbers: a sentence or two. */
  readonly evidence: string
  /** What to do, with the names of the API. */
  readonly remedy: string
  /** The numbers behind the words. */
  readonly data: Readonly<Record<string, unknown>>
}

export interface Where {
  readonly layers?: readonly string[]
  readonly parameters?: readonly string[]
  /** `file:line:column`. */
  readonly source?: string
}

export interface Diagnosis {
  readonly name: string
  readonly title: string
  find(evidence: Evidence): Omit<Finding, 'diagnosis' | 'title'>[]
}
