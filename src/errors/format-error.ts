import { ChainruleError } from './chainrule-error.ts'

/** Thrown when a file or stream is not in the format that was expected, is truncated or damaged. */
export class FormatError extends ChainruleError {
  override readonly name: string = 'FormatError'
}
