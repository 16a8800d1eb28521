/** Explaining a formula: it is computed at the given values, and backward goes to every name that has one. */
import { type Block, parseFormula, record, runFormula } from '../explain/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { UsageError } from './command.ts'
import { type ExplainRequest, explainProgram } from './explain-program.ts'

/** Longer formulas are no title. */
const LONGEST = 72
/** Longer ones are not shown again, and not read. */
const MOST = { shown: 4000, read: 100_000 }

/** @throws FormulaError, UsageError where it cannot be computed or has no derivative. */
export function explainFormula(source: string, at: string, request: ExplainRequest): string {
  if (source.length > MOST.read)
    throw new UsageError(
      `explain: this formula has ${source.length} characters, and at most ${MOST.read} are read; write it as a script`,
    )
  const formula = parseFormula(source)
  const text = source.trim()
  const isTitle = text.length <= LONGEST && !text.includes('\n')
  const recording = record(
    () => {
      const { output } = runFormula(source, at)
      requireDerivative(formula.output, output, formula.inputs)
      output.backward()
      return output
    },
    { title: isTitle ? text : `The derivatives of ${formula.output}`, maxNodes: MOST.read },
  )
  const about: Block[] = isTitle || text.length > MOST.shown ? [] : [{ is: 'code', text }]
  return explainProgram({ recording, output: recording.value, about }, request)
}

function requireDerivative(name: string, { shape, size, requiresGrad }: Tensor, inputs: readonly string[]): void {
  if (inputs.length === 0)
    throw new UsageError(
      'explain: there is nothing to differentiate by: the formula has no names; write w for a number, and --at w=2',
    )
  if (!requiresGrad)
    throw new UsageError(
      `explain: ${name} is a whole number or a truth value, which has no derivative; end with a value that changes smoothly`,
    )
  if (size !== 1)
    throw new UsageError(
      `explain: ${name} has the shape [${shape.join(', ')}], and what is explained is the derivative of one number; end the formula with sum(${name}), mean(${name}), or one element such as ${name}[${shape.map(() => 0)}]`,
    )
}
