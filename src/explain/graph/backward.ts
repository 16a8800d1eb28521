/**
 * Reverse mode over the applications of a program, by the rules of their ops, as the engine walks the tape. For programs
 * whose values a recording kept: the tape has freed them, or something has changed them since.
 */
import { fitCotangent } from '../../autodiff/fit.ts'
import { add } from '../../ops/elementwise/add.ts'
import { onesLike, type Tensor, withoutRecording, zerosLike } from '../../tensor/index.ts'
import type { Program, Variable } from './program.ts'

/** The derivatives of the output by all elements of the input. */
export function pullBack({ steps, input, output }: Program): Tensor {
  const cotangents = new Map<Variable, Tensor>([[output, onesLike(output.tensor)]])
  const arrive = (x: Variable, g: Tensor) => {
    const before = cotangents.get(x)
    cotangents.set(x, before ? add(before, g) : g)
  }
  return withoutRecording(() => {
    for (const { application, operands, outputs } of steps.flatMap((step) => step.inside ?? [step]).reverse()) {
      const arrived = outputs.map((y) => cotangents.get(y) ?? null)
      if (arrived.every((g) => g === null)) continue
      const wanted = operands.map((x) => x !== null)
      const sent = application.op.vjp(application, arrived, wanted) as (Tensor | null)[]
      operands.forEach((x, slot) => {
        const g = sent[slot]
        if (x && g) arrive(x, fitCotangent(g, application.inputs[slot] as Tensor))
      })
    }
    return cotangents.get(input) ?? zerosLike(input.tensor)
  })
}
