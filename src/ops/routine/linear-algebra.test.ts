/** Linear algebra where fixtures do not reach: singular matrices, sizes on both sides of the expansion, errors. */
import { describe, expect, it } from 'vitest'
import { grad, hessian, jacfwd, jacrev, jvp, vjp, vmap } from '../../autodiff/index.ts'
import { ArgumentError } from '../../errors/index.ts'
import { solve } from '../../functional/linalg.ts'
import { manualSeed, randn, type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { add } from '../elementwise/add.ts'
import { mul } from '../elementwise/mul.ts'
import { cholesky } from './cholesky.ts'
import { cofactor } from './cofactor.ts'
import { det } from './det.ts'
import { indexSelect } from './indexSelect.ts'
import { inverse } from './inverse.ts'
import { slogdet } from './slogdet.ts'

const f64 = (data: Parameters<typeof tensor>[0]): Tensor => tensor(data, { dtype: 'float64' })
const i32 = (data: number[]): Tensor => tensor(data, { dtype: 'int32' })
const square = (n: number): Tensor => randn([n, n], { dtype: 'float64' })
const detOf = (x: Tensor): Tensor => det(x)

function expectClose(a: Tensor, b: Tensor, tolerance = 1e-9): void {
  expect(a.shape).toEqual(b.shape)
  const [x, y] = [a.data, b.data]
  for (let i = 0; i < x.length; i++) expect(Math.abs(x[i] - y[i])).toBeLessThan(tolerance * (1 + Math.abs(y[i])))
}

/** The definition: signed determinants of what is left without row i and column j. */
function cofactorsByDefinition(a: Tensor): Tensor {
  const n = a.shape[0]
  const without = (k: number) => i32(Array.from({ length: n }, (_, i) => i).filter((i) => i !== k))
  const entry = (i: number, j: number) => {
    const minor = indexSelect(indexSelect(a, 0, without(i)), 1, without(j))
    return (-1) ** (i + j) * det(minor).item()
  }
  return f64(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j))))
}

describe('det', () => {
  it('has the cofactor gradient at a singular matrix, and the right Hessian there', () => {
    const a = f64([
      [1, 2],
      [2, 4],
    ])
    expect(grad(detOf)(a).toArray()).toEqual([
      [4, -2],
      [-2, 1],
    ])
    const rows = [
      [0, 0, 0, 1],
      [0, 0, -1, 0],
      [0, -1, 0, 0],
      [1, 0, 0, 0],
    ]
    expect(Array.from(hessian(detOf)(a).data, (x) => x + 0)).toEqual(rows.flat())
  })

  it('has the right third derivative at rank 1', () => {
    const t = jacfwd(jacrev((x: Tensor) => cofactor(x)))(
      f64([
        [1, 2, 3],
        [2, 4, 6],
        [3, 6, 9],
      ]),
    )
    // det is linear in each row: ∂³det/∂a₀₀∂a₁₁∂a₂₂ = 1, in each of the orders
    expect(t.data[(0 * 9 + 4) * 9 + 8]).toBeCloseTo(1, 12)
    expect(t.data[(0 * 9 + 5) * 9 + 7]).toBeCloseTo(-1, 12)
    expect(t.data.filter((x) => Math.abs(x) > 1e-9)).toHaveLength(36)
  })

  it.each([1, 2, 3, 4, 5, 8, 9, 10])('derivatives of a matrix of size %i', (n) => {
    manualSeed(n)
    const [a, v] = [square(n), square(n)]
    expectClose(cofactor(a), cofactorsByDefinition(a))
    const h = 1e-5
    const slope = mul(add(cofactor(add(a, mul(v, h))), mul(cofactor(add(a, mul(v, -h))), -1)), 1 / (2 * h))
    expectClose(jvp((x: Tensor) => cofactor(x), [a], [v])[1], slope, 1e-6)
    expectClose(vjp((x: Tensor) => cofactor(x), a)[1](v)[0], slope, 1e-6)
  })

  it.each([1, 2, 3])('cofactors of a 10 × 10 matrix that lacks %i ranks', (lost) => {
    manualSeed(lost)
    const rows = Array.from({ length: 10 }, (_, i) => (i < lost ? i + 5 : i))
    const a = indexSelect(square(10), 0, i32(rows))
    expectClose(cofactor(a), cofactorsByDefinition(a))
  })

  it('takes empty matrices and empty batches', () => {
    expect(det(zeros([0, 0])).item()).toBe(1)
    expect(det(zeros([0, 2, 2])).shape).toEqual([0])
    expect(slogdet(zeros([2, 0, 0])).sign.toArray()).toEqual([1, 1])
  })
})

describe('inverse, solve, cholesky', () => {
  const stack = f64([
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 2],
      [2, 4],
    ],
  ])

  it('name the op and the entry that has no answer', () => {
    expect(() => inverse(stack)).toThrow(/inverse: matrix \[1\] of the batch \[2, 2, 2\] is singular/)
    expect(() => solve(stack, f64([1, 2]))).toThrow(/solve: matrix \[1\].*singular/)
    expect(() => cholesky(stack)).toThrow(/cholesky: matrix \[1\].*not positive definite/)
    expect(() => cholesky(f64([[Number.NaN]]))).toThrow(ArgumentError)
    expect(() => inverse(tensor([[1, 2]]))).toThrow(/square matrices \[\.\.\., n, n\], got \[1, 2\]/)
    expect(() => det(i32([1]))).toThrow(/square/)
  })

  it('solve broadcasts batches and is mapped over either operand', () => {
    const a = f64([
      [
        [2, 0],
        [0, 4],
      ],
      [
        [1, 1],
        [0, 1],
      ],
    ])
    expect(solve(a, f64([2, 4])).toArray()).toEqual([
      [1, 1],
      [-2, 4],
    ])
    expect(vmap((m: Tensor) => solve(m, f64([2, 4])))(a).toArray()).toEqual([
      [1, 1],
      [-2, 4],
    ])
    expect(
      vmap((b: Tensor) =>
        solve(
          f64([
            [2, 0],
            [0, 4],
          ]),
          b,
        ),
      )(
        f64([
          [2, 4],
          [4, 8],
        ]),
      ).toArray(),
    ).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  it('the derivative of cholesky is that of the symmetric part, in both modes', () => {
    const a = f64([
      [4, 2],
      [2, 5],
    ])
    const f = (x: Tensor) => cholesky(x)
    expect(jacrev(f)(a).toArray()).toEqual(jacfwd(f)(a).toArray())
    const nudged = cholesky(
      f64([
        [4, 2 + 2e-6],
        [2, 5],
      ]),
    ).data
    const slope = jacrev(f)(a).data
    nudged.forEach((y, i) => {
      expect((y - cholesky(a).data[i]) / 2e-6).toBeCloseTo(slope[i * 4 + 1], 5)
    })
  })
})
