/** Whether two tensors hold the same numbers: one boolean, which reads the values and which nothing flows through. */
import { checkOptions } from '../../errors/index.ts'
import { flag, requireNumber } from '../../ops/arguments.ts'
import { abs, add, castTo, eq, isnan, le, logicalAnd, logicalOr, lt, mul, sub } from '../../ops/elementwise/index.ts'
import { all } from '../../ops/reduce/index.ts'
import { broadcastShapes, sameShape } from '../../ops/shape.ts'
import { type Tensor, withoutRecording } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'

/**
 * Whether a and b have the same shape and equal elements; NaN equals nothing.
 * @example equal(tensor([1, 2]), tensor([1, 2])) // true
 */
export function equal(a: Tensor, b: Tensor): boolean {
  requireTensor('equal', a, 'the left operand')
  requireTensor('equal', b, 'the right operand')
  return sameShape(a.shape, b.shape) && withoutRecording(() => all(eq(a, b)).item() === 1)
}

export interface CloseOptions {
  /** The error that is allowed relative to b; 1e-5 unless given. */
  readonly rtol?: number
  /** The error that is allowed in any case; 1e-8 unless given. */
  readonly atol?: number
  /** Whether NaN is close to NaN; false unless given. */
  readonly equalNan?: boolean
}

/**
 * Whether |a - b| <= atol + rtol |b| everywhere, computed in float64; a and b are broadcast, infinities are close to
 * themselves only.
 * @throws ShapeError where the shapes do not broadcast, ArgumentError where a tolerance is no number.
 * @example allclose(tensor([1, 2]), tensor([1, 2.00001])) // true
 */
export function allclose(a: Tensor, b: Tensor, options: CloseOptions = {}): boolean {
  requireTensor('allclose', a, 'the left operand')
  requireTensor('allclose', b, 'the right operand')
  checkOptions('allclose', options, ['rtol', 'atol', 'equalNan'])
  const { rtol = 1e-5, atol = 1e-8 } = options
  requireNumber('allclose', 'rtol', rtol)
  requireNumber('allclose', 'atol', atol)
  const equalNan = flag('allclose', 'equalNan', options.equalNan)
  broadcastShapes('allclose', [a.shape, b.shape])
  return withoutRecording(() => {
    const [x, y] = [castTo(a, 'float64'), castTo(b, 'float64')]
    const error = abs(sub(x, y))
    const near = logicalAnd(le(error, add(mul(abs(y), rtol), atol)), lt(error, Infinity))
    const close = logicalOr(eq(x, y), near)
    return all(equalNan ? logicalOr(close, logicalAnd(isnan(x), isnan(y))) : close).item() === 1
  })
}
