/**
 * The gradient of one number as the sum of what its readers send back: ∂L/∂u = Σ ∂L/∂v · ∂v/∂u, a term per argument slot
 * that reads it and that this call of backward came by, and the seed where it began.
 */
import type { Trace, TraceNode, TraceTensor } from 'chainrule/explain'
import { elementOf } from '../graph/numbers.ts'
import { sizeOf } from '../graph/shapes.ts'
import type { Element } from '../model/session.ts'

export interface Term {
  readonly consumer: TraceNode
  readonly slot: number
  /** The element of the consumer, where there is one only that reads the number; null where several do. */
  readonly at: number | null
  readonly upstream: number | null
  readonly local: number | null
  readonly contribution: number | null
}

export interface Derivation {
  readonly terms: readonly Term[]
  /** Null where backward does not begin here. */
  readonly seed: number | null
  readonly gradient: number | null
}

/** How many terms are spelled out. */
export const MOST = 6

export function derivationOf(trace: Trace, { node: id, index }: Element, call: number): Derivation {
  const node = trace.nodes[id]
  const terms = trace.nodes.flatMap((consumer) =>
    consumer.output !== 0
      ? []
      : consumer.inputs.flatMap((x, slot) =>
          'node' in x && x.node === id ? [termOf(node, consumer, slot, index, call)] : [],
        ),
  )
  const root = trace.calls[call]?.roots.indexOf(id) ?? -1
  return {
    terms: terms.filter(({ consumer, slot }) => !!consumer.contributions?.[call]?.[slot]),
    seed: root < 0 ? null : elementOf(trace.calls[call].seeds[root], index),
    gradient: elementOf(node.gradients[call], index),
  }
}

function termOf(node: TraceNode, consumer: TraceNode, slot: number, index: number, call: number): Term {
  const slopes = consumer.local?.[slot] ?? null
  const at = slopes && readerOf(node.value, consumer.value, slopes, index)
  return {
    consumer,
    slot,
    at,
    upstream: at === null ? null : elementOf(consumer.gradients[call], at),
    local: at === null ? null : elementOf(slopes, sizeOf(slopes!.shape) === 1 ? 0 : index),
    contribution: elementOf(consumer.contributions?.[call]?.[slot], index),
  }
}

/** Which element of the result reads an element of the operand, if it is one: place by place, or all by one. */
function readerOf(operand: TraceTensor, result: TraceTensor, slopes: TraceTensor, index: number): number | null {
  if (sizeOf(result.shape) === 1) return 0
  const isPlaceByPlace = [result, slopes].every(({ shape }) => String(shape) === String(operand.shape))
  return isPlaceByPlace ? index : null
}

/** What the calls of backward up to this one have brought to a leaf; null where there was one only. */
export function arrivals(trace: Trace, { node: id, index }: Element, call: number): number[] | null {
  const { kind, gradients } = trace.nodes[id]
  const all = gradients.slice(0, call + 1).flatMap((gradient) => elementOf(gradient, index) ?? [])
  return kind === 'parameter' && all.length > 1 ? all : null
}

export interface Abbreviated {
  readonly shown: readonly Term[]
  readonly more: number
  readonly rest: number
}

/** The terms with the largest contributions in the order of the program, and the sum of the others. */
export function abbreviated(terms: readonly Term[]): Abbreviated {
  if (terms.length <= MOST) return { shown: terms, more: 0, rest: 0 }
  const size = ({ contribution }: Term) => Math.abs(contribution ?? 0)
  const kept = new Set(terms.toSorted((a, b) => size(b) - size(a)).slice(0, MOST))
  const left = terms.filter((term) => !kept.has(term))
  return {
    shown: terms.filter((term) => kept.has(term)),
    more: left.length,
    rest: left.reduce((sum, { contribution }) => sum + (contribution ?? 0), 0),
  }
}

/** The number whose derivatives are told: the chosen one, or the first that backward began from, or the last value. */
export function rootOf(trace: Trace, chosen: Element | null, call: number): Element {
  if (chosen && trace.nodes[chosen.node]) return chosen
  const first = trace.calls[call]?.roots.find((id) => id !== null)
  return { node: first ?? trace.nodes.length - 1, index: 0 }
}
