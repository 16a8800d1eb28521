/** Chains of shape operations against a list of numbers and a shape: what each step means for coordinates, spelled out. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gradients } from '../src/autodiff/index.ts'
import { broadcastTo, flip, narrow, permute, repeat, reshape, roll, transpose } from '../src/functional/shape/index.ts'
import { add, mul } from '../src/ops/elementwise/index.ts'
import { sum } from '../src/ops/reduce/sum.ts'
import { arange, type Tensor } from '../src/tensor/index.ts'

/** Row-major values under a shape. */
interface Model {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

const count = (shape: readonly number[]) => shape.reduce((n, s) => n * s, 1)
const placeOf = (shape: readonly number[], c: readonly number[]) => c.reduce((p, i, d) => p * shape[d] + i, 0)

/** The model of `shape` whose element at c is that of m at `source(c)`. */
function build(m: Model, shape: readonly number[], source: (c: readonly number[]) => readonly number[]): Model {
  const values = Array.from({ length: count(shape) }, (_, p) => {
    const c = shape.map((n, d) => Math.floor(p / count(shape.slice(d + 1))) % n)
    return m.values[placeOf(m.shape, source(c))]
  })
  return { shape, values }
}

interface Step {
  readonly run: (x: Tensor) => Tensor
  readonly model: (m: Model) => Model
}

const mod = (a: number, n: number) => ((a % n) + n) % n

/** One step from a few random numbers, whatever the shape is. */
function step(shape: readonly number[], kind: number, r: readonly number[]): Step {
  const d = r[0] % Math.max(1, shape.length)
  const n = shape[d] ?? 1
  const order = shape.map((_, i) => (i + r[1]) % shape.length)
  switch (shape.length === 0 ? 0 : kind) {
    case 0: {
      const total = count(shape)
      const divisors = Array.from({ length: total }, (_, i) => i + 1).filter((k) => total % k === 0)
      const a = divisors[r[0] % divisors.length]
      const to = r[1] % 2 === 0 ? [a, total / a] : [total / a, 1, a]
      return {
        run: (x) => reshape(x, r[2] % 2 === 0 ? to : [...to.slice(0, -1), -1]),
        model: (m) => ({ shape: to, values: m.values }),
      }
    }
    case 1:
      return {
        run: (x) => permute(x, order),
        model: (m) =>
          build(
            m,
            order.map((o) => shape[o]),
            (c) => shape.map((_, i) => c[order.indexOf(i)]),
          ),
      }
    case 2:
      return {
        run: (x) => flip(x, d - shape.length),
        model: (m) => build(m, shape, (c) => c.map((i, k) => (k === d ? n - 1 - i : i))),
      }
    case 3: {
      const start = r[1] % n
      const length = 1 + (r[2] % (n - start))
      return {
        run: (x) => narrow(x, d, start, length),
        model: (m) =>
          build(
            m,
            shape.map((s, k) => (k === d ? length : s)),
            (c) => c.map((i, k) => (k === d ? i + start : i)),
          ),
      }
    }
    case 4:
      return {
        run: (x) => roll(x, r[1] - 3, d),
        model: (m) => build(m, shape, (c) => c.map((i, k) => (k === d ? mod(i - r[1] + 3, n) : i))),
      }
    case 5: {
      const to = [1 + (r[1] % 2), ...shape.map((s) => (s === 1 ? 1 + (r[2] % 3) : s))]
      return {
        run: (x) => broadcastTo(x, to),
        model: (m) => build(m, to, (c) => c.slice(1).map((i, k) => (shape[k] === 1 ? 0 : i))),
      }
    }
    case 6: {
      const reps = shape.map((_, k) => (k === d ? 2 : 1))
      return {
        run: (x) => repeat(x, reps),
        model: (m) =>
          build(
            m,
            shape.map((s, k) => s * reps[k]),
            (c) => c.map((i, k) => i % shape[k]),
          ),
      }
    }
    default: {
      const e = r[1] % shape.length
      const swap = (v: readonly number[]) => v.map((_, k) => v[k === d ? e : k === e ? d : k])
      return { run: (x) => transpose(x, d, e), model: (m) => build(m, swap(shape), swap) }
    }
  }
}

const chains = fc.record({
  shape: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
  steps: fc.array(fc.record({ kind: fc.nat(7), r: fc.array(fc.nat(6), { minLength: 3, maxLength: 3 }) }), {
    maxLength: 6,
  }),
})

const runs = { numRuns: 500, interruptAfterTimeLimit: 1500 }

it('chains of shape operations move every element, and its gradient back', () => {
  fc.assert(
    fc.property(chains, ({ shape, steps }) => {
      const x = reshape(arange(0, count(shape), 1, { dtype: 'float64' }), shape)
      x.requiresGrad = true
      let y = x
      let m: Model = { shape, values: [...x.data] }
      for (const { kind, r } of steps) {
        if (count(m.shape) > 200) break
        const next = step(m.shape, kind, r)
        y = next.run(y)
        m = next.model(m)
      }
      expect(y.shape).toEqual(m.shape)
      expect([...y.data]).toEqual(m.values)
      const weight = reshape(arange(1, y.size + 1, 1, { dtype: 'float64' }), y.shape)
      const [g] = gradients(sum(mul(y, weight)), x)
      const sums = new Array<number>(count(shape)).fill(0)
      m.values.forEach((v, i) => {
        sums[v] += i + 1
      })
      expect([...g.data]).toEqual(sums)
    }),
    runs,
  )
})

it('operands broadcast as numpy broadcasts, and gradients are summed back', () => {
  const pair = fc.array(fc.record({ n: fc.integer({ min: 0, max: 3 }), a: fc.boolean(), b: fc.boolean() }), {
    maxLength: 4,
  })
  fc.assert(
    fc.property(pair, fc.nat(4), fc.nat(4), (dims, cutA, cutB) => {
      const full = dims.map(({ n, a, b }) => (a && b ? 1 : n))
      const shapeA = dims.map(({ n, a }) => (a ? 1 : n)).slice(Math.min(cutA, dims.length))
      const shapeB = dims.map(({ n, b }) => (b ? 1 : n)).slice(Math.min(cutB, dims.length))
      const rank = Math.max(shapeA.length, shapeB.length)
      const out = full.slice(dims.length - rank).map((_, k) => {
        const [s, t] = [shapeA[k - rank + shapeA.length] ?? 1, shapeB[k - rank + shapeB.length] ?? 1]
        return s === 1 ? t : s
      })
      const make = (shape: readonly number[], from: number) => {
        const x = reshape(arange(from, from + count(shape), 1, { dtype: 'float64' }), shape)
        x.requiresGrad = true
        return x
      }
      const [a, b] = [make(shapeA, 0), make(shapeB, 100)]
      const y = add(a, b)
      expect(y.shape).toEqual(out)
      const spread = (x: Tensor) =>
        build({ shape: x.shape, values: [...x.data] }, out, (c) =>
          x.shape.map((n, k) => (n === 1 ? 0 : c[k + out.length - x.shape.length])),
        )
      const [va, vb] = [spread(a).values, spread(b).values]
      expect([...y.data]).toEqual(va.map((v, i) => v + vb[i]))
      const grads = gradients(sum(y), [a, b])
      expect([...grads[0].data]).toEqual([...a.data].map((v) => va.filter((w) => w === v).length))
      expect([...grads[1].data]).toEqual([...b.data].map((v) => vb.filter((w) => w === v).length))
    }),
    runs,
  )
})
