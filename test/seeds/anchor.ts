/** The network that article 003 follows throughout: 2 inputs, 2 hidden neurons, 1 output, binary cross-entropy. */
import type { Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'

/**
 * W1 stands as [out, in] and W2 as [in, out]: what the article writes as W2·a1 is W2ᵀ a1.
 * @param activation of the hidden neurons.
 */
export function anchor(
  { x, y, W1, b1, W2, b2 }: Record<string, Tensor>,
  activation: (z: Tensor) => Tensor = (z) => z.relu(),
) {
  const z1 = W1.matmul(x).add(b1)
  const a1 = activation(z1)
  const z2 = W2.T.matmul(a1).add(b2)
  const yhat = z2.sigmoid()
  const L = nn.bceLoss(yhat, y.expand([1]))
  return { z1, a1, z2, yhat, L }
}

/** One element of a gradient. */
export const elementOf = ([gradient]: readonly (Tensor | null)[], ...index: number[]): number =>
  gradient!.at(...index).item()
