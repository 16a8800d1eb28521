/**
 * The controls of the 4 → 3 → 4 network: bits as buttons, parameters as matrices with their gradients. Rows of ∂L/∂W1 that
 * are zero because their input is, and units whose ReLU lets nothing through, are marked with a pattern and in words.
 */
import type { Trace } from 'chainrule/explain'
import { update, useExplorer } from '../../model/store.ts'
import { Num } from '../../ui/number.tsx'
import { KnobSlider } from './knobs.tsx'
import { type Inputs, knobsOf, type Leaf, numberOf, shapeOf } from './program.ts'
import { gradientAt, localAt, nodeNamed, valueAt } from './read.ts'
import { setInputs } from './use-program.ts'
import './board.css'

interface Props {
  readonly trace: Trace | null
  readonly leaves: readonly Leaf[]
  readonly inputs: Inputs
}

/** Which rows and columns of a gradient are zero for a reason, and the reason. */
interface Silence {
  readonly rows: readonly number[]
  readonly columns: readonly number[]
}

export function BitBoard({ trace, leaves, inputs }: Props) {
  const selected = useExplorer((state) => state.selected)
  const leaf = (name: string) => leaves.find((it) => it.name === name)!
  const shut = closedUnits(trace)
  const off = [0, 1, 2, 3].filter((i) => trace && valueAt(nodeNamed(trace, 'x'), i) === 0)
  const silences: Readonly<Record<string, Silence>> = {
    W1: { rows: off, columns: shut },
    b1: { rows: [], columns: shut },
    W2: {
      rows: units(trace, 'h', 3)
        .filter(({ value }) => value === 0)
        .map(({ unit }) => unit),
      columns: [],
    },
    b2: { rows: [], columns: [] },
  }
  const knob = knobsOf(leaf(MATRICES.find((name) => isNode(trace, name, selected?.node)) ?? 'W1'))[selected?.index ?? 0]
  return (
    <>
      <Bits leaf={leaf('x')} title="Input bits" inputs={inputs} />
      <Bits leaf={leaf('y')} title="Target bits" inputs={inputs} />
      <Hidden trace={trace} shut={shut} />
      {knob && <KnobSlider key={knob.id} knob={knob} inputs={inputs} />}
      {MATRICES.map((name) => (
        <Matrix key={name} leaf={leaf(name)} trace={trace} silence={silences[name]} />
      ))}
      <p className="hint">
        Hatched rows are zero because their input is 0. Hatched columns belong to units whose gate is closed.
      </p>
    </>
  )
}

const MATRICES = ['W1', 'b1', 'W2', 'b2']

const isNode = (trace: Trace | null, name: string, node: number | undefined): boolean =>
  trace !== null && nodeNamed(trace, name)?.id === node

const units = (trace: Trace | null, name: string, count: number) =>
  Array.from({ length: count }, (_, unit) => ({ unit, value: trace && valueAt(nodeNamed(trace, name), unit) }))

/** The hidden units at which ReLU has the slope 0. */
const closedUnits = (trace: Trace | null): number[] =>
  trace ? [0, 1, 2].filter((i) => localAt(nodeNamed(trace, 'h'), 0, i) === 0) : []

function Bits({ leaf, title, inputs }: { leaf: Leaf; title: string; inputs: Inputs }) {
  return (
    <fieldset className="bits">
      <legend>{title}</legend>
      {knobsOf(leaf).map((knob) => {
        const on = numberOf(knob, inputs) !== 0
        return (
          <button
            key={knob.id}
            type="button"
            aria-pressed={on}
            onClick={() => setInputs({ [knob.id]: on ? '0' : '1' })}
          >
            <span className="for-ear">{knob.id} is </span>
            {on ? 1 : 0}
          </button>
        )
      })}
    </fieldset>
  )
}

function Hidden({ trace, shut }: { trace: Trace | null; shut: readonly number[] }) {
  if (!trace) return null
  return (
    <table className="matrix units">
      <caption>Hidden units</caption>
      <thead>
        <tr>
          <th scope="col">unit</th>
          <th scope="col">z1</th>
          <th scope="col">h</th>
          <th scope="col">gate</th>
        </tr>
      </thead>
      <tbody>
        {units(trace, 'h', 3).map(({ unit, value }) => (
          <tr key={unit} className={shut.includes(unit) ? 'silent' : ''}>
            <th scope="row">{unit}</th>
            <td>
              <Num value={valueAt(nodeNamed(trace, 'z1'), unit)} />
            </td>
            <td>
              <Num value={value} />
            </td>
            <td>{shut.includes(unit) ? '✕ closed' : '✓ open'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface MatrixProps {
  readonly leaf: Leaf
  readonly trace: Trace | null
  readonly silence: Silence
}

/** Values with their gradients below them; a cell opens its slider and asks for its derivation. */
function Matrix({ leaf, trace, silence }: MatrixProps) {
  const selected = useExplorer((state) => state.selected)
  const node = trace ? nodeNamed(trace, leaf.name) : undefined
  const knobs = knobsOf(leaf)
  const columns = shapeOf(leaf).at(-1)!
  const rows = Array.from({ length: knobs.length / columns }, (_, i) => knobs.slice(i * columns, (i + 1) * columns))
  return (
    <table className="matrix">
      <caption>
        {leaf.name} and <i>∂L/∂{leaf.name}</i>
      </caption>
      <tbody>
        {rows.map((row, i) => (
          <tr key={row[0].id}>
            {row.map(({ id, index }, j) => {
              const silent = silence.rows.includes(i) || silence.columns.includes(j)
              const on = selected?.node === node?.id && selected?.index === index
              return (
                <td key={id} className={silent ? 'silent' : ''}>
                  <button
                    type="button"
                    className="cell"
                    aria-pressed={on}
                    onClick={() => node && update({ selected: { node: node.id, index } })}
                  >
                    <span className="for-ear">{id}, </span>
                    <Num value={valueAt(node, index)} />
                    <i>
                      <span className="for-ear">, gradient </span>
                      <Num value={gradientAt(node, index)} />
                    </i>
                  </button>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
