/** Elements addressed by their place in row-major order: rows of the flattened tensor. */

import { ShapeError } from '../../errors/index.ts'
import { shapeText, sizeOf } from '../shape.ts'
import type { Value } from '../value.ts'
import { expand } from '../view/expand.ts'
import { reshape } from '../view/reshape.ts'
import { indexAdd } from './indexAdd.ts'
import { indexCopy } from './indexCopy.ts'
import { indexSelect } from './indexSelect.ts'
import { requireIndex } from './indices.ts'

const flat = <V extends Value>(x: V): V => reshape(x, [sizeOf(x.shape)])

/**
 * The elements of x at the given places of its row-major order, in the shape of the index.
 * @throws IndexError where an index is negative or too large.
 * @example take(tensor([[1, 2], [3, 4]]), tensor([3, 0], { dtype: 'int32' })) // [4, 1]
 */
export function take<V extends Value>(x: V, index: V): V {
  requireIndex('take', index)
  return reshape(indexSelect(flat(x), 0, flat(index)), index.shape) as V
}

/**
 * x with the elements at the given places of its row-major order replaced; where places repeat, the last one stays.
 * @param values of the index's shape, or broadcast to it.
 * @example put(zeros([2, 2]), tensor([3, 0], { dtype: 'int32' }), tensor([5, 6])) // [[6, 0], [0, 5]]
 */
export function put<V extends Value>(x: V, index: V, values: V): V {
  return reshape(indexCopy(flat(x), 0, flat(index), fill('put', index, values)), x.shape) as V
}

/**
 * x with values added to the elements at the given places of its row-major order; places may repeat.
 * @param values of the index's shape, or broadcast to it.
 * @example putAdd(zeros([2, 2]), tensor([3, 3], { dtype: 'int32' }), tensor([5, 6])) // [[0, 0], [0, 11]]
 */
export function putAdd<V extends Value>(x: V, index: V, values: V): V {
  return reshape(indexAdd(flat(x), 0, flat(index), fill('putAdd', index, values)), x.shape) as V
}

function fill<V extends Value>(name: string, index: V, values: V): V {
  requireIndex(name, index)
  if (values.shape.length > index.shape.length) {
    throw new ShapeError(`${name}: values ${shapeText(values.shape)} do not fit the index ${shapeText(index.shape)}`)
  }
  return flat(expand(values, index.shape))
}
