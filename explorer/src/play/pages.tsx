/** The playgrounds: which program, what is said about it, and what is asked first. */
import { BitBoard } from './parts/board.tsx'
import { CrossEntropyNotes, DeltaNotes, NeuronNotes } from './parts/notes.tsx'
import { PlaygroundPage } from './parts/playground.tsx'
import { bce221 } from './programs/bce-221.ts'
import { net434 } from './programs/net-434.ts'
import { neuron } from './programs/neuron.ts'
import { paths } from './programs/paths.ts'
import { twoInput } from './programs/two-input.ts'
import { about } from './texts.ts'

export const page = (playground: Omit<Parameters<typeof PlaygroundPage>[0]['playground'], 'about'>) => {
  const whole = { ...playground, about: about[playground.program.origin] }
  return () => <PlaygroundPage playground={whole} />
}

export const Neuron = page({ program: neuron, opening: { select: 'w' }, Notes: NeuronNotes })
export const TwoInput = page({ program: twoInput, opening: { select: 'w1' }, Notes: DeltaNotes })
export const Bce221 = page({ program: bce221, opening: { select: 'w11' }, Notes: CrossEntropyNotes })
export const Net434 = page({ program: net434, opening: { select: 'W1', index: 2 }, Board: BitBoard })
export const Paths = page({ program: paths, opening: { select: 'b', tab: 'paths' } })
