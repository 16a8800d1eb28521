/**
 * Changing elements in place. The new value is computed first, then written, so that a call that throws has changed
 * nothing. Outside of recording this is all; inside, the change becomes part of the history: the tensor is from then
 * on the result of the op, and what it was before lives on in the tape node.
 */
import { copyInto } from '../backends/js/layout.ts'
import { DTypeError, GradError, ShapeError } from '../errors/index.ts'
import { isFloating, promote } from '../ops/dtype.ts'
import { add, clone, div, mul, sub } from '../ops/elementwise/index.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import { expand } from '../ops/view/expand.ts'
import { fromArray } from './apply.ts'
import { fullLike } from './create.ts'
import { observers } from './observe.ts'
import { requireTensor } from './require.ts'
import { scope, withoutRecording } from './scope.ts'
import { Tensor } from './tensor.ts'
import { tracing } from './tracer.ts'

type Operand = Tensor | number

/** x becomes compute(x, ...operands). `name` is what the user called. */
export function mutate<T extends readonly Operand[]>(
  name: string,
  x: Tensor,
  operands: T,
  compute: (x: Tensor, ...operands: T) => Tensor,
): Tensor {
  requireTensor(name, x)
  for (const t of operands) if (typeof t !== 'number') requireTensor(name, t)
  if (x.box)
    throw new GradError(
      `${name}: a tensor inside of grad, jvp or vmap cannot be changed in place; use the function that returns a new one`,
    )
  refuseCarried(name, operands)
  const tracked = scope().floor < 0 && [x, ...operands].some((t) => t instanceof Tensor && t.tracked)
  if (tracked) return mutateTracked(name, x, operands, compute)
  write(
    name,
    x,
    withoutRecording(() => compute(x, ...operands)),
  )
  return x
}

/** A plain tensor has no place for what a transform would have to remember of a value written into it. */
function refuseCarried(name: string, operands: readonly Operand[]): void {
  const { floor } = scope()
  if (operands.some((t) => t instanceof Tensor && t.box && t.box.interpreter.single && t.level > floor))
    throw new GradError(
      `${name}: inside of grad or jvp the value carries a derivative, which a tensor from outside cannot take; ` +
        'use the function that returns a new one, or write inside noGrad(() => ...)',
    )
}

function mutateTracked<T extends readonly Operand[]>(
  name: string,
  x: Tensor,
  operands: T,
  compute: (x: Tensor, ...operands: T) => Tensor,
): Tensor {
  if (x.tracked && x.isLeaf) {
    throw new GradError(
      `${name}: a leaf that requires a gradient cannot be changed while operations are recorded; do it inside noGrad(() => ...)`,
    )
  }
  if (x.isView) {
    throw new GradError(
      `${name}: a view cannot be changed in place by an operation that is part of a derivative; use where(), cat() or a scatter`,
    )
  }
  // What the derivative may read again must not lie where the new value is written: neither x nor a view of it.
  const before = formerSelf(x)
  const apart = (t: Operand): Operand =>
    t === x ? before : t instanceof Tensor && t.storage === x.storage ? clone(t) : t
  const value = compute(before, ...(operands.map(apart) as unknown as T))
  write(name, x, value)
  x.storage.history++
  x.history = x.storage.history
  const { gradFn, outputIndex, tracked } = before
  x.former ??= []
  x.former.push({ gradFn, outputIndex, tracked, until: x.storage.changedAt })
  x.gradFn = value.gradFn
  x.outputIndex = value.outputIndex
  x.tracked = value.tracked
  value.gradFn?.adopt(value.outputIndex, x)
  return x
}

/** What x is now, as a tensor of its own: the elements copied, the origin kept. */
function formerSelf(x: Tensor): Tensor {
  const self = tracing.tracer ? withoutRecording(() => clone(x.detach())) : fromArray(x.data, x.shape, x.dtype)
  self.gradFn = x.gradFn
  self.outputIndex = x.outputIndex
  self.tracked = x.tracked
  self.name = x.name
  return self
}

const category = (x: Tensor): number => (isFloating(x.dtype) ? 2 : x.dtype === 'int32' ? 1 : 0)

function check(name: string, x: Tensor, value: Tensor): void {
  if (!sameShape(x.shape, value.shape)) {
    throw new ShapeError(
      `${name}: the result ${shapeText(value.shape)} does not fit into the tensor ${shapeText(x.shape)}`,
    )
  }
  if (category(value) > category(x)) {
    throw new DTypeError(
      `${name}: a ${value.dtype} result does not fit into a tensor of ${x.dtype}; convert the tensor first`,
    )
  }
  if (x.shape.some((n, d) => n > 1 && x.strides[d] === 0)) {
    throw new GradError(`${name}: elements of an expanded tensor are one and the same; change a copy: x.clone()`)
  }
}

/** Writes the elements of value, broadcasting nothing, and counts the change. */
export function write(name: string, x: Tensor, value: Tensor): void {
  check(name, x, value)
  const plain = unbox(name, value)
  if (observers.length > 0) for (const observer of observers) observer.changing?.(x, plain)
  if (tracing.tracer) tracing.tracer.write(name, x, plain)
  // A source in the same storage may overlap with where it is written.
  else copyInto(x, plain.storage === x.storage ? fromArray(plain.data, plain.shape, plain.dtype) : plain)
  x.storage.changed(name)
}

/** The plain value at the bottom of the transforms: what a buffer keeps of it. */
function unbox(name: string, x: Tensor): Tensor {
  let at = x
  while (at.box) {
    if (!at.box.interpreter.single)
      throw new GradError(
        `${name}: inside of vmap the value differs from sample to sample; return it from the function instead`,
      )
    at = at.box.value
  }
  return at
}

/** x[...] = value, which broadcasts. */
export const assign = (x: Tensor, value: Operand): Tensor =>
  mutate('assign', x, [value], (old, v) => clone(typeof v === 'number' ? filled(old, v) : expand(v, old.shape)))

/** A fraction makes a float of an integer tensor, so that it is refused and not cut off. */
function filled(x: Tensor, value: number): Tensor {
  return fullLike(x, value, { dtype: promote([x, value]) })
}

export const add_ = (x: Tensor, y: Operand): Tensor => mutate('add_', x, [y], add)
export const sub_ = (x: Tensor, y: Operand): Tensor => mutate('sub_', x, [y], sub)
export const mul_ = (x: Tensor, y: Operand): Tensor => mutate('mul_', x, [y], mul)
export const div_ = (x: Tensor, y: Operand): Tensor => mutate('div_', x, [y], div)
export const fill_ = (x: Tensor, value: number): Tensor => assign(x, value)
export const zero_ = (x: Tensor): Tensor => assign(x, 0)
