/** Elementwise ops and reductions as loops; what needs integer arithmetic, which wraps, is left to JavaScript. */
import { isFloating, promote } from '../../../ops/dtype.ts'
import type { ElementwiseDefinition } from '../../../ops/kinds/elementwise.ts'
import { ofOneElement, type ReduceAttrs, type ReduceDefinition } from '../../../ops/kinds/reduce.ts'
import { sizeOf } from '../../../ops/shape.ts'
import type { DType, Operand as OpOperand } from '../../../ops/value.ts'
import { c, eq, fold, type Intrinsic, type Scalar, select } from '../../../scalar/index.ts'
import type { Access, ApplyNode } from '../../graph/graph.ts'
import { isAccess, type Precision, type Task } from '../task.ts'
import type { Builder } from './builder.ts'
import { jsTask } from './host.ts'
import { elementsOf, fillTask, mapTask } from './loop.ts'
import { foldInStages } from './stages.ts'

export function elementwiseTask(node: ApplyNode, op: ElementwiseDefinition): Task {
  const [{ shape, dtype }] = node.specs
  if (dtype === 'int32' && !choosesOnly(node, op)) return jsTask(node)
  const precision = precisionOf(node, dtype)
  // Comparands meet in their common dtype.
  const single = precision === 'float32' && dtype === 'bool'
  return mapTask({
    label: op.name,
    shape,
    formula: dtype === 'bool' ? flag(op.formula) : op.formula,
    names: op.args,
    args: single ? node.inputs.map((x) => (isAccess(x) ? x : Math.fround(x))) : node.inputs,
    output: node.outputs[0],
    dtype,
    precision,
  })
}

const choices: ReadonlySet<Intrinsic> = new Set<Intrinsic>(['select', 'eq', 'lt', 'le', 'min', 'max'])

/** Is an integer result one of the integer operands, so that it needs no integer arithmetic? */
function choosesOnly({ inputs }: ApplyNode, { formula }: ElementwiseDefinition): boolean {
  const whole = inputs.every((x) => (isAccess(x) ? !isFloating(x.dtype) : Number.isInteger(x)))
  return (
    whole && fold<boolean>(formula, (node, of) => of.every(Boolean) && (node.is !== 'call' || choices.has(node.fn)))
  )
}

/** A flag is 0 or 1. */
function flag(s: Scalar): Scalar {
  const decided = s.is === 'call' && (s.fn === 'eq' || s.fn === 'lt' || s.fn === 'le')
  return decided ? s : select(eq(s, c(0)), c(0), c(1))
}

/** Float64 where an operand with elements of its own is; integers are compared exactly. */
function precisionOf({ inputs }: ApplyNode, dtype: DType): Precision {
  if (dtype === 'float64' || dtype === 'int32') return 'float64'
  const wide = inputs.some((x) => isAccess(x) && x.dtype === 'float64' && x.shape.length > 0)
  if (wide || dtype !== 'bool') return wide ? 'float64' : 'float32'
  const met = promote(inputs as readonly OpOperand[])
  return met === 'float64' || met === 'int32' ? 'float64' : 'float32'
}

export function reduced(b: Builder, node: ApplyNode, op: ReduceDefinition): void {
  const [x] = node.inputs as readonly Access[]
  const [{ dtype, shape: kept }] = node.specs
  const { axes } = node.attrs as ReduceAttrs
  if (dtype === 'int32' && (x.dtype !== 'bool' || op.identity !== 0)) return void b.tasks.push(jsTask(node))
  const precision: Precision = dtype === 'float64' || dtype === 'int32' || x.dtype === 'float64' ? 'float64' : 'float32'
  const { label, output } = { label: op.name, output: node.outputs[0] }
  const count = sizeOf(axes.map((d) => x.shape[d]))
  if (count === 0) return void b.tasks.push(fillTask(label, kept, dtype, op.identity ?? 0, output))
  const source = { label, shape: x.shape, ...elementsOf(x), output, dtype, precision }
  const folded = x.shape.map((_, d) => axes.includes(d))
  if (count > 1) foldInStages(b, { ...source, folded, monoid: { combine: op.combine, identity: op.identity } })
  else b.tasks.push(mapTask({ ...source, formula: ofOneElement(op) }))
}
