/** A recorded program in tables: its values, and its lines with the variables that they set. */
import { Tensor } from '../../tensor/index.ts'
import type { Block, Cell, Column } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { brief } from './brief.ts'
import type { RecordedNode, Slot } from './node.ts'
import type { Iteration } from './recorder.ts'
import type { Recording } from './recording.ts'

/** Longer programs are cut: a table of thousands of rows is read by nobody. */
const ROWS = 200

export function tellRecording(recording: Recording): Block[] {
  const { nodes, calls, dropped, unrecorded } = recording
  if (nodes.length === 0)
    return [
      {
        is: 'note',
        tone: 'warning',
        parts: [
          unrecorded > 0
            ? `Nothing was recorded: ${unrecorded === 1 ? '1 op was' : `${unrecorded} ops were`} applied, but to no tensor that requires a gradient, or inside of noGrad. Make one with tensor(..., { requiresGrad: true }).`
            : 'Nothing was recorded: no op was applied to a tensor that requires a gradient. Make one with tensor(..., { requiresGrad: true }).',
        ],
      },
    ]
  const blocks: Block[] = [{ is: 'paragraph', parts: [summary(recording)] }, valueTable(nodes)]
  if (nodes.length > ROWS)
    blocks.push({ is: 'paragraph', parts: [`The first ${ROWS} of ${nodes.length} values are shown.`] })
  if (dropped > 0)
    blocks.push({
      is: 'note',
      tone: 'warning',
      parts: [`${dropped} further ops were not kept; pass a larger { maxNodes } to see them.`],
    })
  if (calls.length === 0)
    blocks.push({ is: 'note', tone: 'warning', parts: ['backward() has not run: there are no gradients.'] })
  const lines = lineTable(recording)
  return lines ? [...blocks, lines] : blocks
}

function summary({ nodes, calls, savedBytes }: Recording): string {
  const ops = new Set(nodes.map((node) => node.application)).size - 1
  const times = calls.length === 1 ? '1 call' : `${calls.length} calls`
  return `${nodes.length} values, ${ops} ops, ${times} of backward; ${savedBytes} bytes were saved for it.`
}

/** Name, origin, value and gradient of each, at most 200. */
export function valueTable(nodes: readonly RecordedNode[]): Block {
  const shown = nodes.slice(0, ROWS)
  const columns: Column[] = [
    { head: '#', align: 'right' },
    { head: 'name', align: 'left' },
    { head: 'computed by', align: 'left' },
    { head: 'value', align: 'right' },
    { head: 'gradient', align: 'right' },
  ]
  const rows = shown.map((node): Cell[] => {
    const gradient = node.gradient()
    const missing = node.requiresGrad ? '—' : ''
    return [String(node.id), node.name, call(node), brief(node.value), gradient ? brief(gradient) : missing]
  })
  if (shown.some((node) => node.source)) {
    columns.push({ head: 'where', align: 'left' })
    // One pass alone need not be said in every row.
    const differ = new Set(shown.map(({ iterations }) => passes(iterations)).filter((text) => text !== '')).size > 1
    for (const [i, row] of rows.entries()) row.push(where(shown[i]) + (differ ? passes(shown[i].iterations) : ''))
  }
  return { is: 'table', columns, rows, caption: 'The values in the order in which they were made' }
}

const argument = (x: Slot): string => (typeof x === 'number' ? shortNumber(x) : x.name)

const call = ({ op, kind, inputs }: RecordedNode): string => (op ? `${op}(${inputs.map(argument).join(', ')})` : kind)

const where = ({ source }: RecordedNode): string =>
  source ? `${source.file.split(/[\\/]/).at(-1)}:${source.line}` : ''

/** What a loop sets before its first pass belongs to none. */
const passes = (iterations: readonly Iteration[]): string =>
  iterations.some(({ index }) => index < 0) || iterations.length === 0
    ? ''
    : ` (pass ${iterations.map(({ index }) => index + 1).join('.')})`

function lineTable({ lines, sources }: Recording): Block | null {
  // Without the text of the line, the table of values says as much.
  const rows = lines
    .filter(({ file }) => sources[file])
    .flatMap(({ file, line, variables }) =>
      // What a loop sets before its first pass changes from pass to pass without being told of.
      variables
        .filter(({ iterations }) => iterations.every(({ index }) => index >= 0))
        .map(({ name, value, iterations }): Cell[] => [
          String(line),
          (sources[file].split('\n')[line - 1] ?? '').trim(),
          `${name} = ${shown(value)}${passes(iterations)}`,
        ]),
    )
  if (rows.length === 0) return null
  const columns: Column[] = [
    { head: 'line', align: 'right' },
    { head: 'source', align: 'left' },
    { head: 'state', align: 'left' },
  ]
  return { is: 'table', columns, rows: rows.slice(0, ROWS), caption: 'Execution state' }
}

function shown(value: unknown): string {
  if (value instanceof Tensor) return brief(value)
  if (typeof value === 'number') return shortNumber(value)
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return `an array of ${value.length}`
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'an object') : String(value)
}
