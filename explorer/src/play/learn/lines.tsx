/**
 * A program line by line: what a line is for, and what is known when it has run. The lines are those of "Show code", the
 * state is the trace's; a line that is chosen moves the player there, and the player moves the line.
 */
import type { Trace } from 'chainrule/explain'
import { knownAt } from '../../model/steps.ts'
import { seek, update, useExplorer } from '../../model/store.ts'
import { Num } from '../../ui/number.tsx'
import { Choices } from '../parts/knobs.tsx'
import { PlaygroundPage } from '../parts/playground.tsx'
import { chosenOf, type Inputs } from '../parts/program.ts'
import { gradientAt, nodeNamed, valueAt } from '../parts/read.ts'
import { sourceOf } from '../parts/run.ts'
import { lines, saysOf } from '../programs/lines.ts'
import { about } from '../texts.ts'
import './learn.css'

type Line = { readonly code: string } & (
  | { readonly makes: string }
  | { readonly asks: string }
  | { readonly is: 'backward' }
)

/** The lines that do something, and the gradients that can be asked for when all have run. */
function linesOf(inputs: Inputs): Line[] {
  const source = sourceOf(lines, inputs).split('\n')
  const body = source.flatMap((code): Line[] => {
    const makes = /^const (\w+) =/.exec(code)?.[1]
    if (makes) return [{ code: code.replace(/, \{ dtype.*\}\)$/, ')'), makes }]
    return code.endsWith('.backward()') ? [{ code, is: 'backward' }] : []
  })
  const leaves = lines.leaves(chosenOf(lines, inputs)).filter(({ role }) => role !== 'target')
  return [...body, ...leaves.map(({ name }) => ({ code: `${name}.grad`, asks: name }))]
}

const nameOf = (line: Line): string | null => ('makes' in line ? line.makes : 'asks' in line ? line.asks : null)

/** Shows what is known when a line has run. */
function goTo(line: Line, trace: Trace): void {
  const name = nameOf(line)
  const node = name === null ? trace.nodes.at(-1) : nodeNamed(trace, name)
  if (!node) return
  update({ selected: { node: node.id, index: 0 } })
  const made = trace.steps.findIndex(({ phase, nodes }) => phase === 'forward' && nodes.includes(node.id))
  const last = trace.steps.length - 1
  seek('makes' in line ? Math.max(0, made) : last)
}

/** The line that the player is at; where it has done nothing or everything, the selection says which. */
function lineAt(all: readonly Line[], trace: Trace, step: number, selected: number | undefined): Line | undefined {
  const { phase, nodes } = trace.steps[step]
  const name = (id: number | undefined) => (id === undefined ? undefined : trace.nodes[id]?.name)
  const making = (wanted: string | undefined) => all.find((line) => 'makes' in line && line.makes === wanted)
  if (phase === 'forward') return making(name(nodes[0]))
  if (step === 0) return making(name(selected))
  const asked = all.find((line) => 'asks' in line && line.asks === name(selected))
  const isOver = step === trace.steps.length - 1
  return (isOver ? asked : undefined) ?? all.find((line) => 'is' in line)
}

const SAYS_BACKWARD =
  'Backward starts at the result with 1 and goes through the lines in reverse. Each hands back what has arrived, times its own slope.'

function wordsOn(line: Line, listing: string): string {
  if ('makes' in line) return saysOf(listing, line.makes)
  if ('is' in line) return SAYS_BACKWARD
  return `What backward has brought to ${line.asks}: all slopes on the way, multiplied. The derivation has the factors.`
}

function useHere(): { readonly all: readonly Line[]; readonly here: Line | undefined; readonly trace: Trace | null } {
  const { session, step, selected, inputs } = useExplorer()
  const trace = session?.origin === lines.origin ? session.trace : null
  const all = linesOf(inputs)
  const here = trace?.steps[step] ? lineAt(all, trace, step, selected?.node) : undefined
  return { all, here, trace }
}

function Listing({ inputs }: { inputs: Inputs }) {
  const { all, here, trace } = useHere()
  return (
    <section className="story" aria-label="The listing">
      <Choices choices={lines.choices ?? []} inputs={inputs} />
      <ol className="listing">
        {all.map((line) => (
          <li key={line.code}>
            <button
              type="button"
              aria-current={line === here ? 'step' : undefined}
              onClick={() => trace && goTo(line, trace)}
            >
              <code>{line.code}</code>
            </button>
          </li>
        ))}
      </ol>
      {here && <p className="note note-good">{wordsOn(here, chosenOf(lines, inputs).listing)}</p>}
    </section>
  )
}

/** Names, values and gradients, as far as they are known. */
function StateHere() {
  const { here, trace } = useHere()
  const step = useExplorer((state) => state.step)
  if (!trace) return null
  const known = knownAt(trace, step)
  const name = here && nameOf(here)
  return (
    <section className="play-controls state-here">
      <table className="gradients">
        <caption>State after this line</caption>
        <thead>
          <tr>
            <th scope="col">name</th>
            <th scope="col">value</th>
            <th scope="col">gradient</th>
          </tr>
        </thead>
        <tbody>
          {trace.nodes
            .filter((node) => known.value(node))
            .map((node) => (
              <tr key={node.id} className={node.name === name ? 'row-on' : ''}>
                <th scope="row">{node.name}</th>
                <td>
                  <Num value={valueAt(node)} />
                </td>
                <td>
                  <Num value={known.gradient(node) ? gradientAt(node) : null} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  )
}

/** The listing has all numbers; sliders are in the playgrounds. */
const NoBoard = () => null

export const Lines = () => (
  <PlaygroundPage
    playground={{
      program: lines,
      about: about['learn/lines'],
      opening: { select: 'x' },
      Lead: Listing,
      Board: NoBoard,
      Beside: StateHere,
    }}
  />
)
