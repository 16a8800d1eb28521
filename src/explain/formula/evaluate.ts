/** Running the steps of an expression. */
import { ArgumentError } from '../../errors/index.ts'
import { at, type Index } from '../../functional/index.ts'
import { call } from './call.ts'
import type { Source } from './formula-error.ts'
import type { Step } from './steps.ts'
import { type FormulaValue, isConstant, Parts, toTensor } from './value.ts'

/** Names that have a value of their own unless the user gives them another. */
export const constants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['π', Math.PI],
  ['e', Math.E],
])

/** The value that a name has at this point. */
type Lookup = (name: string) => FormulaValue | undefined

/** The value of an expression; errors say in which part of it they happened. */
export function evaluate(steps: readonly Step[], source: Source, lookup: Lookup): FormulaValue {
  const stack: FormulaValue[] = []
  for (const step of steps) {
    const operands = stack.splice(stack.length - step.takes)
    stack.push(source.within(step.start, step.end, () => run(step, operands, lookup)))
  }
  return stack[0]
}

function run(step: Step, operands: readonly FormulaValue[], lookup: Lookup): FormulaValue {
  switch (step.is) {
    case 'constant':
      return step.value
    case 'name':
      return lookup(step.name)!
    case 'list':
      return operands
    case 'call':
      return call(step.fn, operands, step.named)
    case 'index':
      return indexed(operands[0], step.indices)
    default: {
      const [of] = operands
      if (of instanceof Parts) return of.take(step.name)
      throw new ArgumentError(
        `.${step.name} belongs to functions with several results, such as sort(x) and max(x, dim=0)`,
      )
    }
  }
}

function indexed(value: FormulaValue, indices: readonly Index[]): FormulaValue {
  if (value instanceof Parts)
    return value.take(indices.length === 1 && typeof indices[0] === 'number' ? indices[0] : NaN)
  const picked = at(toTensor(value), ...indices)
  return picked.ndim === 0 && isConstant(value) ? picked.item() : picked
}
