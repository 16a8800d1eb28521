/** Views: another index map of the same elements. */
import * as view from '../../../src/ops/view/index.ts'
import { slice } from '../../../src/ops/view/slice.ts'
import { windows } from '../../../src/ops/view/windows.ts'
import { table } from '../reference.ts'
import { type Sample, sample } from './sample.ts'

export const views: Record<string, Sample[]> = {
  diagonal: [
    sample(
      [[3, 4]],
      (x) => view.diagonal(x),
      (x) => table([3], (i) => x(i, i)),
    ),
    sample(
      [[2, 3, 4]],
      (x) => view.diagonal(x, -1, 1, 2),
      (x) => table([2, 2], (b, i) => x(b, i + 1, i)),
    ),
    sample(
      [[3, 2, 4]],
      (x) => view.diagonal(x, 2, 0, 2),
      (x) => table([2, 2], (b, i) => x(i, b, i + 2)),
    ),
    sample(
      [[2, 2]],
      (x) => view.diagonal(x, 5),
      () => table([0], () => 0),
    ),
  ],
  expand: [
    sample(
      [[3, 1]],
      (x) => view.expand(x, [2, 3, 4]),
      (x) => table([2, 3, 4], (_, i) => x(i, 0)),
    ),
    sample(
      [[]],
      (x) => view.expand(x, [2, 2]),
      (x) => table([2, 2], () => x()),
    ),
    sample(
      [[1, 3]],
      (x) => view.expand(x, 0, -1),
      () => table([0, 3], () => 0),
    ),
  ],
  pad: [
    sample(
      [[2, 3]],
      (x) => view.pad(x, [1, 2], { value: 7 }),
      (x) => table([2, 6], (i, j) => (j < 1 || j > 3 ? 7 : x(i, j - 1))),
    ),
    sample(
      [[3, 4]],
      (x) => view.pad(x, [-1, 1, 1, -2]),
      (x) => table([2, 4], (i, j) => x(i - 1, j + 1)),
    ),
  ],
  permute: [
    sample(
      [[2, 3, 4]],
      (x) => view.permute(x, [2, 0, 1]),
      (x) => table([4, 2, 3], (i, j, k) => x(j, k, i)),
    ),
    sample(
      [[2, 0]],
      (x) => view.permute(x, 1, 0),
      () => table([0, 2], () => 0),
    ),
  ],
  reshape: [
    sample(
      [[2, 6]],
      (x) => view.reshape(x, [3, -1]),
      (x) => table([3, 4], (i, j) => x(Math.floor((4 * i + j) / 6), (4 * i + j) % 6)),
    ),
    sample(
      [[]],
      (x) => view.reshape(x, [1, 1]),
      (x) => table([1, 1], () => x()),
    ),
    sample(
      [[0, 3]],
      (x) => view.reshape(x, [3, 0, 2]),
      () => table([3, 0, 2], () => 0),
    ),
  ],
  slice: [
    sample(
      [[5, 4]],
      (x) => slice(x, { start: [3, 1], step: [-2, 1], size: [2, 3] }),
      (x) => table([2, 3], (i, j) => x(3 - 2 * i, 1 + j)),
    ),
    sample(
      [[2, 3]],
      (x) => slice(x, { start: [0, 3], step: [1, 1], size: [2, 0] }),
      () => table([2, 0], () => 0),
    ),
  ],
  windows: [
    sample(
      [[2, 5, 6]],
      (x) => windows(x, { kernel: [2, 3], stride: [1, 2], dilation: [2, 1] }),
      (x) => table([2, 3, 2, 2, 3], (n, i, j, k, l) => x(n, i + 2 * k, 2 * j + l)),
    ),
    sample(
      [[5]],
      (x) => windows(x, { kernel: [3], stride: [1], dilation: [1] }),
      (x) => table([3, 3], (i, k) => x(i + k)),
    ),
  ],
}
