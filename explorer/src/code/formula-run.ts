/** A formula and the values of its names, as the page holds them, and the session that they make. */
import { ChainruleError, type Tensor } from 'chainrule'
import { fullNumber, parseFormula, parseValues, runFormula } from 'chainrule/explain'
import { localSession } from '../model/local.ts'
import type { Session } from '../model/session.ts'

/** The formula line, and what stands behind `--at`. */
export interface Written {
  readonly formula: string
  readonly at: string
}

/** What is moved by a slider: a number, or one of a vector or matrix. */
export interface Knob {
  readonly name: string
  /** The element, one integer per dimension. */
  readonly index: readonly number[]
  readonly value: number
}

export type Read =
  | (Found & { readonly session: Session; readonly problem: null })
  | (Found & { readonly session: null; readonly problem: string })

interface Found {
  readonly knobs: readonly Knob[]
  readonly at: string
  /** The list without the names that the formula does not have. */
  readonly used: string
}

/** Names that are new start here. */
const NEW = 1
const isNew = (x: Tensor): boolean => x.ndim === 0 && x.item() === NEW

/**
 * Computes a formula. Names without a value get one, and values of names that are gone wait for them to come back, so that
 * the line can be typed freely; `at` is the list with all of them.
 */
export function readFormula({ formula, at }: Written): Read {
  let values: Record<string, Tensor> = {}
  let used = at
  try {
    values = parseValues(at)
    const { inputs, constants, output } = parseFormula(formula)
    const names = [...inputs, ...constants.filter((name) => Object.hasOwn(values, name))]
    const idle = Object.entries(values).filter(([name, x]) => !names.includes(name) && !isNew(x))
    used = listed(names.map((name) => [name, values[name]]))
    values = parseValues(used)
    const session = sessionOf(formula, used, output)
    const all = [used, listed(idle)].filter(Boolean).join(', ')
    return { session, knobs: knobsOf(values), at: all, used, problem: null }
  } catch (error) {
    if (!(error instanceof ChainruleError)) throw error
    return { session: null, knobs: knobsOf(values), at: used, used, problem: error.message }
  }
}

function sessionOf(formula: string, at: string, name: string): Session {
  let problem = ''
  const title = formula.trim()
  const session = localSession(
    'formula',
    () => {
      const { output, inputs } = runFormula(formula, at)
      problem = refusal(name, output, Object.keys(inputs).length)
      if (problem === '') output.backward()
    },
    { title },
  )
  if (problem !== '') throw new NoDerivative(problem)
  return session
}

class NoDerivative extends ChainruleError {
  override readonly name: string = 'NoDerivative'
}

/** Why a value has no gradient to look at; empty where it has. */
function refusal(name: string, { shape, size, requiresGrad }: Tensor, inputs: number): string {
  if (inputs === 0) return 'The formula has no names, so there is nothing to differentiate by; write w for a number.'
  if (!requiresGrad)
    return `${name} is a whole number or a truth value, which has no derivative; end with a value that changes smoothly.`
  if (size === 1) return ''
  return `${name} has the shape [${shape.join(', ')}], and what is explained is the derivative of one number; end the formula with sum(${name}), mean(${name}), or one element such as ${name}[${shape.map(() => 0)}].`
}

/** A tensor of more numbers is changed where its values are written. */
const MOST_KNOBS = 16

function knobsOf(values: Readonly<Record<string, Tensor>>): Knob[] {
  const all: Knob[] = []
  const add = (name: string, index: readonly number[], value: unknown): void => {
    if (Array.isArray(value)) for (const [i, each] of value.entries()) add(name, [...index, i], each)
    else all.push({ name, index, value: Number(value) })
  }
  for (const [name, x] of Object.entries(values)) if (x.size <= MOST_KNOBS) add(name, [], x.toArray())
  return all
}

const listed = (values: readonly (readonly [string, Tensor | undefined])[]): string =>
  values.map(([name, x]) => `${name}=${x ? text(x.toArray()) : NEW}`).join(', ')

const text = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(text).join(', ')}]` : fullNumber(Number(value))

/** The list with another number in one place. */
export function withValue(at: string, { name, index }: Pick<Knob, 'name' | 'index'>, number: number): string {
  const put = (value: unknown, [first, ...rest]: readonly number[]): unknown =>
    first === undefined ? number : (value as unknown[]).map((each, i) => (i === first ? put(each, rest) : each))
  return Object.entries(parseValues(at))
    .map(([other, x]) => `${other}=${text(other === name ? put(x.toArray(), index) : x.toArray())}`)
    .join(', ')
}
