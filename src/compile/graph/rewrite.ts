/**
 * Rewriting a graph in one walk. A pass sees each node with its operands already rewritten and says what becomes of it:
 * it emits nodes, and it may redirect the readers of a value to a view of another one. Where a reader's view of that
 * view cannot be expressed, the reader keeps the old value; what nobody reads any more is for `deadCode` to remove.
 */
import type { DType, Shape, TypedArray } from '../../ops/value.ts'
import { compose, isWhole, repeated } from './access.ts'
import type { Access, ApplyNode, Graph, Node, Operand, ValueId, ValueInfo } from './graph.ts'

export class Rewriter {
  readonly graph: Graph
  readonly nodes: Node[] = []
  private readonly made: ValueInfo[]
  /** By value. */
  private readonly producers: Node[] = []
  private readonly redirected = new Map<ValueId, Access>()
  private readonly numbers = new Map<string, ValueId>()

  constructor(graph: Graph) {
    this.graph = graph
    this.made = [...graph.values]
  }

  get values(): readonly ValueInfo[] {
    return this.made
  }

  info(value: ValueId): ValueInfo {
    return this.made[value]
  }

  emit(node: Node): void {
    this.nodes.push(node)
    for (const value of node.outputs) this.producers[value] = node
  }

  /** The node emitted for a value; undefined for inputs, states and constants. */
  producer(value: ValueId): Node | undefined {
    return this.producers[value]
  }

  value(dtype: DType, size: number): ValueId {
    return this.made.push({ dtype, size, origin: { is: 'node', output: 0 } }) - 1
  }

  constant(dtype: DType, data: TypedArray): ValueId {
    return this.made.push({ dtype, size: data.length, origin: { is: 'constant', data } }) - 1
  }

  /** The number in `data`, an array of one element, at every place of a shape. */
  repeat(data: TypedArray, shape: Shape, dtype: DType): Access {
    const key = `${dtype} ${Object.is(data[0], -0) ? '-0' : data[0]}`
    let value = this.numbers.get(key)
    if (value === undefined) this.numbers.set(key, (value = this.constant(dtype, data)))
    return repeated(value, shape, dtype)
  }

  /** From now on who reads `value` reads `access`, whose elements are the value's in row-major order. */
  redirect(value: ValueId, access: Access): void {
    this.redirected.set(value, access)
  }

  read(access: Access): Access {
    const through = this.redirected.get(access.value)
    return through ? (compose(access, through) ?? access) : access
  }

  /** The node with its operands as they are read now; the very node where that changes nothing. */
  reading(node: Node): Node {
    if (node.is === 'host' || this.redirected.size === 0) return node
    if (node.is === 'write') {
      const [target, source] = [this.whole(node.target), this.read(node.source)]
      return target === node.target && source === node.source ? node : { ...node, target, source }
    }
    let inputs: Operand[] | null = null
    for (const [i, x] of node.inputs.entries()) {
      const now = typeof x === 'number' ? x : this.read(x)
      if (now === x) continue
      inputs ??= [...node.inputs]
      inputs[i] = now
    }
    return inputs ? { ...node, inputs } : node
  }

  /** A target stands for the whole of a value, so that only another whole, which may be written to, can take its place. */
  private whole(target: Access): Access {
    const through = this.redirected.get(target.value)
    if (!through || !isWhole(through, this.info(target.value).size)) return target
    const { size, origin } = this.info(through.value)
    return origin.is === 'node' && size === this.info(target.value).size ? { ...target, value: through.value } : target
  }
}

/** `visit` gets every node in order, reading what earlier visits left, and emits what takes its place. */
export function rewrite(
  graph: Graph,
  visit: (node: Node, to: Rewriter) => void,
  prepare?: (to: Rewriter) => void,
): Graph {
  const to = new Rewriter(graph)
  prepare?.(to)
  for (const node of graph.nodes) visit(to.reading(node), to)
  return { ...graph, values: to.values, nodes: to.nodes }
}

/** As `rewrite`, for passes that leave all but applied ops as they are. */
export const rewriteApplied = (graph: Graph, visit: (node: ApplyNode, to: Rewriter) => void): Graph =>
  rewrite(graph, (node, to) => (node.is === 'apply' ? visit(node, to) : to.emit(node)))

/** The views that a node reads. What a write does not cover is read from the target. */
export function accesses(node: Node): readonly Access[] {
  if (node.is === 'host') return []
  if (node.is === 'write') return [node.target, node.source]
  return node.inputs.filter((x) => typeof x !== 'number')
}

/** Values that outlive the call: each has a place of its own, so that none may become another's. */
export const rootsOf = (graph: Graph): Set<ValueId> =>
  new Set([...graph.results, ...graph.states.map(({ after }) => after)])
