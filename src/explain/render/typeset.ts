/**
 * One formula in three spellings: plain text for a terminal, TeX and MathML. A formula is put together from names,
 * numbers and other formulas; each spelling keeps its binding strength, so parentheses stand where they are needed and
 * nowhere else. `fromScalar` spells the formulas that ops are made of, with names or with numbers for the arguments.
 */
import {
  type Piece,
  piece,
  type Scalar,
  type ScriptName,
  scripts,
  spell,
  strength,
  texWord,
} from '../../scalar/index.ts'
import { escapeHtml, spellOut } from './escape.ts'
import { shortNumber } from './number.ts'

export interface Spelled {
  /** For a terminal, in Unicode. */
  readonly text: string
  /** For math mode with amsmath. */
  readonly tex: string
  /** What stands inside `<math>`. */
  readonly mathml: string
}

export interface Typeset extends Spelled {
  /** The spellings with their binding strengths, for formulas made of this one. */
  readonly pieces: Pieces
  /** The parts between relation signs, for a formula made by `equals` or `approx`. */
  readonly chain?: readonly Link[]
}

/** A part of a chain such as a = b = c, and the sign before it; the first has none. */
export interface Link {
  readonly sign?: Spelled
  readonly of: Spelled
}

/** A name, a number or a formula. */
export type Operand = Typeset | string | number | bigint

type Spelling = 'text' | 'tex' | 'mathml'
type Pieces = Readonly<Record<Spelling, Piece>>

const scriptOf = { text: 'unicode', tex: 'tex', mathml: 'mathml' } as const satisfies Record<Spelling, ScriptName>

const each = (make: (spelling: Spelling) => Piece): Pieces => ({
  text: make('text'),
  tex: make('tex'),
  mathml: make('mathml'),
})

const typeset = (pieces: Pieces, chain?: readonly Link[]): Typeset => ({
  text: pieces.text.is,
  tex: pieces.tex.is,
  mathml: pieces.mathml.is,
  pieces,
  chain,
})

const atom = (text: string, tex: string, mathml: string): Typeset =>
  typeset({
    text: piece(text, strength.atom),
    tex: piece(tex, strength.atom),
    mathml: piece(mathml, strength.atom),
  })

const formula = (x: Operand): Typeset => (typeof x === 'object' ? x : typeof x === 'string' ? symbol(x) : number(x))

/**
 * A name, taken literally in text: `w1`, `W1[0,0]`, `running_mean`. Typeset, a number or a word at its end and an index
 * become subscripts and Greek names become letters.
 */
export function symbol(name: string): Typeset {
  const shown = spellOut(name) || '?'
  return atom(shown, scripts.tex.name(shown).is, scripts.mathml.name(shown).is)
}

/** As `shortNumber` shows it. A number >= 0 in any place stands without parentheses; one < 0 has them where needed. */
export function number(x: number | bigint): Typeset {
  const shown = shortNumber(x).replace('∞', 'Infinity')
  const below = shown.startsWith('-')
  return typeset(
    each((spelling) => {
      const { digits, negation } = scripts[scriptOf[spelling]]
      const size = { ...digits(below ? shown.slice(1) : shown), given: true } as const
      return below ? { ...negation(size), given: true } : size
    }),
  )
}

/** A word or a phrase in a formula. */
export function words(text: string): Typeset {
  const shown = spellOut(text)
  const simple = /^[\w ,.;:()!?-]*$/.test(shown) && !/_|--/.test(shown)
  const spaced = escapeHtml(text).replace(/^ | $/g, '&nbsp;')
  return atom(shown, simple ? `\\text{${shown}}` : texWord(shown), `<mtext>${spaced}</mtext>`)
}

export const ellipsis: Typeset = atom('…', '\\dots', '<mi>…</mi>')

/** The partial derivative ∂of/∂wrt. */
export function partial(of: Operand, wrt: Operand): Typeset {
  const [above, below] = [formula(of), formula(wrt)].map(({ pieces }) =>
    each((spelling) => piece(scripts[scriptOf[spelling]].fence(pieces[spelling], strength.atom), strength.atom)),
  )
  return typeset({
    text: piece(`∂${above.text.is}/∂${below.text.is}`, strength.quotient),
    tex: piece(`\\frac{\\partial ${above.tex.is}}{\\partial ${below.tex.is}}`, strength.power),
    mathml: piece(
      `<mfrac><mrow><mo>∂</mo>${above.mathml.is}</mrow><mrow><mo>∂</mo>${below.mathml.is}</mrow></mfrac>`,
      strength.power,
    ),
  })
}

