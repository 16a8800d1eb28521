/** What is checked of a function: as a whole, along one random direction per input, or element by element. */
import { fromArray, type Generator, rand, type Tensor, tensor, zerosLike } from '../tensor/index.ts'
import { type Difference, type Frame, Neighbourhood, near, within } from './check-gradients-judge.ts'
import {
  type Given,
  indexOf,
  join,
  type Precision,
  type Program,
  placesOf,
  precisionOf,
  pull,
} from './check-gradients-program.ts'
import type { Tally } from './check-gradients-tally.ts'

export interface Settings {
  readonly order: number
  readonly mode: 'full' | 'fast'
  readonly difference: Difference
  readonly precision: Given
  readonly generator: Generator
}

/** A function that was found fit for comparison, with one recorded run of it. */
export class Subject {
  readonly program: Program
  readonly settings: Settings
  readonly outputs: readonly Tensor[]
  readonly base: Float64Array
  /** A random cotangent, and the gradients for it. */
  readonly cotangent: Float64Array
  readonly pulled: readonly Float64Array[]
  /** The same gradients by a second walk. */
  readonly repeated: readonly Float64Array[]
  known: Float64Array[][] | null = null
  terms: Float64Array | null = null

  constructor(program: Program, settings: Settings, outputs: readonly Tensor[], base: Float64Array) {
    this.program = program
    this.settings = settings
    this.outputs = outputs
    this.base = base
    const seeds = this.seeds()
    this.cotangent = join(seeds)
    this.pulled = pull(outputs, program.inputs, seeds)
    this.repeated = pull(outputs, program.inputs, seeds)
  }

  seeds(): Tensor[] {
    const { generator } = this.settings
    return this.outputs.map(({ size, shape, dtype }) =>
      tensor(fromArray(signed(size, generator), shape, 'float64'), { dtype }),
    )
  }

  precision(x: Tensor): Precision {
    return precisionOf([x, ...this.outputs], this.settings.precision)
  }

  /** The Jacobian: per element of the outputs, its gradients with respect to the inputs. */
  get rows(): Float64Array[][] {
    this.known ??= this.outputs.flatMap((y, k) =>
      Array.from({ length: y.size }, (_, i) => {
        const seed = zerosLike(y)
        seed.buffer[i] = 1
        return pull(
          this.outputs,
          this.program.inputs,
          this.outputs.map((_, o) => (o === k ? seed : null)),
        )
      }),
    )
    return this.known
  }

  /** The results as seen from input k. */
  frame(k: number): Frame {
    const { base, rows, program } = this
    const xs = join(program.inputs)
    this.terms ??= Float64Array.from(rows, (row) => {
      let at = 0
      return row.reduce((sum, gs) => gs.reduce((s, g) => s + finite(g * xs[at++]), sum), 0)
    })
    const scales = Float64Array.from(rows, (row) => row[k].reduce((m, g) => Math.max(m, finite(g)), 0))
    return { base, sizes: this.terms, scales, largest: scales.reduce((m, s) => Math.max(m, s), 0) }
  }

  /** Which result j is: "output 0 at [1, 2]". */
  outputAt(j: number): string {
    let rest = j
    let k = 0
    while (rest >= this.outputs[k].size) rest -= this.outputs[k++].size
    return `${this.program.outputName(k)} at [${indexOf(this.outputs[k], rest).join(', ')}]`
  }

  /** The gradients for a random cotangent are the combination of the Jacobian's rows, where those were computed. */
  checkLinear(): string | undefined {
    const { known, cotangent } = this
    if (!known) return undefined
    const combined = this.program.inputs.map((x, k) => combine(known, cotangent, k, x.size))
    const largest = Math.max(...combined.map(({ size }) => size))
    for (const [k, x] of this.program.inputs.entries()) {
      const { sums, size } = combined[k]
      const { ulp, tiny } = this.precision(x)
      const tolerance = ulp * (2 ** 16 * (size + tiny) + 16 * largest)
      const other = this.pulled[k].findIndex((g, i) => Number.isFinite(sums[i]) && !near(sums[i], g, tolerance))
      if (other >= 0) {
        return `backward is not linear in its cotangent: for a random one it gives ${this.pulled[k][other]}, the rows of the Jacobian add up to ${sums[other]}`
      }
    }
    return undefined
  }
}

/** vᵀ J by the rows for input k, and how large the largest entry would be if nothing cancelled. */
function combine(rows: readonly Float64Array[][], v: Float64Array, k: number, n: number) {
  const sums = new Float64Array(n)
  const sizes = new Float64Array(n)
  rows.forEach((row, j) => {
    row[k].forEach((g, i) => {
      sums[i] += v[j] * g
      sizes[i] += finite(v[j] * g)
    })
  })
  return { sums, size: sizes.reduce((m, s) => Math.max(m, s), 0) }
}

