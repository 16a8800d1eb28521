/**
 * The generator against the authors' published vectors, the quantile against mpmath, the streams against their
 * promises (any split gives the same numbers) and against the distributions that they claim to follow.
 */
import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../errors/index.ts'
import { normalQuantile } from './normal-quantile.ts'
import { fillIntegers, fillNormal, fillUniform, permutation, philox4x32 } from './philox.ts'

const N = 200_000

/** sqrt(n) times the largest distance between the empirical and the stated distribution; above 1.95 once in 1000. */
function kolmogorov(sample: Float32Array | Float64Array, cdf: (x: number) => number): number {
  const n = sample.length
  let worst = 0
  sample
    .slice()
    .sort()
    .forEach((x, i) => {
      worst = Math.max(worst, Math.abs(cdf(x) - i / n), Math.abs(cdf(x) - (i + 1) / n))
    })
  return worst * Math.sqrt(n)
}

/** The normal distribution function by its Taylor series, which shares nothing with the quantile under test. */
function normalCdf(x: number): number {
  if (Math.abs(x) > 6) return x > 0 ? 1 : 0
  let term = x
  let sum = x
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) sum += term *= (x * x) / k
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}

function moments(sample: ArrayLike<number>): { mean: number; variance: number; skew: number; kurtosis: number } {
  const average = (f: (x: number) => number) => Array.from(sample).reduce((sum, x) => sum + f(x), 0) / sample.length
  const mean = average((x) => x)
  const variance = average((x) => (x - mean) ** 2)
  const skew = average((x) => (x - mean) ** 3) / variance ** 1.5
  return { mean, variance, skew, kurtosis: average((x) => (x - mean) ** 4) / variance ** 2 }
}

