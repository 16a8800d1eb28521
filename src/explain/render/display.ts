/**
 * Display formulas as rows with two sides, for what is typeset: what stands before the first relation sign, and the
 * rest. A long chain of equations gets a row for each of its parts.
 */
import type { Link, Typeset } from './typeset.ts'

export interface Row {
  readonly left: string
  readonly right: string
}

/** Characters of text from which on a chain is long. */
const LONG = 72

export function displayRows(lines: readonly Typeset[], spelling: 'tex' | 'mathml'): Row[] {
  return lines.flatMap((line): Row[] => {
    if (line.chain === undefined) return [{ left: '', right: line[spelling] }]
    const [{ of: left }, ...links] = line.chain
    const parts = links.map(({ sign, of }: Link) => `${sign![spelling]} ${of[spelling]}`)
    if (line.text.length < LONG) return [{ left: left[spelling], right: parts.join(' ') }]
    return parts.map((right, i) => ({ left: i === 0 ? left[spelling] : '', right }))
  })
}

/** For a display in TeX, also in Markdown. */
export function displayTex(lines: readonly Typeset[]): string {
  const rows = displayRows(lines, 'tex')
  if (rows.length === 1) return `${rows[0].left} ${rows[0].right}`.trim()
  return `\\begin{aligned}\n${rows.map(({ left, right }) => `${left.replace(/^(?=[[*])/, '{}')} &${right}`).join(' \\\\\n')}\n\\end{aligned}`
}
