/** The names that someone may have meant: case, underscores and a few wrong letters do not count. */

/**
 * Up to three of the candidates, the most similar first; none where nothing is similar: of `sigmoid`, `sign` and
 * `relu`, for `sigmod` only the first.
 */
export function nearest(name: string, candidates: Iterable<string>): string[] {
  if (name.length > LONGEST) return []
  const wanted = plain(name)
  // Of one or two letters, one other letter makes another name.
  const limit = Math.floor(wanted.length / 3)
  const found: { candidate: string; distance: number }[] = []
  for (const candidate of candidates) {
    const other = plain(candidate)
    const begins = wanted.length >= 3 && (other.startsWith(wanted) || wanted.startsWith(other)) && other.length >= 3
    const distance = Math.min(editDistance(wanted, other), begins ? 1.5 : Infinity)
    if (distance <= Math.max(limit, begins ? 1.5 : 0)) found.push({ candidate, distance })
  }
  found.sort((a, b) => a.distance - b.distance || a.candidate.length - b.candidate.length)
  const best = found[0]?.distance ?? 0
  return found
    .filter(({ distance }) => distance <= best + 0.5)
    .map(({ candidate }) => candidate)
    .slice(0, 3)
}

/** `; did you mean a or b?`, or nothing. */
export const didYouMean = (names: readonly string[]): string =>
  names.length === 0 ? '' : `; did you mean ${inWords(names, 'or')}?`

/** `a, b and c`. */
export const inWords = (names: readonly string[], last: 'and' | 'or' = 'and'): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`

/** Longer names than any candidate are not compared: the work grows with the product of the lengths. */
const LONGEST = 40

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '')

/** Levenshtein's distance: the least number of insertions, deletions and replacements that turn a into b. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]
}