/** The size of a number, where it has one. */
const finite = (v: number): number => (Number.isFinite(v) ? Math.abs(v) : 0)

/** Runs the function and its backward twice. Without a subject there is nothing that could be compared. */
export function checkWhole(program: Program, settings: Settings): { subject?: Subject; problem?: string } {
  const outputs = program.run()
  const base = join(outputs)
  const again = join(program.run())
  const other = differing(base, again)
  if (other >= 0) {
    const both =
      other < Math.min(base.length, again.length)
        ? `${base[other]} in one call and ${again[other]} in the next`
        : 'of another shape'
    return {
      problem: `the function is not deterministic: result ${other} is ${both}; set the seed inside of it, and switch dropout off`,
    }
  }
  const subject = new Subject(program, settings, outputs, base)
  const nan = base.findIndex(Number.isNaN)
  return { subject, problem: nan >= 0 ? `the result is NaN: ${subject.outputAt(nan)}` : checkBackward(subject) }
}

function checkBackward({ program, outputs, pulled, repeated }: Subject): string | undefined {
  const nothing = pull(
    outputs,
    program.inputs,
    outputs.map((y) => zerosLike(y)),
  )
  for (const k of program.inputs.keys()) {
    const other = differing(pulled[k], repeated[k])
    if (other >= 0)
      return `backward is not deterministic: it gives ${pulled[k][other]} in one call and ${repeated[k][other]} in the next`
    const some = nothing[k].findIndex((g, i) => g !== 0 && Number.isFinite(pulled[k][i]))
    if (some >= 0) return `backward gives ${nothing[k][some]} for a cotangent of 0; a gradient is linear in it`
  }
  return undefined
}

/** The first place at which both differ, or -1; NaN equals NaN. */
function differing(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length)
  return a.findIndex((v, i) => v !== b[i] && !(Number.isNaN(v) && Number.isNaN(b[i])))
}

/** Every element of input k against every element of the outputs. */
export function checkElements(subject: Subject, k: number, tally: Tally): void {
  const { program, base, settings } = subject
  const x = program.inputs[k]
  const precision = subject.precision(x)
  const frame = subject.frame(k)
  placesOf(x).forEach((place, i) => {
    const around = new Neighbourhood(program, x, place, frame, precision, settings.difference)
    for (let j = 0; j < base.length; j++) {
      const analytic = subject.rows[j][k][i]
      tally.add(i, analytic, around.judge(j, analytic), () => subject.outputAt(j))
    }
  })
}

/** Random numbers of either sign, none of them close to 0: what is multiplied by one cannot hide. */
function signed(n: number, generator: Generator): Float64Array {
  const drawn = join([rand([n], { dtype: 'float64', generator })])
  return drawn.map((r) => (r < 0.5 ? r - 1 : r))
}

/** vᵀ J u for one random direction u of unit length; false where it does not fit. */
export function checkDirection(subject: Subject, k: number, tally: Tally): boolean {
  const { program, base, settings, cotangent } = subject
  const x = program.inputs[k]
  if (x.size === 0) return true
  const precision = subject.precision(x)
  const raw = signed(x.size, settings.generator)
  const length = Math.sqrt(raw.reduce((sum, u) => sum + u * u, 0))
  const direction = raw.map((u) => u / length)
  const largest = join([x]).reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  const step = precision.eps * Math.max(1, largest) * Math.sqrt(x.size)
  const still = { values: base, moved: new Float64Array(x.size) }
  const there = (side: 1 | -1) => program.moved(x, placesOf(x), direction, side * step)
  const ahead = settings.difference === 'backward' ? still : there(1)
  const behind = settings.difference === 'forward' ? still : there(-1)
  const span = settings.difference === 'central' ? 2 * step : step
  let [analytic, numeric, size, scale] = [0, 0, 0, 0]
  subject.pulled[k].forEach((g, i) => {
    scale = Math.max(scale, finite(g))
    analytic += (g * (ahead.moved[i] - behind.moved[i])) / span
  })
  cotangent.forEach((v, j) => {
    const change = ahead.values[j] === behind.values[j] ? 0 : ahead.values[j] - behind.values[j]
    numeric += (v * change) / span
    // Roundings of many results are independent of each other: their squares add up.
    size += finite(v * base[j]) ** 2
  })
  const rounding = (8 * precision.ulp * (Math.sqrt(size) + precision.tiny)) / span
  const tolerance = within(precision.tolerance, scale, [numeric]) + rounding
  if (!near(analytic, numeric, tolerance)) return false
  tally.add(-1, analytic, { is: 'right', numeric, tolerance }, () => 'a random direction')
  return true
}
