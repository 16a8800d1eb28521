/**
 * The language in which people who do not program write what is to be explained: `L = (sigmoid(w*x + b) - y)^2`. A
 * formula is read once; with values for its names it is an ordinary program over tensors, on the tape like any other.
 * Read in this order: `statements.ts`, `grammar.ts`, `tokens.ts`, `steps.ts`, `evaluate.ts`, `call.ts`, `library.ts`.
 */
import { ArgumentError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { clone } from '../../ops/elementwise/index.ts'
import { Tensor } from '../../tensor/index.ts'
import type { SourceObserver } from '../record/protocol.ts'
import { constants, evaluate } from './evaluate.ts'
import { Source } from './formula-error.ts'
import { checkNames } from './names.ts'
import { readStatements } from './statements.ts'
import { type Step, stepsOf } from './steps.ts'
import { type FormulaValue, toTensor } from './value.ts'
import { parseValues } from './values.ts'

/** A statement and where it stands. */
export interface FormulaLine {
  /** The name that gets the value. */
  readonly name: string
  /** The statement as it was written. */
  readonly text: string
  /** Where it begins, both from 1. */
  readonly line: number
  readonly column: number
}

interface Assignment {
  readonly name: string
  readonly steps: readonly Step[]
  readonly start: number
  readonly end: number
}

export class Formula {
  /** The names that need a value, in the order in which they first occur. */
  readonly inputs: readonly string[]
  /** The names to which it gives a value, in the order in which they first get one. */
  readonly assigned: readonly string[]
  /** The name of the last value. */
  readonly output: string
  /** The constants that it mentions, such as e; a value that is given for one takes its place. */
  readonly constants: readonly string[]
  private readonly source: Source
  private readonly assignments: readonly Assignment[]

  /** Use `parseFormula`. */
  constructor(text: string) {
    const source = new Source(text, 'formula')
    const statements = readStatements(source)
    const names = { inputs: new Set<string>(), assigned: new Set<string>(), constants: new Set<string>() }
    const assignments: Assignment[] = []
    let output = ''
    for (const [i, { name, expression, start, end }] of statements.entries()) {
      const { assigned } = names
      const steps = stepsOf(expression, source, (n) => assigned.has(n) || names.inputs.has(n))
      for (const step of steps) if (step.is === 'name') note(step.name, names)
      const last = i === statements.length - 1
      if (name === null && !last)
        throw source.error('nothing uses this value; give it a name, as in a = ...', start, end)
      // A name at the end only says which value is meant.
      const repeats = name === null && expression.type === 'Identifier' && assigned.has(expression.name)
      const called = repeats ? expression.name : (name ?? freeName(names))
      if (!repeats) assignments.push({ name: called, steps, start, end })
      assigned.add(called)
      output = called
    }
    if (assignments.length === 0) throw source.error('there is nothing to compute; write for example y = w*x + b', 0)
    this.source = source
    this.assignments = assignments
    this.inputs = [...names.inputs]
    this.assigned = [...names.assigned]
    this.constants = [...names.constants]
    this.output = output
  }

  /** One entry per statement. */
  get lines(): readonly FormulaLine[] {
    return this.assignments.map(({ name, start, end }) => {
      return { name, text: this.source.text.slice(start, end), ...this.source.placeOf(start) }
    })
  }

  /**
   * Computes every value of the formula.
   * @param values a tensor for each of `inputs`, in any floating dtype; what requires a gradient gets one.
   * @returns a tensor for each of `assigned`, which carries its name; of a name that is assigned twice, the last.
   * @throws ArgumentError where a value is missing or not used. What an operation throws names the place.
   * @example parseFormula('L = w^2').evaluate(parseValues('w=3')).L // 9
   */
  evaluate(values: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
    const scope = new Map<string, FormulaValue>()
    for (const [name, value] of Object.entries(values)) scope.set(name.normalize('NFC'), requireTensor(name, value))
    checkNames(this, [...scope.keys()])
    const results = new Map<string, Tensor>()
    const taken = new Set<FormulaValue>(scope.values())
    const observer = (globalThis as Observed)[observerSymbol]?.file('formula')
    for (const { name, steps, start, end } of this.assignments) {
      const value = evaluate(steps, this.source, (n) => scope.get(n) ?? constants.get(n))
      const made = this.source.within(start, end, () => toTensor(value))
      // y = x is a value of its own: naming it must not rename x.
      const result = taken.has(made) ? clone(made) : made
      result.name = name
      taken.add(result)
      scope.set(name, result)
      results.set(name, result)
      if (!observer) continue
      const { line, column } = this.source.placeOf(start)
      observer.name(result, name, line, column)
    }
    return Object.fromEntries(results)
  }
}

/** A recording listens to formulas as it does to programs: see `record/protocol.ts`. */
const observerSymbol = Symbol.for('chainrule.observer')
type Observed = { readonly [observerSymbol]?: SourceObserver }

interface NameSets {
  readonly inputs: Set<string>
  readonly assigned: Set<string>
  readonly constants: Set<string>
}

/** What a name in an expression stands for, at its first use. */
function note(name: string, { inputs, assigned, constants: mentioned }: NameSets): void {
  if (assigned.has(name)) return
  if (constants.has(name)) mentioned.add(name)
  else inputs.add(name)
}

/** The name of a value that the user gave none. */
function freeName({ inputs, assigned, constants: mentioned }: NameSets): string {
  const free = (name: string) => !inputs.has(name) && !assigned.has(name) && !mentioned.has(name)
  const found = ['L', 'y', 'value'].find(free)
  if (found) return found
  for (let i = 2; ; i++) if (free(`value${i}`)) return `value${i}`
}

function requireTensor(name: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value
  throw new ArgumentError(`formula: the value of ${name} must be a tensor, got ${shown(value)}; see parseValues`)
}

/**
 * Reads a formula: assignments and, at the end, perhaps an expression without a name, one per line or separated by
 * semicolons. docs/formulas.md describes the language.
 * @throws FormulaError with the place of what cannot be read, and what was expected there.
 * @example parseFormula('L = (w*x + b)^2').inputs // ['w', 'x', 'b']
 */
export function parseFormula(source: string): Formula {
  if (typeof source !== 'string')
    throw new ArgumentError(`parseFormula: takes text such as 'L = (w*x + b)^2', got ${shown(source)}`)
  return new Formula(source)
}

/** A formula at given values. */
export interface FormulaRun {
  readonly formula: Formula
  readonly inputs: Readonly<Record<string, Tensor>>
  /** Every value that it computes. */
  readonly values: Readonly<Record<string, Tensor>>
  /** The last of them. */
  readonly output: Tensor
}

/**
 * Reads a formula and computes it at the values that `at` lists, as text or as tensors.
 * @throws FormulaError for text that cannot be read, ArgumentError where a value is missing or not used.
 * @example runFormula('L = (w*x + b)^2', 'w=2, x=3, b=1').output // 49
 */
export function runFormula(source: string, at: string | Readonly<Record<string, Tensor>>): FormulaRun {
  const formula = parseFormula(source)
  const inputs = typeof at === 'string' ? parseValues(at) : at
  const values = formula.evaluate(inputs)
  return { formula, inputs, values, output: values[formula.output] }
}
