/**
 * Two explanations of one derivative, before and after a change: which factor of the chain rule's product is another one
 * now. Of several ways to the result, the one whose product changed most is told, and the others as one number.
 */
import type { ExplanationJson, FactorJson, TraceNumber } from 'chainrule/explain'

export interface FactorChange {
  readonly of: string
  readonly wrt: string
  readonly op: string
  /** The local derivative as it is now, in symbols. */
  readonly formula: string
  readonly tex: string
  readonly from: number
  readonly to: number
}

export interface FromTo {
  readonly from: number
  readonly to: number
}

export interface Comparison {
  readonly output: string
  readonly input: string
  readonly gradient: FromTo
  /** From the result to the input: their product is that of the way. */
  readonly factors: readonly FactorChange[]
  readonly product: FromTo
  /** What the other ways sum up to; null where there is one way only. */
  readonly others: FromTo | null
}

type Path = ExplanationJson['paths'][number]

/** Null where no way is in both: then the programs are too different to be compared. */
export function compare(before: ExplanationJson, after: ExplanationJson): Comparison | null {
  const pairs = paired(before.paths, after.paths)
  if (pairs.length === 0) return null
  const told = pairs.reduce((best, pair) => (moved(pair) > moved(best) ? pair : best))
  const [was, is] = told
  return {
    output: after.output,
    input: after.input,
    gradient: { from: number(before.gradient), to: number(after.gradient) },
    factors: is.factors.map((factor, i) => changeOf(was.factors[i], factor)),
    product: { from: number(was.product), to: number(is.product) },
    others: after.pathCount === '1' ? null : { from: othersOf(before, was), to: othersOf(after, is) },
  }
}

/** NaN and infinities stand in words. */
const number = (value: TraceNumber): number => Number(value)

const moved = ([was, is]: readonly [Path, Path]): number => Math.abs(number(is.product) - number(was.product))

const othersOf = ({ paths, rest }: ExplanationJson, told: Path): number =>
  paths.reduce((sum, path) => (path === told ? sum : sum + number(path.product)), number(rest.sum))

/** The same way in both, found by what it leads through; ways that look alike go by their order. */
function paired(before: readonly Path[], after: readonly Path[]): (readonly [Path, Path])[] {
  const left = [...before]
  return after.flatMap((is) => {
    const at = left.findIndex((was) => wayOf(was) === wayOf(is))
    return at < 0 ? [] : [[...left.splice(at, 1), is] as unknown as readonly [Path, Path]]
  })
}

const wayOf = ({ factors }: Path): string => factors.map(({ of, wrt }) => `${of}/${wrt}`).join(' ')

const changeOf = (was: FactorJson, { of, wrt, op, formula, tex, value }: FactorJson): FactorChange => ({
  ...{ of, wrt, op, formula, tex },
  from: number(was.value),
  to: number(value),
})

/** The factor that changed most, as a ratio; null where none did. */
export function leading(factors: readonly FactorChange[]): FactorChange | null {
  const size = ({ from, to }: FromTo) => (isSame({ from, to }) ? 0 : Math.abs(Math.log(Math.abs(to) / Math.abs(from))))
  const [first] = factors.filter((factor) => !isSame(factor)).toSorted((a, b) => size(b) - size(a))
  return first ?? null
}

/** The factor that is 0 and makes the product 0, before and after; null where there is none. */
export const blocking = (factors: readonly FactorChange[]): FactorChange | null =>
  factors.find(({ from, to }) => from === 0 && to === 0) ?? null

/** Whether nothing moved; 0 and -0 are one number here. */
export const isSame = ({ from, to }: FromTo): boolean => from === to || (Number.isNaN(from) && Number.isNaN(to))

/** How a number moved. */
export function verbOf({ from, to }: FromTo): string {
  if (isSame({ from, to })) return 'stayed'
  if (from < 0 !== to < 0 && from !== 0 && to !== 0) return 'changed its sign, from'
  const inSize = from < 0 || to < 0 ? ' in size, from' : ' from'
  return Math.abs(to) < Math.abs(from)
    ? `shrank${inSize}`
    : Math.abs(to) > Math.abs(from)
      ? `grew${inSize}`
      : 'went from'
}
