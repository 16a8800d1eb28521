/** Numbers as people type them. What is no number, or not surely one, comes back as the reason why. */

export type Parsed = { readonly value: number } | { readonly why: string }

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * Reads `-2`, `.5`, `1e-3`, a true minus sign, and a decimal comma where it can be nothing else: `0,5`, but not
 * `1,234`, which may be a thousand.
 */
export function parseNumber(text: string): Parsed {
  const plain = text.trim().replaceAll('−', '-')
  if (plain === '') return { why: 'Type a number, such as 0.5 or -2.' }
  if (/^[+-]?(nan|inf(inity)?|∞)$/i.test(plain)) return { why: 'Only finite numbers can be put in here.' }
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+$/.test(plain))
    return { why: `"${text.trim()}" can be read in two ways. Write the decimal point as a point.` }
  const dotted = /^[^.,]*,[^.,]*$/.test(plain) ? plain.replace(',', '.') : plain
  if (!DECIMAL.test(dotted)) return { why: `"${text.trim()}" is not a number. Examples: 0.5, -2, 1e-3.` }
  const value = Number(dotted)
  return Number.isFinite(value) ? { value } : { why: `"${text.trim()}" is beyond the largest number there is.` }
}
