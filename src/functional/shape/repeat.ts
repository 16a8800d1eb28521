/** Elements more than once: broadcasting as a view, tiling as a copy. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { clone } from '../../ops/elementwise/index.ts'
import { shapeArgument, shapeText } from '../../ops/shape.ts'
import { expand, reshape } from '../../ops/view/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from './operand.ts'

/**
 * x as numpy broadcasts it to `shape`: aligned at the right, dimensions of size 1 repeated, a view.
 * @throws ShapeError where x does not broadcast to it.
 * @example broadcastTo(tensor([1, 2]), [2, 2]) // [[1, 2], [1, 2]]
 */
export function broadcastTo(x: Tensor, ...shape: (number | readonly number[])[]): Tensor {
  requireTensor('broadcastTo', x)
  const to = shapeArgument('broadcastTo', shape)
  const added = to.length - x.shape.length
  if (added < 0 || x.shape.some((n, d) => n !== 1 && to[d + added] !== n && to[d + added] !== -1)) {
    throw new ShapeError(`broadcastTo: ${shapeText(x.shape)} does not broadcast to ${shapeText(to)}`)
  }
  return expand(x, to)
}

/**
 * Copies of x side by side, reps[d] of them along dimension d, as many numbers as dimensions or more (PyTorch's
 * `repeat`, not numpy's).
 * @throws ShapeError where there are fewer numbers than dimensions, ArgumentError where one is negative.
 * @example repeat(tensor([1, 2]), [2]) // [1, 2, 1, 2]
 */
export function repeat(x: Tensor, ...reps: (number | readonly number[])[]): Tensor {
  requireTensor('repeat', x)
  return copies('repeat', x, shapeArgument('repeat', reps))
}

/**
 * As `repeat`; with fewer numbers than dimensions, they are those of the last dimensions.
 * @throws ArgumentError where a number is negative.
 * @example tile(tensor([[1], [2]]), [2]) // [[1, 1], [2, 2]]
 */
export function tile(x: Tensor, ...reps: (number | readonly number[])[]): Tensor {
  requireTensor('tile', x)
  const given = shapeArgument('tile', reps)
  const missing = Math.max(0, x.shape.length - given.length)
  return copies('tile', x, [...new Array<number>(missing).fill(1), ...given])
}

/** [s0, s1] seen as [1, s0, 1, s1], expanded to [r0, s0, r1, s1], merged to [r0 s0, r1 s1]. */
function copies(name: string, x: Tensor, reps: readonly number[]): Tensor {
  if (reps.some((r) => r < 0)) throw new ArgumentError(`${name}: counts must not be negative, got ${shapeText(reps)}`)
  const added = reps.length - x.shape.length
  if (added < 0) {
    throw new ShapeError(
      `${name}: needs a count for each dimension of ${shapeText(x.shape)}, got ${shapeText(reps)}; use tile for the last ones`,
    )
  }
  const shape = [...new Array<number>(added).fill(1), ...x.shape]
  if (reps.every((r) => r === 1)) return reshape(clone(x), shape)
  const pairs = expand(
    reshape(
      x,
      shape.flatMap((n) => [1, n]),
    ),
    shape.flatMap((n, d) => [reps[d], n]),
  )
  return reshape(
    pairs,
    shape.map((n, d) => n * reps[d]),
  )
}
