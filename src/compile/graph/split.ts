/**
 * One graph made into several that run one after the other: a first part, and parts that are run later, if at all, and
 * read what the first one has computed. What they read of it is saved: the first part has a state for each saved value
 * that it leaves there, which is a state of the later parts as well. What only later parts need is computed in them.
 */
import type { DType } from '../../ops/value.ts'
import { GraphBuilder } from './builder.ts'
import type { Access, Graph, Node, Origin, ValueId, ValueInfo } from './graph.ts'
import { accesses } from './rewrite.ts'

/** A graph that is still being written. */
interface Written {
  readonly values: readonly ValueInfo[]
  readonly nodes: readonly Node[]
}

/** Where a state of a part is: that of the whole graph, or a saved value. */
export type Place =
  | { readonly is: 'captured'; readonly index: number }
  | { readonly is: 'saved'; readonly slot: number }

export interface Part {
  readonly graph: Graph
  /** Per input of the part which input of the whole it is. */
  readonly inputs: readonly number[]
  /** Per state. */
  readonly states: readonly Place[]
}

export interface First {
  /** So many nodes, from the beginning of the whole graph. */
  readonly nodes: number
  /** Per state of the whole graph. */
  readonly states: Graph['states']
  readonly results: readonly ValueId[]
  /** What a later part cannot find where the call has found it, as the call has changed it. */
  readonly changed: ReadonlySet<ValueId>
}

/** A part that is run later: nodes of the whole graph from one number up to another, and results. */
export interface Later {
  readonly from: number
  readonly to: number
  readonly results: readonly ValueId[]
}

export class Split {
  private readonly whole: Written
  private readonly first: First
  /** Nodes of the first part, and what they make. */
  private readonly nodes: ReadonlySet<Node>
  private readonly made: ReadonlySet<ValueId>
  private readonly slots = new Map<ValueId, number>()

  /** @param later one that reads all that any other one reads of the first part. */
  constructor(whole: Written, first: First, later: Later) {
    this.whole = whole
    this.first = first
    const nodes = whole.nodes.slice(0, first.nodes)
    const changing = first.states.flatMap(({ before, after }) => (before === after ? [] : [after]))
    this.nodes = new Set(needed(nodes, [...first.results, ...changing]).nodes)
    this.made = new Set([...this.nodes].flatMap(({ outputs }) => [...outputs]))
    for (const id of this.needs(later).read) if (this.isSaved(id)) this.slots.set(id, this.slots.size)
  }

  /** The saved values. */
  get saved(): readonly { readonly dtype: DType; readonly size: number }[] {
    return [...this.slots.keys()].map((id) => this.whole.values[id])
  }

  /** Whether the results depend on what the first part changes. */
  dependsOnChanges(results: readonly ValueId[]): boolean {
    const { read } = needed(
      [...this.nodes].filter(({ is }) => is !== 'host'),
      results,
    )
    return [...this.first.changed].some((id) => read.has(id))
  }

  /** The first part; its first inputs are those of the whole graph, up to `inputs`. */
  head(inputs: number): Part {
    const writer = new Writer(this.whole.values)
    const given = this.whole.values.flatMap(({ origin }, id) => (origin.is === 'input' ? [{ id, origin }] : []))
    for (const { id, origin } of given) if (origin.index < inputs) writer.take(id, origin)
    const { states, results } = this.first
    const { read } = needed([...this.nodes], [...results, ...this.slots.keys()])
    const places: Place[] = []
    const made: { before: ValueId; after: ValueId }[] = []
    const used = states.flatMap((state, index) =>
      read.has(state.before) || state.after !== state.before ? [{ ...state, index }] : [],
    )
    for (const { before, index } of used) {
      writer.take(before, { is: 'state', index: places.length })
      places.push({ is: 'captured', index })
    }
    for (const node of this.nodes) writer.copy(node)
    for (const { before, after } of used) made.push({ before: writer.at(before), after: writer.at(after) })
    for (const [id, slot] of this.slots) {
      const { dtype, size } = this.whole.values[id]
      const before = writer.builder.value(dtype, size, { is: 'state', index: places.length })
      places.push({ is: 'saved', slot })
      made.push({ before, after: writer.at(id) })
    }
    const graph = writer.builder.finish(
      made,
      results.map((id) => writer.at(id)),
    )
    return { graph, inputs: Array.from({ length: inputs }, (_, i) => i), states: places }
  }

