/**
 * Chainrule: automatic differentiation for TypeScript that shows its work.
 * Everything here also stands as a method of tensors where its first argument is one.
 */
export * from './autodiff/index.ts'
export { blasStatus } from './backends/blas/blas.ts'
export { wasmStatus } from './backends/wasm/wasm.ts'
export { type CompiledFunction, type CompileOptions, compile } from './compile/index.ts'
export type { Plan, PlannedKernel } from './compile/plan/describe.ts'
export type { ProfiledKernel } from './compile/report/findings.ts'
export type { Profile } from './compile/report/profile.ts'
export {
  AnomalyError,
  ArgumentError,
  ChainruleError,
  CompileError,
  DeviceError,
  DTypeError,
  FormatError,
  GradError,
  GradientCheckError,
  type GradientCheckReport,
  IndexError,
  ShapeError,
} from './errors/index.ts'
export { to } from './functional/fluent.ts'
export * from './functional/index.ts'
export * from './ops/elementwise/index.ts'
export type { DType, Shape, TypedArray } from './ops/value.ts'
export {
  add_,
  arange,
  assign,
  div_,
  enableGrad,
  eye,
  fill_,
  full,
  fullLike,
  Generator,
  type GradHook,
  linspace,
  manualSeed,
  mul_,
  type NestedArray,
  noGrad,
  oneHot,
  ones,
  onesLike,
  type RandomOptions,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  sub_,
  TapeNode,
  Tensor,
  type TensorData,
  type TensorOptions,
  tensor,
  zero_,
  zeros,
  zerosLike,
} from './tensor/index.ts'
