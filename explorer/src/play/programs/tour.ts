/** The neuron of the tour. Its sigmoid has a slope that is neither 0 nor 1, and a target that it can reach. */
import type { Program } from '../parts/program.ts'
import { neuron } from './neuron.ts'

const chosen = { activation: 'sigmoid' }

/** Between 0 and 1, as all that a sigmoid gives. */
const TARGET = 0.2

/** Its stations are told in `learn/tour-chapters.ts`. */
const STATIONS = 9

export const tour: Program = {
  origin: 'learn/tour',
  title: 'The tour',
  choices: [
    {
      id: 'part',
      label: 'Station',
      isPlace: true,
      options: Array.from({ length: STATIONS }, (_, i) => [`${i + 1}`, `${i + 1}`] as const),
    },
  ],
  // A sigmoid passes little of the gradient on, so that steps have to be larger.
  rate: 1,
  leaves: () => neuron.leaves(chosen).map((leaf) => (leaf.role === 'target' ? { ...leaf, start: TARGET } : leaf)),
  formula: () => neuron.formula(chosen),
  code: () => neuron.code(chosen),
}
