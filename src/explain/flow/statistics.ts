/** Numbers that sum up a tensor, and how those of several make one. */
import { toDense } from '../../backends/js/layout.ts'
import type { TypedArray } from '../../ops/value.ts'
import type { Tensor } from '../../tensor/index.ts'

export interface TensorStatistics {
  readonly size: number
  /** √(Σ x²) over all elements; NaN or infinite where one of them is. */
  readonly norm: number
  /** These are of the finite elements only; NaN where there is none. */
  readonly min: number
  readonly mean: number
  readonly max: number
  readonly std: number
  /** The share of elements that are exactly 0. */
  readonly zeros: number
  /** How many elements are NaN or infinite. */
  readonly nonFinite: number
}

export function measure(x: Tensor): TensorStatistics {
  const data = toDense(x)
  let [sum, squares, zeros] = [0, 0, 0]
  let [min, max] = [Infinity, -Infinity]
  for (let i = 0; i < data.length; i++) {
    const v = data[i]
    sum += v
    squares += v * v
    if (v === 0) zeros++
    if (v < min) min = v
    if (v > max) max = v
  }
  const size = data.length
  if (size === 0 || !Number.isFinite(squares)) return measureFinite(data)
  const mean = sum / size
  const std = Math.sqrt(Math.max(0, squares / size - mean * mean))
  return { size, norm: normOf(data, squares, max, min), min, mean, max, std, zeros: zeros / size, nonFinite: 0 }
}

/** The same of the finite elements only, divided by the largest first where their squares leave the range of numbers. */
function measureFinite(data: TypedArray): TensorStatistics {
  const finite = Float64Array.from(data).filter(Number.isFinite)
  const nonFinite = data.length - finite.length
  const zeros = finite.filter((v) => v === 0).length / Math.max(1, data.length)
  const none = {
    size: data.length,
    min: Number.NaN,
    mean: Number.NaN,
    max: Number.NaN,
    std: Number.NaN,
    zeros,
    nonFinite,
  }
  const norm = data.some((v) => Number.isNaN(v)) ? Number.NaN : nonFinite > 0 ? Infinity : 0
  if (finite.length === 0) return { ...none, norm }
  const [min, max] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))]
  const scale = Math.max(max, -min) || 1
  const mean = scale * finite.reduce((sum, v) => sum + v / scale / finite.length, 0)
  const variance = finite.reduce((sum, v) => sum + ((v - mean) / scale) ** 2, 0) / finite.length
  return {
    ...none,
    norm: nonFinite > 0 ? norm : normOf(data, Infinity, max, min),
    min,
    mean,
    max,
    std: scale * Math.sqrt(variance),
  }
}

/** √(Σ x²); squares that left the range of numbers are taken of x over the largest. */
function normOf(data: TypedArray, squares: number, max: number, min: number): number {
  const largest = Math.max(max, -min)
  if ((squares > 0 && squares < Infinity) || !(largest > 0)) return Math.sqrt(squares)
  let sum = 0
  for (let i = 0; i < data.length; i++) sum += (data[i] / largest) ** 2
  return largest * Math.sqrt(sum)
}

/** ‖x‖ alone, which is all that is asked of weights and their gradients at every step. */
export function normOfTensor(x: Tensor): number {
  const data = toDense(x)
  const whole = data.length - (data.length % 4)
  let [a, b, c, d] = [0, 0, 0, 0]
  // Four sums at a time: one would wait for its own last addition at every element.
  for (let i = 0; i < whole; i += 4) {
    a += data[i] * data[i]
    b += data[i + 1] * data[i + 1]
    c += data[i + 2] * data[i + 2]
    d += data[i + 3] * data[i + 3]
  }
  for (let i = whole; i < data.length; i++) a += data[i] * data[i]
  const squares = a + b + c + d
  return squares > 0 && squares < Infinity ? Math.sqrt(squares) : measure(x).norm
}

/** Of all elements of several tensors together. */
export function pooled(parts: readonly TensorStatistics[]): TensorStatistics {
  if (parts.length === 1) return parts[0]
  const finite = parts.filter((p) => p.size > p.nonFinite)
  const total = (f: (p: TensorStatistics) => number, of = parts) => of.reduce((sum, p) => sum + f(p), 0)
  const count = total((p) => p.size - p.nonFinite)
  const mean = count === 0 ? Number.NaN : total((p) => (p.size - p.nonFinite) * p.mean, finite) / count
  const spread = total((p) => (p.size - p.nonFinite) * (p.std ** 2 + (p.mean - mean) ** 2), finite)
  const size = total((p) => p.size)
  return {
    size,
    norm: Math.hypot(...parts.map((p) => p.norm)),
    min: count === 0 ? Number.NaN : Math.min(...finite.map((p) => p.min)),
    mean,
    max: count === 0 ? Number.NaN : Math.max(...finite.map((p) => p.max)),
    std: count === 0 ? Number.NaN : Math.sqrt(spread / count),
    zeros: size === 0 ? 0 : total((p) => p.zeros * p.size) / size,
    nonFinite: total((p) => p.nonFinite),
  }
}
