/**
 * Contractions in their simplest form: letters of size 1 are dropped, and where all that is wanted of a result is a copy
 * with its dimensions in another order, the index string writes that order at once.
 */
import { type ContractAttrs, parseIndices } from '../../ops/kinds/contract.ts'
import { contiguousStrides, sizeOf } from '../../ops/shape.ts'
import type { Shape } from '../../ops/value.ts'
import { compose, dense } from '../graph/access.ts'
import type { Access, ApplyNode, Graph, Node, ValueId } from '../graph/graph.ts'
import { accesses, rewriteApplied, rootsOf } from '../graph/rewrite.ts'

export const singleLetters = (graph: Graph): Graph =>
  rewriteApplied(graph, (node, to) => to.emit(node.op.kind === 'contract' ? withoutSingles(node) : node))

function withoutSingles(node: ApplyNode): ApplyNode {
  const { a, b, out } = parseIndices((node.attrs as ContractAttrs).indices)
  const [x, y] = node.inputs as readonly Access[]
  const [spec] = node.specs
  const single = new Set([...lettersOfOne(a, x.shape), ...lettersOfOne(b, y.shape)])
  if (single.size === 0) return node
  const rest = (letters: string) =>
    Array.from(letters)
      .filter((l) => !single.has(l))
      .join('')
  const along = (letters: string, list: readonly number[]): number[] => {
    const names = Array.from(letters)
    return list.filter((_, d) => !single.has(names[d]))
  }
  const squeeze = (v: Access, letters: string): Access => ({
    ...v,
    shape: along(letters, v.shape),
    strides: along(letters, v.strides),
  })
  return {
    ...node,
    attrs: { indices: `${rest(a)},${rest(b)}->${rest(out)}` },
    inputs: [squeeze(x, a), squeeze(y, b)],
    specs: [{ ...spec, shape: along(out, spec.shape) }],
  }
}

/** Those of dimensions of size 1. */
const lettersOfOne = (letters: string, shape: Shape): string[] => Array.from(letters).filter((_, d) => shape[d] === 1)

export function outputOrder(graph: Graph): Graph {
  const copied = new Set(graph.nodes.flatMap((node) => (copies(node) ? accesses(node).map((x) => x.value) : [])))
  if (!graph.nodes.some(({ outputs: [v] }) => copied.has(v))) return graph
  const readers = readersOf(graph)
  const roots = rootsOf(graph)
  return rewriteApplied(graph, (node, to) => {
    const order = node.op.kind === 'contract' && !roots.has(node.outputs[0]) ? wantedOrder(node, readers) : null
    if (!order) return to.emit(node)
    const [spec] = node.specs
    const { a, b, out } = parseIndices((node.attrs as ContractAttrs).indices)
    const shape = order.map((d) => spec.shape[d])
    const turned = to.value(spec.dtype, sizeOf(shape))
    to.emit({
      ...node,
      attrs: { indices: `${a},${b}->${order.map((d) => Array.from(out)[d]).join('')}` },
      outputs: [turned],
      specs: [{ ...spec, shape }],
    })
    to.redirect(node.outputs[0], backTurned(turned, order, spec))
  })
}

/** A value whose dimensions were put in another order, seen in the old one. */
function backTurned(value: ValueId, order: readonly number[], spec: { shape: Shape; dtype: Access['dtype'] }): Access {
  const strides = contiguousStrides(order.map((d) => spec.shape[d]))
  return { ...dense(value, spec), strides: spec.shape.map((_, d) => strides[order.indexOf(d)]) }
}

interface Reader {
  readonly access: Access
  readonly copies: boolean
}

const copies = (node: Node): boolean =>
  node.is === 'apply' && node.op.kind === 'elementwise' && node.op.formula.is === 'arg'

function readersOf(graph: Graph): Map<ValueId, Reader[]> {
  const readers = new Map<ValueId, Reader[]>()
  for (const node of graph.nodes) {
    const isCopy = copies(node)
    for (const access of accesses(node)) {
      const known = readers.get(access.value)
      if (known) known.push({ access, copies: isCopy })
      else readers.set(access.value, [{ access, copies: isCopy }])
    }
  }
  return readers
}

/** The order of dimensions in which a copy wants the result, if all other readers can do with it. */
function wantedOrder(node: ApplyNode, readers: ReadonlyMap<ValueId, readonly Reader[]>): number[] | null {
  const [spec] = node.specs
  const all = readers.get(node.outputs[0]) ?? []
  for (const { access, copies } of all) {
    const order = copies ? orderOf(access, spec.shape) : null
    if (!order || order.every((d, i) => d === i)) continue
    const through = backTurned(node.outputs[0], order, spec)
    if (all.every((r) => compose(r.access, through))) return order
  }
  return null
}

/** Which dimension of a dense array of `shape` each dimension of the view is, if it is all of them in some order. */
function orderOf({ shape: seen, strides, offset }: Access, shape: Shape): number[] | null {
  const steps = contiguousStrides(shape)
  const dims = seen.flatMap((n, j) => (n === 1 ? [] : [shape.findIndex((m, d) => m === n && steps[d] === strides[j])]))
  if (offset !== 0 || dims.includes(-1) || new Set(dims).size !== dims.length) return null
  const rest = shape.flatMap((n, d) => (dims.includes(d) ? [] : [{ n, d }]))
  return rest.every(({ n }) => n === 1) ? [...dims, ...rest.map(({ d }) => d)] : null
}
