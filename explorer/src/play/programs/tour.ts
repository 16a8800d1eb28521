/** The neuron of the tour. Its sigmoid has a slope that is neither 0 nor 1. */
import type { Program } from '../parts/program.ts'
import { neuron } from './neuron.ts'

const chosen = { activation: 'sigmoid' }

/** Its stations are told in `learn/tour-chapters.ts`. */
const STATIONS = 9

export const tour: Program = {
  origin: 'learn/tour',
  title: 'The tour',
  choices: [
    {
      id: 'part',
      label: 'Step',
      isPlace: true,
      options: Array.from({ length: STATIONS }, (_, i) => [`${i + 1}`, `${i + 1}`] as const),
    },
  ],
  leaves: () => neuron.leaves(chosen),
  formula: () => neuron.formula(chosen),
  code: () => neuron.code(chosen),
}
