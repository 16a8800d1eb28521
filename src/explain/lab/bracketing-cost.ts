/**
 * In which order the Jacobians of a chain are multiplied: the product is the same, the cost is not. Forward mode is one
 * order, reverse mode another, and neither need be the cheapest.
 */
import { ArgumentError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { BracketingCost } from './bracketing-cost-document.ts'
import { requireCount } from './require.ts'

/** An order of multiplication, the factors written from output to input. */
export interface Bracketing {
  /** `(J3 J2) J1` */
  readonly order: string
  readonly multiplyAdds: number
}

const MOST = 200

/**
 * The multiply-adds of a chain of Jacobians J_k [sizes[k], sizes[k - 1]], from input to output.
 * @param sizes the widths along the chain: at least three, at most 201.
 * @returns the orders of forward mode (from the input), of reverse mode (from the output) and the best (the classic
 *   dynamic program for matrix chains, Godbole 1973).
 * @throws ArgumentError where sizes are no positive integers.
 * @example bracketingCost([1000, 500, 500, 1]).reverse.multiplyAdds // 750000
 */
export function bracketingCost(sizes: readonly number[]): BracketingCost {
  const name = 'bracketingCost'
  if (!Array.isArray(sizes) || sizes.length < 3 || sizes.length > MOST + 1)
    throw new ArgumentError(`${name}: takes the 3 to ${MOST + 1} widths along a chain, got ${shown(sizes)}`)
  for (const [i, n] of sizes.entries()) requireCount(name, `size ${i}`, n)
  const count = sizes.length - 1
  const inner = Array.from({ length: count - 1 }, (_, i) => i + 1)
  const fromInput = inner.reduce((sum, k) => sum + sizes[k + 1] * sizes[k] * sizes[0], 0)
  const fromOutput = inner.reduce((sum, k) => sum + sizes[count] * sizes[k] * sizes[k - 1], 0)
  return new BracketingCost(
    [...sizes],
    { order: nested(count, 'input'), multiplyAdds: fromInput },
    { order: nested(count, 'output'), multiplyAdds: fromOutput },
    cheapest(sizes),
  )
}

/** J3 (J2 J1) or (J3 J2) J1. */
function nested(count: number, from: 'input' | 'output'): string {
  let order = from === 'input' ? 'J1' : `J${count}`
  for (let step = 1; step < count; step++) {
    const grouped = step === 1 ? order : `(${order})`
    order = from === 'input' ? `J${step + 1} ${grouped}` : `${grouped} J${count - step}`
  }
  return order
}

/** best[i][j] is the cheapest product J_j ... J_{i+1}, which maps width sizes[i] to sizes[j]: split where it is least. */
function cheapest(sizes: readonly number[]): Bracketing {
  const n = sizes.length
  const best = sizes.map(() => new Array<number>(n).fill(0))
  const split = sizes.map(() => new Array<number>(n).fill(0))
  for (let length = 2; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length
      best[i][j] = Infinity
      for (let k = i + 1; k < j; k++) {
        const cost = best[i][k] + best[k][j] + sizes[j] * sizes[k] * sizes[i]
        if (cost < best[i][j]) [best[i][j], split[i][j]] = [cost, k]
      }
    }
  }
  const write = (i: number, j: number, outer: boolean): string => {
    if (j === i + 1) return `J${j}`
    const order = `${write(split[i][j], j, false)} ${write(i, split[i][j], false)}`
    return outer ? order : `(${order})`
  }
  return { order: write(0, n - 1, true), multiplyAdds: best[0][n - 1] }
}
