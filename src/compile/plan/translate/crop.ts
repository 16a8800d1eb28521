/**
 * Values of which only a part is read, such as the gradient of a padded input without that of its padding: those who
 * make them need not make the rest, and what is left lies side by side.
 */
import { contiguousStrides, sameShape } from '../../../ops/shape.ts'
import type { Shape } from '../../../ops/value.ts'
import { boxOf } from '../../graph/access.ts'
import type { Access, Graph, Node, ValueId } from '../../graph/graph.ts'
import { accesses, rootsOf } from '../../graph/rewrite.ts'
import { isAccess } from '../task.ts'

/** The part of an array of shape `from` that begins at the indices `low`. */
export interface Crop {
  readonly from: Shape
  readonly low: readonly number[]
  readonly shape: Shape
}

/** The smallest part of each value, by its shape, that holds all that is read of it; none where that is everything. */
export function cropsOf(graph: Graph, shapes: ReadonlyMap<ValueId, Shape>): Map<ValueId, Crop> {
  const roots = rootsOf(graph)
  const boxes = new Map<ValueId, { from: Shape; low: number[]; high: number[] }>()
  for (const [v, from] of shapes)
    if (!roots.has(v)) boxes.set(v, { from, low: from.map((n) => n - 1), high: from.map(() => 0) })
  for (const node of graph.nodes) {
    if (node.is === 'write') boxes.delete(node.target.value)
    for (const x of accesses(node)) {
      const part = boxes.get(x.value)
      const box = part && boxOf(x, part.from)
      if (!part || !box) boxes.delete(x.value)
      else
        for (const d of part.from.keys()) {
          part.low[d] = Math.min(part.low[d], box.low[d])
          part.high[d] = Math.max(part.high[d], box.high[d])
        }
    }
  }
  const crops = new Map<ValueId, Crop>()
  for (const [v, { from, low, high }] of boxes) {
    const shape = high.map((n, d) => n - low[d] + 1)
    if (shape.every((n) => n > 0) && !sameShape(shape, from)) crops.set(v, { from, low, shape })
  }
  return crops
}

/** The graph where what reads these values reads their parts. */
export function cropped(graph: Graph, crops: ReadonlyMap<ValueId, Crop>): Graph {
  if (crops.size === 0) return graph
  const move = (x: Access): Access => {
    const crop = crops.get(x.value)
    return crop ? { ...x, ...within(x, crop) } : x
  }
  const moved = (node: Node): Node => {
    if (node.is === 'apply') return { ...node, inputs: node.inputs.map((x) => (isAccess(x) ? move(x) : x)) }
    return node.is === 'write' ? { ...node, source: move(node.source) } : node
  }
  return { ...graph, nodes: graph.nodes.map(moved) }
}

function within(x: Access, { from, low, shape }: Crop): Pick<Access, 'strides' | 'offset'> {
  const { start, steps } = boxOf(x, from)!
  const strides = contiguousStrides(shape)
  const along = (digits: readonly number[]) => digits.reduce((sum, n, d) => sum + n * strides[d], 0)
  return { strides: steps.map(along), offset: along(start.map((n, d) => n - low[d])) }
}
