/** A tensor in a few characters, for a table cell or a label. */
import { toDense } from '../../backends/js/layout.ts'
import { shapeText } from '../../ops/shape.ts'
import type { Tensor } from '../../tensor/index.ts'
import { shortNumber, tellNonFinite } from '../render/number.ts'

/** Up to so many elements are shown one by one. */
const FEW = 4

/** `6`, `[0.33, 0.13]`, or the shape with what the elements are like: `[8] -0.69 to 1.79, 2 NaN`. */
export function brief(x: Tensor): string {
  const data = toDense(x)
  const value = (v: number) => (x.dtype === 'bool' ? String(v !== 0) : shortNumber(v))
  if (x.ndim === 0) return value(data[0])
  if (x.ndim === 1 && x.size <= FEW) return `[${Array.from(data, value).join(', ')}]`
  if (x.size === 1) return `${shapeText(x.shape)} ${value(data[0])}`
  if (x.size === 0) return `${shapeText(x.shape)} empty`
  const { min, max, nonFinite } = summarize(x)
  const range = nonFinite < x.size ? [`${value(min)} to ${value(max)}`] : []
  return `${shapeText(x.shape)} ${[...range, ...(nonFinite > 0 ? [tellNonFinite(data)] : [])].join(', ')}`
}

export interface Summary {
  readonly min: number
  readonly max: number
  readonly mean: number
  /** The Euclidean norm. */
  readonly norm: number
  readonly zeros: number
  /** How many elements are NaN or infinite, which the other figures leave out. */
  readonly nonFinite: number
}

/** What the elements of a tensor are like; NaN where there is nothing to say it of. */
export function summarize(x: Tensor): Summary {
  let [min, max, sum, squares, zeros, nonFinite] = [Infinity, -Infinity, 0, 0, 0, 0]
  const data = toDense(x)
  for (let i = 0; i < data.length; i++) {
    const v = data[i]
    if (!Number.isFinite(v)) {
      nonFinite++
      continue
    }
    if (v < min) min = v
    if (v > max) max = v
    if (v === 0) zeros++
    sum += v
    squares += v * v
  }
  const count = data.length - nonFinite
  if (count === 0) return { min: NaN, max: NaN, mean: NaN, norm: NaN, zeros, nonFinite }
  return { min, max, mean: sum / count, norm: Math.sqrt(squares), zeros, nonFinite }
}
