/**
 * How parameters start. Every function fills a tensor in place and returns it. The rules keep the variance of signals
 * from layer to layer: a weight [out, in, ...kernel] adds up fanIn = in · kernel products per output.
 */

import { ArgumentError, ShapeError } from '../errors/index.ts'
import { add, mul } from '../ops/elementwise/index.ts'
import { shapeText, sizeOf } from '../ops/shape.ts'
import type { Shape } from '../ops/value.ts'
import { erfValue } from '../scalar/index.ts'
import { assign, fromArray, rand, randn, type Tensor, withoutRecording } from '../tensor/index.ts'
import { normalQuantile } from '../tensor/normal-quantile.ts'
import { settings } from './settings.ts'

type Fill<T> = number | Partial<T>

const put = (x: Tensor, make: () => Tensor | number): Tensor => withoutRecording(() => assign(x, make()))

const uniform = (x: Tensor, low: number, high: number) =>
  put(x, () => add(mul(rand(x.shape, { dtype: x.dtype }), high - low), low))

const normal = (x: Tensor, mean: number, std: number) =>
  put(x, () => add(mul(randn(x.shape, { dtype: x.dtype }), std), mean))

/** Uniform numbers in [a, b), [0, 1) unless given: `uniform_(w, -1, 1)` or `uniform_(w, { a: -1, b: 1 })`. */
export function uniform_(x: Tensor, a?: Fill<{ a: number; b: number }>, b?: number): Tensor {
  const range = settings('uniform_', [a, b], { a: 0, b: 1 })
  if (!(range.a <= range.b)) throw new ArgumentError(`uniform_: a must not exceed b, got [${range.a}, ${range.b}]`)
  return uniform(x, range.a, range.b)
}

/** Normal numbers, standard unless given: `normal_(w, 0, 0.02)` or `normal_(w, { std: 0.02 })`. */
export function normal_(x: Tensor, mean?: Fill<{ mean: number; std: number }>, std?: number): Tensor {
  const by = settings('normal_', [mean, std], { mean: 0, std: 1 })
  if (!(by.std >= 0)) throw new ArgumentError(`normal_: std must not be negative, got ${by.std}`)
  return normal(x, by.mean, by.std)
}

/** The same number everywhere. @example nn.init.constant_(zeros([2]), 3) // [3, 3] */
export const constant_ = (x: Tensor, value: number): Tensor => put(x, () => value)
/** @example nn.init.zeros_(ones([2])) // [0, 0] */
export const zeros_ = (x: Tensor): Tensor => constant_(x, 0)
/** @example nn.init.ones_(zeros([2])) // [1, 1] */
export const ones_ = (x: Tensor): Tensor => constant_(x, 1)

/** Normal numbers of mean and std before they are cut to [a, b], from the distribution's inverse: exact, none redrawn. */
export function truncNormal_(
  x: Tensor,
  mean?: Fill<{ mean: number; std: number; a: number; b: number }>,
  std?: number,
  a?: number,
  b?: number,
): Tensor {
  const by = settings('truncNormal_', [mean, std, a, b], { mean: 0, std: 1, a: -2, b: 2 })
  if (!(by.std > 0) || !(by.a < by.b))
    throw new ArgumentError(`truncNormal_: needs std > 0 and a < b, got std ${by.std}, [${by.a}, ${by.b}]`)
  // The probability of lying below v, less 1/2; short of ±1/2, where the quantile is infinite.
  const below = (v: number) => Math.max(-EDGE, Math.min(EDGE, erfValue((v - by.mean) / (by.std * Math.SQRT2)) / 2))
  const [low, high] = [below(by.a), below(by.b)]
  return put(x, () => {
    const p = rand(x.shape, { dtype: 'float64' }).data
    const draws = p.map((u) =>
      Math.min(by.b, Math.max(by.a, by.mean + by.std * normalQuantile(low + u * (high - low)))),
    )
    return fromArray(draws, x.shape, 'float64')
  })
}

const EDGE = 0.5 - 2 ** -54

/** The inputs and outputs that a weight [out, in, ...kernel] connects. */
export function fans(name: string, shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2)
    throw new ShapeError(`${name}: needs a weight of at least two dimensions [out, in, ...], got ${shapeText(shape)}`)
  const kernel = sizeOf(shape.slice(2))
  return { fanIn: shape[1] * kernel, fanOut: shape[0] * kernel }
}

const gains = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  convTranspose2d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  leakyRelu: 1,
  selu: 0.75,
}
export type Nonlinearity = keyof typeof gains

