/** The running product of factors, as a table with the place where numbers end. */
import { type ChartOptions, lineChart } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { approx, equals, number, power, product, words } from '../render/typeset.ts'
import { paragraph, picture, plural, table } from './blocks.ts'
import { roundDepths } from './depths.ts'
import type { FormatRange } from './factor-product.ts'
import { type Grade, gradeOf, toneOf } from './grade.ts'

/** So many are written out. */
const MOST_FACTORS = 6

type Dtype = 'float32' | 'float64'

export class FactorProduct extends Document {
  readonly factors: readonly number[]
  /** After 1, 2, ... factors, in float64: 0 or infinite where that has no number for it. */
  readonly partial: readonly number[]
  /** The logarithm to base 10 of the magnitude of each, which has room for all; -Infinity from a factor of 0 on. */
  readonly log10: readonly number[]
  /** Where a running product in float32 and in float64 leaves the range of numbers, counted in factors. */
  readonly range: Readonly<Record<Dtype, FormatRange>>
  /** The geometric mean of the factors' magnitudes: what each contributes on average. */
  readonly perFactor: number
  readonly trend: Grade | 'zero'

  constructor(
    factors: readonly number[],
    partial: readonly number[],
    log10: readonly number[],
    range: Readonly<Record<Dtype, FormatRange>>,
  ) {
    super()
    this.factors = factors
    this.partial = partial
    this.log10 = log10
    this.range = range
    const last = log10[log10.length - 1]
    this.perFactor = 10 ** (last / log10.length)
    this.trend = last === -Infinity ? 'zero' : gradeOf(last)
  }

  get product(): number {
    return this.partial[this.partial.length - 1]
  }

  get title(): string {
    return `A product of ${plural(this.factors.length, 'factor')}`
  }

  blocks(): Block[] {
    const depths = this.factors.length <= 10 ? this.factors.map((_, i) => i + 1) : roundDepths(this.factors.length)
    const rows = depths.map((n) => [String(n), this.factors[n - 1], this.shown(n)])
    const ends = [...this.endsOf('float32'), ...this.endsOf('float64')]
    return [
      ...(this.isShort ? [this.formula()] : []),
      { is: 'note', tone: this.trend === 'zero' ? 'bad' : toneOf(this.trend), parts: [this.verdict()] },
      table(['Factors', 'this factor', 'product'], rows),
      picture(this.toSvg(), this.verdict()),
      ...ends.map((end) => paragraph(end)),
    ]
  }

  /** Whether the factors can be written out. */
  private get isShort(): boolean {
    const { length } = this.factors
    return length > 1 && (length <= MOST_FACTORS || this.isPower)
  }

  /** One factor over and over. */
  private get isPower(): boolean {
    return this.factors.every((factor) => factor === this.factors[0])
  }

  /** 3 × 14 = 42, 0.25⁵⁰ ≈ 7.889e-31 */
  private formula(): Block {
    const { factors, product: value, isPower } = this
    const left = isPower ? power(factors[0], factors.length) : product(factors)
    const held = Number.isFinite(value) && (value !== 0 || this.trend === 'zero')
    const right = held ? number(value) : words(this.shown(factors.length))
    const exact = held && Number(shortNumber(value)) === value
    return { is: 'formula', lines: [exact ? equals(left, right) : approx(left, right)] }
  }

  /** "Each factor contributes 0.25: the product falls to a tenth every 1.661 factors." */
  verdict(): string {
    if (this.trend === 'zero')
      return `Factor ${this.log10.indexOf(-Infinity) + 1} is 0, and so is every product from there on.`
    const whole = `The product of ${plural(this.factors.length, 'factor')} is ${this.shown(this.factors.length)}`
    if (this.trend === 'steady') return `${whole}: ${this.trend}.`
    const every = shortNumber(Math.abs(1 / Math.log10(this.perFactor)))
    const change = this.perFactor < 1 ? 'falls to a tenth' : 'grows tenfold'
    return `${whole}: ${this.trend}. With ${shortNumber(this.perFactor)} per factor it ${change} every ${every} factors.`
  }

  /** The product of n factors, also where float64 has no number for it. */
  private shown(n: number): string {
    const log = this.log10[n - 1]
    if (log > -307 && log < 308) return shortNumber(this.partial[n - 1])
    if (log === -Infinity) return '0'
    const exponent = Math.floor(log)
    const sign = this.factors.slice(0, n).filter((factor) => factor < 0).length % 2 === 1 ? '-' : ''
    return `${sign}${shortNumber(10 ** (log - exponent))}e${exponent}`
  }

  private endsOf(dtype: Dtype): string[] {
    const { subnormal, zero, infinite, product } = this.range[dtype]
    const early = subnormal === null ? '' : `; from factor ${subnormal} on it has fewer digits`
    if (zero !== null) return [`Multiplied in ${dtype}, the product is exactly 0 from factor ${zero} on${early}.`]
    if (infinite !== null) return [`Multiplied in ${dtype}, the product is infinite from factor ${infinite} on.`]
    if (subnormal === null) return []
    return [`Multiplied in ${dtype}, the product ends at ${shortNumber(product)}${early}, and rounding may hold it up.`]
  }

  /** The magnitude of the running product. */
  toSvg(options: ChartOptions = {}): string {
    const points = this.partial.map((value, i) => [i + 1, Math.abs(value)] as const)
    const y = { label: '|product|', scale: 'log' } as const
    return lineChart({ title: this.title, x: { label: 'factors' }, y, series: [{ name: 'product', points }] }, options)
  }

  toJSON(): PlainObject {
    const { factors, product, partial, log10, range, perFactor, trend } = this
    return toPlain({
      format: 'chainrule-factor-product',
      version: 1,
      factors,
      product,
      partial,
      log10,
      range,
      perFactor,
      trend,
    })
  }
}
