/**
 * Lines of text: where they may break, and where they do. Words break at spaces. A formula stays in one piece where it
 * can; otherwise it breaks before an operator or after a comma, outside of parentheses first. A number is never cut;
 * any other word is, when it is wider than the line.
 */
import type { Inline } from './document.ts'
import { spellOut } from './escape.ts'
import { chop, displayWidth } from './width.ts'

/** Spaces in a formula, from the first to break to the last; to the reader they are all the same. */
const OUTSIDE = '\u2000'
const INSIDE = '\u2001'
const NEVER = '\u00a0'

/** Parts as one text that knows where it may break. */
export const flow = (parts: readonly Inline[]): string =>
  parts.map((part) => (typeof part === 'string' ? spellOut(part) : flowFormula(part.text))).join('')

export function flowFormula(text: string): string {
  let depth = 0
  return text.replace(/[()[\]]| /g, (mark, place: number) => {
    if (mark !== ' ') {
      depth += '(['.includes(mark) ? 1 : -1
      return mark
    }
    const breaks = text[place - 1] === ',' || /^ [-+·×=≈] /.test(text.slice(place, place + 3))
    return breaks ? (depth > 0 ? INSIDE : OUTSIDE) : NEVER
  })
}

/** The lines of a flowing text, the first at most `first` wide and the others `width`, unless a number is wider. */
export function wrap(text: string, width: number, first = width): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ +/).flatMap((word) => breakable(word, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && displayWidth(longer) > (lines.length === 0 ? first : width)) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line].map((each) => each.replaceAll(/[\u2000\u2001\u00a0]/g, ' ').trimEnd())
}

/** The widest word, and the widest that `wrap` does not cut however narrow the line. */
export const widestWord = (text: string): number =>
  Math.max(0, ...text.split(/[ \u2000]+/).map((word) => displayWidth(word)))

export const widestNumber = (text: string): number =>
  Math.max(
    0,
    ...text
      .split(/[ \u2000\u2001\u00a0]+/)
      .filter(isNumber)
      .map(displayWidth),
  )

const isNumber = (word: string): boolean => /^[-+(]*[\d.,e∞-]+[).,;:]*$/.test(word)

/** A word that fits is whole, a formula only if it leaves room for others; the rest in pieces that fit. */
function breakable(word: string, width: number): string[] {
  if (displayWidth(word) <= (word.includes(OUTSIDE) ? width / 2 : width)) return [word]
  return [OUTSIDE, INSIDE, NEVER]
    .reduce(
      (pieces, space) =>
        pieces.flatMap((piece) => (space === OUTSIDE || displayWidth(piece) > width ? piece.split(space) : [piece])),
      [word],
    )
    .flatMap((piece) => (displayWidth(piece) <= width || isNumber(piece) ? [piece] : chop(piece, width)))
}

/** `text` wrapped, the first line after `first` and the others after as many spaces. */
export function hang(first: string, text: string, width: number): string[] {
  const indent = displayWidth(first)
  return wrap(text, Math.max(1, width - indent)).map((line, i) => (i === 0 ? first : ' '.repeat(indent)) + line)
}
