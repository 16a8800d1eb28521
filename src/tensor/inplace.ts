/**
 * Changing elements in place. The new value is computed first, then written, so that a call that throws has changed
 * nothing. Outside of recording this is all; inside, the change becomes part of the history: the tensor is from then
 * on the result of the op, and what it was before lives on in the tape node.
 */
import { copyInto } from '../backends/js/layout.ts'
import { DTypeError, GradError, ShapeError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import { add, clone, div, mul, sub } from '../ops/elementwise/index.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import { expand } from '../ops/view/expand.ts'
import { fromArray } from './apply.ts'
import { fullLike } from './create.ts'
import { scope, withoutRecording } from './scope.ts'
import { Storage } from './storage.ts'
import { Tensor } from './tensor.ts'

/** x becomes compute(x). `name` is what the user called. */
export function mutate(
  name: string,
  x: Tensor,
  operands: readonly (Tensor | number)[],
  compute: (x: Tensor) => Tensor,
): Tensor {
  if (x.box)
    throw new GradError(
      `${name}: a tensor inside of grad, jvp or vmap cannot be changed in place; use the function that returns a new one`,
    )
  const tracked = scope().floor < 0 && [x, ...operands].some((t) => t instanceof Tensor && t.tracked)
  if (!tracked) {
    const value = withoutRecording(() => compute(x))
    write(name, x, value)
    return x
  }
  return mutateTracked(name, x, compute)
}

function mutateTracked(name: string, x: Tensor, compute: (x: Tensor) => Tensor): Tensor {
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
  const before = aliasOf(x)
  const value = compute(before)
  check(name, x, value)
  const node = value.gradFn
  // The op may have read the old elements, and its derivative may read them again.
  const place = node?.inputs?.indexOf(before) ?? -1
  const wanted = node?.inputs?.map((t) => t instanceof Tensor && t.tracked) ?? []
  if (node && place >= 0 && node.op.reads(place, wanted)) before.storage = new Storage(x.data)
  write(name, x, value)
  x.storage.history++
  x.history = x.storage.history
  before.history = before.storage.history
  x.former = [
    ...(x.former ?? []),
    { gradFn: x.gradFn, outputIndex: x.outputIndex, tracked: x.tracked, until: x.storage.changedAt },
  ]
  x.gradFn = node
  x.outputIndex = value.outputIndex
  x.tracked = value.tracked
  if (node) node.adopt(value.outputIndex, x)
  return x
}

function aliasOf(x: Tensor): Tensor {
  const alias = new Tensor(x.storage, x.shape, x.strides, x.offset, x.dtype)
  alias.gradFn = x.gradFn
  alias.outputIndex = x.outputIndex
  alias.tracked = x.tracked
  alias.name = x.name
  return alias
}

function check(name: string, x: Tensor, value: Tensor): void {
  if (!sameShape(x.shape, value.shape)) {
    throw new ShapeError(
      `${name}: the result ${shapeText(value.shape)} does not fit into the tensor ${shapeText(x.shape)}`,
    )
  }
  if (isFloating(value.dtype) && !isFloating(x.dtype)) {
    throw new DTypeError(
      `${name}: a ${value.dtype} result does not fit into a tensor of ${x.dtype}; convert the tensor first`,
    )
  }
}

/** Writes the elements of value, broadcasting nothing, and counts the change. */
export function write(name: string, x: Tensor, value: Tensor): void {
  check(name, x, value)
  const plain = unbox(name, value)
  // A source in the same storage may overlap with where it is written.
  copyInto(x, plain.storage === x.storage ? fromArray(plain.data, plain.shape, plain.dtype) : plain)
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
export const assign = (x: Tensor, value: Tensor | number): Tensor =>
  mutate('assign', x, [value], (old) =>
    clone(typeof value === 'number' ? fullLike(old, value) : expand(value, old.shape)),
  )

export const add_ = (x: Tensor, y: Tensor | number): Tensor => mutate('add_', x, [y], (old) => add(old, y))
export const sub_ = (x: Tensor, y: Tensor | number): Tensor => mutate('sub_', x, [y], (old) => sub(old, y))
export const mul_ = (x: Tensor, y: Tensor | number): Tensor => mutate('mul_', x, [y], (old) => mul(old, y))
export const div_ = (x: Tensor, y: Tensor | number): Tensor => mutate('div_', x, [y], (old) => div(old, y))
export const fill_ = (x: Tensor, value: number): Tensor => assign(x, value)
export const zero_ = (x: Tensor): Tensor => assign(x, 0)
