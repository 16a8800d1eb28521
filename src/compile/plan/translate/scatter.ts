/**
 * Transposes of views: zeros (or a border) into which every element is put where it came from. Where elements of one
 * array meet in a place, as those of overlapping windows do, the dimensions that make them meet are walked one by one,
 * so that each pass puts or adds elements to places of their own.
 */
import type { ViewDefinition } from '../../../ops/kinds/view.ts'
import { contiguousStrides, sizeOf } from '../../../ops/shape.ts'
import { add, arg } from '../../../scalar/index.ts'
import { dense, isInjective } from '../../graph/access.ts'
import type { Access, ApplyNode } from '../../graph/graph.ts'
import type { Builder } from './builder.ts'
import { jsTask } from './host.ts'
import { elementsOf, fillTask, placeTask, precisionOf } from './loop.ts'

/** More passes than this are left to JavaScript. */
const PASSES = 64

export function scatter(b: Builder, node: ApplyNode, op: ViewDefinition): void {
  const [spec] = node.specs
  const { dtype, shape } = spec
  const [source] = node.inputs as readonly Access[]
  const output = node.outputs[0]
  const layout = op.layout(node.attrs, { shape, strides: contiguousStrides(shape), offset: 0 })!
  const target: Access = { ...dense(output, spec), ...layout }
  const passes = dtype === 'int32' ? null : apart(target, source)
  if (!passes) return void b.tasks.push(jsTask(node))
  const fill = op.fill(node.attrs)
  const label = op.name
  const empty = sizeOf(source.shape) === 0
  let value = empty ? output : b.temporary(dtype, sizeOf(shape))
  b.tasks.push(fillTask(label, shape, dtype, dtype === 'bool' ? Number(fill !== 0) : fill, value))
  if (empty) return
  const precision = precisionOf(dtype)
  for (const [i, [to, from]] of passes.entries()) {
    const next = i === passes.length - 1 ? output : b.temporary(dtype, sizeOf(shape))
    const there = { ...to, value }
    const put = elementsOf(from)
    const join = { names: ['x', 'y'], args: [there, from], formula: add(arg('x'), arg('y')) }
    b.tasks.push(
      placeTask({ label, ...(i === 0 ? put : join), target: to, onto: value, output: next, dtype, precision }),
    )
    value = next
  }
}

/** The pairs of target and source that together are all, each target without a place that is met twice. */
function apart(target: Access, source: Access): (readonly [Access, Access])[] | null {
  let pairs: (readonly [Access, Access])[] = [[target, source]]
  for (let d = target.shape.length - 1; d >= 0 && !isInjective(pairs[0][0]); d--) {
    const n = target.shape[d]
    if (pairs.length * n > PASSES) return null
    pairs = pairs.flatMap(([to, from]) => Array.from({ length: n }, (_, i) => [at(to, d, i), at(from, d, i)] as const))
  }
  return pairs
}

/** Index i of a dimension alone. */
const at = (x: Access, d: number, i: number): Access => ({
  ...x,
  shape: x.shape.map((n, k) => (k === d ? 1 : n)),
  offset: x.offset + i * x.strides[d],
})
