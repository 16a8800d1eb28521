/**
 * The second opinion: how the output changes with the one element a little larger and a little smaller.
 */
import type { DType } from '../../ops/value.ts'
import { withoutRecording } from '../../tensor/index.ts'
import type { Program } from '../graph/program.ts'
import { Replay } from './replay.ts'

export interface Numeric {
  /** (f(x + h) - f(x - h)) / 2h; NaN where the output is not finite on both sides, however near one looks. */
  readonly central: number
  /** Whether the function has a corner or a step here: its slopes to both sides differ, however near one looks. */
  readonly kink: boolean
  /** By how much it still moved when the step was last made shorter; 0 where nothing called for that. */
  readonly error: number
  /** What the program was run in: float64, unless something in it insists on float32. */
  readonly precision: DType
  /** Where it is not what was expected, the derivative by the rules of the ops in float64: that of float32 may be rounded. */
  readonly wide: number | null
}

/** Each step is so much shorter than the one before. */
const CLOSER = 16
const LEVELS = 6
/** What is so many times larger than rounding errors should be is none. */
const SURE = 1000

/**
 * The cube root of the precision balances the error of the difference, h² f‴ / 6, with that of rounding, ε f / h. Where
 * the slopes to both sides differ much, the step is too long for the function (log near 0), or there is a corner: closer
 * by, the difference h f″ of a smooth function shrinks with h, that of a corner stays, and that of rounding errors and
 * of a step (floor at a whole number) grows.
 * @param derivative what is to be confirmed, and the sum of the magnitudes of what it is the sum of.
 */
export function numericSlope(
  program: Program,
  index: number,
  derivative: { readonly sum: number; readonly magnitude: number },
): Numeric {
  return withoutRecording(() => {
    const replay = new Replay(program)
    const x = replay.at(index)
    const at = replay.run(index, x)
    const precision: DType = replay.isCoarse ? 'float32' : 'float64'
    const epsilon = replay.isCoarse ? 2 ** -23 : 2 ** -52
    const slopes = (h: number): Slopes => {
      const [above, below] = [replay.run(index, x + h), replay.run(index, x - h)]
      const central = (above - below) / (x + h - (x - h))
      const jump = Math.abs((above - at) / (x + h - x) - (at - below) / (x - (x - h)))
      return { central, jump, noise: (64 * epsilon * Math.max(Math.abs(above), Math.abs(at), Math.abs(below))) / h }
    }
    let h = Math.max(Math.cbrt(epsilon) * Math.max(1, Math.sqrt(Math.abs(x))), 2 ** -30 * Math.abs(x))
    let found = slopes(h)
    let [stuck, error] = [0, 0]
    const scale = (s: Slopes) => Math.max(Math.abs(s.central), derivative.magnitude / 100)
    const isRough = (s: Slopes) => !Number.isFinite(s.central) || s.jump > Math.max(1e-3 * scale(s), s.noise)
    const isAstray = (s: Slopes) => Math.abs(s.central - derivative.sum) > Math.max(1e-3 * scale(s), s.noise)
    for (let level = 0; level < LEVELS && (isRough(found) || (level < 2 && isAstray(found))); level++) {
      h /= CLOSER
      const nearer = slopes(h)
      error = Math.abs(nearer.central - found.central)
      const grows = nearer.jump > 4 * found.jump || Math.abs(nearer.central) > 4 * Math.abs(found.central)
      if (grows && !(Math.max(nearer.jump, Math.abs(nearer.central)) > SURE * nearer.noise)) break
      stuck = grows || nearer.jump > found.jump / 2 ? stuck + 1 : 0
      if (!grows) found = nearer
      if (stuck === 2) return { central: found.central, kink: true, error, precision, wide: null }
    }
    const wide = isAstray(found) ? replay.derivative(index) : null
    return { central: found.central, kink: false, error, precision, wide }
  })
}

interface Slopes {
  readonly central: number
  /** By how much the slopes to both sides differ, and what of it may be rounding. */
  readonly jump: number
  readonly noise: number
}
