/**
 * Four bits in, three hidden neurons, four bits out: 31 parameters that are to flip a 2x2 picture along its diagonal. Its
 * first neuron starts exactly at the kink, its second is dead; the numbers are sums of powers of two, so both are exact.
 */
import type { Program } from '../parts/program.ts'

export const net434: Program = {
  origin: 'play/net-434',
  title: 'A 4 → 3 → 4 network',
  leaves: () => [
    { name: 'x', role: 'input', start: [1, 0, 1, 1], min: 0, max: 1, step: 1, only: 'bit' },
    {
      name: 'W1',
      role: 'parameter',
      start: [
        [0.25, -0.5, 0.125],
        [-0.25, 0.5, -0.25],
        [0.125, 0.25, 0.5],
        [-0.5, 0.125, -0.125],
      ],
    },
    { name: 'b1', role: 'parameter', start: [0.125, -0.125, 0] },
    {
      name: 'W2',
      role: 'parameter',
      start: [
        [0.5, -0.25, 0.125, 0.25],
        [-0.125, 0.5, 0.25, -0.5],
        [0.25, -0.5, 0.125, -0.5],
      ],
    },
    { name: 'b2', role: 'parameter', start: [0, 0.125, -0.125, 0] },
    { name: 'y', role: 'target', start: [1, 1, 0, 1], min: 0, max: 1, step: 1, only: 'bit' },
  ],
  formula: () => ['z1 = x @ W1 + b1', 'h = relu(z1)', 'p = h @ W2 + b2', 'L = mseLoss(p, y)'],
  code: () => [
    'const z1 = x.matmul(W1).add(b1)',
    'const h = z1.relu()',
    'const p = h.matmul(W2).add(b2)',
    'const L = nn.mseLoss(p, y)',
  ],
}
