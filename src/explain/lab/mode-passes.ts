/** How many passes a Jacobian takes: the arithmetic of forward mode, reverse mode and differences, without running anything. */
import { requireCount } from './require.ts'

export type Mode = 'forward' | 'reverse'

export interface ModePasses {
  readonly inputs: number
  readonly outputs: number
  /** A pass of forward mode (jvp) gives the derivatives of all outputs by one input. */
  readonly forward: number
  /** A pass of reverse mode (vjp) gives the derivatives of one output by all inputs. */
  readonly reverse: number
  /** Central differences evaluate the function twice per input. */
  readonly differences: number
  /** The mode with fewer passes; 'either' where they are equal. */
  readonly winner: Mode | 'either'
}

/**
 * The passes that the full Jacobian of a function of n inputs and m outputs takes.
 * @throws ArgumentError where one is no positive integer.
 * @example modePasses(1_000_000, 1) // { inputs: 1000000, outputs: 1, forward: 1000000, reverse: 1, differences: 2000000, winner: 'reverse' }
 */
export function modePasses(inputs: number, outputs: number): ModePasses {
  requireCount('modePasses', 'inputs', inputs)
  requireCount('modePasses', 'outputs', outputs)
  const winner = inputs === outputs ? 'either' : inputs < outputs ? 'forward' : 'reverse'
  return { inputs, outputs, forward: inputs, reverse: outputs, differences: 2 * inputs, winner }
}
