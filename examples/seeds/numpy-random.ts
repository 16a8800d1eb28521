/**
 * The random numbers of `np.random.seed(n)` and `np.random.randn`, so that programs which follow a numpy listing print
 * what it prints: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) and Marsaglia's polar method.
 */
import { type Tensor, tensor } from 'chainrule'

const WORDS = 624
const MIDDLE = 397

/** MT19937: 32-bit integers with a period of 2^19937 - 1. */
export class MersenneTwister {
  private readonly state = new Uint32Array(WORDS)
  private next = WORDS

  constructor(seed: number) {
    this.state[0] = seed
    for (let i = 1; i < WORDS; i++) {
      const before = this.state[i - 1]
      this.state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i
    }
  }

  /** The next integer, from 0 to 2^32 - 1. */
  uint32(): number {
    if (this.next === WORDS) this.twist()
    let y = this.state[this.next++]
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  /** The next 53 random bits as a number in [0, 1). */
  double(): number {
    const high = this.uint32() >>> 5
    return (high * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53
  }

  private twist(): void {
    const { state } = this
    for (let i = 0; i < WORDS; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff)
      state[i] = state[(i + MIDDLE) % WORDS] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.next = 0
  }
}

/**
 * `np.random.seed(seed)`; what it returns is `np.random.randn`, for tensors.
 * @example const randn = numpyRandom(42); randn([2]) // [0.4967, -0.1383]
 */
export function numpyRandom(seed: number): (shape: readonly number[]) => Tensor {
  const twister = new MersenneTwister(seed)
  let spare: number | undefined
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const u = 2 * twister.double() - 1
      const v = 2 * twister.double() - 1
      const r2 = u * u + v * v
      if (r2 >= 1 || r2 === 0) continue
      const scale = Math.sqrt((-2 * Math.log(r2)) / r2)
      spare = scale * u
      return scale * v
    }
  }
  return (shape) => {
    const size = shape.reduce((product, n) => product * n, 1)
    return tensor(Float64Array.from({ length: size }, normal)).reshape(shape)
  }
}
