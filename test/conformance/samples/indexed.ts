/** Routines that move elements by index, find them or order them. */
import * as routine from '../../../src/ops/routine/index.ts'
import { tensor } from '../../../src/tensor/index.ts'
import { type Get, largest, range, table, total } from '../reference.ts'
import { type Sample, sample } from './sample.ts'

const ints = (data: number[] | number[][]) => tensor(data, { dtype: 'int32' })

const order = (n: number, f: Get, sign: number) => range(n).sort((i, j) => sign * (f(i) - f(j)) || i - j)

export const indexed: Record<string, Sample[]> = {
  argmax: [
    sample(
      [[3, 4]],
      (x) => routine.argmax(x, 1),
      (x) => table([3], (i) => largest(4, (j) => x(i, j))),
    ),
    sample(
      [[3, 4]],
      (x) => routine.argmax(x),
      (x) => table([], () => largest(12, (k) => x(Math.floor(k / 4), k % 4))),
    ),
    sample(
      [[2, 3]],
      (x) => routine.argmax(x, 0, { keepdim: true }),
      (x) => table([1, 3], (_, j) => largest(2, (i) => x(i, j))),
    ),
  ],
  argmin: [
    sample(
      [[3, 4]],
      (x) => routine.argmin(x, 0),
      (x) => table([4], (j) => largest(3, (i) => -x(i, j))),
    ),
  ],
  argsort: [
    sample(
      [[3, 5]],
      (x) => routine.argsort(x),
      (x) => table([3, 5], (i, k) => order(5, (j) => x(i, j), 1)[k]),
    ),
    sample(
      [[5, 2]],
      (x) => routine.argsort(x, 0, true),
      (x) => table([5, 2], (k, j) => order(5, (i) => x(i, j), -1)[k]),
    ),
  ],
  cat: [
    sample(
      [
        [2, 3],
        [1, 3],
      ],
      (x, y) => routine.cat([x, y]),
      (x, y) => table([3, 3], (i, j) => (i < 2 ? x(i, j) : y(i - 2, j))),
    ),
    sample(
      [
        [2, 1],
        [2, 0],
        [2, 2],
      ],
      (x, y, z) => routine.cat([x, y, z], -1),
      (x, _, z) => table([2, 3], (i, j) => (j < 1 ? x(i, j) : z(i, j - 1))),
    ),
  ],
  cumsum: [
    sample(
      [[2, 3, 2]],
      (x) => routine.cumsum(x, 1),
      (x) => table([2, 3, 2], (i, j, k) => total(j + 1, (l) => x(i, l, k))),
    ),
    sample(
      [[4]],
      (x) => routine.cumsum(x, -1),
      (x) => table([4], (i) => total(i + 1, x)),
    ),
  ],
  gather: [
    sample(
      [
        [3, 2],
        ints([
          [0, 2],
          [2, 2],
        ]),
      ],
      (x, i) => routine.gather(x, 0, i),
      (x, i) => table([2, 2], (r, k) => x(i(r, k), k)),
    ),
    sample(
      [
        [2, 3],
        ints([
          [1, 1, 0, 2],
          [0, 1, 2, 0],
        ]),
      ],
      (x, i) => routine.gather(x, 1, i),
      (x, i) => table([2, 4], (r, k) => x(r, i(r, k))),
    ),
  ],
  indexAdd: [
    sample(
      [[3, 2], ints([2, 0, 2]), [3, 2]],
      (x, i, s) => routine.indexAdd(x, 0, i, s),
      (x, i, s) => table([3, 2], (r, k) => x(r, k) + total(3, (n) => (i(n) === r ? s(n, k) : 0))),
    ),
    sample(
      [[2, 3], ints([1]), [2, 1]],
      (x, i, s) => routine.indexAdd(x, 1, i, s),
      (x, i, s) => table([2, 3], (r, k) => x(r, k) + (k === i(0) ? s(r, 0) : 0)),
    ),
  ],
  indexCopy: [
    sample(
      [[3, 2], ints([2, 0]), [2, 2]],
      (x, i, s) => routine.indexCopy(x, 0, i, s),
      (x, i, s) => table([3, 2], (r, k) => (r === i(0) ? s(0, k) : r === i(1) ? s(1, k) : x(r, k))),
    ),
    sample(
      [[2, 3], ints([1, 1]), [2, 2]],
      (x, i, s) => routine.indexCopy(x, 1, i, s),
      (x, i, s) => table([2, 3], (r, k) => (k === i(1) ? s(r, 1) : x(r, k))),
    ),
  ],
  indexSelect: [
    sample(
      [[3, 2], ints([2, 0, 2])],
      (x, i) => routine.indexSelect(x, 0, i),
      (x, i) => table([3, 2], (r, k) => x(i(r), k)),
    ),
    sample(
      [[2, 3], ints([1])],
      (x, i) => routine.indexSelect(x, -1, i),
      (x, i) => table([2, 1], (r, k) => x(r, i(k))),
    ),
  ],
  scatterAdd: [
    sample(
      [
        [3, 2],
        ints([
          [0, 2],
          [0, 2],
        ]),
        [2, 2],
      ],
      (x, i, s) => routine.scatterAdd(x, 0, i, s),
      (x, i, s) => table([3, 2], (r, k) => x(r, k) + total(2, (n) => (i(n, k) === r ? s(n, k) : 0))),
    ),
    sample(
      [[2, 3], ints([[1, 1]]), [1, 2]],
      (x, i, s) => routine.scatterAdd(x, 1, i, s),
      (x, i, s) => table([2, 3], (r, k) => x(r, k) + (r === 0 ? total(2, (n) => (i(0, n) === k ? s(0, n) : 0)) : 0)),
    ),
  ],
}
