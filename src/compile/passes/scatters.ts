/**
 * Padded pieces as writes. The gradient of a slice is the piece in an array of zeros, and what was split is added up
 * again from such arrays: instead each piece is written to where it belongs in one array. A sum of pieces that lie apart
 * is exact but for the sign of zeros, which the zeros around them take away. Where the pieces fill the array, what is
 * there before does not matter: the node that fills it has the attribute `overwritten`.
 */
import { allocate } from '../../ops/dtype.ts'
import { clone } from '../../ops/elementwise/clone.ts'
import type { Layout, ViewDefinition } from '../../ops/kinds/view.ts'
import { contiguousStrides, sameShape, sizeOf } from '../../ops/shape.ts'
import type { Spec } from '../../ops/value.ts'
import { areDisjoint, dense, isInjective, isWhole } from '../graph/access.ts'
import type { Access, ApplyNode, Graph, Operand, ValueId } from '../graph/graph.ts'
import { type Rewriter, rewriteApplied } from '../graph/rewrite.ts'

interface Piece {
  readonly target: Layout
  readonly source: Access
}

/** An array of `fill` with pieces in it that lie apart. */
interface Padded {
  readonly spec: Spec
  readonly fill: number
  readonly pieces: readonly Piece[]
}

export function scatters(graph: Graph): Graph {
  const padded = new Map<ValueId, Padded>()
  return rewriteApplied(graph, (node, to) => {
    const made = node.op.kind === 'view' ? paddedBy(node, node.op) : sumOf(node, padded)
    if (!made) return to.emit(node)
    padded.set(node.outputs[0], made)
    write(made, node, to)
  })
}

function paddedBy({ attrs, inputs, specs: [spec] }: ApplyNode, op: ViewDefinition): Padded | null {
  const whole = { shape: spec.shape, strides: contiguousStrides(spec.shape), offset: 0 }
  const target = op.scatter ? op.layout(attrs, whole) : null
  if (!target || sizeOf(target.shape) === 0 || !isInjective(target)) return null
  return { spec, fill: op.fill(attrs), pieces: [{ target, source: inputs[0] as Access }] }
}

/** The sum of two arrays of zeros whose pieces lie apart. */
function sumOf({ op, inputs, specs: [spec] }: ApplyNode, padded: ReadonlyMap<ValueId, Padded>): Padded | null {
  if (op.kind !== 'elementwise' || inputs.length !== 2) return null
  const { formula } = op
  if (formula.is !== 'call' || formula.fn !== 'add' || !formula.of.every((s) => s.is === 'arg')) return null
  const [a, b] = inputs.map((x) => zerosAround(x, spec, padded))
  if (!a || !b || formula.of[0] === formula.of[1]) return null
  const apart = a.pieces.every((p) => b.pieces.every((q) => areDisjoint(p.target, q.target, spec.shape)))
  return apart ? { spec, fill: 0, pieces: [...a.pieces, ...b.pieces] } : null
}

function zerosAround(x: Operand, { shape, dtype }: Spec, padded: ReadonlyMap<ValueId, Padded>): Padded | null {
  const known = typeof x === 'number' ? undefined : padded.get(x.value)
  if (known?.fill !== 0 || known.spec.dtype !== dtype || !sameShape(known.spec.shape, shape)) return null
  return isWhole(x as Access, sizeOf(shape)) && sameShape((x as Access).shape, shape) ? known : null
}

function write({ spec, fill, pieces }: Padded, node: ApplyNode, to: Rewriter): void {
  const { shape, dtype } = spec
  const size = sizeOf(shape)
  const overwritten = pieces.reduce((n, { target }) => n + sizeOf(target.shape), 0) === size
  const border = allocate(dtype, 1).fill(dtype === 'bool' ? Number(fill !== 0) : fill)
  let before = to.value(dtype, size)
  const inputs = [to.repeat(border, shape, dtype)]
  to.emit({ ...node, op: clone, attrs: overwritten ? { overwritten } : {}, inputs, outputs: [before] })
  pieces.forEach(({ target, source }, i) => {
    const after = i === pieces.length - 1 ? node.outputs[0] : to.value(dtype, size)
    const place = { ...dense(before, spec), shape: target.shape, strides: target.strides, offset: target.offset }
    to.emit({ is: 'write', target: place, source, outputs: [after] })
    before = after
  })
}
