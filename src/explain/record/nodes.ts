/** From what the recorder noted to the values of the program, in the order in which they appeared. */
import type { TapeNode, Tensor } from '../../tensor/index.ts'
import { sourceOf } from '../graph/program.ts'
import { Names } from '../names.ts'
import { type NodeData, RecordedNode, type Slot } from './node.ts'
import type { Event, Recorder } from './recorder.ts'
import { functionsOf } from './scopes.ts'

/** All values of a program; leaves stand before the first op that reads them. */
export class RecordedNodes {
  readonly list: RecordedNode[] = []
  readonly #names = new Names()
  /** Leaves by what they were when they were read, and the last one of each tensor: they may change between two uses. */
  readonly #leaves = new Map<Tensor, RecordedNode>()
  readonly #latest = new Map<Tensor, RecordedNode>()
  readonly #results = new Map<TapeNode, RecordedNode[]>()
  readonly #keys: ReadonlyMap<Tensor, string>
  readonly #functions: ReadonlyMap<TapeNode, readonly string[]>

  constructor({ events, keys }: Recorder) {
    this.#keys = keys
    this.#functions = functionsOf(events.map(({ node }) => node))
    events.forEach((event, application) => {
      this.#add(event, application)
    })
  }

  /** The value that a tensor of the program is now; undefined where the recording has not seen it. */
  find(x: Tensor): RecordedNode | undefined {
    return (x.gradFn ? this.#results.get(x.gradFn)?.[x.outputIndex] : undefined) ?? this.#latest.get(x)
  }

  #add(event: Event, application: number): void {
    const { node, kept, modules } = event
    const inputs = kept.operands.map((x, slot) => this.#slot(x, event, slot))
    const scope = [...modules, ...(this.#functions.get(node) ?? [])]
    const made = kept.outputs.map((value, output) =>
      this.#push({ kind: 'result', inputs, tensor: kept.results[output], value, scope, application, output, event }),
    )
    this.#results.set(node, made)
    inputs.forEach((x, slot) => {
      if (typeof x !== 'number') x.uses.push({ node: made[0], slot })
    })
  }

  #slot(x: Tensor | number, { node, kept, modules }: Event, slot: number): Slot {
    if (typeof x === 'number') return x
    const source = sourceOf(x, node)
    const maker = source !== null && 'op' in source ? this.#results.get(source) : undefined
    return maker?.[x.originAt(node.recordedAt).outputIndex] ?? this.#leaf(x, kept.inputs[slot] as Tensor, modules)
  }

  /** What the recording did not see computed is a leaf to it; one more whenever it has been changed in place. */
  #leaf(x: Tensor, value: Tensor, scope: readonly string[]): RecordedNode {
    let leaf = this.#leaves.get(value)
    if (!leaf) {
      const kind = x.requiresGrad ? 'parameter' : 'constant'
      leaf = this.#push({ kind, inputs: [], tensor: x, value, scope, application: -1, output: 0, event: null })
      this.#leaves.set(value, leaf)
    }
    this.#latest.set(x, leaf)
    return leaf
  }

  #push(data: NodeData): RecordedNode {
    const key = this.#keys.get(data.tensor)
    const named = key !== undefined || this.#names.known(data.tensor) !== undefined
    const node = new RecordedNode(data, this.list.length, this.#names.of(data, data.tensor, key), named)
    this.list.push(node)
    return node
  }
}
