/** Keeps the session of the page in step with the inputs: at most one recording per frame. */
import { useEffect } from 'react'
import { localSession } from '../../model/local.ts'
import { show, type Tab, update, useExplorer } from '../../model/store.ts'
import { toast } from '../../ui/toast.ts'
import { noteChange } from './changed/change.ts'
import { type Choice, chosenOf, damagesIn, type Inputs, type Program } from './program.ts'
import { runProgram } from './run.ts'

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
  const title = [program.title, ...wordsOf(program, inputs)].join(', ')
  try {
    const session = localSession(program.origin, () => runProgram(program, inputs), { title })
    const isNew = useExplorer.getState().session?.origin !== program.origin
    if (isNew) for (const text of damagesIn(program, inputs)) toast('warning', text)
    show(session)
    noteChange(program, inputs, session)
    if (useExplorer.getState().selected !== null) return
    const node = session.trace.nodes.find(({ name }) => name === select) ?? session.trace.nodes[0]
    update({ selected: { node: node.id, index }, ...(isNew && { tab }) })
  } catch (error) {
    update({ notice: { tone: 'bad', text: error instanceof Error ? error.message : String(error) } })
  }
}

/** What is chosen in the program, as the reader sees it. */
function wordsOf(program: Program, inputs: Inputs): string[] {
  const chosen = chosenOf(program, inputs)
  const choices = (program.choices ?? []).filter(({ isPlace }) => !isPlace)
  return choices.map(({ id, options }) => options.find(([value]) => value === chosen[id])![1])
}

/** The inputs of these names alone. */
export const keepInputs = (inputs: Inputs, kept: readonly Pick<Choice, 'id'>[]): Inputs =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => kept.some(({ id }) => id === key)))

/** Changes some inputs and keeps the others. */
export const setInputs = (change: Inputs): void => update({ inputs: { ...useExplorer.getState().inputs, ...change } })
