/** The views of playgrounds, experiments and lessons. Each is loaded when it is first opened. */
import type { View } from '../model/view.ts'
import { about } from './texts.ts'

const view = (path: string, title: string, group: View['group'], load: View['load']): View => ({
  path,
  title,
  group,
  about: about[path],
  load,
})

export const views: readonly View[] = [
  view('play/neuron', 'One neuron', 'Playgrounds', async () => (await import('./pages.tsx')).Neuron),
  view('play/two-input', 'Two inputs, one δ', 'Playgrounds', async () => (await import('./pages.tsx')).TwoInput),
  view('play/bce-221', 'A 2-2-1 network', 'Playgrounds', async () => (await import('./pages.tsx')).Bce221),
  view('play/net-434', 'A 4 → 3 → 4 network', 'Playgrounds', async () => (await import('./pages.tsx')).Net434),
  view('play/paths', 'Sum over paths', 'Playgrounds', async () => (await import('./pages.tsx')).Paths),
  view('play/gears', 'Gears and a nudge', 'Playgrounds', async () => (await import('./pages.tsx')).GearsAndNudge),
  view(
    'play/activations',
    'Activations',
    'Experiments',
    async () => (await import('./labs/activations.tsx')).Activations,
  ),
  view('play/modes', 'Forward or reverse', 'Experiments', async () => (await import('./labs/modes.tsx')).Modes),
  view('play/depth', 'Depth', 'Experiments', async () => (await import('./labs/depth.tsx')).Depth),
  view('learn/tour', 'The tour', 'Start', async () => (await import('./learn/tour.ts')).Tour),
  view('learn/blame', 'The blame chain', 'Learn', async () => (await import('./learn/blame.ts')).Blame),
  view('learn/exercises', 'Exercises', 'Learn', async () => (await import('./learn/exercises.tsx')).Exercises),
]
