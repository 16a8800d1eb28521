import { ChainruleError } from './chainrule-error.ts'

/** Thrown when an option or hyperparameter is unknown, missing or out of its range. */
export class ArgumentError extends ChainruleError {
  override readonly name: string = 'ArgumentError'
}
