/** Finding the operation at which a number stopped being one. */
import { within } from '../tensor/index.ts'

/**
 * Runs `fn` and stops at the first NaN or infinity, in the forward pass or in a backward called inside, with an error that
 * names the operation, its operands and the source line of the forward call. Costs a check of every result and a
 * stack per call: for looking, not for training.
 * @throws AnomalyError at the first value that is not finite.
 * @example detectAnomaly(() => tensor(4).sqrt()) // 2
 */
export const detectAnomaly = <T>(fn: () => T): T => within({ anomaly: true }, fn)