  /** A later part; null where it reads something that is not saved. */
  tail(later: Later): Part | null {
    const { nodes, read } = this.needs(later)
    const writer = new Writer(this.whole.values)
    const inputs: number[] = []
    const states: Place[] = []
    const made: { before: ValueId; after: ValueId }[] = []
    for (const id of read) {
      const { origin } = this.whole.values[id]
      if (this.isSaved(id) && !this.slots.has(id)) return null
      if (this.slots.has(id) || origin.is === 'state') {
        const slot = this.slots.get(id)
        states.push(
          slot === undefined ? { is: 'captured', index: (origin as { index: number }).index } : { is: 'saved', slot },
        )
        const state = writer.take(id, { is: 'state', index: states.length - 1 })
        made.push({ before: state, after: state })
      } else if (origin.is === 'input') writer.take(id, { is: 'input', index: inputs.push(origin.index) - 1 })
    }
    for (const node of nodes) writer.copy(node)
    const graph = writer.builder.finish(
      made,
      later.results.map((id) => writer.at(id)),
    )
    return { graph, inputs, states }
  }

  private isSaved(id: ValueId): boolean {
    return this.made.has(id) || this.first.changed.has(id)
  }

  /** What a later part consists of: random draws of the first part are not drawn again. */
  private needs({ from, to, results }: Later) {
    const { nodes } = this.whole
    const left = nodes.slice(0, this.first.nodes).filter((node) => !this.nodes.has(node))
    return needed([...left, ...nodes.slice(from, to)], results)
  }
}

/** The nodes without which there are no such results, those of the host among them all, and what they and the results read. */
function needed(nodes: readonly Node[], results: Iterable<ValueId>): { nodes: Node[]; read: Set<ValueId> } {
  const read = new Set(results)
  const made = new Set<ValueId>()
  const found: Node[] = []
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]
    if (node.is !== 'host' && !node.outputs.some((id) => read.has(id))) continue
    found.push(node)
    for (const { value } of accesses(node)) read.add(value)
    for (const id of node.outputs) made.add(id)
  }
  for (const id of made) read.delete(id)
  return { nodes: found.reverse(), read }
}

/** Writes nodes of one graph into another one. */
class Writer {
  readonly builder = new GraphBuilder()
  private readonly values: readonly ValueInfo[]
  private readonly numbers = new Map<ValueId, ValueId>()

  constructor(values: readonly ValueInfo[]) {
    this.values = values
  }

  /** Value `id` comes from there. */
  take(id: ValueId, origin: Origin): ValueId {
    const { dtype, size } = this.values[id]
    const number = this.builder.value(dtype, size, origin)
    this.numbers.set(id, number)
    return number
  }

  at(id: ValueId): ValueId {
    const { origin } = this.values[id]
    return this.numbers.get(id) ?? this.take(id, origin)
  }

  copy(node: Node): void {
    const view = (x: Access): Access => ({ ...x, value: this.at(x.value) })
    if (node.is === 'write') {
      const [target, source] = [view(node.target), view(node.source)]
      this.builder.nodes.push({ ...node, target, source, outputs: [this.at(node.outputs[0])] })
      return
    }
    const inputs = node.is === 'host' ? [] : node.inputs.map((x) => (typeof x === 'number' ? x : view(x)))
    const outputs = node.outputs.map((id) => this.at(id))
    this.builder.nodes.push(node.is === 'host' ? { ...node, outputs } : { ...node, inputs, outputs })
  }
}
