/**
 * How a call is written. A `Piece` is a printed sub-formula with its binding strength; a `Notation` joins pieces, and
 * puts parentheses only where the strength is too small for its place. Here is what all scripts share; what each puts
 * between the pieces is in `notation-text.ts`, `notation-tex.ts` and `notation-mathml.ts`.
 */

/**
 * From loosest to tightest: `a ? b : c`, `a < b`, `a + b` and `-a`, `a/b`, `a*b`, `a^b`, `f(a)`. A script may let its
 * quotients bind as products do.
 */
export const strength = { choice: 0, relation: 1, sum: 2, quotient: 3, product: 4, power: 5, atom: 6 } as const

export type Piece = {
  readonly is: string
  readonly binds: number
  /** What follows the minus sign, when the piece starts with one: `a + (-b)` is then written `a - b`. */
  readonly minus?: Piece
  /** A sum whose first term starts with a minus sign: after a + it needs parentheses. */
  readonly led?: boolean
  /** The denominator, when the piece is 1 over something: a * (1/b) is then written a/b. */
  readonly under?: Piece
  /** The rows of a cases block, for a block that continues with them. */
  readonly rows?: string
  /** The piece as a condition, for one whose value is only 0 or 1. */
  readonly condition?: string
  /** A value in the place of a name keeps the shape of the formula: `a + b` is `a + (-3)` then and `a*a` is `3*3`. */
  readonly given?: true
}

export type Notation = (...of: Piece[]) => Piece

/** How the intrinsics compare. */
export type Comparison = '==' | '<' | '<='

/** All that a script can write; `intrinsics.ts` chooses from it. */
export interface Script {
  readonly fence: Fence
  /** A name that is no word of the script itself: it is taken literally. */
  readonly name: (name: string) => Piece
  /** A number >= 0 as `String` writes it. */
  readonly digits: (digits: string) => Piece
  readonly sum: Notation
  readonly difference: Notation
  readonly negation: Notation
  readonly product: Notation
  readonly quotient: Notation
  readonly remainder: Notation
  readonly power: Notation
  readonly root: Notation
  readonly exponential: Notation
  readonly magnitude: Notation
  readonly floor: Notation
  readonly choice: Notation
  readonly relation: (comparison: Comparison) => Notation
  /** A function, by a name that is taken literally. */
  readonly applied: (name: string) => Notation
}

export const piece = (is: string, binds: number): Piece => ({ is, binds })

/** `piece.is`, in parentheses unless it binds at least as tightly as `needed`. */
export type Fence = (piece: Piece, needed: number) => string

/** What a script puts between pieces. */
type Marks = {
  readonly fence: Fence
  readonly plus: string
  readonly minus: string
  /** The minus sign before a single operand. */
  readonly sign: string
  readonly and: string
  readonly digits: (digits: string) => Piece
  readonly multiply: Notation
  readonly divide: Notation
  readonly raise: Notation
}

export const infix =
  (fence: Fence, symbol: string, binds: number, right: number): Notation =>
  (a, b) =>
    piece(fence(a, binds) + symbol + fence(b, right), binds)

/** A word between the operands, which says nothing about binding: in arithmetic, parentheses do. */
export const remainder =
  (fence: Fence, symbol: string): Notation =>
  (a, b) =>
    piece(fence(a, strength.product) + symbol + fence(b, strength.power), strength.relation)

export const relation =
  (fence: Fence, symbol: string): Notation =>
  (a, b) => {
    const is = fence(a, strength.sum) + symbol + fence(b, strength.sum)
    return { is, binds: strength.relation, condition: is }
  }

/** `a + b` and `a - b`; a minus sign that b starts with joins them, unless b is a given value. */
export function sums({ fence, plus, minus }: Marks): Pick<Script, 'sum' | 'difference'> {
  const joined = (a: Piece, symbol: string, right: string): Piece => ({
    is: fence(a, strength.sum) + symbol + right,
    binds: strength.sum,
    led: a.minus !== undefined || a.led,
  })
  const afterMinus = (p: Piece) => fence(p, strength.quotient)
  return {
    sum: (a, b) => {
      if (b.minus === undefined) return joined(a, plus, fence(b, b.led ? strength.quotient : strength.sum))
      return b.given ? joined(a, plus, afterMinus(b)) : joined(a, minus, afterMinus(b.minus))
    },
    difference: (a, b) =>
      b.minus === undefined || b.given ? joined(a, minus, afterMinus(b)) : joined(a, plus, afterMinus(b.minus)),
  }
}

/** `loose` is the weakest operand that needs no parentheses after the sign. */
export const negation =
  ({ fence, sign }: Marks, loose: number): Notation =>
  (a) => ({ is: sign + fence(a, loose), binds: strength.sum, minus: a })

/** `a*b` and `a/b`. */
export function products(marks: Marks): Pick<Script, 'product' | 'quotient'> {
  const { and, multiply, divide, raise } = marks
  const one = marks.digits('1').is
  return {
    /** a a is written as a square and a (1/b) as a/b. */
    product: signInFront(marks, (a, b) => {
      if (a.is === b.is && !a.given) return raise(a, marks.digits('2'))
      if (a.condition !== undefined && b.condition !== undefined)
        return { ...multiply(a, b), condition: a.condition + and + b.condition }
      if (b.under !== undefined && a.under === undefined) return divide(a, b.under)
      if (a.under !== undefined && b.under === undefined && b.minus === undefined) return divide(b, a.under)
      return multiply(a, b)
    }),
    quotient: signInFront(marks, (a, b) => (a.is === one && !a.given ? { ...divide(a, b), under: b } : divide(a, b))),
  }
}

/** (-a) b is written -a b, with the sign in front of the whole: the sign counts for the surrounding sum. */
const signInFront =
  ({ sign }: Marks, notation: Notation): Notation =>
  (a, b) => {
    if (a.minus === undefined) return notation(a, b)
    const minus = notation(a.minus, b)
    return { is: sign + minus.is, binds: strength.sum, minus, given: a.given }
  }
