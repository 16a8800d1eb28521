/** Errors are part of the interface: one class per file, all of them `ChainruleError`. */
export { AnomalyError } from './anomaly-error.ts'
export { ArgumentError } from './argument-error.ts'
export { ChainruleError } from './chainrule-error.ts'
export { CompileError } from './compile-error.ts'
export { DeviceError } from './device-error.ts'
export { DTypeError } from './dtype-error.ts'
export { FormatError } from './format-error.ts'
export { GradError } from './grad-error.ts'
export {
  type GradientCheckElement,
  GradientCheckError,
  type GradientCheckInput,
  type GradientCheckReport,
} from './gradient-check-error.ts'
export { IndexError } from './index-error.ts'
export { checkOptions } from './options.ts'
export { ShapeError } from './shape-error.ts'
