/**
 * An expression as a list of steps over a stack: operands first, then what is done with them. Made and run by loops, not
 * by recursion, so that a sum of 100,000 terms costs no more stack than one of two. All that can be wrong with an
 * expression before its values are known is said here.
 */
import type { Index } from '../../functional/index.ts'
import { quoted, type Source } from './formula-error.ts'
import { type FormulaFunction, library } from './library.ts'
import { didYouMean, nearest } from './nearest.ts'
import { functionOf, isRelation } from './operators.ts'
import { misuse } from './signature.ts'
import { type Argument, type Binary, type Call, type Expression, isLoose, type Member } from './syntax.ts'
import { AMBIGUOUS } from './unexpected.ts'

/** `takes` operands are taken from the stack, and one result is put back. */
export type Step = { readonly start: number; readonly end: number; readonly takes: number } & (
  | { readonly is: 'constant'; readonly value: number | string | boolean }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'list' }
  | { readonly is: 'call'; readonly fn: FormulaFunction; readonly named: readonly string[] }
  | { readonly is: 'index'; readonly indices: readonly Index[] }
  | { readonly is: 'part'; readonly name: string }
)

/** The steps of an expression. `isValue` tells the names that hold values from those that may be misspelt functions. */
export function stepsOf(expression: Expression, source: Source, isValue: (name: string) => boolean): Step[] {
  const steps: Step[] = []
  for (const node of operandsFirst(expression)) {
    if (node.type === 'BinaryExpression') {
      node.start ??= node.left.start
      node.end ??= node.right.end
    }
    const step = stepOf(node, source, isValue)
    if (step) steps.push({ ...step, start: node.start, end: node.end } as Step)
  }
  return steps
}

/** Every node after its operands, which are in order. */
function operandsFirst(expression: Expression): Argument[] {
  const found: Argument[] = []
  const open: Argument[] = [expression]
  for (let node = open.pop(); node; node = open.pop()) {
    found.push(node)
    for (const operand of operandsOf(node)) open.push(operand)
  }
  return found.reverse()
}

function operandsOf(node: Argument): readonly Argument[] {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
      return []
    case 'ArrayExpression':
      return node.elements
    case 'CallExpression':
      return node.arguments
    case 'BinaryExpression':
      return [node.left, node.right]
    case 'UnaryExpression':
      return [node.argument]
    case 'Named':
      return [node.value]
    default:
      return [node.object]
  }
}

type Bare<S> = S extends unknown ? Omit<S, 'start' | 'end'> : never

function stepOf(node: Argument, source: Source, isValue: (name: string) => boolean): Bare<Step> | undefined {
  switch (node.type) {
    case 'Literal':
      return { is: 'constant', takes: 0, value: node.value }
    case 'Identifier':
      return { is: 'name', takes: 0, name: node.name }
    case 'ArrayExpression':
      return { is: 'list', takes: node.elements.length }
    case 'UnaryExpression':
      return node.operator === '+' ? undefined : { is: 'call', takes: 1, fn: library.get('neg')!, named: [] }
    case 'BinaryExpression':
      checkOperands(node, source)
      return { is: 'call', takes: 2, fn: library.get(functionOf[node.operator])!, named: [] }
    case 'CallExpression':
      return callOf(node, source, isValue)
    case 'Index':
      return { is: 'index', takes: 1, indices: node.indices }
    case 'MemberExpression':
      return partOf(node, source)
    default:
      return undefined
  }
}

/** What reads differently to different people is refused. */
function checkOperands({ operator, left, right, start, end }: Binary, source: Source): void {
  if ((operator === '/' || operator === '÷') && isLoose(right)) throw source.error(AMBIGUOUS, start, end)
  if (!isRelation(operator)) return
  for (const side of [left, right]) {
    if (side.type === 'BinaryExpression' && isRelation(side.operator) && !side.grouped)
      throw source.error('comparisons do not chain; write logicalAnd(a < b, b < c)', start, end)
  }
}

function callOf({ callee, arguments: given }: Call, source: Source, isValue: (name: string) => boolean): Bare<Step> {
  const { name, start, end } = callee
  const fn = library.get(name)
  if (!fn) throw source.error(unknownFunction(name, isValue(name)), start, end)
  const named = given.flatMap((argument) => (argument.type === 'Named' ? [argument.name] : []))
  const inOrder = given.length - named.length
  const misplaced = given.findIndex((argument, i) => argument.type !== 'Named' && i >= inOrder)
  if (misplaced >= 0) throw source.error('arguments by name come last', given[misplaced].start, given[misplaced].end)
  const problem = misuse(fn.signature, inOrder, named)
  if (problem) throw source.error(problem, start, end)
  return { is: 'call', takes: given.length, fn, named }
}

function unknownFunction(name: string, isValue: boolean): string {
  if (isValue) return `${quoted(name)} is a value, not a function; for a product write ${name}*(...)`
  const hint = didYouMean(nearest(name, library.keys()))
  return `unknown function ${quoted(name)}${hint || (name.length <= 2 ? `; for a product write ${name}*(...)` : '')}`
}

/** The names of results that come together. */
const parts = ['values', 'indices', 'sign', 'logabsdet']

function partOf({ property, object, end }: Member, source: Source): Bare<Step> {
  if (parts.includes(property)) return { is: 'part', takes: 1, name: property }
  const hint = library.has(property)
    ? `${quoted(property)} is a function; call it: .${property}(...)`
    : `unknown ${quoted(`.${property}`)}${didYouMean(nearest(property, [...library.keys(), ...parts, 'T']))}`
  throw source.error(hint, object.end, end)
}
