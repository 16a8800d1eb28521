/**
 * Elementwise ops in eager mode: where the formula costs enough in JavaScript and there are enough elements, operands
 * are copied into the memory of WebAssembly, a vector kernel runs over them and the result is copied out. What does
 * not fit (integers, operands that are strided otherwise than by rows and columns) is left to JavaScript.
 */
import { DeviceError } from '../../../errors/index.ts'
import type { ElementwiseDefinition } from '../../../ops/kinds/elementwise.ts'
import type { Spec, Strided, TypedArray } from '../../../ops/value.ts'
import { lower } from '../../../scalar/index.ts'
import { mergeBranches, type Steps, TOO_MANY } from '../merge.ts'
import { findWasm, instantiate, type Kernel } from '../wasm.ts'
import { strandsFor, worthFrom } from './cost.ts'
import { elementwiseModule, type Floating, type Pattern } from './kernel.ts'
import { from, isForced } from './mode.ts'
import { type Layout, layOut, type Staged } from './operands.ts'
import { precisionFor } from './precision.ts'
import { mayDetach, runStaged } from './staging.ts'

/** Below this many elements nothing is worth it, whatever the formula. */
const LEAST = 512

interface Plan {
  readonly steps: Steps
  readonly pattern: Pattern
  /** How many elements it takes. */
  readonly least: number
  kernel: Kernel | undefined
}

interface Known {
  /** Fewer elements are not worth it, whatever the operands. */
  readonly least: number
  /** By pattern of operands; null for formulas that are too long. */
  readonly plans: Map<number, Plan | null>
}

const known = new WeakMap<ElementwiseDefinition, Known>()

/** Writes the result into `out` and says true; or says false and has done nothing. */
export function runOnWasm(
  op: ElementwiseDefinition,
  inputs: readonly (Strided | number)[],
  { shape, dtype }: Spec,
  out: TypedArray,
): boolean {
  if (out.length < from(LEAST) || (dtype !== 'float32' && dtype !== 'float64')) return false
  const { least, plans } = known.get(op) ?? enter(op)
  if (out.length < from(least)) return false
  const layout = layOut(inputs, shape)
  const heap = layout && findWasm()
  const plan = heap && planFor(op, plans, layout.operands, dtype)
  if (!plan || (!isForced() && !isWorth(plan, layout))) return false
  if (mayDetach(heap, out, ...layout.operands.map(({ data }) => data))) return false
  try {
    plan.kernel ??= instantiate(elementwiseModule(plan.steps, plan.pattern, heap), heap).kernel
    runStaged(plan.kernel, heap, layout, out)
    return true
  } catch (error) {
    // JavaScript does it where the memory has no room for one more block, or the engine none for one more kernel.
    if (error instanceof DeviceError || error instanceof RangeError) return false
    throw error
  }
}

/** Vectors run over the ends of rows, so that of short rows most of the work would be for nothing. */
const SHORT_ROW = 16

const isWorth = ({ least }: Plan, { rows, columns }: Layout): boolean =>
  rows * columns >= least && (rows === 1 || columns >= SHORT_ROW)

function enter(op: ElementwiseDefinition): Known {
  const program = lower([op.formula], op.args)
  const short = program.steps.length <= TOO_MANY
  const least = short ? worthFrom(program, mergeBranches(program), 'float32', op.args.length) : Number.POSITIVE_INFINITY
  const entry: Known = { least, plans: new Map() }
  known.set(op, entry)
  return entry
}

function planFor(
  op: ElementwiseDefinition,
  plans: Map<number, Plan | null>,
  operands: readonly Staged[],
  dtype: Floating,
): Plan | null {
  let key = Number(dtype === 'float64')
  for (const operand of operands) key = 8 * key + codeOf(operand)
  let plan = plans.get(key)
  if (plan === undefined) plans.set(key, (plan = makePlan(op, operands, dtype)))
  return plan
}

const dtypeOf = ({ data }: Staged): Floating => (data instanceof Float32Array ? 'float32' : 'float64')
/** Whether the operand's values are float32 numbers: a number such as 0.1 is not. */
const isSingle = (x: Staged): boolean =>
  x.walk === 'number' ? Object.is(Math.fround(x.value), x.value) : dtypeOf(x) === 'float32'

const walks = { number: 0, along: 1, row: 2, column: 3 } as const
const codeOf = (x: Staged): number => 2 * walks[x.walk] + Number(isSingle(x))

function makePlan(op: ElementwiseDefinition, operands: readonly Staged[], dtype: Floating): Plan | null {
  const program = lower([op.formula], op.args)
  if (program.steps.length > TOO_MANY) return null
  const steps = mergeBranches(program)
  const precision = dtype === 'float64' ? dtype : precisionFor(steps, (k) => isSingle(operands[k]))
  const arrays = operands.filter(({ walk }) => walk === 'along').length
  const pattern = {
    operands: operands.map((x) => ({ walk: x.walk, dtype: dtypeOf(x) })),
    dtype,
    precision,
    strands: strandsFor(steps),
  }
  return { steps, pattern, least: worthFrom(program, steps, precision, arrays), kernel: undefined }
}
