/** What a path has of the sum of all. */
import { showNumber } from '../ui/show-number.ts'

/** What rounds to nothing with one decimal, and what is longer than a number should be, is written as numbers are. */
const SMALL = 0.05
const LARGE = 1e4

/** In per cent. Small is not nothing, and where paths nearly cancel there are no bounds; of no sum there is no share. */
export function shareText(product: number, sum: number): string {
  const percent = 100 * (product / sum)
  if (sum === 0 || !Number.isFinite(percent)) return '—'
  const size = Math.abs(percent)
  return `${size < SMALL || size >= LARGE ? showNumber(percent) : percent.toFixed(1)} %`
}
