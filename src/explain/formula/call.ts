/** Calling a function of the language: arguments become what their parameters want, and constants stay numbers. */
import { isFloating } from '../../ops/dtype.ts'
import { toFloat64 } from '../../ops/elementwise/index.ts'
import { Tensor } from '../../tensor/index.ts'
import type { FormulaFunction } from './library.ts'
import { arrange, type Role } from './signature.ts'
import { type FormulaValue, isConstant, Parts, toFloating, toPlain, toTensor, toTensors, toWhole } from './value.ts'

/** Calls a function with arguments of which the last are those that were named. */
export function call(fn: FormulaFunction, given: readonly FormulaValue[], named: readonly string[]): FormulaValue {
  const { inOrder, roles, options } = arrange(fn.signature, given, named)
  const args = inOrder.map((value, i) => (value === undefined ? undefined : as(roles[i], value)))
  if (roles.includes('operand')) meet(args, roles)
  if (options) args.push(Object.fromEntries(Object.entries(options).map(([key, value]) => [key, option(key, value)])))
  const result = (fn.run as (...args: unknown[]) => unknown)(...args)
  if (!(result instanceof Tensor)) return new Parts(fn.signature.name, result as object)
  return result.ndim === 0 && given.every(isConstant) ? result.item() : result
}

function as(role: Role, value: FormulaValue): unknown {
  switch (role) {
    case 'tensor':
      return toFloating(value)
    case 'operand':
      return typeof value === 'number' ? value : toTensor(value)
    case 'whole':
      return toWhole(value)
    case 'tensors':
      return toTensors(value)
    default:
      return toPlain(value)
  }
}

/** Operands of which one must be a tensor, and one floating: flags and whole numbers are computed with in float64. */
function meet(args: unknown[], roles: readonly Role[]): void {
  const operands = args.flatMap((x, i) => (roles[i] === 'operand' && x !== undefined ? [i] : []))
  const tensors = operands.filter((i) => args[i] instanceof Tensor)
  if (tensors.some((i) => isFloating((args[i] as Tensor).dtype))) return
  if (tensors.length === 0) args[operands[0]] = toTensor(args[operands[0]] as number)
  else args[tensors[0]] = toFloat64(args[tensors[0]] as Tensor)
}

/** Options that are tensors: weights per element or class, and masks. */
const tensorOptions = new Set(['weight', 'posWeight', 'mask'])

const option = (key: string, value: FormulaValue): unknown =>
  tensorOptions.has(key) ? toTensor(value) : toPlain(value)
