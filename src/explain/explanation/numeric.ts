/**
 * The second opinion: the part of the program between input and output is run again with the one element a little larger
 * and a little smaller, in float64 whatever it was before. What the program decided by integers and flags (an index, a
 * mask) stays as it was decided.
 */

import { isFloating } from '../../ops/dtype.ts'
import { castTo } from '../../ops/elementwise/castTo.ts'
import { applyAll } from '../../ops/kinds/op.ts'
import { fromArray, Tensor, withoutRecording } from '../../tensor/index.ts'
import type { Application } from '../graph/local.ts'
import type { Program, Step, Variable } from '../graph/program.ts'

export interface Numeric {
  /** (f(x + h) - f(x - h)) / 2h */
  readonly central: number
  /** Whether the function has a corner here: its slopes to both sides differ, however near one looks. */
  readonly kink: boolean
}

/** The cube root of the precision balances the error of the difference, h² f‴ / 6, with that of rounding, ε f / h. */
const STEP = Math.cbrt(2 ** -52)
/** The slopes of a smooth function differ by h f″: a step so much shorter makes the difference that much smaller. */
const CLOSER = 16

export function numericSlope(program: Program, index: number): Numeric {
  return withoutRecording(() => {
    const replay = new Replay(program)
    const x = replay.elements(program.input.tensor)[index]
    const at = replay.run(index, x)
    const slopes = (h: number) => {
      const [above, below] = [replay.run(index, x + h), replay.run(index, x - h)]
      const central = (above - below) / (x + h - (x - h))
      return { central, jump: Math.abs((above - at) / (x + h - x) - (at - below) / (x - (x - h))) }
    }
    const h = STEP * Math.max(1, Math.abs(x))
    const wide = slopes(h)
    const suspicious = wide.jump > 1e-3 * Math.abs(wide.central) && wide.jump > 1e-6 * Math.abs(at)
    return { central: wide.central, kink: suspicious && slopes(h / CLOSER).jump > wide.jump / 2 }
  })
}

class Replay {
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
    return Float64Array.from(x.data)
  }

  /** The output with element `index` of the input replaced. */
  run(index: number, value: number): number {
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
    return applyAll<Tensor>(op, inputs, attrs).map((y) => this.#widened(y))
  }

  #widened(x: Tensor): Tensor {
    if (!isFloating(x.dtype) || x.dtype === 'float64') return x
    let wide = this.#wide.get(x)
    if (!wide) this.#wide.set(x, (wide = castTo(x, 'float64')))
    return wide
  }
}
