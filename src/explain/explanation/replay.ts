/**
 * Running the part of a program between input and output again, in float64 whatever it was before, with one element of the
 * input replaced. What the program decided by integers and flags (an index, a mask) stays as it was decided.
 */
import { toDense } from '../../backends/js/layout.ts'
import { isFloating } from '../../ops/dtype.ts'
import { castTo } from '../../ops/elementwise/castTo.ts'
import { applyAll } from '../../ops/kinds/op.ts'
import { drawing, fromArray, Tensor } from '../../tensor/index.ts'
import { pullBack } from '../graph/backward.ts'
import type { Application } from '../graph/local.ts'
import type { Program, Step, Variable } from '../graph/program.ts'

export class Replay {
  /** Whether an op rounds to float32 what it is given in float64. */
  isCoarse = false
  readonly #program: Program
  readonly #steps: readonly Step[]
  /** Constants in float64, converted once. */
  readonly #wide = new Map<Tensor, Tensor>()

  constructor(program: Program) {
    this.#program = program
    this.#steps = program.steps.flatMap((step) => step.inside ?? [step])
  }

  /** Element `index` of the input as it was. */
  at(index: number): number {
    return toDense(this.#program.input.tensor)[index]
  }

  /** The output with element `index` of the input replaced. */
  run(index: number, value: number): number {
    const values = this.#values(index, value, () => {})
    return values.get(this.#program.output)?.item() ?? Number.NaN
  }

  /** The derivative by element `index`, by the rules of the ops in float64. */
  derivative(index: number): number {
    const steps: Step[] = []
    this.#values(index, this.at(index), (step, application) => {
      steps.push({ ...step, application })
    })
    return pullBack({ ...this.#program, steps }).data[index]
  }

  #values(index: number, value: number, visit: (step: Step, application: Application) => void): Map<Variable, Tensor> {
    // A function with a derivative of its own may draw random numbers: every run gets the same, and takes none away.
    const outer = drawing.used
    const used: NonNullable<typeof outer> = new Map()
    drawing.used = used
    try {
      return this.#run(index, value, visit)
    } finally {
      for (const [generator, state] of used) generator.state = state
      drawing.used = outer
    }
  }

  #run(index: number, value: number, visit: (step: Step, application: Application) => void): Map<Variable, Tensor> {
    const { input } = this.#program
    const data = new Float64Array(toDense(input.tensor))
    data[index] = value
    const values = new Map<Variable, Tensor>([[input, fromArray(data, input.tensor.shape, 'float64')]])
    for (const step of this.#steps) {
      const inputs = step.application.inputs.map((x, slot) => {
        const moved = step.operands[slot] && values.get(step.operands[slot])
        return moved ?? (x instanceof Tensor ? this.#widened(x) : x)
      })
      const application = this.#apply(step.application, inputs)
      for (const [k, y] of application.outputs.entries()) values.set(step.outputs[k], y)
      visit(step, application)
    }
    return values
  }

  #apply(of: Application, inputs: readonly (Tensor | number)[]): Application {
    const { op } = of
    // A conversion to another precision would round what is to be told apart.
    if (op.kind === 'elementwise' && op.formula.is === 'arg') return { ...of, inputs, outputs: [inputs[0] as Tensor] }
    const attrs = op.kind === 'routine' ? op.anew(of.attrs) : of.attrs
    const made = applyAll<Tensor>(op, inputs, attrs)
    if (made.some((y) => y.dtype === 'float32')) this.isCoarse = true
    return { ...of, attrs, inputs, outputs: made.map((y) => this.#widened(y)) }
  }

  #widened(x: Tensor): Tensor {
    if (!isFloating(x.dtype) || x.dtype === 'float64') return x
    let wide = this.#wide.get(x)
    if (!wide) this.#wide.set(x, (wide = castTo(x, 'float64')))
    return wide
  }
}
