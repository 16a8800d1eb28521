/**
 * How much room a text takes without asking a font, which a worker and a server do not have. Widths are those of wide
 * common fonts (DejaVu), so that others leave room; where no font is known to have the characters, `textLength` holds
 * the text to its estimate.
 */
import { chop, displayWidth } from '../render/width.ts'

/** Widths in units of the font size. */
const MONO_COLUMN = 0.61
const SANS_WIDE = 1
const SANS_NARROW = 0.41
const SANS = 0.72

/** In columns of a monospaced font: CJK and emoji take two. */
export const monoWidth = (text: string, size: number): number => displayWidth(text) * MONO_COLUMN * size

/** In a proportional font, regular or bold. */
export function sansWidth(text: string, size: number): number {
  let width = 0
  for (const character of text) width += sansColumn(character)
  return width * size
}

function sansColumn(character: string): number {
  if (/[ '!ijlIJ,./:;\\|f()[\]tr·-]/.test(character)) return SANS_NARROW
  if (/[A-Ha-ln-vx-zK-LNP-V0-9XYZ{}$_*?"`²]/.test(character)) return SANS
  return displayWidth(character) === 2 ? 2 * MONO_COLUMN : SANS_WIDE
}

/** The text, cut at its end where it takes more columns. */
export const shortened = (text: string, columns: number): string =>
  displayWidth(text) <= columns ? text : `${chop(text, columns - 1)[0]}…`

/** Whether every common font has the characters of the text, so that its width can be trusted. */
export const isCommon = (text: string): boolean => /^[ -~\u00a1-\u024f\u0370-\u03ff\u2010-\u2026∞−✕]*$/.test(text)
