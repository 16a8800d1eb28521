/**
 * The two experiments of the article "The chain rule as the mathematical foundation of backpropagation", with the very
 * numbers that numpy draws for np.random.seed(42).
 */
import { describe, expect, it } from 'vitest'
import { matmul } from '../../functional/index.ts'
import { relu } from '../../ops/elementwise/index.ts'
import { fromArray, type Tensor } from '../../tensor/index.ts'
import { activationFlow } from './activation-flow.ts'
import { factorProduct } from './factor-product.ts'
import { modeCost } from './mode-cost.ts'
import { modePasses } from './mode-passes.ts'

/** numpy's RandomState: the Mersenne twister and Marsaglia's polar method. */
class RandomState {
  readonly #state = new Uint32Array(624)
  #at = 624
  #spare: number | null = null

  constructor(seed: number) {
    this.#state[0] = seed
    for (let i = 1; i < 624; i++) {
      const before = this.#state[i - 1]
      this.#state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i
    }
  }

  #word(): number {
    const s = this.#state
    if (this.#at === 624) {
      for (let i = 0; i < 624; i++) {
        const y = (s[i] & 0x80000000) | (s[(i + 1) % 624] & 0x7fffffff)
        s[i] = s[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
      }
      this.#at = 0
    }
    let y = s[this.#at++]
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  #uniform = (): number => ((this.#word() >>> 5) * 67108864 + (this.#word() >>> 6)) / 9007199254740992

  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare
      this.#spare = null
      return spare
    }
    let [a, b, square] = [0, 0, 0]
    do {
      a = 2 * this.#uniform() - 1
      b = 2 * this.#uniform() - 1
      square = a * a + b * b
    } while (square >= 1 || square === 0)
    const stretch = Math.sqrt((-2 * Math.log(square)) / square)
    this.#spare = stretch * a
    return stretch * b
  }

  tensor(shape: readonly number[], scale = 1): Tensor {
    const size = shape.reduce((n, d) => n * d, 1)
    return fromArray(
      Float64Array.from({ length: size }, () => this.normal() * scale),
      shape,
      'float64',
    )
  }
}

const close = (found: readonly number[], wanted: readonly number[], tolerance: number) => {
  expect(found).toHaveLength(wanted.length)
  for (const [i, v] of wanted.entries()) expect(Math.abs(found[i] - v)).toBeLessThanOrEqual(tolerance * Math.abs(v))
}

describe('50 layers, 100 trials', () => {
  const random = new RandomState(42)
  const preActivations = [0, 1, 2].map(() => random.tensor([100, 50]))
  const study = activationFlow({ preActivations })
  const printed = study.activations.map(({ mean }) => [10, 20, 30, 40, 50].map((n) => mean[n - 1]))

  it('finds what the listing would print', () => {
    const [logistic, tanh, gate] = printed
    const p = [1.5032228687055692e-7, 2.0807622955847828e-14, 2.3666614372272553e-21, 3.3821646526923e-28]
    close(logistic, [...p, 5.035136248605398e-35], 1e-12)
    const q = [0.004407930609432184, 2.2880228770821234e-5, 4.126469605914849e-8, 5.770233691686342e-10]
    close(tanh, [...q, 3.0319581410886e-12], 1e-12)
    expect(gate).toEqual([0, 0, 0, 0, 0])
  })

  it('expects what the distribution says, and says that relu vanishes faster than tanh', () => {
    const expected = study.activations.map(({ exact }) => [10, 20, 30, 40, 50].map((n) => exact.mean ** n))
    close(expected[0].slice(0, 2), [1.418220756810497e-7, 2.0113501150481396e-14], 1e-12)
    close(expected[1].slice(3), [1.9519152805970355e-9, 1.2974069049097567e-11], 1e-12)
    close(
      expected[2],
      [10, 20, 30, 40, 50].map((n) => 2 ** -n),
      1e-12,
    )
    expect(expected[2][4]).toBeLessThan(expected[1][4])
    expect(study.toText()).toContain('100 of 100 trials')
  })

  it('stays below the bound of the largest factor', () => {
    for (const [i, n] of [10, 20, 30, 40, 50].entries())
      expect(printed[0][i]).toBeLessThan(factorProduct(0.25, n).product)
  })
})

describe('1000 → 500 → 500 → 1', () => {
  const random = new RandomState(42)
  const [W1, W2] = [random.tensor([500, 1000], 0.01), random.tensor([500, 500], 0.01)]
  const W3 = random.tensor([1, 500], 0.01)
  const x = random.tensor([1000])
  const network = (v: Tensor) => matmul(W3, relu(matmul(W2, relu(matmul(W1, v)))))

  it('draws what numpy draws', () => {
    close(Array.from(W1.data.slice(0, 3)), [0.004967141530112327, -0.0013826430117118466, 0.006476885381006925], 1e-15)
    close(Array.from(x.data.slice(0, 3)), [-0.3661571889007164, 1.6239314200082084, 0.7560822854347184], 1e-15)
    close([network(x).item()], [0.0026759709984867856], 1e-12)
  })

  it('counts and measures both modes', () => {
    const cost = modeCost(network, x)
    expect(cost.operations.evaluation.multiplyAdds).toBe(750_500)
    expect(cost.jacobian.forward.passes).toBe(1000)
    expect(cost.jacobian.differences.passes).toBe(2000)
    expect(cost.jacobian.reverse.passes).toBe(1)
    expect(cost.recommendation.mode).toBe('reverse')
    expect(cost.agreement.modes).toBeLessThan(1e-12)
    expect(cost.agreement.differences).toBeLessThan(1e-8)
    expect(cost.agreement.samples[0].reverse).toBeCloseTo(5.107966701108738e-5, 15)
    const { forward, reverse } = cost.jacobian
    expect(forward.extrapolated! / reverse.extrapolated!).toBeGreaterThan(50)
  })
})

describe('modePasses', () => {
  it('multiplies by inputs or outputs', () => {
    expect(modePasses(1_000_000, 1)).toMatchObject({ forward: 1_000_000, reverse: 1, winner: 'reverse' })
    expect(modePasses(175_000_000_000, 1)).toMatchObject({ forward: 175_000_000_000, reverse: 1, winner: 'reverse' })
    expect(modePasses(1, 1000)).toMatchObject({ forward: 1, reverse: 1000, winner: 'forward' })
    expect(modePasses(1_000_000, 1).differences).toBe(2_000_000)
    expect(modePasses(3, 3).winner).toBe('either')
    expect(() => modePasses(0, 1)).toThrow('inputs must be a positive integer')
  })
})
