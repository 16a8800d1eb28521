/**
 * The fluent surface: every free function whose first argument is a tensor is also a method of tensors, `sum(x, 0)` and
 * `x.sum(0)` alike. This is the one place where methods are attached; their types follow from the functions'.
 */
import { backward } from './autodiff/index.ts'
import * as elementwise from './ops/elementwise/index.ts'
import { sum } from './ops/reduce/sum.ts'
import { expand } from './ops/view/expand.ts'
import { permute } from './ops/view/permute.ts'
import { reshape } from './ops/view/reshape.ts'
import type { Value } from './ops/value.ts'
import { add_, assign, div_, fill_, mul_, sub_, Tensor, zero_ } from './tensor/index.ts'

const methods = {
  ...elementwise,
  add_, assign, div_, fill_, mul_, sub_, zero_,
  sum, expand, permute, reshape,
  backward,
}

/** A function of a tensor and more, as a method: the tensor is `this`, and a value that comes back is a tensor. */
type Method<F> = F extends (x: never, ...rest: infer R) => infer O ? (...rest: R) => Result<O> : never
type Result<O> = O extends Tensor ? O : O extends Value ? Tensor : unknown extends O ? Tensor : O
type Methods = { [K in keyof typeof methods]: Method<(typeof methods)[K]> }

declare module './tensor/tensor.ts' {
  interface Tensor extends Methods {}
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
