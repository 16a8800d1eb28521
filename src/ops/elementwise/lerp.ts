import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

const fromStart = (start: s.Scalar, end: s.Scalar, weight: s.Scalar) => s.add(start, s.mul(weight, s.sub(end, start)))
const fromEnd = (start: s.Scalar, end: s.Scalar, weight: s.Scalar) => fromStart(end, start, s.sub(s.c(1), weight))

/**
 * start + weight (end - start): start at weight 0, end at weight 1, both exactly.
 * @example lerp(tensor([0, 10]), 20, 0.25) // [5, 12.5]
 */
export const lerp = elementwise({
  name: 'lerp',
  args: ['start', 'end', 'weight'],
  formula: ({ start, end, weight }) =>
    s.select(s.lt(s.abs(weight), s.c(0.5)), fromStart(start, end, weight), fromEnd(start, end, weight)),
  // of one form on both sides, where the derived ones are a choice between equals
  partials: ({ start, end, weight }) => ({ start: s.sub(s.c(1), weight), end: weight, weight: s.sub(end, start) }),
  tex: String.raw`\mathrm{start} + \mathrm{weight} \left(\mathrm{end} - \mathrm{start}\right)`,
  points: [
    { at: [1, 3, 0], y: 1, partials: [1, 0, 2] },
    { at: [1, 3, 0.5], y: 2, partials: [0.5, 0.5, 2] },
    { at: [1e20, 3, 1], y: 3, partials: [0, 1, -1e20] },
    { at: [1, 3, 2], y: 5, partials: [-1, 2, 2] },
  ],
})
