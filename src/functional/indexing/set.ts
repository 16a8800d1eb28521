/**
 * Assigning to an index. Outside of recording the elements are written where they are; inside, the assignment becomes
 * part of the tensor's history: the old tensor with some elements replaced.
 */
import { DTypeError, ShapeError } from '../../errors/index.ts'
import { allocate, isFloating } from '../../ops/dtype.ts'
import { castTo, clone } from '../../ops/elementwise/index.ts'
import { put } from '../../ops/routine/take.ts'
import { shapeText } from '../../ops/shape.ts'
import type { DType, Shape } from '../../ops/value.ts'
import { expand, reshape } from '../../ops/view/index.ts'
import {
  arange,
  fromArray,
  mutate,
  scope,
  Tensor,
  type TensorData,
  tensor,
  withoutRecording,
  write,
} from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import { at, pick } from './at.ts'
import { type Index, planOf } from './plan.ts'

/**
 * x[index] = value, in place; the value is broadcast to the selection. Where indices repeat, the last value stays.
 * @param index one index of those that `at` takes, or an array of them, one per dimension: `set(x, [0, 1], v)` is one
 *   element, `set(x, [[0, 1]], v)` two rows.
 * @returns x
 * @throws IndexError as `at`; ShapeError where the value does not broadcast; DTypeError where it is a fraction and x
 *   holds integers; GradError where x is a leaf that requires a gradient, or a view, and the change is being recorded.
 * @example set(zeros([3]), 1, 5) // [0, 5, 0]
 */
export function set(x: Tensor, index: Index | readonly Index[], value: TensorData): Tensor {
  requireTensor('set', x)
  const indices = listOf(index)
  const source = valueFor(x, value)
  const recorded = scope().floor < 0 && (x.tracked || source.tracked)
  if (x.box || source.box || recorded) {
    return mutate('set', x, [source] as const, (old, given) => {
      const places = placesOf(old, indices)
      return put(clone(old), places, spread(given, places.shape))
    })
  }
  withoutRecording(() => {
    const { base, rows } = planOf('set', x, indices)
    if (rows.length === 0) return write('set', base, spread(source, base.shape))
    const places = placesOf(x, indices)
    write('set', x, put(x, places, spread(source, places.shape)))
  })
  return x
}

/** An array is a list of indices, unless it is made of flags: those make sense only as one mask. */
function listOf(index: Index | readonly Index[]): readonly Index[] {
  if (!Array.isArray(index)) return [index as Index]
  const mask = index.length > 0 && index.every((i) => typeof i === 'boolean')
  return mask ? [index as unknown as Index] : (index as readonly Index[])
}

/** Where the selected elements stand in row-major order: what `at` selects of their numbers. */
function placesOf(x: Tensor, indices: readonly Index[]): Tensor {
  return withoutRecording(() => {
    const plan = planOf('set', reshape(arange(0, x.size, 1, { dtype: 'int32' }), x.shape), indices)
    return plan.rows.length === 0 ? at(plan.base) : pick('set', plan)
  })
}

/** The value in the dtype of x. */
function valueFor(x: Tensor, value: TensorData): Tensor {
  const source =
    typeof value === 'number'
      ? scalar(x.dtype, value)
      : value instanceof Tensor
        ? value
        : tensor(value, dtypeFor(x, value))
  if (source.dtype === x.dtype) return source
  if (isFloating(source.dtype) && !isFloating(x.dtype)) {
    throw new DTypeError(
      `set: a ${source.dtype} value does not fit into a tensor of ${x.dtype}; convert one of them with to(...)`,
    )
  }
  return castTo(source, x.dtype)
}

const dtypeFor = (x: Tensor, value: TensorData) => (ArrayBuffer.isView(value) ? {} : { dtype: x.dtype })

function scalar(dtype: DType, value: number): Tensor {
  if (!isFloating(dtype) && !Number.isInteger(value))
    throw new DTypeError(`set: ${value} does not fit into a tensor of ${dtype}`)
  const data = allocate(dtype, 1)
  data[0] = dtype === 'bool' ? Number(value !== 0) : value
  return fromArray(data, [], dtype)
}

/** The value broadcast to the selection; ones in front of it are dropped. */
function spread(value: Tensor, shape: Shape): Tensor {
  const extra = Math.max(0, value.shape.length - shape.length)
  const own = value.shape.slice(value.shape.slice(0, extra).every((n) => n === 1) ? extra : 0)
  const added = shape.length - own.length
  if (added < 0 || own.some((n, d) => n !== 1 && n !== shape[d + added])) {
    throw new ShapeError(
      `set: a value ${shapeText(value.shape)} does not broadcast to the selection ${shapeText(shape)}`,
    )
  }
  return expand(reshape(value, own), shape)
}
