/** What to say where something else is expected than what stands there: what was got, and what was probably meant. */
import { quoted } from './formula-error.ts'
import { library } from './library.ts'

/** Signs from word processors, other languages and other notations, with what they are here. */
const meant: Readonly<Record<string, string>> = {
  '–': 'a minus sign is -',
  '—': 'a minus sign is -',
  '’': "a transpose is x' or x.T",
  '′': "a transpose is x' or x.T",
  '“': `text stands in ' or "`,
  '„': `text stands in ' or "`,
  '{': 'parentheses are ( )',
  '}': 'parentheses are ( )',
  '%': 'the remainder of a division is remainder(a, b)',
  '&': 'both of two conditions are logicalAnd(a, b)',
  '!': 'the opposite of a condition is logicalNot(a)',
  '?': 'a choice is where(condition, a, b)',
  '\\': 'TeX is not read; write x*y, a/b, sqrt(x)',
  '∑': 'a sum is sum(x)',
  '∞': 'there is no sign for infinity',
}

/** The problem of a product whose sign is left out where that may mean two things. */
export const AMBIGUOUS = 'this can be read in two ways because a * is left out; write it, or parentheses'

/** The problem where an operand should begin. */
export function noValue(text: string, index: number): string {
  const wish = text[index - 1] === '.' ? 'the name of a function' : 'a value'
  return problem(text, index, wish + after(text, index), meant[text[index]])
}

/** The problem where an operand has ended; `wish` is what may follow. */
export const noOperator = (text: string, index: number, wish: string): string =>
  problem(text, index, wish, meant[text[index]] ?? joint(text, index))

/** The problem where `name=value` should begin. */
export function noPair(text: string, index: number): string {
  const hint = /[\d.]/.test(text[index] ?? '')
    ? 'a vector has brackets, x=[1, 2], and a fraction a point, 1.5'
    : undefined
  return problem(text, index, 'a name and its value, such as w=2', hint)
}

/** The problem behind the name or the value of `name=value`. */
export const noEnd = (text: string, index: number, wish: string): string =>
  problem(text, index, wish, meant[text[index]])

function problem(text: string, index: number, wish: string, hint: string | undefined): string {
  return `expected ${wish}, got ${found(text, index)}${hint ? `; ${hint}` : ''}`
}

/** ` after '+'` */
function after(text: string, index: number): string {
  const [before] = /(?:[<>=!]=|\*\*|\S)\s*$/.exec(text.slice(Math.max(0, index - 40), index)) ?? []
  return before ? ` after '${before.trim()}'` : ''
}

const wordHere = /[\p{L}\p{N}_.]+|[\s\S]/uy

function found(text: string, index: number): string {
  if (index >= text.length) return 'the end'
  wordHere.lastIndex = index
  const [word] = wordHere.exec(text)!
  if (/[\n\r\u2028\u2029]/.test(word)) return 'the end of the line'
  const code = word.codePointAt(0)!
  return /\p{C}|\p{M}/u.test(word) ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : quoted(word)
}

/** Why two operands stand side by side. */
function joint(text: string, index: number): string | undefined {
  const char = text[index] ?? ''
  if (char === '=') return 'only a name can stand to the left of =, and functions cannot be defined'
  if (char === ';') return 'the rows of a matrix are [[1, 2], [3, 4]]'
  if (char === ',') return 'a vector is [a, b]'
  if (char === ')' || char === ']') return `no '${char === ')' ? '(' : '['}' is open`
  if (!/[\p{L}\p{N}_([√]/u.test(char)) return undefined
  const [, name] = /([\p{L}\p{N}_]+)\s*$/u.exec(text.slice(Math.max(0, index - 40), index)) ?? []
  return name && library.has(name) ? `a function takes its arguments in brackets, ${name}(x)` : 'a product needs its *'
}
