/**
 * Writes that replace a whole value. What was there before does not matter, so the new value is the source: a state
 * becomes the very value that was computed for it, and readers read that. Where the source has a place of its own already
 * (an argument, another state), the write is a copy. Of two writes to the same place the first is skipped.
 */
import { clone, toBool, toFloat32, toFloat64, toInt32 } from '../../ops/elementwise/index.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { isWhole } from '../graph/access.ts'
import type { Access, Graph, Node, ValueId, WriteNode } from '../graph/graph.ts'
import { type Rewriter, rewrite, rootsOf } from '../graph/rewrite.ts'

const casts = { float32: toFloat32, float64: toFloat64, int32: toInt32, bool: toBool }

export function writes(graph: Graph): Graph {
  const roots = rootsOf(graph)
  const becomes = new Map<ValueId, ValueId>()
  const made = rewrite(graph, visit)
  const root = (v: ValueId): ValueId => becomes.get(v) ?? v
  return {
    ...made,
    states: made.states.map(({ before, after }) => ({ before, after: root(after) })),
    results: made.results.map(root),
  }

  function visit(node: Node, to: Rewriter): void {
    if (node.is !== 'write') to.emit(node)
    else if (isWhole(node.target, to.info(node.target.value).size)) replace(node, to)
    else to.emit(skipping(node, to))
  }

  function replace(node: WriteNode, to: Rewriter): void {
    const { source, target, outputs } = node
    if (mayBecome(source, node, to)) {
      roots.add(source.value)
      becomes.set(outputs[0], source.value)
    }
    to.emit(copyOf(node))
    if (source.dtype === target.dtype) to.redirect(outputs[0], source)
  }

  /** Can the source's value itself outlive the call in the place of the written one? */
  function mayBecome(source: Access, { target, outputs: [out] }: WriteNode, to: Rewriter): boolean {
    const { origin, size } = to.info(source.value)
    const fits = origin.is === 'node' && source.dtype === target.dtype && isWhole(source, size)
    return fits && roots.has(out) && !roots.has(source.value)
  }
}

function copyOf({ source, target: { shape, dtype }, outputs }: WriteNode): Node {
  const op = (source.dtype === dtype ? clone : casts[dtype]) as Op
  return { is: 'apply', op, attrs: {}, inputs: [source], outputs, specs: [{ shape, dtype }], scope: 0 }
}

/** A write that undoes what the one before wrote continues from what was there before that. */
function skipping(node: WriteNode, to: Rewriter): WriteNode {
  const previous = to.producer(node.target.value)
  if (previous?.is !== 'write' || !samePlace(previous.target, node.target)) return node
  return { ...node, target: { ...node.target, value: previous.target.value } }
}

const samePlace = (a: Access, b: Access): boolean =>
  a.offset === b.offset && String(a.shape) === String(b.shape) && String(a.strides) === String(b.strides)
