/** Training, live. Read in this order: `settings.ts`, `run/training.ts`, `train-worker.ts`, `trainer.ts`, then the view. */
import type { View } from '../model/view.ts'
import { about } from './about.ts'
import { isInput } from './inputs.ts'

export const views: readonly View[] = [
  {
    path: 'train',
    title: 'Training, live',
    group: 'Experiments',
    about,
    inputs: isInput,
    load: async () => (await import('./view/train-page.tsx')).TrainPage,
  },
]
