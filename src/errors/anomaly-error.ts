import { ChainruleError } from './chainrule-error.ts'

/** Thrown when a NaN or an infinity appears while anomalies are being looked for. */
export class AnomalyError extends ChainruleError {
  override readonly name: string = 'AnomalyError'
}
