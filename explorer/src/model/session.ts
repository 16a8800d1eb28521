/**
 * What is being looked at: a recorded program as plain data, and who answers questions about it. In a playground that is
 * the page itself; for a program of the reader's own it is the worker in which the program ran.
 */
import type { RecordedElement as Element, ExplanationJson, Trace } from 'chainrule/explain'

export type { Element }

export interface Session {
  /** Which view made it, as in `play/neuron` or `code`. */
  readonly origin: string
  readonly trace: Trace
  /** Answers with the explanation of ∂output/∂input; rejects with the error of the library. */
  explain(output: Element, input: Element): Promise<ExplanationJson>
}

/** How many numbers a node holds. */
export const elementsIn = ({ nodes }: Trace, node: number): number =>
  nodes[node].value.shape.reduce((count, size) => count * size, 1)
