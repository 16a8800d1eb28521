/** Names and numbers of a program in TeX. A name is text, whatever it contains: it cannot be a command. */
import type { TraceNumber } from 'chainrule/explain'
import { showNumber } from '../ui/show-number.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash ',
  '^': '\\textasciicircum ',
  '~': '\\textasciitilde ',
}

/** `w1` is a w with the index 1, `relu_out` is upright text; an element has its index below, as the library writes it. */
export function nameTex(name: string, index = ''): string {
  const [, letter, digits] = /^([A-Za-z])(\d*)$/.exec(name) ?? []
  const base = letter ? (digits ? `${letter}_{${digits}}` : letter) : `\\text{${textTex(name)}}`
  if (index === '') return base
  return digits ? `(${base})_{${index}}` : `${base}_{${index}}`
}

const textTex = (text: string): string => text.replaceAll(/[\\^~{}$&#_%]/g, (mark) => ESCAPES[mark] ?? `\\${mark}`)

export const partialTex = (of: string, wrt: string): string => `\\frac{\\partial ${of}}{\\partial ${wrt}}`

/** `1.2e-7` as a product with a power of ten. */
export function numberTex(x: TraceNumber | null): string {
  const text = showNumber(x)
  if (text === '—') return '\\text{—}'
  if (text === 'NaN') return '\\text{NaN}'
  const [mantissa, exponent] = text.replace('∞', '\\infty ').split('e')
  return exponent === undefined ? mantissa : `${mantissa}\\cdot 10^{${exponent}}`
}

/** As a factor: negative numbers and sums in parentheses. */
export const factorTex = (x: TraceNumber | null): string =>
  showNumber(x).startsWith('-') ? `(${numberTex(x)})` : numberTex(x)
