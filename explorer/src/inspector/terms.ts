/**
 * The gradient of one number as the sum of what its readers send back: ∂L/∂u = Σ ∂L/∂v · ∂v/∂u, a term per element and
 * argument slot that reads it and that this call of backward came by, and the seed where it began.
 */
import type { Trace, TraceNode } from 'chainrule/explain'
import { elementOf } from '../graph/numbers.ts'
import { sizeOf } from '../graph/shapes.ts'
import type { Element } from '../model/session.ts'
import { elementsReading, type Reader } from './readers.ts'

export interface Term {
  readonly consumer: TraceNode
  readonly slot: number
  /** The element of the consumer that reads the number; null for all that do together, where they cannot be told apart. */
  readonly at: number | null
  readonly upstream: number | null
  readonly local: number | null
  readonly contribution: number | null
  /** For all together: the elements that they are, where the trace tells that much. */
  readonly readers?: readonly number[]
  /** For all together: how many they are beside others of the same reader that are terms of their own. */
  readonly others?: number
}

export interface Derivation {
  readonly terms: readonly Term[]
  /** Null where backward does not begin here. */
  readonly seed: number | null
  readonly gradient: number | null
}

/** How many terms are spelled out. */
export const MOST = 6

/** The argument slots that read a value; of an application with several results, the first one has them. */
export const readersOf = ({ nodes }: Trace, id: number): { readonly consumer: TraceNode; readonly slot: number }[] =>
  nodes.flatMap((consumer) =>
    consumer.output !== 0
      ? []
      : consumer.inputs.flatMap((x, slot) => ('node' in x && x.node === id ? [{ consumer, slot }] : [])),
  )

export function derivationOf(trace: Trace, { node: id, index }: Element, call: number): Derivation {
  const node = trace.nodes[id]
  const terms = readersOf(trace, id)
    .filter(({ consumer, slot }) => !!consumer.contributions?.[call]?.[slot])
    .flatMap(({ consumer, slot }) => termsOf(trace, consumer, slot, index, call))
  const root = trace.calls[call]?.roots.indexOf(id) ?? -1
  return {
    terms,
    seed: root < 0 ? null : elementOf(trace.calls[call].seeds[root], index),
    gradient: elementOf(node.gradients[call], index),
  }
}

/** A term for every element that reads the number; one for all where the trace does not tell, or they do not add up. */
function termsOf(trace: Trace, consumer: TraceNode, slot: number, index: number, call: number): Term[] {
  const contribution = elementOf(consumer.contributions?.[call]?.[slot], index)
  const readers = elementsReading(trace, consumer, slot, index) ?? []
  if (readers.length === 1) {
    const [{ at, local }] = readers
    return [{ consumer, slot, at, upstream: elementOf(consumer.gradients[call], at), local, contribution }]
  }
  const parts = addUp(partsOf(consumer, slot, readers, call), contribution)
  if (parts) return parts
  const together: Term = { consumer, slot, at: null, upstream: null, local: null, contribution }
  const isUnlisted = readers.some(({ local }) => local === null)
  return [isUnlisted ? { ...together, readers: readers.map(({ at }) => at) } : together]
}

/** What each of the elements sends. */
export function partsOf(consumer: TraceNode, slot: number, readers: readonly Reader[], call: number): Term[] {
  return readers.map(({ at, local }) => {
    const upstream = elementOf(consumer.gradients[call], at)
    const contribution = upstream === null || local === null ? null : upstream * local
    return { consumer, slot, at, upstream, local, contribution }
  })
}

/** The parts if they are all there is: their sum is what was sent, up to rounding in single precision. */
export function addUp(parts: readonly Term[], sent: number | null): Term[] | null {
  if (parts.length === 0 || sent === null || parts.some(({ contribution }) => contribution === null)) return null
  const sum = parts.reduce((all, { contribution }) => all + contribution!, 0)
  if (Object.is(sum, sent)) return [...parts]
  const scale = parts.reduce((all, { contribution }) => all + Math.abs(contribution!), Math.abs(sent))
  return Math.abs(sum - sent) <= 1e-5 * scale ? [...parts] : null
}

/** What the calls of backward up to this one have brought to a leaf; null where there was one only. */
export function arrivals(trace: Trace, { node: id, index }: Element, call: number): number[] | null {
  const { kind, gradients } = trace.nodes[id]
  const all = gradients.slice(0, call + 1).flatMap((gradient) => elementOf(gradient, index) ?? [])
  return kind === 'parameter' && all.length > 1 ? all : null
}

interface Abbreviated {
  readonly shown: readonly Term[]
  readonly more: number
  readonly rest: number
}

/** The terms with the largest contributions in the order of the program, and the sum of the others. */
export function abbreviated(terms: readonly Term[]): Abbreviated {
  const size = ({ contribution }: Term) => Math.abs(contribution ?? 0)
  const single = terms.filter(({ others }) => others === undefined)
  const kept = new Set(single.length > MOST ? single.toSorted((a, b) => size(b) - size(a)).slice(0, MOST) : single)
  const left = terms.filter((term) => !kept.has(term))
  return {
    shown: terms.filter((term) => kept.has(term)),
    more: left.reduce((count, { others = 1 }) => count + others, 0),
    rest: left.reduce((sum, { contribution }) => sum + (contribution ?? 0), 0),
  }
}

/** The number whose derivatives are told: the chosen one, or the first that backward began from, or the last value. */
export function rootOf(trace: Trace, chosen: Element | null, call: number): Element {
  if (chosen && trace.nodes[chosen.node]) return chosen
  const first = trace.calls[call]?.roots.find((id) => id !== null)
  return { node: first ?? trace.nodes.length - 1, index: 0 }
}

/**
 * The number that the gradients of a call are derivatives of; null where it is none of the program: with several outputs,
 * with several elements, or with another seed than 1 it is their sum, each times its seed.
 */
export function outputOf({ nodes, calls }: Trace, call: number): Element | null {
  const { roots, seeds } = calls[call] ?? { roots: [], seeds: [] }
  const [node] = roots
  if (roots.length !== 1 || node === null || sizeOf(nodes[node].value.shape) !== 1) return null
  return elementOf(seeds[0], 0) === 1 ? { node, index: 0 } : null
}
