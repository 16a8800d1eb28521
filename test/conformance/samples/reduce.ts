/** Reductions: the same fold over every choice of dimensions. */
import * as reduce from '../../../src/ops/reduce/index.ts'
import { type Tensor, tensor } from '../../../src/tensor/index.ts'
import { type Get, product, range, table } from '../reference.ts'
import { type Sample, sample } from './sample.ts'

/** Over all, one, two separate and no dimensions, of [2, 3, 4] numbers, and of none. */
function folds(
  op: (x: Tensor, dim?: number | number[], options?: { keepdim?: boolean }) => Tensor,
  fold: (xs: number[]) => number,
  empty: boolean,
): Sample[] {
  const all = (x: Get, free: (a: number, b: number, c: number) => boolean) =>
    fold(
      table([2, 3, 4], (i, j, k) => (free(i, j, k) ? x(i, j, k) : Number.NaN)).data.filter((_, at) =>
        free(Math.floor(at / 12), Math.floor(at / 4) % 3, at % 4),
      ),
    )
  return [
    sample(
      [[2, 3, 4]],
      (x) => op(x),
      (x) => table([], () => all(x, () => true)),
    ),
    sample(
      [[2, 3, 4]],
      (x) => op(x, 1),
      (x) => table([2, 4], (i, k) => all(x, (a, _, c) => a === i && c === k)),
    ),
    sample(
      [[2, 3, 4]],
      (x) => op(x, -1, { keepdim: true }),
      (x) => table([2, 3, 1], (i, j) => all(x, (a, b) => a === i && b === j)),
    ),
    sample(
      [[2, 3, 4]],
      (x) => op(x, [0, 2]),
      (x) => table([3], (j) => all(x, (_, b) => b === j)),
    ),
    sample(
      [[]],
      (x) => op(x),
      (x) => table([], () => fold([x()])),
    ),
    sample(
      [[9, 5]],
      (x) => op(x, 1),
      (x) => table([9], (i) => fold(range(5).map((j) => x(i, j)))),
    ),
    ...(empty
      ? [
          sample(
            [[0, 2]],
            (x) => op(x, 0),
            () => table([2], () => fold([])),
          ),
        ]
      : []),
  ]
}

export const reductions: Record<string, Sample[]> = {
  all: folds(reduce.all, (xs) => Number(xs.every((x) => x !== 0)), true),
  any: folds(reduce.any, (xs) => Number(xs.some((x) => x !== 0)), true),
  amax: folds(reduce.amax, (xs) => Math.max(...xs), false),
  amin: folds(reduce.amin, (xs) => Math.min(...xs), false),
  peak: folds(reduce.peak, (xs) => Math.max(...xs), false),
  sum: folds(reduce.sum, (xs) => xs.reduce((a, b) => a + b, 0), true),
  prod: [
    ...folds(reduce.prod, (xs) => xs.reduce((a, b) => a * b, 1), true),
    sample(
      [tensor([0, 2, 3], { dtype: 'float64' })],
      (x) => reduce.prod(x),
      (x) => table([], () => product(3, x)),
    ),
    sample(
      [
        tensor(
          [
            [0, 2],
            [0, 3],
          ],
          { dtype: 'float64' },
        ),
      ],
      (x) => reduce.prod(x, 0),
      (x) => table([2], (j) => x(0, j) * x(1, j)),
    ),
  ],
}
