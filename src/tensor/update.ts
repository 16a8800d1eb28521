/**
 * Changing several tensors of one shape in place at once, by formulas: what a step of an optimizer is. Every new value
 * is a formula over the old values of all targets, over tensors that are only read and over scalars. Eagerly that is one
 * loop of plain float64 arithmetic, rounded where it is stored; while tracing, one elementwise op per target.
 */
import { copyInto, toDense } from '../backends/js/layout.ts'
import { allocate } from '../ops/dtype.ts'
import { castTo } from '../ops/elementwise/index.ts'
import { type ElementwiseOp, elementwise } from '../ops/kinds/elementwise.ts'
import { apply, type Op } from '../ops/kinds/op.ts'
import { contiguousStrides, isContiguous } from '../ops/shape.ts'
import type { DType, TypedArray } from '../ops/value.ts'
import {
  arg,
  call,
  codeGeneration,
  composeClosure,
  emitJs,
  fold,
  freeArgs,
  type Scalar,
  scalarHelpers,
} from '../scalar/index.ts'
import { write } from './inplace.ts'
import { withoutRecording } from './scope.ts'
import type { Tensor } from './tensor.ts'
import { tracing } from './tracer.ts'

/** Names are those that the formulas read; no name stands twice. */
export interface UpdateSource {
  /** What is called in plans and profiles. */
  readonly name: string
  readonly targets: readonly string[]
  readonly reads: readonly string[]
  readonly scalars: readonly string[]
  /** The new value of each target, in their order. */
  readonly formulas: readonly Scalar[]
}

type Loop = (n: number, arrays: readonly TypedArray[], scalars: readonly number[]) => void

/** A source with what was made of it: make it once and use it for every step. */
export interface UpdateRule extends UpdateSource {
  /** By the dtypes of the targets, a bit each. */
  readonly loops: Loop[]
  /** By target and its dtype. */
  readonly ops: Map<string, TargetOp>
}

/** The new value of a target as an op, with the places of its operands among targets, reads, scalars and the new values of targets. */
interface TargetOp {
  readonly op: ElementwiseOp
  readonly from: readonly number[]
}

export const updateRule = (source: UpdateSource): UpdateRule => ({ ...source, loops: [], ops: new Map() })

/**
 * Changes the targets by the rule and counts the change as one by `by`. Nothing is recorded.
 * @param targets plain floating point tensors of one shape; reads have that shape, too, in any floating point dtype.
 * @param scalars numbers, or while tracing tensors without dimensions.
 */
export function update(
  by: string,
  rule: UpdateRule,
  targets: readonly Tensor[],
  reads: readonly Tensor[],
  scalars: readonly (number | Tensor)[],
): void {
  if (tracing.tracer) updateByOps(by, rule, targets, reads, scalars)
  else updateByLoop(by, rule, targets, reads, scalars as readonly number[])
}

function updateByLoop(
  by: string,
  rule: UpdateRule,
  targets: readonly Tensor[],
  reads: readonly Tensor[],
  scalars: readonly number[],
): void {
  const n = targets[0].size
  const arrays: TypedArray[] = []
  let key = 1
  for (let k = 0; k < targets.length; k++) {
    arrays.push(toDense(targets[k]))
    key = key * 2 + (targets[k].dtype === 'float64' ? 1 : 0)
  }
  for (let k = 0; k < reads.length; k++) arrays.push(readable(reads[k], targets))
  const loop = (rule.loops[key] ??= makeLoop(rule, targets))
  loop(n, arrays, scalars)
  for (let k = 0; k < targets.length; k++) putBack(targets[k], arrays[k], by)
}

/** The elements of what is read, in the dtype of the first target and apart from what changes. */
function readable(x: Tensor, targets: readonly Tensor[]): TypedArray {
  const data = toDense(x)
  let apart = x.dtype === targets[0].dtype
  for (let k = 0; k < targets.length; k++) if (targets[k].storage === x.storage) apart = false
  if (apart) return data
  const own = allocate(targets[0].dtype, data.length)
  own.set(data)
  return own
}

