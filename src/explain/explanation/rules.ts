/**
 * A local derivative in words of mathematics: the rule with the names of the values in it, and the rule with their
 * numbers. It is read off the definition of the op, never written down for an op by its name.
 */
import { type ContractAttrs, parseIndices } from '../../ops/kinds/contract.ts'
import type { ElementwiseDefinition } from '../../ops/kinds/elementwise.ts'
import { contiguousStrides } from '../../ops/shape.ts'
import type { Shape } from '../../ops/value.ts'
import { c, evaluate, fold, freeArgs, type Scalar, simplify } from '../../scalar/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { Application } from '../graph/local.ts'
import { Locator } from '../graph/offsets.ts'
import { restSlope } from '../graph/op-step.ts'
import { fromScalar, number, partial, product, type Typeset, words } from '../render/typeset.ts'

/** A local derivative in symbols and in numbers. */
export interface Rule {
  readonly symbolic: Typeset
  readonly numbers: Typeset
  /** Whether it is a number or a value of the program, not a formula to be worked out. */
  readonly plain: boolean
}

/** What the rule is about: the derivative of element `o` of result `k` by element `i` of operand `slot`. */
export interface Place {
  readonly slot: number
  readonly i: number
  readonly k: number
  readonly o: number
}

/**
 * Names an element of operand `which` of an application (or, for -1 - k, of its result k); undefined for a constant
 * without a name.
 */
export type Naming = (call: Application, which: number, index: number) => Typeset | string | undefined

export function ruleOf(call: Application, place: Place, value: number, naming: Naming): Rule {
  const { op } = call
  if (op.kind === 'elementwise') return elementwise(call, op, place, value, naming)
  if (op.kind === 'contract') return contraction(call, place, value, naming)
  if (op.kind === 'reduce') return reduction(call, op.combine, place, value, naming)
  if (op.kind === 'view') return plainNumber(1)
  return opaque(call, place, value, naming)
}

const plainNumber = (x: number): Rule => ({ symbolic: number(x), numbers: number(x), plain: true })

/**
 * The partial of the definition, at the operands' elements that met in this element of the result. A formula that fails
 * there, as (cos x - 1)/x does at 0, is not shown.
 */
function elementwise(call: Application, op: ElementwiseDefinition, place: Place, value: number, naming: Naming): Rule {
  const { slot, o } = place
  const rule = spelled(call, op, op.textbook[op.args[slot]] ?? op.partials[slot], o, naming)
  return isNear(rule.value, value) ? rule : opaque(call, place, value, naming)
}

