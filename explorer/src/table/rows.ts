/** The rows of the table: what is known of each node at a step, and their order. */
import type { Trace, TraceNode, TraceTensor } from 'chainrule/explain'
import { contributionOf, gradientOf, type Known, stepOf } from '../model/steps.ts'

export interface Row {
  readonly node: TraceNode
  /** The step at which the node has its value. */
  readonly step: number
  readonly value: TraceTensor | null
  readonly gradient: TraceTensor | null
  readonly operands: readonly Operand[]
}

export interface Operand {
  readonly name: string
  readonly local: TraceTensor | null
  /** What backward has sent on to the operand; null before it has. */
  readonly sent: TraceTensor | null
}

export type Column = 'step' | 'name' | 'op' | 'value' | 'gradient' | 'line'

export interface Order {
  readonly by: Column
  readonly descending: boolean
}

export function rowsOf(trace: Trace, known: Known): readonly Row[] {
  return trace.nodes.map((node) => ({
    node,
    step: stepOf(trace, node),
    value: known.value(node) ? node.value : null,
    gradient: gradientOf(node, known),
    operands: node.inputs.map((input, slot) => ({
      name: 'node' in input ? trace.nodes[input.node].name : String(input.number),
      local: known.value(node) && 'node' in input ? (node.local?.[slot] ?? null) : null,
      sent: contributionOf(node, slot, known),
    })),
  }))
}

const KEYS: Record<Column, (row: Row) => number | string> = {
  step: (row) => row.step,
  name: (row) => row.node.name,
  op: (row) => row.node.op ?? '',
  value: (row) => norm(row.value),
  gradient: (row) => norm(row.gradient),
  line: (row) => row.node.source?.line ?? 0,
}

/** Largest magnitude among the elements; what is not known is less than all, and NaN more. */
function norm(tensor: TraceTensor | null): number {
  if (!tensor) return -1
  const { data, summary } = tensor
  const numbers = (data ?? [summary?.min ?? 0, summary?.max ?? 0]).map((x) => Math.abs(Number(x)))
  return numbers.reduce((most, x) => (Number.isNaN(x) ? Infinity : Math.max(most, x)), 0)
}

export function ordered(rows: readonly Row[], { by, descending }: Order): readonly Row[] {
  const key = KEYS[by]
  const sign = descending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)]
    const order = typeof x === 'string' ? x.localeCompare(String(y), 'en', { numeric: true }) : x - Number(y)
    return sign * (order || a.node.id - b.node.id)
  })
}
