/**
 * The derivative as the best linear approximation: f(x + s d) is f(x) + s J d up to an error that falls as s², so that
 * half the step leaves a quarter of it.
 */
import { jvp } from '../../autodiff/index.ts'
import { ArgumentError, GradError, ShapeError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { requireFloating } from '../../ops/dtype.ts'
import { add, mul } from '../../ops/elementwise/index.ts'
import { sameShape, shapeText } from '../../ops/shape.ts'
import { requireFunction, requireTensor, Tensor, withoutRecording } from '../../tensor/index.ts'
import { Linearization } from './linearization-document.ts'
import { norm } from './statistics.ts'

export interface LinearStep {
  /** d is multiplied by this. */
  readonly scale: number
  /** f(x + scale d), f(x) + scale J d, and the first less the second: element by element. */
  readonly actual: readonly number[]
  readonly linear: readonly number[]
  readonly error: readonly number[]
  /** The Euclidean norm of the error. */
  readonly size: number
  /** log(size / previous size) / log(scale / previous scale); null for the first and where a size is 0. */
  readonly order: number | null
}

const SCALES = [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16]

/**
 * Compares f with its linear approximation at x, along x + s d for the scales s. The derivative J d is a jvp.
 * @param d of the shape of x.
 * @param scales positive; 1, 1/2, ..., 1/16 unless given.
 * @throws ShapeError where d does not fit x; ArgumentError for scales that are not positive; GradError where f returns no
 *   tensor.
 * @example linearization((x) => x.square(), tensor([3]), tensor([0.5])).steps[0].error // [0.25]
 */
export function linearization(
  f: (x: Tensor) => Tensor,
  x: Tensor,
  d: Tensor,
  scales: readonly number[] = SCALES,
): Linearization {
  const name = 'linearization'
  requireFunction(name, f)
  requireTensor(name, x, 'x')
  requireTensor(name, d, 'd')
  requireFloating(name, x.dtype)
  if (!sameShape(x.shape, d.shape))
    throw new ShapeError(`${name}: d ${shapeText(d.shape)} must have the shape of x, ${shapeText(x.shape)}`)
  const fits = (s: unknown) => typeof s === 'number' && s > 0 && s < Infinity
  if (!Array.isArray(scales) || scales.length === 0 || !scales.every(fits))
    throw new ArgumentError(`${name}: scales is an array of positive numbers, got ${shown(scales)}`)
  return withoutRecording(() => {
    requireResult(name, f(x))
    const [value, slope] = jvp(f, [x], [d]).map((t) => Array.from(t.data))
    return new Linearization(value, slope, stepsAlong(f, x, d, scales, value, slope))
  })
}

function requireResult(name: string, y: unknown): void {
  if (!(y instanceof Tensor)) throw new GradError(`${name}: the function must return a tensor`)
  requireFloating(name, y.dtype)
}

function stepsAlong(
  f: (x: Tensor) => Tensor,
  x: Tensor,
  d: Tensor,
  scales: readonly number[],
  value: readonly number[],
  slope: readonly number[],
): LinearStep[] {
  const steps: LinearStep[] = []
  for (const scale of scales) {
    const actual = Array.from(f(add(x, mul(d, scale))).data)
    const linear = value.map((v, i) => v + scale * slope[i])
    const error = actual.map((v, i) => v - linear[i])
    const size = norm(error)
    const before = steps.at(-1)
    const comparable = before !== undefined && size > 0 && before.size > 0
    const order = comparable ? Math.log(size / before.size) / Math.log(scale / before.scale) : null
    steps.push({ scale, actual, linear, error, size, order })
  }
  return steps
}
