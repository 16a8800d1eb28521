/**
 * Random programs over small tensors, reproducible by their seed: ops of all kinds with operands from a growing pool, so
 * that values are used several times, broadcast, viewed, joined, cut and changed in place. Values stay finite and of
 * ordinary size.
 */
import { ChainruleError, type Tensor, tensor } from '../../src/index.ts'
import { isFloating } from '../../src/ops/dtype.ts'
import { sigmoid, tanh } from '../../src/ops/elementwise/index.ts'
import { sizeOf } from '../../src/ops/shape.ts'
import type { DType } from '../../src/ops/value.ts'
import { moves } from './random-moves.ts'

/** Numbers from a seed (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number below n. */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  chance(p: number): boolean {
    return this.next() < p
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }

  number(low = -2, high = 2): number {
    return low + (high - low) * this.next()
  }
}

export interface ProgramOptions {
  readonly leaves?: number
  readonly steps: number
  /** The largest number of elements of a value. */
  readonly size: number
  readonly dtypes?: readonly DType[]
}

export interface RandomProgram {
  readonly output: Tensor
  readonly leaves: readonly Tensor[]
  /** Values in between. */
  readonly inner: readonly Tensor[]
  /** What it does, for messages. */
  readonly text: string
}

/** The values made so far, and how to draw from them. */
export class Pool {
  readonly values: Tensor[] = []
  readonly random: Random
  readonly options: ProgramOptions

  constructor(random: Random, options: ProgramOptions) {
    this.random = random
    this.options = options
  }

  /** A float, of the given number of dimensions or any; one that a gradient flows through and a young one are likelier. */
  float(ndim?: number): Tensor | null {
    const all = this.values.filter((x) => isFloating(x.dtype) && (ndim === undefined || x.ndim === ndim))
    const tracked = all.filter((x) => x.requiresGrad)
    const fit = tracked.length > 0 && this.random.chance(0.85) ? tracked : all
    if (fit.length === 0) return null
    return this.random.chance(0.4) ? fit[fit.length - 1] : this.random.pick(fit)
  }

  /** A new constant. */
  constant(shape: readonly number[], dtype: DType = 'float64', range: readonly [number, number] = [-2, 2]): Tensor {
    const data = Float64Array.from({ length: sizeOf(shape) }, () => {
      if (dtype === 'bool') return Number(this.random.chance(0.5))
      const x = this.random.number(...range)
      return dtype === 'int32' ? Math.round(x) : x
    })
    return tensor(data, { dtype }).reshape([...shape])
  }

  /** Whole numbers below n. */
  indices(shape: readonly number[], n: number): Tensor {
    return tensor(
      Int32Array.from({ length: sizeOf(shape) }, () => this.random.below(n)),
      { dtype: 'int32' },
    ).reshape([...shape])
  }

  shape(): number[] {
    return Array.from({ length: this.random.pick([0, 1, 2, 2, 2, 3]) }, () => this.random.pick([1, 2, 2, 3, 3]))
  }
}

export function randomProgram(seed: number, options: ProgramOptions): RandomProgram {
  const random = new Random(seed)
  const pool = new Pool(random, options)
  const dtypes = options.dtypes ?? ['float64', 'float64', 'float32']
  const count = options.leaves ?? 1 + random.below(3)
  for (let k = 0; k < count; k++) {
    const leaf = pool.constant(pool.shape(), random.pick(dtypes)).detach().clone()
    leaf.requiresGrad = true
    if (random.chance(0.7)) leaf.name = `p${k}`
    pool.values.push(leaf)
  }
  const leaves = [...pool.values]
  if (random.chance(0.5)) pool.values.push(pool.constant(pool.shape(), random.pick([...dtypes, 'int32', 'bool'])))
  const log: string[] = leaves.map((x) => `leaf ${x.dtype} [${x.shape}]`)
  for (let k = 0, tries = 0; k < options.steps && tries < 4 * options.steps; tries++) {
    const [name, move] = random.pick(moves)
    const made = attempt(() => move(pool, random))
    if (made.length > 0) k++
    for (const y of made) {
      const value = settled(y)
      if (y.size > options.size || !value) continue
      if (random.chance(0.3)) value.name = `h${k}`
      if (!pool.values.includes(value)) pool.values.push(value)
      log.push(`${name} -> ${value.dtype} [${value.shape}]${value.requiresGrad ? '' : ' (constant)'}`)
    }
  }
  const inner = pool.values.filter((x) => x.requiresGrad && !leaves.includes(x))
  return { output: result(pool), leaves, inner, text: `seed ${seed}: ${log.join('; ')}` }
}

/** Operands that do not fit each other end an attempt, not the program. */
function attempt(move: () => Tensor | readonly Tensor[] | null): readonly Tensor[] {
  try {
    const made = move()
    if (made === null) return []
    return Array.isArray(made) ? made : [made as Tensor]
  } catch (error) {
    if (error instanceof ChainruleError) return []
    throw error
  }
}

/** Ordinary numbers instead of large ones; null where some are not finite. */
function settled(y: Tensor): Tensor | null {
  const largest = Math.max(...y.data.map(Math.abs), 0)
  if (!Number.isFinite(largest)) return null
  return isFloating(y.dtype) && largest > 4 ? tanh(y) : y
}

/** One number that many values go into. */
function result(pool: Pool): Tensor {
  const { random, values } = pool
  // A view of what was changed in place since can no longer be read.
  const fit = values.filter((x) => x.requiresGrad && attempt(() => x.mul(1)).length > 0)
  const chosen = [...new Set([fit[fit.length - 1], ...fit.filter(() => random.chance(0.4))])]
  const terms = chosen.map((x) => {
    if (x.size === 0) return x.sum()
    if (random.chance(0.2)) return x.at(...x.shape.map((n) => random.below(n)))
    return random.chance(0.3) ? x.mean() : x.mul(pool.constant(x.shape)).sum()
  })
  const total = terms.reduce((a, b) => a.add(b))
  if (random.chance(0.3)) return total.square()
  return random.chance(0.3) ? sigmoid(total) : total
}
