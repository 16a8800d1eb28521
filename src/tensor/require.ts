/** What functions of tensors check first: that they were given one. */
import { ArgumentError } from '../errors/index.ts'
import { kindOf } from '../ops/arguments.ts'
import { Tensor } from './tensor.ts'
import { tracing } from './tracer.ts'

export function requireTensor(name: string, x: unknown, what = 'the operand'): asserts x is Tensor {
  if (x instanceof Tensor) return
  throw new ArgumentError(`${name}: ${what} must be a tensor, got ${kindOf(x)}; wrap data with tensor(...)`)
}

export function requireFunction(name: string, f: unknown): void {
  if (typeof f === 'function') return
  throw new ArgumentError(`${name}: takes a function, got ${f instanceof Tensor ? 'a tensor' : kindOf(f)}`)
}

/** Whether a function may look at the elements of x: not inside of a transform, nor before they are there, while tracing. */
export const readable = (x: Tensor): boolean => x.box === null && !tracing.tracer?.hides(x)
