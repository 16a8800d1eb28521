/**
 * How many columns of a terminal a text takes: East Asian wide characters and emoji two, what combines with the
 * character before it none. Measured by user-perceived characters, as terminals that follow Unicode draw them.
 */

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** East_Asian_Width W and F of Unicode 16, in ranges that include the unassigned places between them. */
const wide =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f/u

const invisible = /^[\p{Mn}\p{Me}\p{Cf}]/u

const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)

/** Columns in a terminal; control characters count as none, so they have to be spelled out before. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length
  let width = 0
  for (const { segment } of characters.segment(text)) width += columnsOf(segment)
  return width
}

const columnsOf = (character: string): number =>
  wide.test(character) ? 2 : invisible.test(character) || /^\p{Cc}/u.test(character) ? 0 : 1

export const padRight = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)))

export const padLeft = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - displayWidth(text))) + text

/** Half of the room on either side, the odd column on the right. */
export const padBoth = (text: string, width: number): string =>
  padRight(padLeft(text, displayWidth(text) + Math.floor((width - displayWidth(text)) / 2)), width)

/** The text in pieces of at most `width` columns each, never inside a character. */
export function chop(text: string, width: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const { segment } of characters.segment(text)) {
    const columns = columnsOf(segment)
    if (piece !== '' && used + columns > width) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += segment
    used += columns
  }
  return [...pieces, piece]
}