/** What an activation makes of the standard deviation, inverted: √2 for relu, √(2 / (1 + param²)) for leakyRelu. */
export function calculateGain(nonlinearity: Nonlinearity, param = 0.01): number {
  if (!Object.hasOwn(gains, nonlinearity)) {
    throw new ArgumentError(
      `calculateGain: knows ${Object.keys(gains).join(', ')}, got ${JSON.stringify(nonlinearity)}`,
    )
  }
  return nonlinearity === 'leakyRelu' ? Math.sqrt(2 / (1 + param * param)) : gains[nonlinearity]
}

/** Standard deviation gain · √(2 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
const xavier = (name: string, x: Tensor, gain: Fill<{ gain: number }> | undefined): number => {
  const { fanIn, fanOut } = fans(name, x.shape)
  return settings(name, [gain], { gain: 1 }).gain * Math.sqrt(2 / (fanIn + fanOut))
}

/** Uniform in ±gain · √(6 / (fanIn + fanOut)). */
export function xavierUniform_(x: Tensor, gain?: Fill<{ gain: number }>): Tensor {
  const bound = Math.sqrt(3) * xavier('xavierUniform_', x, gain)
  return uniform(x, -bound, bound)
}

/** Normal with standard deviation gain · √(2 / (fanIn + fanOut)). */
export const xavierNormal_ = (x: Tensor, gain?: Fill<{ gain: number }>): Tensor =>
  normal(x, 0, xavier('xavierNormal_', x, gain))

export interface KaimingOptions {
  /** The negative slope, where the nonlinearity is leakyRelu. */
  readonly a: number
  /** Whether signals ('fanIn') or gradients ('fanOut') keep their variance. */
  readonly mode: 'fanIn' | 'fanOut'
  readonly nonlinearity: Nonlinearity
}

/** Standard deviation gain / √fan (He et al. 2015). */
function kaiming(name: string, x: Tensor, options: Fill<KaimingOptions> | undefined): number {
  const { a, mode, nonlinearity } = settings<KaimingOptions>(name, [options], {
    a: 0,
    mode: 'fanIn',
    nonlinearity: 'leakyRelu',
  })
  if (mode !== 'fanIn' && mode !== 'fanOut')
    throw new ArgumentError(`${name}: mode is 'fanIn' or 'fanOut', got ${JSON.stringify(mode)}`)
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(name, x.shape)[mode])
}

/** Uniform in ±gain · √(3 / fan): `kaimingUniform_(w, { a, mode, nonlinearity })`. */
export function kaimingUniform_(x: Tensor, options?: Fill<KaimingOptions>): Tensor {
  const bound = Math.sqrt(3) * kaiming('kaimingUniform_', x, options)
  return uniform(x, -bound, bound)
}

/** Normal with standard deviation gain / √fan. */
export const kaimingNormal_ = (x: Tensor, options?: Fill<KaimingOptions>): Tensor =>
  normal(x, 0, kaiming('kaimingNormal_', x, options))

/** A random orthogonal matrix of [rows, everything else], times gain: rows or columns, the fewer, are orthonormal (Saxe et al. 2013). */
export function orthogonal_(x: Tensor, gain?: Fill<{ gain: number }>): Tensor {
  const { gain: scale } = settings('orthogonal_', [gain], { gain: 1 })
  if (x.ndim < 2) throw new ShapeError(`orthogonal_: needs at least two dimensions, got ${shapeText(x.shape)}`)
  const rows = x.shape[0]
  const columns = x.size / Math.max(1, rows)
  return put(x, () => {
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows]
    const q = orthonormal(count, length, randn([count, length], { dtype: 'float64' }).data)
    const out = new Float64Array(rows * columns)
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < length; j++)
        out[rows < columns ? i * columns + j : j * columns + i] = scale * q[i * length + j]
    }
    return fromArray(out, x.shape, 'float64')
  })
}

/** Gram and Schmidt's process on the rows, each projected twice, which makes it as accurate as reflections. */
function orthonormal(count: number, length: number, q: ArrayLike<number>): Float64Array {
  const rows = Float64Array.from(q)
  const row = (i: number) => rows.subarray(i * length, (i + 1) * length)
  for (let i = 0; i < count; i++) {
    const r = row(i)
    for (let k = 0; k < 2 * i; k++) {
      const other = row(k % i)
      let along = 0
      for (let j = 0; j < length; j++) along += r[j] * other[j]
      for (let j = 0; j < length; j++) r[j] -= along * other[j]
    }
    const norm = Math.sqrt(r.reduce((sum, v) => sum + v * v, 0))
    for (let j = 0; j < length; j++) r[j] /= norm
  }
  return rows
}
