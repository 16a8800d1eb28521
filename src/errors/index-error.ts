import { ChainruleError } from './chainrule-error.ts'

/** Thrown when an index, axis or range lies outside the tensor. */
export class IndexError extends ChainruleError {
  override readonly name: string = 'IndexError'
}
