/** A neuron with two inputs: everything behind z is one factor, which all its gradients share. */
import type { Program } from '../parts/program.ts'
import { activation } from './activation.ts'

export const twoInput: Program = {
  origin: 'play/two-input',
  title: 'Two inputs, one δ',
  choices: [activation],
  // With 0.1 the first step would go beyond the target.
  rate: 0.05,
  leaves: () => [
    { name: 'a1', role: 'input', start: 2, means: 'input' },
    { name: 'a2', role: 'input', start: -1, means: 'input' },
    { name: 'w1', role: 'parameter', start: 1.5, means: 'weight' },
    { name: 'w2', role: 'parameter', start: 0.5, means: 'weight' },
    { name: 'b', role: 'parameter', start: -1, means: 'bias' },
    { name: 't', role: 'target', start: 3, means: 'target' },
  ],
  formula: ({ activation }) => [
    'p1 = w1*a1',
    'p2 = w2*a2',
    's = p1 + p2',
    'z = s + b',
    `a = ${activation}(z)`,
    'e = a - t',
    'L = e^2',
  ],
  code: ({ activation }) => [
    'const p1 = w1.mul(a1)',
    'const p2 = w2.mul(a2)',
    'const s = p1.add(p2)',
    'const z = s.add(b)',
    `const a = z.${activation}()`,
    'const e = a.sub(t)',
    'const L = e.square()',
  ],
}