const binary =
  (join: 'sum' | 'difference' | 'quotient' | 'power') =>
  (a: Operand, b: Operand): Typeset => {
    const [left, right] = [formula(a), formula(b)]
    return typeset(each((spelling) => scripts[scriptOf[spelling]][join](left.pieces[spelling], right.pieces[spelling])))
  }

const plus = binary('sum')

export const difference: (a: Operand, b: Operand) => Typeset = binary('difference')
export const quotient: (a: Operand, b: Operand) => Typeset = binary('quotient')
export const power: (base: Operand, exponent: Operand) => Typeset = binary('power')

export function negative(of: Operand): Typeset {
  const { pieces } = formula(of)
  return typeset(each((spelling) => scripts[scriptOf[spelling]].negation(pieces[spelling])))
}

/** All terms with + between them, or - before a term that starts with a minus sign; 0 for none. */
export function sum(terms: readonly Operand[]): Typeset {
  return terms.length === 0 ? number(0) : terms.map(formula).reduce(plus)
}

const dots = {
  text: { numbers: ' × ', others: ' · ' },
  tex: { numbers: ' \\times ', others: ' \\cdot ' },
  mathml: { numbers: '<mo>×</mo>', others: '<mo>·</mo>' },
} as const

/** All factors with a sign between them: × if all are numbers, otherwise ·. The empty product is 1. */
export function product(factors: readonly Operand[]): Typeset {
  const all = factors.map(formula)
  if (all.length < 2) return all[0] ?? number(1)
  const sign = all.every(({ pieces }) => pieces.text.given) ? 'numbers' : 'others'
  return typeset(
    each((spelling) =>
      multiplied(
        all.map(({ pieces }) => pieces[spelling]),
        spelling,
        dots[spelling][sign],
      ),
    ),
  )
}

/** A minus sign of the first factor stands before the whole product. */
function multiplied([first, ...rest]: readonly Piece[], spelling: Spelling, dot: string): Piece {
  const { fence, negation } = scripts[scriptOf[spelling]]
  const all = [first.minus ?? first, ...rest].map((factor) => fence(factor, strength.quotient))
  const whole = piece(all.join(dot), strength.product)
  return first.minus === undefined ? whole : { ...negation(whole), given: first.given }
}

/** A function of that name at these arguments. */
export function apply(name: string, args: readonly Operand[]): Typeset {
  const shown = spellOut(name)
  const inside = args.map(formula)
  return typeset(
    each((spelling) => scripts[scriptOf[spelling]].applied(shown)(...inside.map(({ pieces }) => pieces[spelling]))),
  )
}

const signs = {
  equal: { text: '=', tex: '=', mathml: '<mo>=</mo>' },
  approximate: { text: '≈', tex: '\\approx', mathml: '<mo>≈</mo>' },
} as const

/** a = b = c; a part may itself be a chain, as in `equals(a, approx(b, c))` for a = b ≈ c. */
export const equals = (...parts: readonly Operand[]): Typeset => chained(signs.equal, parts)

/** a ≈ b */
export const approx = (...parts: readonly Operand[]): Typeset => chained(signs.approximate, parts)

function chained(sign: Spelled, parts: readonly Operand[]): Typeset {
  const links = parts.map(formula).flatMap((part, i): Link[] => {
    const [first, ...rest] = part.chain ?? [{ of: fenced(part, i === parts.length - 1) }]
    return [i === 0 ? first : { ...first, sign }, ...rest]
  })
  const joined = (spelling: Spelling, space: string) =>
    piece(
      links.map((link) => (link.sign ? space + link.sign[spelling] + space : '') + link.of[spelling]).join(''),
      strength.relation,
    )
  return typeset({ text: joined('text', ' '), tex: joined('tex', ' '), mathml: joined('mathml', '') }, links)
}

/** A part beside a relation sign; cases are as good as parenthesised when typeset, and in text at the end. */
function fenced({ pieces }: Typeset, last: boolean): Spelled {
  const side = (spelling: Spelling) => {
    const { is, binds, rows } = pieces[spelling]
    const free = rows !== undefined && (last || spelling !== 'text')
    return free || binds >= strength.sum ? is : scripts[scriptOf[spelling]].fence(pieces[spelling], strength.sum)
  }
  return { text: side('text'), tex: side('tex'), mathml: side('mathml') }
}

/**
 * A formula of `src/scalar` with `bindings` in the place of its arguments: names give the symbolic rule, numbers the
 * rule at a point, both from the same formula. An argument that is not bound keeps its name.
 */
export function fromScalar(s: Scalar, bindings: Readonly<Record<string, Operand>> = {}): Typeset {
  const bound = new Map(Object.entries(bindings).map(([name, operand]) => [name, formula(operand).pieces]))
  return typeset(each((spelling) => spell(s, scriptOf[spelling], (name) => bound.get(name)?.[spelling])))
}
