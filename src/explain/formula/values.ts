/** Values for the names of a formula, as they stand behind `--at`: `w=2, x=[1, 2], b=-1e-3`. */
import { ArgumentError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { constants, evaluate } from './evaluate.ts'
import { quoted, Source } from './formula-error.ts'
import { readAssignments } from './statements.ts'
import { stepsOf } from './steps.ts'
import type { Statement } from './syntax.ts'
import { toTensor } from './value.ts'

/**
 * Reads `name=value` pairs, separated by commas, semicolons or new lines. A value is a number, a vector or a matrix;
 * what is computed from numbers is one too, such as `1/3`, `-2e-3`, `sqrt(2)` or `pi/4`.
 * @returns float64 tensors that require a gradient and carry their name.
 * @throws FormulaError with the place of what cannot be read, ShapeError where the rows of a matrix differ in length.
 * @example parseValues('w=2, x=[1, 1/2]').x // [1, 0.5]
 */
export function parseValues(text: string): Record<string, Tensor> {
  if (typeof text !== 'string')
    throw new ArgumentError(`parseValues: takes text such as 'w=2, x=[1, 2]', got ${shown(text)}`)
  const source = new Source(text, 'values')
  const values = new Map<string, Tensor>()
  for (const statement of readAssignments(source)) {
    const name = statement.name!
    if (values.has(name)) throw source.error(`${quoted(name)} has a value already`, statement.start, statement.end)
    values.set(name, tensorOf(statement, source))
  }
  // Not by assignment, which would change the object's prototype where a name is __proto__.
  return Object.fromEntries(values)
}

function tensorOf({ name, expression, start, end }: Statement, source: Source): Tensor {
  const steps = stepsOf(expression, source, () => false)
  for (const step of steps) {
    if (step.is === 'name' && !constants.has(step.name))
      throw source.error(`a value is made of numbers, but ${quoted(step.name)} is a name`, step.start, step.end)
  }
  const value = evaluate(steps, source, (constant) => constants.get(constant))
  const made = (): Tensor => tensor(toTensor(value), { dtype: 'float64', requiresGrad: true, name: name! })
  return source.within(start, end, made)
}
