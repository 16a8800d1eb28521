/** A playground: its knobs on the left, what they do to the graph in the middle, the derivation on the right. */
import type { Trace } from 'chainrule/explain'
import type { ComponentType } from 'react'
import { Workbench } from '../../app/workbench.tsx'
import { useExplorer } from '../../model/store.ts'
import { Actions } from './actions.tsx'
import { WhatChanged } from './changed/what-changed.tsx'
import { Gradients } from './gradients.tsx'
import { Choices, Knobs } from './knobs.tsx'
import { chosenOf, type Inputs, type Leaf, type Program } from './program.ts'
import { outputOf } from './run.ts'
import { type Opening, useProgram } from './use-program.ts'
import '../play.css'

interface Playground {
  readonly program: Program
  readonly about: string
  readonly opening: Opening
  /** Stands first, in the place of the choices. */
  readonly Lead?: ComponentType<{ trace: Trace | null; inputs: Inputs }>
  /** What is special here, told from the trace. */
  readonly Notes?: ComponentType<{ trace: Trace; inputs: Inputs }>
  /** Stands below the explanation. */
  readonly Beside?: ComponentType
  /** Stands in the place of sliders and of the table of gradients. */
  readonly Board?: ComponentType<{ trace: Trace | null; leaves: readonly Leaf[]; inputs: Inputs }>
}

export function PlaygroundPage({ playground }: { playground: Playground }) {
  const { program, about, opening, Lead, Notes, Board, Beside } = playground
  const inputs = useProgram(program, opening)
  const session = useExplorer((state) => state.session)
  const trace = session?.origin === program.origin ? session.trace : null
  const leaves = program.leaves(chosenOf(program, inputs))
  const controls = (
    <div className="play-controls">
      {Lead ? <Lead trace={trace} inputs={inputs} /> : <Choices choices={program.choices ?? []} inputs={inputs} />}
      <Actions program={program} inputs={inputs} trace={trace} />
      {Board ? <Board trace={trace} leaves={leaves} inputs={inputs} /> : <Knobs leaves={leaves} inputs={inputs} />}
      {trace && Notes && <Notes trace={trace} inputs={inputs} />}
      {trace && !Board && <Gradients trace={trace} leaves={leaves} output={outputOf(program, inputs)} />}
    </div>
  )
  const beside = (
    <>
      {Beside && <Beside />}
      <WhatChanged />
    </>
  )
  return <Workbench controls={controls} about={about} beside={beside} />
}
