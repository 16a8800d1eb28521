/** Elements shifted along dimensions; what leaves at one end comes back in at the other. */
import { ArgumentError } from '../../errors/index.ts'
import { clone } from '../../ops/elementwise/index.ts'
import { cat } from '../../ops/routine/cat.ts'
import { normalizeAxis } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireInteger, requireTensor } from './operand.ts'
import { slice } from './slice.ts'

/**
 * y[(i + shift) mod n] = x[i] along each dimension; over the flattened elements where no dimension is given.
 * @throws ArgumentError where there are not as many shifts as dimensions.
 * @example roll(tensor([1, 2, 3]), 1) // [3, 1, 2]
 */
export function roll(x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  requireTensor('roll', x)
  const by = [shifts].flat() as number[]
  for (const shift of by) requireInteger('roll', 'a shift', shift)
  if (dims === undefined) {
    if (by.length !== 1) throw new ArgumentError(`roll: ${by.length} shifts need as many dims`)
    return reshape(rollOne(reshape(x, [x.size]), by[0], 0), x.shape)
  }
  const axes = ([dims].flat() as number[]).map((d) => normalizeAxis('roll', d, x.shape.length))
  if (by.length !== axes.length) throw new ArgumentError(`roll: ${by.length} shifts for ${axes.length} dims`)
  return axes.reduce((y, axis, i) => rollOne(y, by[i], axis), x)
}

function rollOne(x: Tensor, shift: number, axis: number): Tensor {
  const n = x.shape[axis] ?? 1
  const cut = n === 0 ? 0 : ((-shift % n) + n) % n
  if (cut === 0) return clone(x)
  return cat([slice(x, axis, cut, n), slice(x, axis, 0, cut)], axis)
}