describe('philox4x32', () => {
  // Random123, tests/kat_vectors: "philox4x32 10"
  test.each([
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('counter %s under key %s', (counter, key, expected) => {
    const parse = (hex: string) => hex.split(' ').map((word) => Number.parseInt(word, 16))
    const [c0, c1, c2, c3] = parse(counter)
    const [k0, k1] = parse(key)
    const out = new Uint32Array(6)
    philox4x32(c0, c1, c2, c3, k0, k1, out, 1)
    expect([...out]).toEqual([0, ...parse(expected), 0])
  })
})

describe('the stream', () => {
  const word = (seed: number | bigint, offset: number): number => {
    const out = new Float64Array(1)
    const twin = new Uint32Array(4)
    const block = Math.floor(offset / 4)
    const bits = BigInt.asUintN(64, BigInt(seed))
    philox4x32(block, block / 2 ** 32, 0, 0, Number(bits & 0xffffffffn), Number(bits >> 32n), twin)
    fillUniform(out, seed, offset)
    expect(out[0]).toBe(((twin[0] >>> 5) * 2 ** 26 + (twin[1] >>> 6)) / 2 ** 53)
    return out[0]
  }

  test('block b of a seed is the counter b under that seed, also beyond 32 bits', () => {
    const numbers = [
      word(0, 0),
      word(5, 8),
      word(5, 2 ** 34),
      word(5, 2 ** 45),
      word(-1, 0),
      word(2n ** 64n - 1n, 0),
      word(2 ** 40 + 5, 8),
    ]
    expect(numbers[4]).toBe(numbers[5])
    expect(new Set(numbers).size).toBe(6)
  })

  const kinds = {
    'float32 uniform': { make: (n: number) => new Float32Array(n), fill: fillUniform, stride: 1 },
    'float64 uniform': { make: (n: number) => new Float64Array(n), fill: fillUniform, stride: 2 },
    'float32 normal': { make: (n: number) => new Float32Array(n), fill: fillNormal, stride: 1 },
    'float64 normal': { make: (n: number) => new Float64Array(n), fill: fillNormal, stride: 2 },
  }
  test.each(Object.entries(kinds))(
    '%s: any split of the elements gives the same numbers',
    (_, { make, fill, stride }) => {
      for (const start of [0, 1, 6, 4093]) {
        const whole = make(5000)
        expect(fill(whole, 42, start)).toBe(start + 5000 * stride)
        for (const cut of [0, 1, 2, 3, 1023, 1025, 4999]) {
          const parts = make(5000)
          const next = fill(parts.subarray(0, cut), 42, start)
          fill(parts.subarray(cut), 42, next)
          expect(parts).toEqual(whole)
        }
      }
    },
  )

  test('integers and permutations depend on seed and offset alone', () => {
    const [whole, parts] = [new Int32Array(3000), new Int32Array(3000)]
    expect(fillIntegers(whole, -5, 5, 9n, 3)).toBe(3003)
    fillIntegers(parts.subarray(0, 1111), -5, 5, 9, 3)
    fillIntegers(parts.subarray(1111), -5, 5, 9, 3 + 1111)
    expect(parts).toEqual(whole)
    expect(permutation(3000, 9, 3)).toEqual(permutation(3000, 9n, 3))
    expect(permutation(3000, 9, 3)).not.toEqual(permutation(3000, 9, 4))
  })

  test.each([0.5, Number.NaN, 2 ** 53, 2n ** 64n, -(2n ** 63n) - 1n])('seed %s is refused', (seed) => {
    expect(() => fillUniform(new Float32Array(1), seed, 0)).toThrow(ArgumentError)
  })

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('offset %s is refused', (offset) => {
    expect(() => fillUniform(new Float32Array(1), 0, offset)).toThrow(/offset/)
  })
})

describe('uniform', () => {
  test.each([new Float32Array(N), new Float64Array(N)])('is uniform on [0, 1)', (sample) => {
    fillUniform(sample, 2024, 0)
    expect(Math.min(...sample.subarray(0, 1e5))).toBeGreaterThanOrEqual(0)
    expect(Math.max(...sample.subarray(0, 1e5))).toBeLessThan(1)
    const { mean, variance } = moments(sample)
    expect(Math.abs(mean - 1 / 2) / Math.sqrt(1 / 12 / N)).toBeLessThan(4)
    expect(Math.abs(variance - 1 / 12) / Math.sqrt(1 / 180 / N)).toBeLessThan(4)
    expect(kolmogorov(sample, (x) => x)).toBeLessThan(1.95)
  })

  test('neighbours in the stream and equal places of neighbouring seeds are uncorrelated', () => {
    const [a, b] = [new Float64Array(N), new Float64Array(N)]
    fillUniform(a, 1, 0)
    fillUniform(b, 2, 0)
    for (const [other, lag] of [
      [b, 0],
      [a, 1],
      [a, 2],
      [a, 4],
    ] as const) {
      const sum = a.subarray(0, N - lag).reduce((s, x, i) => s + (x - 0.5) * (other[i + lag] - 0.5), 0)
      expect(Math.abs(sum * 12) / Math.sqrt(N)).toBeLessThan(4)
    }
  })
})

describe('normal', () => {
  // q and the quantile of 1/2 + q, from mpmath with 40 digits
  test.each([
    [9.313225746154785e-10, 2.33447949833329814e-9],
    [0.1, 0.253347103135799813],
    [-0.25, -0.674489750196081743],
    [0.425, 1.43953147093845584],
    [0.4375, 1.53412054435254631],
    [-0.475, -1.95996398454005386],
    [0.499755859375, 3.48710410411443111],
    [-0.4999999998835847, -6.33795775455378925],
    [0.4999999999990905, 7.04770025666440873],
    [0.49999999999999994, 8.29236107581359554],
  ])('quantile of 1/2 + %s', (q, z) => {
    expect(Math.abs(normalQuantile(q) - z)).toBeLessThanOrEqual(8e-16 * Math.abs(z))
    expect(normalQuantile(-q)).toBe(-normalQuantile(q))
  })

  test.each([new Float32Array(N), new Float64Array(N)])('is normal', (sample) => {
    fillNormal(sample, 2024, 0)
    const { mean, variance, skew, kurtosis } = moments(sample)
    expect(Math.abs(mean) * Math.sqrt(N)).toBeLessThan(4)
    expect(Math.abs(variance - 1) * Math.sqrt(N / 2)).toBeLessThan(4)
    expect(Math.abs(skew) * Math.sqrt(N / 6)).toBeLessThan(4)
    expect(Math.abs(kurtosis - 3) * Math.sqrt(N / 24)).toBeLessThan(4)
    expect(kolmogorov(sample, normalCdf)).toBeLessThan(1.95)
  })
})

describe('integers', () => {
  test('every integer of the range is equally likely', () => {
    const sample = new Int32Array(N)
    fillIntegers(sample, -3, 7, 11, 0)
    const counts = new Float64Array(10)
    for (const x of sample) counts[x + 3]++
    const chiSquare = counts.reduce((sum, c) => sum + (c - N / 10) ** 2 / (N / 10), 0)
    expect(chiSquare).toBeLessThan(27.9) // 9 degrees of freedom, once in 1000
  })

  test('the whole range of int32 and a range of one', () => {
    const sample = new Int32Array(N)
    fillIntegers(sample, -(2 ** 31), 2 ** 31, 11, 0)
    expect(Math.abs(moments(sample).mean) / (2 ** 32 / Math.sqrt(12) / Math.sqrt(N))).toBeLessThan(4)
    fillIntegers(sample, 5, 6, 11, 0)
    expect(sample.every((x) => x === 5)).toBe(true)
  })

  test.each([
    [1, 1],
    [2, 1],
    [0, 0.5],
    [0, 2 ** 31 + 1],
    [Number.NaN, 1],
  ])('randint(%s, %s) is refused', (low, high) => {
    expect(() => fillIntegers(new Int32Array(1), low, high, 0, 0)).toThrow(ArgumentError)
  })
})

describe('permutation', () => {
  test.each([0, 1, 2, 5000])('of %i contains every index once', (n) => {
    expect([...permutation(n, 5, 0)].sort((a, b) => a - b)).toEqual([...Array(n).keys()])
  })

  test('all 24 orders of 4 are equally likely', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const order = permutation(4, 5, 4 * i).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    const chiSquare = [...counts.values()].reduce((sum, c) => sum + (c - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(49.8) // 23 degrees of freedom, once in 1000
  })

  test.each([-1, 0.5, 2 ** 31])('of %s is refused', (n) => {
    expect(() => permutation(n, 0, 0)).toThrow(ArgumentError)
  })
})
