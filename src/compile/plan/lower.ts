/**
 * From a graph to a program: taken apart into tasks (`translate/`), fused (`fuse/`), written as kernels (`kernel.ts`)
 * and laid out in memory (`memory/`).
 */
import type { Instruction, Place } from '../../backends/kernels.ts'
import type { Graph, ValueId, ValueInfo } from '../graph/graph.ts'
import { labelOf, loopBytes, loopFlops, productBytes, productFlops, productLabel } from './facts.ts'
import { fuse, type Grouped } from './fuse/fuse.ts'
import type { Group } from './fuse/match.ts'
import { kernelOf, markReplaced, type Spot } from './kernel.ts'
import type { Lowered } from './lowered.ts'
import { type Owned, own } from './memory/ownership.ts'
import { bytesOf, layOut, type Memory, type Step } from './memory/regions.ts'
import { recompute, type Thrift, thrift, toRepeat } from './recompute.ts'
import type { HostTask, LoopTask, ProductTask, Task } from './task.ts'
import type { Builder } from './translate/builder.ts'
import { translate } from './translate/translate.ts'

type Draft = Step & ({ readonly loops: readonly LoopTask[] } | { readonly task: ProductTask | HostTask })

/** The program of a graph. Equal graphs give equal programs. */
export function lower(graph: Graph, limits: Thrift = thrift): Lowered {
  const first = plan(graph, translate(graph))
  if (first.memory.arenaBytes < limits.ample) return finish(graph, first)
  const repeated = toRepeat(first.owned, first.grouped, limits)
  if (repeated.length === 0) return finish(graph, first)
  const again = translate(graph)
  recompute(again, repeated)
  const second = plan(graph, again)
  return finish(graph, second.memory.arenaBytes < first.memory.arenaBytes ? second : first)
}

interface Planned {
  readonly owned: Owned
  readonly grouped: Grouped
  readonly drafts: readonly Draft[]
  readonly memory: Memory
}

function plan(graph: Graph, tasks: Builder): Planned {
  const owned = own(graph, tasks)
  const { values, home, results } = owned
  const finals = new Set([...results, ...values.keys()].filter((v, i) => i < results.length || home[v] !== v))
  const grouped = fuse(owned, finals)
  const drafts = grouped.groups
    .map((group) => draftOf(group, owned.tasks, grouped.needed))
    .filter((d) => ('task' in d && d.task.is === 'host') || d.writes.some(({ value }) => values[value].size > 0))
  const kept = keptOf(
    values,
    results.map((v) => home[v]),
    drafts,
  )
  return { owned, grouped, drafts, memory: layOut(values, home, kept, drafts) }
}

function finish(graph: Graph, { owned: { values, results }, drafts, memory }: Planned): Lowered {
  const inputs: number[] = []
  const constants: Lowered['constants'][number][] = []
  for (const [v, { origin }] of values.entries()) {
    const region = memory.regionOf(v) ?? -1
    if (origin.is === 'input') inputs[origin.index] = region
    else if (origin.is === 'constant' && region >= 0) constants.push({ region, data: origin.data })
  }
  const { regions, arenaBytes } = memory
  return {
    program: { regions, arenaBytes, instructions: drafts.map((draft) => instructionOf(draft, memory, values)) },
    inputs: Array.from(inputs, (r) => r ?? -1),
    states: graph.states.map(({ before }) => memory.regionOf(before)!),
    results: results.map((v) => memory.regionOf(v)!),
    constants,
  }
}

/** What is kept from call to call: results, states, and what comes from outside and is used. */
function keptOf(values: readonly ValueInfo[], results: readonly ValueId[], drafts: readonly Draft[]): Set<ValueId> {
  const kept = new Set(results)
  for (const [v, { origin }] of values.entries()) if (origin.is === 'state') kept.add(v)
  for (const { reads } of drafts) for (const { value } of reads) if (values[value].origin.is !== 'node') kept.add(value)
  return kept
}

function draftOf(group: Group, tasks: readonly Task[], needed: ReadonlySet<ValueId>): Draft {
  const first = tasks[group.tasks[0]]
  if (first.is === 'loop') {
    const loops = group.tasks.map((t) => tasks[t] as LoopTask)
    return { ...kernelOf(group, loops, needed), loops }
  }
  const spot = ({ value, offset }: Spot): Spot => ({ value, offset })
  if (first.is === 'product') {
    const { a, b, output: value, offset = 0 } = first
    return { kernel: null, reads: [spot(a), spot(b)], writes: [{ value, offset }], task: first }
  }
  // JavaScript gets whole regions: a value that is read through several views comes once for each.
  const whole = (value: ValueId): Spot => ({ value, offset: 0 })
  const reads = first.reads.map((x) => whole(x.value))
  return { kernel: null, reads, writes: first.outputs.map(whole), task: first }
}

function instructionOf(draft: Draft, memory: Memory, values: readonly ValueInfo[]): Instruction {
  const place = ({ value, offset }: Spot): Place => ({
    region: memory.regionOf(value)!,
    offset,
    dtype: values[value].dtype,
  })
  const [reads, writes] = [draft.reads.map(place), draft.writes.map(place)]
  if ('loops' in draft) {
    const kernel = markReplaced(draft.kernel!, reads, writes)
    const label = labelOf(draft.loops.map((task) => task.label))
    return { is: 'loop', label, flops: loopFlops(kernel), bytes: loopBytes(kernel), kernel, reads, writes }
  }
  const { task } = draft
  if (task.is === 'host') {
    const bytes = [...task.reads.map((x) => x.value), ...task.outputs].reduce((n, v) => n + bytesOf(values[v]), 0)
    return { is: 'host', label: task.label, flops: 0, bytes, reads, writes, run: task.run }
  }
  const { batch, rows, columns, summed } = task
  const kernel = { dtype: task.precision, batch, rows, columns, summed, add: task.adds ?? false }
  const facts = { flops: productFlops(kernel), bytes: productBytes(kernel) }
  const [a, b] = reads
  return { is: 'product', label: productLabel(task.label, kernel), ...facts, kernel, a, b, c: writes[0] }
}
