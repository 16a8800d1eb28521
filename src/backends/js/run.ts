/**
 * The JavaScript backend: runs one op on arrays in memory, by its kind. It runs everywhere and is the reference that
 * every other backend must equal.
 */
import { allocate } from '../../ops/dtype.ts'
import type { ContractAttrs } from '../../ops/kinds/contract.ts'
import type { Op } from '../../ops/kinds/op.ts'
import type { ReduceAttrs } from '../../ops/kinds/reduce.ts'
import type { RoutineDefinition } from '../../ops/kinds/routine.ts'
import type { ViewDefinition } from '../../ops/kinds/view.ts'
import { contiguousStrides, sizeOf } from '../../ops/shape.ts'
import type { Attrs, Dense, Spec, Strided, TypedArray } from '../../ops/value.ts'
import { addInWasm } from '../wasm/eager/overlap-add.ts'
import { runContract } from './contract.ts'
import { runElementwise } from './elementwise.ts'
import { addInto, copyInto, toDense } from './layout.ts'
import { runReduce } from './reduce.ts'

/** The elements of the result, in row-major order. Views that only look at their input differently are not run. */
export function run(op: Op, inputs: readonly (Strided | number)[], attrs: Attrs, spec: Spec): TypedArray {
  const [first, second] = inputs as readonly Strided[]
  switch (op.kind) {
    case 'elementwise':
      return runElementwise(op, inputs, spec)
    case 'reduce':
      return runReduce(op, first, attrs as ReduceAttrs, spec)
    case 'contract':
      return runContract(first, second, attrs as ContractAttrs, spec)
    case 'view':
      return runScatter(op, first, attrs, spec)
    case 'routine':
      return runRoutine(op, inputs, attrs)[0].data
  }
}

/** One result per output; a routine says itself what shape they have. */
export const runRoutine = (op: RoutineDefinition, inputs: readonly (Strided | number)[], attrs: Attrs): Dense[] =>
  op.kernel(inputs.map(dense), attrs).map(settle)

/** A flag is 0 or 1, whatever the kernel has added up. */
function settle(result: Dense): Dense {
  if (result.dtype === 'bool')
    for (let i = 0; i < result.data.length; i++) result.data[i] = Number(result.data[i] !== 0)
  return result
}

function dense(x: Strided | number): Dense {
  if (typeof x === 'number') return { data: Float64Array.of(x), shape: [], dtype: 'float64' }
  return { data: toDense(x), shape: x.shape, dtype: x.dtype }
}

/** The transpose of a view: every element is added where the view would look for it. */
function runScatter(op: ViewDefinition, g: Strided, attrs: Attrs, spec: Spec): TypedArray {
  const out = allocate(spec.dtype, sizeOf(spec.shape))
  const whole = { shape: spec.shape, strides: contiguousStrides(spec.shape), offset: 0 }
  const target = { ...op.layout(attrs, whole)!, buffer: out, dtype: spec.dtype }
  const fill = op.fill(attrs)
  if (fill === 0) {
    if (!addInWasm(target, g)) addInto(target, g)
  } else {
    out.fill(spec.dtype === 'bool' ? Number(fill !== 0) : fill)
    copyInto(target, g)
  }
  return out
}
