/** The tour: one neuron, and what each part of the page has to say about it. */
import type { Program } from '../parts/program.ts'
import { neuron } from '../programs/neuron.ts'
import { about } from '../texts.ts'
import { storyPage } from './story-page.tsx'
import { tourChapters } from './tour-chapters.ts'

/** The neuron with a sigmoid, whose slope is neither 0 nor 1. */
const chosen = { activation: 'sigmoid' }

const tour: Program = {
  origin: 'learn/tour',
  title: 'The tour',
  choices: [{ id: 'part', label: 'Step', options: tourChapters.map(({ part }) => [part, part] as const) }],
  leaves: () => neuron.leaves(chosen),
  formula: () => neuron.formula(chosen),
  code: () => neuron.code(chosen),
}

export const Tour = storyPage({
  program: tour,
  about: about['learn/tour'],
  chapters: tourChapters,
  heads: ['key', 'does'],
})
