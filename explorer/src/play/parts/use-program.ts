/** Keeps the session of the page in step with the inputs: at most one recording per frame. */
import { useEffect } from 'react'
import { localSession } from '../../model/local.ts'
import { show, type Tab, update, useExplorer } from '../../model/store.ts'
import { toast } from '../../ui/toast.ts'
import { type Choice, chosenOf, type Inputs, knobsOf, type Program, runProgram } from './program.ts'

/** What the page asks first, so that it shows something before anybody has touched it. */
export interface Opening {
  /** The name of the value whose gradient is asked about. */
  readonly select: string
  /** Which of its elements; the first unless given. */
  readonly index?: number
  readonly tab?: Tab
}

export function useProgram(program: Program, { select, index = 0, tab = 'derivation' }: Opening): Inputs {
  const inputs = useExplorer((state) => state.inputs)
  useEffect(() => {
    const frame = requestAnimationFrame(() => present(program, inputs, { select, index, tab }))
    return () => cancelAnimationFrame(frame)
  }, [program, inputs, select, index, tab])
  return inputs
}

/**
 * Shows the program at these inputs. What it cannot do (a derivative that does not exist, numbers out of the range of a
 * loss) is said, and the last graph stays.
 */
function present(program: Program, inputs: Inputs, { select, index, tab }: Required<Opening>): void {
  const title = `${program.title}: ${Object.values(chosenOf(program, inputs)).join(', ')}`
  try {
    const session = localSession(program.origin, () => runProgram(program, inputs), { title })
    const isNew = useExplorer.getState().session?.origin !== program.origin
    if (isNew) tellStrays(program, inputs)
    show(session)
    if (useExplorer.getState().selected !== null) return
    const node = session.trace.nodes.find(({ name }) => name === select) ?? session.trace.nodes[0]
    update({ selected: { node: node.id, index }, ...(isNew && { tab }) })
  } catch (error) {
    update({ notice: { tone: 'bad', text: error instanceof Error ? error.message : String(error) } })
  }
}

function tellStrays(program: Program, inputs: Inputs): void {
  const strays = strayInputs(program, inputs)
  if (strays.length > 0) toast('warning', `The link has inputs that this page does not know: ${strays.join(', ')}.`)
}

/** What the address says besides, about things that this page does not have. */
function strayInputs(program: Program, inputs: Inputs): string[] {
  const chosen = chosenOf(program, inputs)
  const known = [...program.leaves(chosen).flatMap(knobsOf), ...(program.choices ?? [])].map(({ id }) => id)
  return Object.keys(inputs).filter((key) => ![...known, ...(program.settings ?? []), 'seed', 'lr'].includes(key))
}

/** The inputs of these choices alone. */
export const keepInputs = (inputs: Inputs, choices: readonly Choice[]): Inputs =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => choices.some(({ id }) => id === key)))

/** Changes some inputs and keeps the others. */
export const setInputs = (change: Inputs): void => update({ inputs: { ...useExplorer.getState().inputs, ...change } })
