/**
 * One element per row, picked or put by an index, as loops over the rows: Σ x[c] over c = index, and x where c = index,
 * else 0. So the loss of a classifier and its gradient are parts of the kernels around them.
 */
import type { RoutineDefinition } from '../../../ops/kinds/routine.ts'
import { sameShape, sizeOf } from '../../../ops/shape.ts'
import type { Shape } from '../../../ops/value.ts'
import { arg, c, eq, select } from '../../../scalar/index.ts'
import type { Access, ApplyNode } from '../../graph/graph.ts'
import { isAccess } from '../task.ts'
import type { Builder } from './builder.ts'
import { check } from './check.ts'
import { foldTask, mapTask, sum } from './loop.ts'

/** In longer rows it is cheaper to go straight to the place. */
const LONG = 1024

/** @returns false where the node is none of these. */
export function indexed(b: Builder, node: ApplyNode, { indexing }: RoutineDefinition): boolean {
  if ((indexing !== 'reads' && indexing !== 'adds') || node.inputs.length !== 2 || !node.inputs.every(isAccess))
    return false
  const [first, second] = node.inputs as readonly Access[]
  const [x, index] = indexing === 'reads' ? [first, second] : [second, first]
  const dim = node.attrs.dim as number
  const shape = indexing === 'reads' ? x.shape : (node.attrs.shape as Shape)
  const column = shape.map((n, d) => (d === dim ? 1 : n))
  const [{ dtype }] = node.specs
  const fits = sameShape(index.shape, column) && shape[dim] <= LONG && sizeOf(shape) > 0
  if (!fits || x.dtype !== dtype || dtype === 'int32' || dtype === 'bool') return false
  check(b, node.op.name, index, dim, shape[dim])
  const source = {
    label: node.op.name,
    shape,
    formula: select(eq(arg('at'), arg('index')), arg('x'), c(0)),
    names: ['at', 'index', 'x'],
    args: [positions(b, shape, dim), index, x],
    output: node.outputs[0],
    dtype,
    precision: dtype,
  }
  const folded = shape.map((_, d) => d === dim)
  b.tasks.push(indexing === 'reads' && shape[dim] > 1 ? foldTask({ ...source, folded, monoid: sum }) : mapTask(source))
  return true
}

/** At every point its coordinate along a dimension. */
const positions = (b: Builder, shape: Shape, dim: number): Access => ({
  value: b.range(shape[dim]),
  shape,
  strides: shape.map((_, d) => (d === dim ? 1 : 0)),
  offset: 0,
  dtype: 'int32',
})
