import { ChainruleError } from './chainrule-error.ts'

/** Thrown when a backend or device is missing or lacks what was asked of it. */
export class DeviceError extends ChainruleError {
  override readonly name: string = 'DeviceError'
}
