/** A recorded program by its source lines: which values each line made and which variables it set. */

import type { Tensor } from '../../tensor/index.ts'
import type { RecordedNode } from './node.ts'
import type { Assignment, Event, Iteration } from './recorder.ts'

/** A variable as a line left it. */
export interface LineVariable {
  readonly name: string
  /** A number, a tensor (its elements as they were), or whatever else was assigned. */
  readonly value: unknown
  readonly iterations: readonly Iteration[]
  /** How many applications of ops had been recorded when it was assigned. */
  readonly after: number
  /** Whether the elements of the tensor have been changed in place since then. */
  readonly changed: boolean
}

export interface Line {
  readonly file: string
  readonly line: number
  readonly variables: readonly LineVariable[]
  readonly nodes: readonly RecordedNode[]
}

/** Lines in the order of files as they first appear, and of their numbers. */
export function linesOf(
  nodes: readonly RecordedNode[],
  assignments: readonly Assignment[],
  events: readonly Event[],
): Line[] {
  const files = new Map<string, Map<number, { variables: LineVariable[]; nodes: RecordedNode[] }>>()
  const at = (file: string, line: number) => {
    let lines = files.get(file)
    if (!lines) files.set(file, (lines = new Map()))
    let found = lines.get(line)
    if (!found) lines.set(line, (found = { variables: [], nodes: [] }))
    return found
  }
  for (const { file, line, name, value, shown, iterations, after } of assignments)
    at(file, line).variables.push({
      name,
      value: shown ?? value,
      iterations,
      after: recordedBy(after, events),
      changed: shown !== undefined && !isSame(shown, value as Tensor),
    })
  for (const node of nodes) if (node.source) at(node.source.file, node.source.line).nodes.push(node)
  return [...files].flatMap(([file, lines]) =>
    [...lines].sort(([a], [b]) => a - b).map(([line, found]) => ({ file, line, ...found })),
  )
}

/** Of few elements; NaN is NaN. */
function isSame({ data: a }: Tensor, { data: b }: Tensor): boolean {
  return a.length === b.length && a.every((x, i) => Object.is(x, b[i]))
}

/** How many of the events, which are in the order of time, happened up to the tape's node `sequence`: by bisection. */
function recordedBy(sequence: number, events: readonly Event[]): number {
  let [low, high] = [0, events.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (events[middle].node.sequence <= sequence) low = middle + 1
    else high = middle
  }
  return low
}
