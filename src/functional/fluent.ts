/**
 * The fluent surface: every free function whose first argument is a tensor is also a method of tensors, `sum(x, 0)` and
 * `x.sum(0)` alike. This is the one place where methods are attached; their types follow from the functions'.
 */
import { type BackwardOptions, backward } from '../autodiff/index.ts'
import * as elementwise from '../ops/elementwise/index.ts'
import type { DType, Value } from '../ops/value.ts'
import { Tensor } from '../tensor/index.ts'
import * as inplace from '../tensor/inplace.ts'
import * as indexing from './indexing/index.ts'
import * as linalg from './linalg.ts'
import * as products from './products/index.ts'
import type { KeepdimOptions, Picked } from './reductions/index.ts'
import * as reductions from './reductions/index.ts'
import * as shapes from './shape/index.ts'

/** The tensor in another dtype; itself where it has it already. @example tensor([1.7]).to('int32') // [1] */
export const to: (x: Tensor, dtype: DType) => Tensor = elementwise.castTo

// Not about one tensor: joining takes an array, a grid several vectors, einsum a string first, `where` the condition.
const left = ['cat', 'stack', 'meshgrid', 'transposed', 'einsum', 'where', 'castTo', 'mutate', 'write'] as const

/** A function of a tensor and more, as a method: the tensor is `this`, and a value that comes back is a tensor. */
type Method<F> = F extends (x: never, ...rest: infer R) => infer O ? (...rest: R) => Result<O> : never
type Result<O> = O extends Tensor ? O : O extends Value ? Tensor : unknown extends O ? Tensor : O
// Of overloaded functions, inference sees the last form only.
type Left = (typeof left)[number] | 'max' | 'min' | 'median'
// One mapping per module: a mapping over a merged object would have the compiler resolve every type to know a name.
type Methods<M> = { [K in Exclude<keyof M, Left>]: Method<M[K]> }

declare module '../tensor/tensor.ts' {
  interface Tensor
    extends Methods<typeof elementwise>,
      Methods<typeof indexing>,
      Methods<typeof inplace>,
      Methods<typeof linalg>,
      Methods<typeof products>,
      Methods<typeof reductions>,
      Methods<typeof shapes> {
    backward(gradient?: Tensor | null, options?: BackwardOptions): void
    max(): Tensor
    max(dim: number, options?: KeepdimOptions): Picked
    min(): Tensor
    min(dim: number, options?: KeepdimOptions): Picked
    median(): Tensor
    median(dim: number, options?: KeepdimOptions): Picked
    to(dtype: DType): Tensor
    /** All dimensions in reverse order. */
    readonly T: Tensor
  }
}

const methods = {
  ...elementwise,
  ...indexing,
  ...inplace,
  ...linalg,
  ...products,
  ...reductions,
  ...shapes,
  backward,
  to,
}

for (const [name, fn] of Object.entries(methods)) {
  if ((left as readonly string[]).includes(name)) continue
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
    return shapes.transposed(this)
  },
})
