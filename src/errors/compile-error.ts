import { ChainruleError } from './chainrule-error.ts'

/** Thrown when a function cannot be compiled as it is written: it reads a value while it is traced, or returns a promise. */
export class CompileError extends ChainruleError {
  override readonly name: string = 'CompileError'
}
