import { ChainruleError } from './chainrule-error.ts'

/** Thrown when a derivative was asked for that does not exist, was freed or was invalidated. */
export class GradError extends ChainruleError {
  override readonly name: string = 'GradError'
}
