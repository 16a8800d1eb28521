/**
 * Applying an op: the operands' highest level decides who does it. At level 0 that is a kernel of the backend, whose
 * result is recorded on the tape if one of the operands requires a gradient.
 */
import { runElementwise } from '../backends/js/elementwise.ts'
import { toDense } from '../backends/js/layout.ts'
import { run, runRoutine } from '../backends/js/run.ts'
import { ArgumentError, GradError } from '../errors/index.ts'
import { isFloating, promote } from '../ops/dtype.ts'
import { castTo } from '../ops/elementwise/castTo.ts'
import { clone } from '../ops/elementwise/clone.ts'
import type { Op } from '../ops/kinds/op.ts'
import type { RoutineDefinition } from '../ops/kinds/routine.ts'
import type { ViewDefinition } from '../ops/kinds/view.ts'
import { contiguousStrides, SCALAR } from '../ops/shape.ts'
import type { Attrs, DType, Shape, Spec, TypedArray } from '../ops/value.ts'
import { inspectCall } from './anomaly.ts'
import type { Box } from './box.ts'
import { observers } from './observe.ts'
import { scope, withoutRecording } from './scope.ts'
import { Storage } from './storage.ts'
import { TapeNode } from './tape.ts'
import { Tensor, UNRECORDED } from './tensor.ts'
import { type Tracer, tracing } from './tracer.ts'

type Operands = readonly (Tensor | number)[]

export function applyOp(op: Op, inputs: Operands, attrs: Attrs): Tensor | Tensor[] {
  let box: Box | null = null
  let tracked = false
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i]
    if (typeof x === 'number') continue
    if (!(x instanceof Tensor))
      throw new ArgumentError(`${op.name}: operand ${i} is neither a tensor nor a number; wrap data with tensor(...)`)
    if (x.box && (box === null || x.level > box.interpreter.level)) box = x.box
    if (x.history !== x.storage.history && x.history !== UNRECORDED) throw staleView(op)
    if (x.tracked) tracked = true
  }
  if (box) return box.interpreter.apply(op, inputs, attrs)
  const { tracer } = tracing
  const outputs =
    tracer === null || tracer.known(inputs) ? execute(op, inputs, attrs) : trace(tracer, op, inputs, attrs)
  const { floor, anomaly } = scope()
  if (anomaly && tracer === null) inspectCall(op, inputs, outputs)
  if (tracked && floor < 0 && op.differentiable) record(op, inputs, attrs, outputs, 0)
  if (observers.length > 0) tell(op, inputs, attrs, outputs)
  return outputs
}

function tell(op: Op, inputs: Operands, attrs: Attrs, made: Tensor | Tensor[]): void {
  const outputs = Array.isArray(made) ? made : [made]
  for (const observer of observers) observer.applied?.(op, inputs, attrs, outputs)
}

function execute(op: Op, inputs: Operands, attrs: Attrs): Tensor | Tensor[] {
  const spec = op.infer(inputs, attrs)
  if (Array.isArray(spec)) {
    const made = runRoutine(op as RoutineDefinition, inputs, attrs).map(({ data, shape, dtype }) =>
      fromArray(data, shape, dtype),
    )
    return made.length === 1 ? made[0] : made
  }
  if (op.kind === 'elementwise') {
    const operands = spec.dtype === 'bool' && inputs.length === 2 ? inOneDType(inputs) : inputs
    return fromArray(runElementwise(op, operands, spec), spec.shape, spec.dtype)
  }
  if (op.kind === 'view' && !op.scatter) return look(op, inputs[0] as Tensor, attrs, spec)
  return fromArray(run(op, inputs, attrs, spec), spec.shape, spec.dtype)
}

/** As `execute`, with nothing computed. */
function trace(tracer: Tracer, op: Op, inputs: Operands, attrs: Attrs): Tensor | Tensor[] {
  if (op.kind === 'routine' && op.compose) return op.compose(inputs, attrs) as Tensor[]
  const spec = op.infer(inputs, attrs)
  if (Array.isArray(spec)) {
    const made = tracer.apply(op, inputs, attrs, spec)
    return made.length === 1 ? made[0] : made
  }
  if (op.kind === 'view' && !op.scatter) {
    const x = inputs[0] as Tensor
    tracer.meet(x)
    return look(op, op.layout(attrs, x) ? x : tracer.apply(clone as Op, [x], {}, [x])[0], attrs, spec)
  }
  const operands =
    op.kind === 'elementwise' && spec.dtype === 'bool' && inputs.length === 2 ? inOneDType(inputs) : inputs
  return tracer.apply(op, operands, attrs, [spec])[0]
}

/** Comparands meet in their common dtype, so that the float32 nearest to 0.1 equals 0.1. */
function inOneDType(inputs: Operands): Operands {
  if (promote(inputs) !== 'float32') return inputs
  return inputs.map((x) => {
    if (typeof x === 'number') return Math.fround(x)
    if (x.dtype !== 'float64') return x
    return tracing.tracer?.hides(x)
      ? withoutRecording(() => castTo(x.detach(), 'float32'))
      : Math.fround(x.buffer[x.offset])
  })
}

/** The same storage under another layout, or a copy where these strides cannot express it. */
function look(op: ViewDefinition, x: Tensor, attrs: Attrs, { shape, dtype }: Spec): Tensor {
  const layout = op.layout(attrs, x)
  if (!layout) return fromArray(toDense(x), shape, dtype)
  const seen = new Tensor(x.storage, shape, layout.strides, layout.offset, dtype)
  seen.isView = true
  if (x.history === UNRECORDED) seen.history = UNRECORDED
  return seen
}

/** A tensor around elements in row-major order, which it then owns. */
export function fromArray(data: TypedArray, shape: Shape, dtype: DType): Tensor {
  return new Tensor(new Storage(data), shape, shape.length === 0 ? SCALAR : contiguousStrides(shape), 0, dtype)
}

/** Puts the call on the tape of its level. */
export function record(op: Op, inputs: Operands, attrs: Attrs, made: Tensor | Tensor[], level: number): void {
  const outputs = Array.isArray(made) ? made : [made]
  const node = new TapeNode(op, attrs, level, inputs, outputs)
  for (let i = 0; i < outputs.length; i++) {
    if (!isFloating(outputs[i].dtype)) continue
    outputs[i].tracked = true
    outputs[i].gradFn = node
    outputs[i].outputIndex = i
  }
  if (scope().anomaly) node.site = new Error(op.name)
  if (observers.length > 0) for (const observer of observers) observer.recorded?.(node)
}

function staleView(op: Op): GradError {
  return new GradError(
    `${op.name}: an operand is a view that was taken before its base was changed in place by an operation that is part of ` +
      'the derivative; take the view again after the change',
  )
}
