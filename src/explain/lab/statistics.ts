/** Sums over numbers of any size: magnitudes are divided by the largest first, so that no square leaves the range. */

/** The mean and its standard error, which is NaN for a single number. */
export function moments(values: ArrayLike<number>): { mean: number; standardError: number } {
  const n = values.length
  const mean = sum(values) / n
  return { mean, standardError: Math.sqrt(sum(Array.from(values, (v) => (v - mean) ** 2)) / (n - 1) / n) }
}

export function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]
  return total
}

/** 0 for none; NaN where one is. */
export function largest(values: ArrayLike<number>): number {
  let top = 0
  for (let i = 0; i < values.length; i++) top = Math.max(top, Math.abs(values[i]))
  return top
}

/** The Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  const top = largest(values)
  if (top === 0 || !Number.isFinite(top)) return top
  return top * Math.sqrt(sum(Array.from(values, (v) => (v / top) ** 2)))
}
