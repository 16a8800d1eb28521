/** What a user holds. Read in this order: `tensor.ts`, `storage.ts`, `apply.ts`, `tape.ts`, `box.ts`, `scope.ts`. */

export { at as atSite, describe, firstNonFinite, siteOf } from './anomaly.ts'
export { applyOp, fromArray, record } from './apply.ts'
export type { Box, Interpreter } from './box.ts'
export * from './create.ts'
export { add_, assign, div_, fill_, mul_, mutate, sub_, write, zero_ } from './inplace.ts'
export * from './random.ts'
export { requireFunction, requireTensor } from './require.ts'
export { atNewLevel, enableGrad, enter, noGrad, type Scope, scope, within, withoutRecording } from './scope.ts'
export { Storage, youngest } from './storage.ts'
export { TapeNode, watchTape } from './tape.ts'
export { type GradHook, type NestedArray, type Origin, Tensor } from './tensor.ts'
