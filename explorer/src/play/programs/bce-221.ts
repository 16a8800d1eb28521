/**
 * The network of "Chain Rule of Derivatives": two inputs, two hidden neurons, one sigmoid and binary cross-entropy, with
 * the numbers of the article. Its weights are single numbers here, so that every edge has its own derivative.
 */
import type { Program } from '../parts/program.ts'
import { activation } from './activation.ts'

export const bce221: Program = {
  origin: 'play/bce-221',
  title: 'A 2-2-1 network',
  choices: [
    { ...activation, label: 'Hidden activation' },
    {
      id: 'loss',
      label: 'Loss',
      options: [
        ['probability', 'Cross-entropy of ŷ'],
        ['logit', 'The same from the logit z'],
      ],
    },
  ],
  leaves: () => [
    { name: 'x1', role: 'input', start: 0.5, means: 'input' },
    { name: 'x2', role: 'input', start: 0.1, means: 'input' },
    { name: 'w11', role: 'parameter', start: 0.5, means: 'x1 to neuron 1' },
    { name: 'w12', role: 'parameter', start: -0.2, means: 'x2 to neuron 1' },
    { name: 'b1', role: 'parameter', start: 0.1, means: 'bias of neuron 1' },
    { name: 'w21', role: 'parameter', start: 0.3, means: 'x1 to neuron 2' },
    { name: 'w22', role: 'parameter', start: 0.8, means: 'x2 to neuron 2' },
    { name: 'b2', role: 'parameter', start: -0.1, means: 'bias of neuron 2' },
    { name: 'u1', role: 'parameter', start: 0.6, means: 'neuron 1 to the output' },
    { name: 'u2', role: 'parameter', start: -0.4, means: 'neuron 2 to the output' },
    { name: 'c', role: 'parameter', start: 0, means: 'bias of the output' },
    { name: 'y', role: 'target', start: 0, min: 0, max: 1, step: 1, means: 'label', only: 'probability' },
  ],
  formula: ({ activation, loss }) => [
    'z1 = w11*x1 + w12*x2 + b1',
    `a1 = ${activation}(z1)`,
    'z2 = w21*x1 + w22*x2 + b2',
    `a2 = ${activation}(z2)`,
    'z = u1*a1 + u2*a2 + c',
    ...(loss === 'logit' ? ['L = bceWithLogits(z, y)'] : ['p = sigmoid(z)', 'L = bceLoss(p, y)']),
  ],
  code: ({ activation, loss }) => [
    'const z1 = w11.mul(x1).add(w12.mul(x2)).add(b1)',
    `const a1 = z1.${activation}()`,
    'const z2 = w21.mul(x1).add(w22.mul(x2)).add(b2)',
    `const a2 = z2.${activation}()`,
    'const z = u1.mul(a1).add(u2.mul(a2)).add(c)',
    ...(loss === 'logit'
      ? ['const L = nn.bceWithLogits(z, y)']
      : ['const p = z.sigmoid()', 'const L = nn.bceLoss(p, y)']),
  ],
}
