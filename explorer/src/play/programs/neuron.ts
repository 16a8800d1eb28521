/** One neuron and its loss, the smallest thing that learns: three factors make each gradient. */
import type { Program } from '../parts/program.ts'
import { activation } from './activation.ts'

export const neuron: Program = {
  origin: 'play/neuron',
  title: 'One neuron',
  choices: [activation],
  // With 0.1 the first step would end at L = 0, and there would be no descent to be seen.
  rate: 0.05,
  leaves: () => [
    { name: 'x', role: 'input', start: 2, means: 'input' },
    { name: 'w', role: 'parameter', start: 1.5, means: 'weight' },
    { name: 'b', role: 'parameter', start: -1, means: 'bias' },
    { name: 't', role: 'target', start: 3, means: 'target' },
  ],
  formula: ({ activation }) => ['wx = w*x', 'z = wx + b', `a = ${activation}(z)`, 'e = a - t', 'L = e^2'],
  code: ({ activation }) => [
    'const wx = w.mul(x)',
    'const z = wx.add(b)',
    `const a = z.${activation}()`,
    'const e = a.sub(t)',
    'const L = e.square()',
  ],
}
