/**
 * Sample calls of the ops that are more than a formula: operands (a shape stands for random numbers), the call, and the
 * same by plain loops. An op of the registry that has no entry here fails the suite.
 */

import * as c from '../../src/ops/contract/index.ts'
import { add, mul } from '../../src/ops/elementwise/index.ts'
import { type ContractOp, contraction } from '../../src/ops/kinds/contract.ts'
import * as reduce from '../../src/ops/reduce/index.ts'
import * as routine from '../../src/ops/routine/index.ts'
import * as view from '../../src/ops/view/index.ts'
import { slice } from '../../src/ops/view/slice.ts'
import { windows } from '../../src/ops/view/windows.ts'
import { eye, type Tensor, tensor } from '../../src/tensor/index.ts'
import {
  choleskyOf,
  cofactors,
  determinant,
  entries,
  type Get,
  inverseOf,
  largest,
  type Matrix,
  matrix,
  product,
  range,
  type Table,
  table,
  times,
  total,
} from './reference.ts'

export interface Sample {
  readonly of: readonly (readonly number[] | Tensor)[]
  run(...xs: Tensor[]): unknown
  is(...xs: Get[]): Table | Table[]
}

const ints = (data: number[] | number[][]) => tensor(data, { dtype: 'int32' })

/** Operands, call, reference. */
const sample = (of: Sample['of'], run: Sample['run'], is: Sample['is']): Sample => ({ of, run, is })

