/**
 * The fluent surface: every free function whose first argument is a tensor is also a method of tensors, `sum(x, 0)` and
 * `x.sum(0)` alike. This is the one place where methods are attached; their types follow from the functions'.
 */
import { backward } from './autodiff/index.ts'
import * as indexing from './functional/indexing/index.ts'
import * as linalg from './functional/linalg.ts'
import * as products from './functional/products/index.ts'
import * as reductions from './functional/reductions/index.ts'
import type { KeepdimOptions, Picked } from './functional/reductions/index.ts'
import * as shape from './functional/shape/index.ts'
import * as elementwise from './ops/elementwise/index.ts'
import type { Value } from './ops/value.ts'
import { add_, assign, div_, fill_, mul_, sub_, Tensor, zero_ } from './tensor/index.ts'

// Joining takes an array of tensors, einsum a string first, and in `where` the condition comes first.
const { cat: _cat, stack: _stack, transposed, ...shapes } = shape
const { einsum: _einsum, ...contractions } = products
const { where: _where, castTo, ...pointwise } = elementwise

/** The tensor in another dtype; itself where it has it already. @example tensor([1.7]).to('int32') // [1] */
export const to = castTo

const methods = {
  ...pointwise,
  ...shapes,
  ...indexing,
  ...contractions,
  ...reductions,
  ...linalg,
  add_,
  assign,
  backward,
  div_,
  fill_,
  mul_,
  sub_,
  to,
  zero_,
}

/** A function of a tensor and more, as a method: the tensor is `this`, and a value that comes back is a tensor. */
type Method<F> = F extends (x: never, ...rest: infer R) => infer O ? (...rest: R) => Result<O> : never
type Result<O> = O extends Tensor ? O : O extends Value ? Tensor : unknown extends O ? Tensor : O
// Of overloaded functions, inference sees the last form only.
type Overloaded = 'max' | 'min'
type Methods = { [K in Exclude<keyof typeof methods, Overloaded>]: Method<(typeof methods)[K]> }

declare module './tensor/tensor.ts' {
  interface Tensor extends Methods {
    max(): Tensor
    max(dim: number, options?: KeepdimOptions): Picked
    min(): Tensor
    min(dim: number, options?: KeepdimOptions): Picked
    /** All dimensions in reverse order. */
    readonly T: Tensor
  }
}

for (const [name, fn] of Object.entries(methods)) {
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    writable: true,
    value(this: Tensor, ...rest: unknown[]) {
      return (fn as unknown as (...args: unknown[]) => unknown)(this, ...rest)
    },
  })
}

Object.defineProperty(Tensor.prototype, 'T', {
  get(this: Tensor) {
    return transposed(this)
  },
})
