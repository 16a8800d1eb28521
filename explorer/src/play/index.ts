/** The views of playgrounds, experiments and lessons. Each is loaded when it is first opened. */
import type { View } from '../model/view.ts'
import { labInputs } from './labs/settings.ts'
import { knowsInput, type Program } from './parts/program.ts'
import { bce221 } from './programs/bce-221.ts'
import { blame } from './programs/blame.ts'
import { gears } from './programs/gears.ts'
import { lines } from './programs/lines.ts'
import { net434 } from './programs/net-434.ts'
import { neuron } from './programs/neuron.ts'
import { paths } from './programs/paths.ts'
import { tour } from './programs/tour.ts'
import { twoInput } from './programs/two-input.ts'
import { about } from './texts.ts'

const playground = (title: string, program: Program, load: View['load']): View => ({
  path: program.origin,
  title,
  group: 'Playgrounds',
  about: about[program.origin],
  inputs: (name) => knowsInput(program, name),
  load,
})

const story = (title: string, group: View['group'], program: Program, load: View['load']): View => ({
  ...playground(title, program, load),
  group,
  opens: 'controls',
})

const lab = (path: string, title: string, load: View['load']): View => ({
  path,
  title,
  group: 'Experiments',
  about: about[path],
  inputs: (name) => labInputs[path].some(({ id }) => id === name),
  load,
})

export const views: readonly View[] = [
  playground('One neuron', neuron, async () => (await import('./pages.tsx')).Neuron),
  playground('Two inputs, one δ', twoInput, async () => (await import('./pages.tsx')).TwoInput),
  playground('A 2-2-1 network', bce221, async () => (await import('./pages.tsx')).Bce221),
  playground('A 4 → 3 → 4 network', net434, async () => (await import('./pages.tsx')).Net434),
  playground('Sum over paths', paths, async () => (await import('./pages.tsx')).Paths),
  playground('Gears and a nudge', gears, async () => (await import('./gears-page.tsx')).GearsAndNudge),
  lab('play/activations', 'Activations', async () => (await import('./labs/activations.tsx')).Activations),
  lab('play/modes', 'Forward or reverse', async () => (await import('./labs/modes.tsx')).Modes),
  lab('play/depth', 'Depth', async () => (await import('./labs/depth.tsx')).Depth),
  story('The tour', 'Start', tour, async () => (await import('./learn/tour.ts')).Tour),
  story('The blame chain', 'Learn', blame, async () => (await import('./learn/blame.ts')).Blame),
  story('Line by line', 'Learn', lines, async () => (await import('./learn/lines.tsx')).Lines),
  {
    path: 'learn/exercises',
    title: 'Exercises',
    group: 'Learn',
    about: about['learn/exercises'],
    inputs: (name) => name === 'exercise',
    load: async () => (await import('./learn/exercises.tsx')).Exercises,
  },
]
