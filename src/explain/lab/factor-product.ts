/** Products of factors: the one law behind vanishing and exploding gradients, and where numbers end. */
import { ArgumentError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { FactorProduct } from './factor-product-document.ts'
import { requireCount, requireFinite } from './require.ts'

/** What becomes of the running product in a floating point format: numbers of factors, or null. */
export interface FormatRange {
  /** From here on it is below the smallest normal number, where fewer digits are left. */
  readonly subnormal: number | null
  /** It rounds to 0. */
  readonly zero: number | null
  readonly infinite: number | null
  /** The product of all factors as the format has it: below the normal numbers rounding may keep it from falling on. */
  readonly product: number
}

const MOST = 1_000_000

/**
 * The running product of factors, as backpropagation through a chain makes it.
 * @param factors one factor, repeated n times, or a list of them.
 * @param n how often one factor is repeated: a positive integer up to 1,000,000.
 * @throws ArgumentError where a factor is not finite, or n does not go with the factors.
 * @example factorProduct(2, 10).product // 1024
 * @example factorProduct([3, 14]).product // 42
 */
export function factorProduct(factors: number | readonly number[], n?: number): FactorProduct {
  const list = listOf('factorProduct', factors, n)
  const partial: number[] = []
  const log10: number[] = []
  let [product, log] = [1, 0]
  for (const factor of list) {
    partial.push((product *= factor))
    log10.push((log += Math.log10(Math.abs(factor))))
  }
  return new FactorProduct(list, partial, log10, { float32: rangeIn(FLOAT32, list), float64: rangeIn(FLOAT64, list) })
}

function listOf(name: string, factors: unknown, n: unknown): readonly number[] {
  if (Array.isArray(factors)) {
    if (n !== undefined) throw new ArgumentError(`${name}: n repeats a single factor; a list has its own length`)
    if (factors.length === 0 || factors.length > MOST)
      throw new ArgumentError(`${name}: takes 1 to ${MOST} factors, got ${factors.length}`)
    for (const [i, factor] of factors.entries()) requireFinite(name, `factor ${i}`, factor)
    return [...(factors as number[])]
  }
  requireFinite(name, 'the factor', factors)
  requireCount(name, 'n', n)
  if (n > MOST) throw new ArgumentError(`${name}: n may be ${MOST} at most, got ${shown(n)}`)
  return new Array<number>(n).fill(factors)
}

interface Format {
  readonly smallestNormal: number
  round(x: number): number
}

const FLOAT32: Format = { smallestNormal: 2 ** -126, round: Math.fround }
const FLOAT64: Format = { smallestNormal: 2 ** -1022, round: (x) => x }

function rangeIn({ smallestNormal, round }: Format, factors: readonly number[]): FormatRange {
  const ends: { subnormal: number | null; zero: number | null; infinite: number | null } = {
    subnormal: null,
    zero: null,
    infinite: null,
  }
  let product = 1
  for (const [i, factor] of factors.entries()) {
    product = round(product * round(factor))
    // What a factor of 0 does is not the format's doing.
    if (factor === 0) break
    const size = Math.abs(product)
    if (size > 0 && size < smallestNormal) ends.subnormal ??= i + 1
    if (size === 0) ends.zero ??= i + 1
    if (size === Infinity) ends.infinite ??= i + 1
  }
  return { ...ends, product }
}
