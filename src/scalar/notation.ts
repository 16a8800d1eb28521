/**
 * How a call is written, in plain text and in TeX. A `Piece` is a printed sub-formula with its binding strength; a
 * `Notation` joins pieces, and puts parentheses only where the strength is too small for its place.
 */

/** From loosest to tightest: `a ? b : c`, `a < b`, `a + b` and `-a`, `a*b`, `a^b`, `f(a)`. */
export const strength = { choice: 0, relation: 1, sum: 2, product: 3, power: 4, atom: 5 } as const

export type Piece = {
  readonly is: string
  readonly binds: number
  /** What follows the minus sign, when the piece starts with one: `a + (-b)` is then written `a - b`. */
  readonly minus?: Piece
  /** The denominator, when the piece is 1 over something: a * (1/b) is then written a/b. */
  readonly under?: Piece
  /** The rows of a cases block, for a block that continues with them. */
  readonly rows?: string
  /** The piece as a condition, for one whose value is only 0 or 1. */
  readonly condition?: string
}

export type Notation = (...of: Piece[]) => Piece

export const piece = (is: string, binds: number): Piece => ({ is, binds })

/** `piece.is`, in parentheses unless it binds at least as tightly as `needed`. */
export type Fence = (piece: Piece, needed: number) => string

const fenceText: Fence = (p, needed) => (p.binds >= needed ? p.is : `(${p.is})`)

/** A relation inside arithmetic stands in Iverson brackets: [a < b] is 1 or 0. */
const fenceTex: Fence = (p, needed) => {
  if (p.binds >= needed) return p.is
  if (p.condition !== undefined && p.binds === strength.relation) return `[${p.is}]`
  return inParentheses(p.is)
}

const inParentheses = (tex: string) => (/\\frac|\\begin/.test(tex) ? `\\left(${tex}\\right)` : `(${tex})`)

const applied =
  (name: string): Notation =>
  (...of) =>
    piece(`${name}(${of.map((p) => p.is).join(', ')})`, strength.atom)

const appliedTex =
  (name: string): Notation =>
  (...of) =>
    piece(name + inParentheses(of.map((p) => p.is).join(', ')), strength.atom)

const infix =
  (fence: Fence, symbol: string, binds: number, right: number): Notation =>
  (a, b) =>
    piece(fence(a, binds) + symbol + fence(b, right), binds)

const sum =
  (fence: Fence): Notation =>
  (a, b) => {
    const [symbol, right] =
      b.minus === undefined ? [' + ', fence(b, strength.sum)] : [' - ', afterMinus(fence, b.minus)]
    return piece(fence(a, strength.sum) + symbol + right, strength.sum)
  }

const difference =
  (fence: Fence): Notation =>
  (a, b) => {
    const [symbol, right] = b.minus === undefined ? [' - ', afterMinus(fence, b)] : [' + ', afterMinus(fence, b.minus)]
    return piece(fence(a, strength.sum) + symbol + right, strength.sum)
  }

const afterMinus = (fence: Fence, p: Piece) => fence(p, strength.product)

/** `loose` is the weakest operand that needs no parentheses after the sign. */
const negation =
  (fence: Fence, loose: number): Notation =>
  (a) => {
    const is = fence(a, loose)
    return { is: `-${is}`, binds: strength.sum, minus: a }
  }

const relation =
  (fence: Fence, symbol: string): Notation =>
  (a, b) => {
    const is = fence(a, strength.sum) + symbol + fence(b, strength.sum)
    return { is, binds: strength.relation, condition: is }
  }

/** (-a) b is written -a b, with the sign in front of the whole: the sign counts for the surrounding sum. */
const signInFront =
  (notation: Notation): Notation =>
  (a, b) => {
    if (a.minus === undefined) return notation(a, b)
    const minus = notation(a.minus, b)
    return { is: `-${minus.is}`, binds: strength.sum, minus }
  }

const quotient = (divide: Notation): Notation =>
  signInFront((a, b) => (a.is === '1' ? { ...divide(a, b), under: b } : divide(a, b)))

/** a a is written as a square and a (1/b) as a/b; the rest as `multiply` says. */
const product = (multiply: Notation, divide: Notation, raise: Notation, and: string): Notation =>
  signInFront((a, b) => {
    if (a.is === b.is) return raise(a, piece('2', strength.atom))
    if (a.condition !== undefined && b.condition !== undefined)
      return { ...multiply(a, b), condition: a.condition + and + b.condition }
    if (b.under !== undefined && a.under === undefined) return divide(a, b.under)
    if (a.under !== undefined && b.under === undefined && b.minus === undefined) return divide(b, a.under)
    return multiply(a, b)
  })

const divideText = infix(fenceText, '/', strength.product, strength.power)

const raiseText: Notation = (a, b) =>
  piece(`${fenceText(a, strength.atom)}^${fenceText(b, strength.atom)}`, strength.power)

const multiplyText: Notation = (a, b) => {
  const right = /[/%]/.test(b.is) ? strength.power : strength.product
  return piece(`${fenceText(a, strength.product)}*${fenceText(b, right)}`, strength.product)
}

/** Between product and atom: only the base of a power must fence a fraction. */
const divideTex: Notation = (a, b) => piece(`\\frac{${a.is}}{${b.is}}`, strength.power)

const raiseTex: Notation = (a, b) => piece(`${fenceTex(a, strength.atom)}^{${b.is}}`, strength.power)

const multiplyTex: Notation = (a, b) => {
  const right = fenceTex(b, strength.product)
  const space = /^[\d.]/.test(right) ? ' \\cdot ' : ' '
  return piece(fenceTex(a, strength.product) + space + right, strength.product)
}

export const text = {
  applied,
  sum: sum(fenceText),
  difference: difference(fenceText),
  negation: negation(fenceText, strength.atom),
  product: product(multiplyText, divideText, raiseText, ' and '),
  quotient: quotient(divideText),
  remainder: infix(fenceText, ' % ', strength.product, strength.power),
  power: raiseText,
  relation: (symbol: string) => relation(fenceText, ` ${symbol} `),
  choice: ((when, a, b) => {
    const condition = when.condition ?? `${fenceText(when, strength.sum)} != 0`
    return piece(`${condition} ? ${fenceText(a, strength.relation)} : ${b.is}`, strength.choice)
  }) as Notation,
}

export const tex = {
  applied: appliedTex,
  operator: (name: string) => appliedTex(`\\operatorname{${name}}`),
  around:
    (open: string, close: string): Notation =>
    (a) =>
      piece(open + a.is + close, strength.atom),
  sum: sum(fenceTex),
  difference: difference(fenceTex),
  negation: negation(fenceTex, strength.product),
  product: product(multiplyTex, divideTex, raiseTex, ' \\text{ and } '),
  fraction: quotient(divideTex),
  remainder: infix(fenceTex, ' \\bmod ', strength.product, strength.power),
  power: raiseTex,
  relation: (symbol: string) => relation(fenceTex, ` ${symbol} `),
  choice: ((when, a, b) => {
    const condition = when.condition ?? `${fenceTex(when, strength.sum)} \\ne 0`
    const rows = `${a.is} & \\text{if } ${condition} \\\\ ${b.rows ?? `${b.is} & \\text{otherwise}`}`
    return { is: `\\begin{cases} ${rows} \\end{cases}`, binds: strength.choice, rows }
  }) as Notation,
}
