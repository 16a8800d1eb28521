/**
 * The second opinion: the part of the program between input and output is run again with the one element a little larger
 * and a little smaller, in float64 whatever it was before. What the program decided by integers and flags (an index, a
 * mask) stays as it was decided.
 */
import { toDense } from '../../backends/js/layout.ts'
import { isFloating } from '../../ops/dtype.ts'
import { castTo } from '../../ops/elementwise/castTo.ts'
import { applyAll } from '../../ops/kinds/op.ts'
import type { Attrs, DType } from '../../ops/value.ts'
import { drawing, fromArray, Tensor, withoutRecording } from '../../tensor/index.ts'
import type { Application } from '../graph/local.ts'
import type { Program, Step, Variable } from '../graph/program.ts'

export interface Numeric {
  /** (f(x + h) - f(x - h)) / 2h; NaN where the output is not finite on both sides, however near one looks. */
  readonly central: number
  /** Whether the function has a corner or a step here: its slopes to both sides differ, however near one looks. */
  readonly kink: boolean
  /** What the program was run in: float64, unless something in it insists on float32. */
  readonly precision: DType
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
    const x = replay.elements(program.input.tensor)[index]
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
    let stuck = 0
    const scale = (s: Slopes) => Math.max(Math.abs(s.central), derivative.magnitude / 100)
    const isRough = (s: Slopes) => !Number.isFinite(s.central) || s.jump > Math.max(1e-3 * scale(s), s.noise)
    const isAstray = (s: Slopes) => Math.abs(s.central - derivative.sum) > Math.max(1e-3 * scale(s), s.noise)
    for (let level = 0; level < LEVELS && (isRough(found) || (level < 2 && isAstray(found))); level++) {
      h /= CLOSER
      const nearer = slopes(h)
      const grows = nearer.jump > 4 * found.jump || Math.abs(nearer.central) > 4 * Math.abs(found.central)
      if (grows && !(Math.max(nearer.jump, Math.abs(nearer.central)) > SURE * nearer.noise)) break
      stuck = grows || nearer.jump > found.jump / 2 ? stuck + 1 : 0
      if (!grows) found = nearer
      if (stuck === 2) return { central: found.central, kink: true, precision }
    }
    return { central: found.central, kink: false, precision }
  })
}

interface Slopes {
  readonly central: number
  /** By how much the slopes to both sides differ, and what of it may be rounding. */
  readonly jump: number
  readonly noise: number
}

class Replay {
  /** Whether an op rounds to float32 what it is given in float64. */
  isCoarse = false
  readonly #program: Program
  readonly #applications: readonly { readonly of: Application; readonly step: Step }[]
  /** Constants in float64, converted once. */
  readonly #wide = new Map<Tensor, Tensor>()

  constructor(program: Program) {
    this.#program = program
    const steps = program.steps.flatMap((step) => step.inside ?? [step])
    this.#applications = steps.map((step) => ({ of: step.application, step }))
  }

  elements(x: Tensor): Float64Array {
    return new Float64Array(toDense(x))
  }

  /** The output with element `index` of the input replaced. */
  run(index: number, value: number): number {
    // A function with a derivative of its own may draw random numbers: every run gets the same, and takes none away.
    const outer = drawing.used
    const used: NonNullable<typeof outer> = new Map()
    drawing.used = used
    try {
      return this.#run(index, value)
    } finally {
      for (const [generator, state] of used) generator.state = state
      drawing.used = outer
    }
  }

  #run(index: number, value: number): number {
    const { input, output } = this.#program
    const data = this.elements(input.tensor)
    data[index] = value
    const values = new Map<Variable, Tensor>([[input, fromArray(data, input.tensor.shape, 'float64')]])
    for (const { of, step } of this.#applications) {
      const inputs = of.inputs.map((x, slot) => {
        const moved = step.operands[slot] && values.get(step.operands[slot])
        return moved ?? (x instanceof Tensor ? this.#widened(x) : x)
      })
      for (const [k, y] of this.#apply(of, inputs).entries()) values.set(step.outputs[k], y)
    }
    return values.get(output)?.item() ?? Number.NaN
  }

  #apply({ op, attrs }: Application, inputs: readonly (Tensor | number)[]): Tensor[] {
    // A conversion to another precision would round what is to be told apart.
    if (op.kind === 'elementwise' && op.formula.is === 'arg') return [inputs[0] as Tensor]
    const made = applyAll<Tensor>(op, inputs, op.kind === 'routine' ? apart(attrs) : attrs)
    if (made.some((y) => y.dtype === 'float32')) this.isCoarse = true
    return made.map((y) => this.#widened(y))
  }

  #widened(x: Tensor): Tensor {
    if (!isFloating(x.dtype) || x.dtype === 'float64') return x
    let wide = this.#wide.get(x)
    if (!wide) this.#wide.set(x, (wide = castTo(x, 'float64')))
    return wide
  }
}

/** A function with a derivative of its own notes in its attributes what its backward will need of this run. */
const apart = (attrs: Attrs): Attrs =>
  Object.fromEntries(Object.entries(attrs).map(([key, x]) => [key, x instanceof Map ? new Map(x) : x]))
