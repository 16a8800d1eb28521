/** Finding the operation at which a number stopped being one. */
import { CompileError } from '../errors/index.ts'
import { tracing, within } from '../tensor/index.ts'

/**
 * Runs `fn` and stops at the first NaN or infinity, in the forward pass or in a backward called inside, with an error that
 * names the operation, its operands and the source line of the forward call. Costs a check of every result and a
 * stack per call: for looking, not for training.
 * @throws AnomalyError at the first value that is not finite.
 * @example detectAnomaly(() => tensor(4).sqrt()) // 2
 */
export const detectAnomaly = <T>(fn: () => T): T => {
  if (tracing.tracer)
    throw new CompileError(
      'detectAnomaly: a function that is traced has no values to check; call it around the compiled function',
    )
  return within({ anomaly: true }, fn)
}