/** The operands may be rounded to float32, and what is shown is written otherwise than what was computed. */
const isNear = (a: number, b: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-3 * (1 + Math.abs(b))

/** What element o of the result of an elementwise op is, in terms of its operands; undefined for other ops. */
export function formulaOf(call: Application, o: number, naming: Naming): Typeset | undefined {
  return call.op.kind === 'elementwise' ? spelled(call, call.op, call.op.formula, o, naming).symbolic : undefined
}

interface Spelled extends Rule {
  /** What the formula comes to. */
  readonly value: number
}

/** A formula over the arguments (and the result, y) of an op, with the names and with the numbers of their elements. */
function spelled(call: Application, op: ElementwiseDefinition, written: Scalar, o: number, naming: Naming): Spelled {
  const names: Record<string, Typeset | string | number> = {}
  const values: Record<string, number> = {}
  for (const name of freeArgs(written)) {
    const which = op.args.indexOf(name)
    const x = which < 0 ? call.outputs[0] : call.inputs[which]
    const [element, index] = elementAt(x, call.outputs[0].shape, o)
    values[name] = element
    names[name] = naming(call, which, index) ?? number(element)
  }
  const numbers = op.args.filter((_, k) => typeof call.inputs[k] === 'number')
  const formula = readable(written, values, new Set(numbers))
  return {
    symbolic: fromScalar(formula, names),
    numbers: fromScalar(formula, values),
    plain: isChoice(formula),
    value: evaluate(formula, values),
  }
}

/**
 * A stable formula chooses between forms that are equal in mathematics: of those, the one that was taken is shown. A
 * choice between numbers, such as relu's gate, is the rule itself and stays. Operands that are plain numbers in the
 * program become numbers of the formula.
 */
function readable(formula: Scalar, values: Readonly<Record<string, number>>, numbers: ReadonlySet<string>): Scalar {
  const taken = fold<Scalar>(formula, (node, of) => {
    if (node.is === 'arg') return numbers.has(node.name) ? c(values[node.name]) : node
    if (node.is === 'const') return node
    if (node.fn === 'select' && !of.slice(1).every(isChoice)) return evaluate(of[0], values) !== 0 ? of[1] : of[2]
    return { ...node, of }
  })
  return simplify(fold<Scalar>(simplify(taken), withoutZeros))
}

/** 0 · a is 0 for all that is shown: the value beside it is the engine's. */
const withoutZeros = (node: Scalar, of: Scalar[]): Scalar =>
  node.is !== 'call' ? node : node.fn === 'mul' && of.some(isZero) ? c(0) : { ...node, of }

const isZero = (s: Scalar): boolean => s.is === 'const' && s.value === 0

/** A value as it stands, a number, or a choice between such. */
function isChoice(s: Scalar): boolean {
  if (s.is !== 'call') return true
  return s.fn === 'select' && s.of.slice(1).every(isChoice)
}

/** The element of an operand that goes into element o of a result of `shape`, and its place in the operand. */
function elementAt(x: Tensor | number, shape: Shape, o: number): [value: number, index: number] {
  if (typeof x === 'number') return [x, 0]
  const added = shape.length - x.shape.length
  const dense = contiguousStrides(x.shape)
  const along = (strides: readonly number[]) =>
    shape.map((_, d) => (d < added || x.shape[d - added] === 1 ? 0 : strides[d - added]))
  const result = new Locator(shape)
  return [x.buffer[x.offset + result.locate(o, along(x.strides))], result.locate(o, along(dense))]
}

/** The partner in the product; where several partners meet the same two elements, only their sum. */
function contraction(call: Application, { slot, i, o }: Place, value: number, naming: Naming): Rule {
  const { a, b, out } = parseIndices((call.attrs as ContractAttrs).indices)
  const [own, others] = slot === 0 ? [a, b] : [b, a]
  if (Array.from(others).some((l) => !own.includes(l) && !out.includes(l))) return plainNumber(value)
  const x = call.inputs[slot] as Tensor
  const other = call.inputs[1 - slot] as Tensor
  const [y] = call.outputs
  const [mine, theirs] = [new Locator(x.shape).coordinates(i), new Locator(y.shape).coordinates(o)]
  const dense = contiguousStrides(other.shape)
  let index = 0
  Array.from(others).forEach((letter, d) => {
    index += dense[d] * (own.includes(letter) ? mine[own.indexOf(letter)] : theirs[out.indexOf(letter)])
  })
  const name = naming(call, 1 - slot, index)
  return { symbolic: name === undefined ? number(value) : product([name]), numbers: number(value), plain: true }
}

/** Elements are folded in any order, so that this one may count as the last: joined to the rest. */
function reduction(call: Application, combine: Scalar, { i }: Place, value: number, naming: Naming): Rule {
  const slope = restSlope(combine)
  const element = naming(call, 0, i) ?? 'x'
  const symbolic = fromScalar(slope, { acc: words(`${call.op.name} of the rest`), x: element })
  return { symbolic, numbers: number(value), plain: isChoice(slope) }
}

/** A routine has no formula: its derivative is what its rule says. */
function opaque(call: Application, { slot, i, k, o }: Place, value: number, naming: Naming): Rule {
  if (value === 1) return plainNumber(1)
  const of = naming(call, -1 - k, o) ?? call.op.name
  const wrt = naming(call, slot, i) ?? 'x'
  return { symbolic: partial(of, wrt), numbers: number(value), plain: true }
}
