/** One scale for everything that shrinks or grows on its way through layers. */
import type { Band } from '../draw/chart.ts'

export type Grade = 'vanishing' | 'shrinking' | 'steady' | 'growing' | 'exploding'

const GRADES = [
  { below: -3, is: 'vanishing' },
  { below: -1, is: 'shrinking' },
  { below: 1, is: 'steady' },
  { below: 3, is: 'growing' },
  { below: Infinity, is: 'exploding' },
] as const

/** By the logarithm to base 10: below 1e-3, below 0.1, up to 10, up to 1e3, above. */
export const gradeOf = (log10: number): Grade => GRADES.find(({ below }) => log10 < below)?.is ?? 'exploding'

export const toneOf = (grade: Grade): 'good' | 'warning' | 'bad' =>
  grade === 'steady' ? 'good' : grade === 'shrinking' || grade === 'growing' ? 'warning' : 'bad'

/** Where a chart of gradients says that they vanish or explode, compared with `reference`. */
export const bandsAround = (reference: number): Band[] =>
  reference > 0 && Number.isFinite(reference)
    ? [
        { label: 'vanishing', to: 1e-3 * reference, tone: 'bad' },
        { label: 'exploding', from: 1e3 * reference, tone: 'bad' },
      ]
    : []
