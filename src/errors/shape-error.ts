import { ChainruleError } from './chainrule-error.ts'

/** Thrown when the shapes of operands do not fit an operation or each other. */
export class ShapeError extends ChainruleError {
  override readonly name: string = 'ShapeError'
}
