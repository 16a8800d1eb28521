/**
 * Whole rows picked or added by an index, as an embedding and its gradient do, in JavaScript that allocates nothing: it
 * goes straight to the rows, which no loop over strides can. The index is checked before.
 */
import type { RoutineDefinition } from '../../../ops/kinds/routine.ts'
import { around } from '../../../ops/routine/indices.ts'
import { sizeOf } from '../../../ops/shape.ts'
import type { Shape, TypedArray } from '../../../ops/value.ts'
import { dense, isWhole } from '../../graph/access.ts'
import type { Access, ApplyNode } from '../../graph/graph.ts'
import { isAccess } from '../task.ts'
import type { Builder } from './builder.ts'
import { check } from './check.ts'
import { copyTask } from './loop.ts'

/** @returns false where the node is none of these. */
export function rows(b: Builder, node: ApplyNode, { indexing }: RoutineDefinition): boolean {
  const picks = indexing === 'reads rows'
  if ((!picks && indexing !== 'adds rows') || !node.inputs.every(isAccess)) return false
  const [{ dtype }] = node.specs
  const inputs = node.inputs as readonly Access[]
  const [index, x, base] = picks ? [inputs[1], inputs[0]] : inputs
  // Flags that are added up are flags again.
  if (x.dtype !== dtype || (base && base.dtype !== dtype) || (!picks && dtype === 'bool')) return false
  const dim = node.attrs.dim as number
  const { outer, size, inner } = around(picks ? x.shape : (node.attrs.shape as Shape), dim)
  check(b, node.op.name, index, dim, size)
  const reads = [index, x, ...(base ? [base] : [])].map((v) => whole(b, v))
  const count = sizeOf(index.shape)
  const move = picks ? pick : put
  b.tasks.push({
    is: 'host',
    label: node.op.name,
    reads,
    outputs: node.outputs,
    onto: null,
    // Rows are added where the base lies, if it may be changed.
    apart: reads.slice(0, 2).map(({ value }) => value),
    effect: 'none',
    run([at, from, start], [to]) {
      if (start) to.set(start)
      else if (!picks) to.fill(0)
      for (let o = 0; o < outer; o++) move(at, from, to, o, { size, inner, count })
    },
  })
  return true
}

interface Rows {
  readonly size: number
  readonly inner: number
  readonly count: number
}

function pick(at: TypedArray, from: TypedArray, to: TypedArray, o: number, { size, inner, count }: Rows): void {
  let next = o * count * inner
  for (let k = 0; k < count; k++) {
    let source = (o * size + at[k]) * inner
    for (const end = source + inner; source < end; source++) to[next++] = from[source]
  }
}

function put(at: TypedArray, from: TypedArray, to: TypedArray, o: number, { size, inner, count }: Rows): void {
  let next = o * count * inner
  for (let k = 0; k < count; k++) {
    let target = (o * size + at[k]) * inner
    for (const end = target + inner; target < end; target++) to[target] += from[next++]
  }
}

/** The view as a value of its own, unless it is one. */
function whole(b: Builder, x: Access): Access {
  if (isWhole(x, b.values[x.value].size)) return x
  const value = b.temporary(x.dtype, sizeOf(x.shape))
  b.tasks.push(copyTask(x, value))
  return dense(value, x)
}
