/** The activations that a neuron can be given, and how each is written. */
import type { Choice } from '../parts/program.ts'

export const activation: Choice = {
  id: 'activation',
  label: 'Activation',
  options: [
    ['relu', 'ReLU'],
    ['sigmoid', 'Sigmoid'],
    ['tanh', 'Tanh'],
    ['leakyRelu', 'Leaky ReLU'],
    ['silu', 'SiLU'],
    ['softplus', 'Softplus'],
  ],
}