const views: Record<string, Sample[]> = {
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

const reductions: Record<string, Sample[]> = {
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

/** A contraction by its index string: every result is a sum over the letters that it lacks. */
function contracts(op: ContractOp, indices: string, sizes: Record<string, number>): Sample {
  const [a, b, out] = indices.split(/,|->/)
  const summed = [...new Set(a + b)].filter((l) => !out.includes(l))
  const shape = (letters: string) => [...letters].map((l) => sizes[l])
  return sample(
    [shape(a), shape(b)],
    (x, y) => op(x, y, indices),
    (x, y) =>
      table(shape(out), (...o) =>
        total(
          summed.map((l) => sizes[l]),
          (...s) => {
            const at = (letters: string) =>
              [...letters].map((l) => (out.includes(l) ? o[out.indexOf(l)] : s[summed.indexOf(l)]))
            return x(...at(a)) * y(...at(b))
          },
        ),
      ),
  )
}

const contractions: Record<string, Sample[]> = {
  matmul: [
    contracts(c.matmul, 'ij,jk->ik', { i: 3, j: 4, k: 2 }),
    contracts(c.matmul, 'bij,jk->bik', { b: 2, i: 5, j: 9, k: 6 }),
  ],
  bmm: [contracts(c.bmm, 'bij,bjk->bik', { b: 3, i: 2, j: 3, k: 4 })],
  dot: [contracts(c.dot, 'i,i->', { i: 5 }), contracts(c.dot, 'i,i->', { i: 0 })],
  outer: [contracts(c.outer, 'i,j->ij', { i: 2, j: 3 })],
  linear: [contracts(c.linear, 'ni,oi->no', { n: 3, i: 4, o: 2 })],
  avgPool2d: [contracts(c.avgPool2d, 'nchwyx,yx->nchw', { n: 1, c: 2, h: 2, w: 2, y: 2, x: 1 })],
  conv1d: [contracts(c.conv1d, 'nclx,ocx->nol', { n: 2, c: 2, l: 3, x: 2, o: 3 })],
  conv2d: [contracts(c.conv2d, 'nchwyx,ocyx->nohw', { n: 2, c: 2, h: 2, w: 1, y: 2, x: 2, o: 2 })],
  convTranspose2d: [contracts(c.convTranspose2d, 'nchw,coyx->nohwyx', { n: 1, c: 2, h: 2, w: 2, o: 2, y: 2, x: 1 })],
  einsum: [
    contracts(c.einsum, 'ij,ij->ij', { i: 2, j: 3 }),
    contracts(c.einsum, 'ijk,kl->li', { i: 2, j: 3, k: 2, l: 3 }),
    contracts(c.einsum, 'ij,k->k', { i: 2, j: 3, k: 4 }),
    contracts(c.einsum, ',i->i', { i: 3 }),
  ],
  contraction: [contracts(contraction, 'aib,bja->ji', { a: 2, b: 3, i: 2, j: 4 })],
}

/** [3, 3] with a safe distance from singular: random numbers around twice the identity. */
const regular = (x: Tensor): Tensor => add(x, mul(eye(3, { dtype: x.dtype }), 6))
const regularAt = (x: Get): Matrix => matrix(3, 3, (i, j) => x(i, j) + (i === j ? 6 : 0))
/** A Aᵀ of a regular A: symmetric and positive definite whatever element of A moves. */
const definite = (x: Tensor): Tensor => contraction(regular(x), regular(x), 'ij,kj->ik')
const definiteAt = (x: Get): Matrix =>
  times(
    regularAt(x),
    matrix(3, 3, (i, j) => regularAt(x)[j][i]),
  )
const lower = (a: Matrix): Matrix => matrix(3, 3, (i, j) => (j <= i ? a[i][j] : 0))

const linalg: Record<string, Sample[]> = {
  cholesky: [
    sample(
      [[3, 3]],
      (x) => routine.cholesky(definite(x)),
      (x) => entries(choleskyOf(definiteAt(x))),
    ),
  ],
  cofactor: [
    sample(
      [[3, 3]],
      (x) => routine.cofactor(x),
      (x) => entries(cofactors(matrix(3, 3, x))),
    ),
    sample(
      [[2, 2, 2]],
      (x) => routine.cofactor(x),
      (x) => table([2, 2, 2], (b, i, j) => cofactors(matrix(2, 2, (k, l) => x(b, k, l)))[i][j]),
    ),
  ],
  det: [
    sample(
      [[3, 3]],
      (x) => routine.det(x),
      (x) => table([], () => determinant(matrix(3, 3, x))),
    ),
    sample(
      [
        tensor(
          [
            [1, 2],
            [2, 4],
          ],
          { dtype: 'float64' },
        ),
      ],
      (x) => routine.det(x),
      () => table([], () => 0),
    ),
    sample(
      [[2, 4, 4]],
      (x) => routine.det(x),
      (x) => table([2], (b) => determinant(matrix(4, 4, (i, j) => x(b, i, j)))),
    ),
  ],
  inverse: [
    sample(
      [[3, 3]],
      (x) => routine.inverse(regular(x)),
      (x) => entries(inverseOf(regularAt(x))),
    ),
    sample(
      [[2, 3, 3]],
      (x) => routine.inverse(regular(x)),
      (x) => table([2, 3, 3], (b, i, j) => inverseOf(regularAt((k, l) => x(b, k, l)))[i][j]),
    ),
  ],
  lowerTriangle: [
    sample(
      [[3, 4]],
      (x) => routine.lowerTriangle(x, 2),
      (x) => table([3, 4], (i, j) => (j < i ? x(i, j) : j === i ? 2 * x(i, j) : 0)),
    ),
    sample(
      [[2, 3, 3]],
      (x) => routine.lowerTriangle(x),
      (x) => table([2, 3, 3], (b, i, j) => (j <= i ? x(b, i, j) : 0)),
    ),
  ],
  slogdet: [
    sample(
      [[3, 3]],
      (x) => routine.slogdet(regular(x)),
      (x) => [
        table([], () => Math.sign(determinant(regularAt(x)))),
        table([], () => Math.log(Math.abs(determinant(regularAt(x))))),
      ],
    ),
  ],
  solve: [
    sample(
      [
        [3, 3],
        [3, 2],
      ],
      (a, b) => routine.solve(regular(a), b),
      (a, b) => entries(times(inverseOf(regularAt(a)), matrix(3, 2, b))),
    ),
    sample(
      [
        [2, 3, 3],
        [2, 3, 1],
      ],
      (a, b) => routine.solve(regular(a), b),
      (a, b) =>
        table(
          [2, 3, 1],
          (n, i) =>
            times(
              inverseOf(regularAt((k, l) => a(n, k, l))),
              matrix(3, 1, (k, l) => b(n, k, l)),
            )[i][0],
        ),
    ),
  ],
  solveTriangular: [
    sample(
      [
        [3, 3],
        [3, 2],
      ],
      (l, b) => routine.solveTriangular(regular(l), b),
      (l, b) => entries(times(inverseOf(lower(regularAt(l))), matrix(3, 2, b))),
    ),
    sample(
      [
        [3, 3],
        [3, 1],
      ],
      (l, b) => routine.solveTriangular(regular(l), b, true),
      (l, b) => {
        const inv = inverseOf(lower(regularAt(l)))
        return entries(
          times(
            matrix(3, 3, (i, j) => inv[j][i]),
            matrix(3, 1, b),
          ),
        )
      },
    ),
  ],
}

const order = (n: number, f: Get, sign: number) => range(n).sort((i, j) => sign * (f(i) - f(j)) || i - j)

const indexed: Record<string, Sample[]> = {
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

export const samples: Readonly<Record<string, readonly Sample[]>> = {
  ...views,
  ...reductions,
  ...contractions,
  ...linalg,
  ...indexed,
}
