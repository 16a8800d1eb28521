/** Answers as people write them: a number, or a fraction of two. */
import { type Parsed, parseNumber } from '../../ui/parse-number.ts'

export function parseAnswer(text: string): Parsed {
  const [above, below, more] = text.split('/')
  if (below === undefined || more !== undefined) return parseNumber(text)
  const [top, bottom] = [parseNumber(above), parseNumber(below)]
  if ('why' in top) return top
  if ('why' in bottom) return bottom
  return bottom.value === 0 ? { why: 'Nothing can be divided by 0.' } : { value: top.value / bottom.value }
}