/** Ends a change of `data`, which `toDense(x)` returned: a copy is written back, and the change is counted. */
export function putBack(x: Tensor, data: TypedArray, by: string): void {
  if (!isContiguous(x.shape, x.strides)) {
    copyInto(x, { buffer: data, shape: x.shape, strides: contiguousStrides(x.shape), offset: 0, dtype: x.dtype })
  }
  x.storage.changed(by)
}

function makeLoop(rule: UpdateRule, targets: readonly Tensor[]): Loop {
  if (!codeGeneration.allowed()) return composedLoop(rule)
  const arrays = [...rule.targets, ...rule.reads]
  const names = [...arrays.map((_, k) => `v${k}`), ...rule.scalars.map((_, k) => `s${k}`)]
  const args = Object.fromEntries([...arrays, ...rule.scalars].map((name, k) => [name, names[k]]))
  const { statements, results } = emitJs(rule.formulas, { args })
  // V8 shares type feedback between equal sources: the dtypes in the name keep those of float32 and float64 apart.
  const lines = [
    `return function update_${targets.map((x) => x.dtype).join('_')}(n, arrays, scalars) {`,
    ...arrays.map((_, k) => `const a${k} = arrays[${k}]`),
    ...rule.scalars.map((_, k) => `const s${k} = scalars[${k}]`),
    'for (let i = 0; i < n; i++) {',
    ...arrays.map((_, k) => `const v${k} = a${k}[i]`),
    ...statements,
    ...results.map((result, k) => `const y${k} = ${result}`),
    ...results.map((_, k) => `a${k}[i] = y${k}`),
    '}',
    '}',
  ]
  return new Function('S', lines.join('\n'))(scalarHelpers) as Loop
}

function composedLoop({ targets, reads, scalars, formulas }: UpdateRule): Loop {
  const names = [...targets, ...reads, ...scalars]
  const closures = formulas.map((formula) => composeClosure(formula, names))
  const frame = new Float64Array(names.length)
  const results = new Float64Array(targets.length)
  return (n, arrays, numbers) => {
    frame.set(numbers, arrays.length)
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < arrays.length; k++) frame[k] = arrays[k][i]
      for (let k = 0; k < closures.length; k++) results[k] = closures[k](frame)
      for (let k = 0; k < closures.length; k++) arrays[k][i] = results[k]
    }
  }
}

function updateByOps(
  by: string,
  rule: UpdateRule,
  targets: readonly Tensor[],
  reads: readonly Tensor[],
  scalars: readonly (number | Tensor)[],
): void {
  const { dtype } = targets[0]
  const values: Tensor[] = []
  withoutRecording(() => {
    const old = [...targets, ...reads.map((x) => (x.dtype === dtype ? x : castTo(x, dtype))), ...scalars]
    const operandAt = (i: number): Tensor | number => (i < old.length ? old[i] : renewed(i - old.length))
    const renewed = (k: number): Tensor => {
      if (values[k]) return values[k]
      const { op, from } = targetOp(rule, k, targets[k].dtype)
      values[k] = apply<Tensor>(op as Op, from.map(operandAt), {})
      return values[k]
    }
    for (let k = 0; k < targets.length; k++) renewed(k)
  })
  for (let k = 0; k < targets.length; k++) write(by, targets[k], values[k])
}

/** A new value in which another one occurs, as a step in which the new momentum does, reads that one. */
function targetOp(rule: UpdateRule, k: number, dtype: DType): TargetOp {
  const key = `${k} ${dtype}`
  let made = rule.ops.get(key)
  if (made === undefined) {
    const renewed = rule.targets.map((target) => `${target}'`)
    const names = [...rule.targets, ...rule.reads, ...rule.scalars, ...renewed]
    const known = new Map<Scalar, Scalar>()
    for (const [i, other] of rule.formulas.entries())
      if (i !== k && other.is === 'call') known.set(other, arg(renewed[i]))
    known.delete(rule.formulas[k])
    const formula = fold(rule.formulas[k], (s, of) => (s.is === 'call' ? call(s.fn, ...of) : s), known)
    const args = freeArgs(formula)
    const op = elementwise({ name: `${rule.name}.${rule.targets[k]}`, args, formula: () => formula, dtype })
    made = { op, from: args.map((name) => names.indexOf(name)) }
    rule.ops.set(key, made)
  }
  return made
}
