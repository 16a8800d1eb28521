/** Whole rows added along a dimension to where an index says: the transpose of `indexSelect`. */
import { ShapeError } from '../../errors/index.ts'
import { allocate, promote } from '../dtype.ts'
import { zero } from '../elementwise/zero.ts'
import { batchAll } from '../kinds/batching.ts'
import { apply, type BatchedCall, type Call, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis, sameShape, shapeText, sizeOf } from '../shape.ts'
import type { Attrs, Dense, Operand, Shape, Spec, Value } from '../value.ts'
import { indexSelect, spreadRows } from './indexSelect.ts'
import { around, checkRange, requireRows, requireTensor, resized } from './indices.ts'
import { scatterAdd } from './scatterAdd.ts'

/** The result has `shape`; it starts from the third input or, without one, from zeros. */
interface AddAttrs extends Attrs {
  readonly dim: number
  readonly shape: Shape
}

const read = (attrs: Attrs) => attrs as AddAttrs

/**
 * x with row k of src added to its row index[k] along dim; indices may repeat.
 * @param index int32 of one dimension; @param src as x, with as many rows along dim as the index has entries.
 * @throws IndexError where an index is negative or too large, ShapeError where src does not fit.
 * @example indexAdd(zeros([2]), 0, tensor([1, 1], { dtype: 'int32' }), tensor([3, 4])) // [0, 7]
 */
export const indexAdd: RoutineDefinition & (<V extends Value>(x: V, dim: number, index: V, src: V) => V) = routine(
  {
    name: 'indexAdd',
    indexing: 'adds rows',
    reads: [0],
    infer: (inputs, attrs) => [inferAdd('indexAdd', inputs, read(attrs))],
    kernel: (inputs, attrs) => [addKernel(inputs, read(attrs))],
    vjp: ({ inputs: [index], attrs }, [g], wanted) => [
      null,
      wanted[1] && g ? apply(indexSelect as Op, [g, index], { dim: read(attrs).dim }) : null,
      wanted[2] ? g : null,
    ],
    jvp: ({ inputs, attrs }, [, src, x]) => {
      const [index, ...rest] = [inputs[0], src ?? zero(inputs[1] as Value), x]
      return [src || x ? apply(indexAdd as Op, [index, ...rest.filter((t) => t != null)], attrs) : null]
    },
    batch: batchAdd,
  },
  <V extends Value>(x: V, dim: number, index: V, src: V): V => {
    requireTensor('indexAdd', x)
    requireTensor('indexAdd', src)
    requireRows('indexAdd', index)
    const axis = normalizeAxis('indexAdd', dim, x.shape.length)
    return apply(indexAdd as Op, [index, src, x], { dim: axis, shape: x.shape })
  },
)

export function inferAdd(name: string, [index, ...added]: readonly Operand[], { dim, shape }: AddAttrs): Spec {
  const [src] = added as readonly Value[]
  const expected = resized(shape, dim, (index as Value).shape[0])
  if (!sameShape(src.shape, expected)) {
    throw new ShapeError(
      `${name}: ${(index as Value).shape[0]} rows of ${shapeText(shape)} along dim ${dim} are ${shapeText(expected)}, got ${shapeText(src.shape)}`,
    )
  }
  return { shape, dtype: promote(added) }
}

function addKernel([index, src, x]: readonly Dense[], { dim, shape }: AddAttrs): Dense {
  const { outer, size, inner } = around(shape, dim)
  checkRange('indexAdd', index.data, dim, size)
  const dtype = promote((x ? [src, x] : [src]) as unknown as readonly Value[])
  const data = allocate(dtype, sizeOf(shape))
  if (x) data.set(x.data)
  let from = 0
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < index.data.length; k++, from += inner) {
      const to = (o * size + index.data[k]) * inner
      for (let i = 0; i < inner; i++) data[to + i] += src.data[from + i]
    }
  }
  return { data, shape, dtype }
}

function batchAdd({ inputs, attrs }: Omit<Call, 'outputs'>, batched: readonly boolean[]): BatchedCall {
  const [index, ...added] = batchAll(inputs, batched)
  const dim = read(attrs).dim + 1
  const lifted = { dim, shape: [added[0].shape[0], ...read(attrs).shape] }
  if (!batched[0]) return { op: indexAdd as Op, inputs: [inputs[0], ...added], attrs: lifted }
  return { op: scatterAdd as Op, inputs: [spreadRows(index, lifted.shape, dim), ...added], attrs: lifted }
}
