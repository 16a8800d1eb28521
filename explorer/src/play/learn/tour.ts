/** The tour: one neuron, and what each part of the page has to say about it. */
import { tour } from '../programs/tour.ts'
import { about } from '../texts.ts'
import { storyPage } from './story-page.tsx'
import { tourChapters } from './tour-chapters.ts'

export const Tour = storyPage({
  program: tour,
  about: about['learn/tour'],
  chapters: tourChapters,
  heads: ['key', 'does'],
  skip: { label: 'Skip the tour', to: 'play/neuron' },
})
