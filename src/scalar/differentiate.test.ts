import { describe, expect, it } from 'vitest'
import { differentiate } from './differentiate.ts'
import { evaluate } from './evaluate.ts'
import * as s from './expression.ts'
import { arg, c, type Intrinsic, type Scalar } from './expression.ts'
import { intrinsics } from './intrinsics.ts'
import { toText } from './print.ts'

const x = arg('x')
const y = arg('y')
const at = (f: Scalar, x: number, y = 0) => evaluate(f, { x, y })
const repeat = (f: Scalar, times: number): Scalar => (times === 0 ? f : repeat(differentiate(f, 'x'), times - 1))

/** Ordinary points, away from kinks and poles. */
const points: { [F in Intrinsic]?: [number, number][] } = {
  asin: [
    [0.3, 0],
    [-0.8, 0],
  ],
  acos: [
    [0.3, 0],
    [-0.8, 0],
  ],
  pow: [
    [1.3, 2.4],
    [0.6, -1.7],
  ],
  log: [
    [0.4, 0],
    [3, 0],
  ],
  sqrt: [
    [0.4, 0],
    [3, 0],
  ],
  log1p: [
    [-0.4, 0],
    [3, 0],
  ],
}
const ordinary: [number, number][] = [
  [0.7, 1.9],
  [-1.3, 0.8],
  [2.2, -0.6],
]

function centralDifference(f: Scalar, name: 'x' | 'y', [x, y]: [number, number]): number {
  const h = 1e-4
  const [dx, dy] = name === 'x' ? [h, 0] : [0, h]
  const slope = (k: number) => (at(f, x + k * dx, y + k * dy) - at(f, x - k * dx, y - k * dy)) / (2 * k * h)
  return (4 * slope(1) - slope(2)) / 3
}

describe('partials equal central differences to order 2', () => {
  for (const fn of Object.keys(intrinsics) as Intrinsic[])
    it(fn, () => {
      const arity = fn === 'select' ? 3 : intrinsics[fn].value.length
      const f = fn === 'select' ? s.select(s.lt(x, y), s.sin(x), s.mul(x, y)) : s.call(fn, ...[x, y].slice(0, arity))
      for (const point of points[fn] ?? ordinary)
        for (const name of ['x', 'y'] as const) {
          const first = differentiate(f, name)
          expect(at(first, ...point)).toBeCloseTo(centralDifference(f, name, point), 7)
          for (const second of ['x', 'y'] as const)
            expect(at(differentiate(first, second), ...point)).toBeCloseTo(centralDifference(first, second, point), 7)
        }
    })
})

describe('powers', () => {
  it('x^3 at 0 has the derivatives 0, 0, 0, 6, 0, 0, 0', () => {
    const orders = [0, 1, 2, 3, 4, 5, 6]
    expect(orders.map((n) => at(repeat(s.pow(x, c(3)), n), 0))).toEqual([0, 0, 0, 6, 0, 0, 0])
    expect(orders.map((n) => at(repeat(s.pow(x, y), n), 0, 3))).toEqual([0, 0, 0, 6, 0, 0, 0])
  })

  it('has base slope 0 at (0, 0) and (0, 2)', () => {
    const slope = differentiate(s.pow(x, y), 'x')
    expect(at(slope, 0, 0)).toBe(0)
    expect(at(slope, 0, 2)).toBe(0)
    expect(at(differentiate(s.pow(x, c(0)), 'x'), 0)).toBe(0)
    expect(at(slope, 0, 1)).toBe(1)
  })

  it('has exponent slope 0 at base 0 and NaN at a negative base', () => {
    const slope = differentiate(s.pow(x, y), 'y')
    expect([at(slope, 0, 2), at(slope, 0, 0), at(slope, 0, -1), at(slope, -2, 2)]).toEqual([0, 0, -Infinity, NaN])
  })

  it('has the Hessian [[0, 1/4], [1/4, ln(4)^2]] at (4, 0)', () => {
    const hessian = (['x', 'y'] as const).map((a) =>
      (['x', 'y'] as const).map((b) => at(differentiate(differentiate(s.pow(x, y), a), b), 4, 0) + 0),
    )
    expect(hessian).toEqual([
      [0, 0.25],
      [0.25, Math.log(4) ** 2],
    ])
  })
})

describe('kinks', () => {
  const slope = (f: Scalar, x: number, y = 0) => at(differentiate(f, 'x'), x, y)
  it('are as declared', () => {
    expect([-1, 0, 2].map((v) => slope(s.abs(x), v))).toEqual([-1, 0, 1])
    expect([1, 2, 3].map((v) => slope(s.max(x, y), v, 2))).toEqual([0, 0.5, 1])
    expect([1, 2, 3].map((v) => slope(s.min(x, y), v, 2))).toEqual([1, 0.5, 0])
    expect(toText(differentiate(s.floor(x), 'x'))).toBe('0')
    const relu = s.select(s.le(x, c(0)), c(0), x)
    expect([-1, 0, 1, NaN].map((v) => slope(relu, v))).toEqual([0, 0, 1, 1])
  })

  it('an untaken branch does not leak', () => {
    const guarded = s.select(s.lt(c(0), x), s.log(x), c(0))
    expect(slope(guarded, 0)).toBe(0)
    expect(at(repeat(guarded, 2), -1)).toBe(0)
  })

  it('extremes are finite', () => {
    expect([-800, 800].map((v) => slope(s.tanh(x), v))).toEqual([0, 0])
    expect(slope(s.asin(x), 1 - 2 ** -53)).toBeCloseTo(67108864, 0)
    expect(at(differentiate(s.div(x, y), 'y'), 1e-200, 1e200)).toBe(-0)
  })
})

describe('size', () => {
  it('a formula 5000 deep is differentiated without overflow', () => {
    let f: Scalar = x
    for (let i = 0; i < 5000; i++) f = s.sin(f)
    const slope = differentiate(f, 'x')
    expect(at(slope, 0)).toBe(1)
  })

  it('shared sub-expressions are differentiated once', () => {
    let f: Scalar = x
    for (let i = 0; i < 60; i++) f = s.mul(f, f)
    expect(at(differentiate(f, 'x'), 1)).toBe(2 ** 60)
  })
})
