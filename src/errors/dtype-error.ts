import { ChainruleError } from './chainrule-error.ts'

/** Thrown when an operand has a dtype that the operation does not take. */
export class DTypeError extends ChainruleError {
  override readonly name: string = 'DTypeError'
}
