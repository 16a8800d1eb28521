/**
 * Works out a formula as it is printed for a terminal: 2·3, 1/(1 + exp(-0.5)), 1 - 0.46², |x|, √2, 0 if 1 ≤ 0, else 1.
 */
import { erf, erfc } from '../../src/scalar/erf.ts'

const functions: Readonly<Record<string, (...x: number[]) => number>> = {
  exp: Math.exp,
  log: Math.log,
  erf,
  erfc,
  expm1: Math.expm1,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  asin: Math.asin,
  acos: Math.acos,
  atan2: Math.atan2,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  sign: Math.sign,
  round: Math.round,
  min: Math.min,
  max: Math.max,
}
const superscripts = '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'
const TOKEN = /\s*(\d+(?:\.\d+)?(?:e-?\d+)?|∞|π|[a-z_][a-z_0-9]*|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|[-+·×/^()|,√⌊⌋<>=≤≠])/giy

export function readFormula(text: string): number {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(text)
    if (!match) throw new Error(`'${text}' at ${at}`)
    tokens.push(match[1])
  }
  const reader = new Reader(tokens)
  const value = reader.choice()
  if (reader.next !== undefined) throw new Error(`'${text}' goes on with ${reader.next}`)
  return value
}

class Reader {
  readonly tokens: readonly string[]
  at = 0

  constructor(tokens: readonly string[]) {
    this.tokens = tokens
  }

  get next(): string | undefined {
    return this.tokens[this.at]
  }

  take(...wanted: string[]): string | null {
    const { next } = this
    if (next === undefined || !wanted.includes(next)) return null
    this.at++
    return next
  }

  need(wanted: string): void {
    if (!this.take(wanted)) throw new Error(`${wanted} expected, got ${this.next}`)
  }

  /** a if c, b if d, else e */
  choice(): number {
    const first = this.relation()
    if (!this.take('if')) return first
    const when = this.conditions()
    this.need(',')
    const rest = this.take('else') ? this.choice() : this.choice()
    return when ? first : rest
  }

  conditions(): boolean {
    let all = this.relation() !== 0
    while (this.take('and')) all = this.relation() !== 0 && all
    return all
  }

  relation(): number {
    const a = this.sum()
    const sign = this.take('<', '≤', '=', '≠', 'mod')
    if (!sign) return a
    const b = this.sum()
    if (sign === 'mod') return a % b
    return Number({ '<': a < b, '≤': a <= b, '=': a === b, '≠': a !== b }[sign])
  }

  sum(): number {
    let total = this.take('-') ? -this.product() : this.product()
    for (let sign = this.take('+', '-'); sign; sign = this.take('+', '-'))
      total += sign === '+' ? this.product() : -this.product()
    return total
  }

  product(): number {
    let total = this.power()
    for (let sign = this.take('·', '×', '/'); sign; sign = this.take('·', '×', '/'))
      total = sign === '/' ? total / this.power() : total * this.power()
    return total
  }

  power(): number {
    const base = this.atom()
    if (this.take('^')) return base ** this.atom()
    const { next } = this
    if (next === undefined || !superscripts.includes(next[0])) return base
    this.at++
    return base ** Number([...next].map((c) => '-0123456789'[superscripts.indexOf(c)]).join(''))
  }

  atom(): number {
    const token = this.tokens[this.at++]
    if (token === '(') return this.until(')')
    if (token === '|') return Math.abs(this.until('|'))
    if (token === '⌊') return Math.floor(this.until('⌋'))
    if (token === '√') return Math.sqrt(this.atom())
    if (token === '∞') return Infinity
    if (token === 'π') return Math.PI
    if (token === 'NaN') return Number.NaN
    if (/^\d/.test(token ?? '')) return Number(token)
    return this.call(token)
  }

  until(end: string): number {
    const value = this.choice()
    this.need(end)
    return value
  }

  call(name: string | undefined): number {
    const f = functions[name ?? '']
    if (!f || !this.take('(')) throw new Error(`${name} is no function`)
    const args = [this.choice()]
    while (this.take(',')) args.push(this.choice())
    this.need(')')
    return f(...args)
  }
}
