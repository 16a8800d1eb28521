/** What a user holds. Read in this order: `tensor.ts`, `storage.ts`, `apply.ts`, `tape.ts`, `box.ts`, `scope.ts`. */

export { at as atSite, calledIn, describe, type Frame, firstNonFinite, frameOf, siteOf } from './anomaly.ts'
export { applyOp, fromArray, record } from './apply.ts'
export type { Box, Interpreter } from './box.ts'
export { composite } from './composite.ts'
export * from './create.ts'
export { add_, assign, div_, fill_, mul_, mutate, sub_, write, zero_ } from './inplace.ts'
export { type Observer, observe, observers, watchTape } from './observe.ts'
export * from './random.ts'
export { readable, requireFunction, requireTensor } from './require.ts'
export {
  atNewLevel,
  enableGrad,
  enter,
  noGrad,
  type Scope,
  scope,
  transforming,
  within,
  withoutRecording,
} from './scope.ts'
export { changedTogether, Storage, youngest } from './storage.ts'
export { type Composite, TapeNode, youngestNode } from './tape.ts'
export { type GradHook, type NestedArray, type Origin, Tensor } from './tensor.ts'
export { type Tracer, tracing } from './tracer.ts'
export { putBack, type UpdateRule, type UpdateSource, update, updateRule } from './update.ts'
