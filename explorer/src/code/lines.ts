/** A program line by line: how often each line has run at a step, what it made last, and where the step is. */
import type { Trace, TraceLine, TraceNode, TraceTensor } from 'chainrule/explain'
import { type Known, knownAt } from '../model/steps.ts'

type Variable = TraceLine['variables'][number]
type Iterations = TraceNode['iterations']

export interface LineFacts {
  readonly line: number
  /** How often it has run by then. */
  readonly runs: number
  /** The last value that it made, or set. */
  readonly value: Variable['value'] | undefined
  /** The gradient of that value; null where none has arrived, undefined where none can. */
  readonly gradient: TraceTensor | null | undefined
  readonly node: number | null
}

/**
 * Variables that `i++` and the like change, of which a program does not tell: what they hold is not known.
 */
function uncertain(trace: Trace, file: string): ReadonlySet<string> {
  const found = (trace.sources[file] ?? '').matchAll(/(?:\+\+|--)\s*([\w$]+)|([\w$]+)\s*(?:\+\+|--)/g)
  return new Set([...found].map(([, before, behind]) => before ?? behind))
}

/** Every line of a file that has done something by the step. */
export function lineFacts(trace: Trace, file: string, step: number): LineFacts[] {
  const known = knownAt(trace, step)
  const hidden = uncertain(trace, file)
  return trace.lines
    .filter((line) => line.file === file)
    .map((line) => {
      const nodes = line.nodes.map((id) => trace.nodes[id]).filter(known.value)
      const variables = line.variables.filter(({ after, name }) => after <= step && !hidden.has(name))
      const node = lastNamed(nodes, variables) ?? leafOf(trace, variables)
      const gradient = node?.requiresGrad ? gradientAt(node, known) : undefined
      const value = node ? node.value : variables.at(-1)?.value
      return { line: line.line, runs: runsOf(nodes, variables), value, gradient, node: node?.id ?? null }
    })
    .filter(({ runs }) => runs > 0)
}

/** What the line is about: the value that got its variable's name, or else the last one made there. */
function lastNamed(nodes: readonly TraceNode[], variables: readonly Variable[]): TraceNode | undefined {
  const names = new Set(variables.map(({ name }) => name))
  return nodes.findLast(({ name }) => names.has(name.replace(/#\d+$/, ''))) ?? nodes.at(-1)
}

const gradientAt = (node: TraceNode, known: Known): TraceTensor | null =>
  known.gradient(node) ? (node.gradients[known.call ?? 0] ?? null) : null

/** The leaf that a line has made and named, as in `const w = tensor(1)`; leaves have no place of their own. */
function leafOf({ nodes }: Trace, variables: readonly Variable[]): TraceNode | undefined {
  const tensor = variables.findLast(({ value }) => typeof value === 'object' && value !== null)
  return tensor && nodes.find(({ op, name }) => op === null && name === tensor.name)
}

/**
 * A line has run as often as a variable of it was set. One without variables has run as often as the op of it that was
 * applied least: functions that consist of ops apply others of them several times at the same place.
 */
function runsOf(nodes: readonly TraceNode[], variables: readonly Variable[]): number {
  const set = countsOf(variables.map(({ name }) => name))
  if (set.length > 0) return Math.max(...set)
  const applied = countsOf(
    nodes.filter(({ output }) => output === 0).map(({ source, op }) => `${source?.column} ${op}`),
  )
  return applied.length > 0 ? Math.min(...applied) : 0
}

function countsOf(keys: readonly string[]): number[] {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return [...counts.values()]
}

/** The line that a step is about; null for the leaves and for steps outside of the file. */
export function lineAt(trace: Trace, file: string, step: number): number | null {
  const place = placeAt(trace, file, step)
  return place?.source?.line ?? null
}

/** The line that made a value, or gave a leaf its name; null in other files. */
export function lineOf(trace: Trace, file: string, id: number): number | null {
  const node = trace.nodes[id]
  if (node?.source) return node.source.file === file ? node.source.line : null
  const named = trace.lines.find((line) => line.file === file && leafOf(trace, line.variables)?.id === id)
  return named?.line ?? null
}

const placeAt = (trace: Trace, file: string, step: number): TraceNode | undefined =>
  trace.steps[step]?.nodes.map((id) => trace.nodes[id]).find(({ source }) => source?.file === file)

export interface VariableFacts {
  readonly name: string
  readonly value: Variable['value']
  readonly line: number
}

/** What every variable of a file holds at a step, in the order in which they were first set. */
export function variablesAt(trace: Trace, file: string, step: number): VariableFacts[] {
  const hidden = uncertain(trace, file)
  const set = trace.lines
    .filter((line) => line.file === file)
    .flatMap(({ line, variables }) => variables.map((variable) => ({ ...variable, line })))
    .filter(({ after, name, value }) => after <= step && !hidden.has(name) && !isFunction(value))
    .sort((a, b) => a.after - b.after)
  const latest = new Map<string, VariableFacts>()
  for (const { name, value, line } of set) latest.set(name, { name, value, line })
  return [...latest.values()]
}

const isFunction = (value: Variable['value']): boolean => typeof value === 'string' && /^(?:a )?function\b/.test(value)

export interface LoopFacts {
  readonly line: number
  readonly column: number
  /** The pass at this step, from 0. */
  readonly index: number
  /** How many passes there were, of this run of the loop. */
  readonly count: number
  /** The first step of every pass. */
  readonly starts: readonly number[]
}

/** The loops that are running at a step, the outermost first, and where their passes begin. */
export function loopsAt(trace: Trace, file: string, step: number): LoopFacts[] {
  const here = placeAt(trace, file, step)
  if (!here) return []
  return here.iterations.flatMap(({ line, column, index }, depth) => {
    if (index < 0) return []
    const outer = here.iterations.slice(0, depth)
    const starts: number[] = []
    const { phase } = trace.steps[step]
    for (const [s, { nodes, phase: at }] of trace.steps.entries()) {
      if (at !== phase) continue
      for (const id of nodes) {
        const pass = trace.nodes[id].iterations[depth]
        if (pass?.line === line && pass.column === column && isWithin(trace.nodes[id].iterations, outer))
          starts[pass.index] = Math.min(starts[pass.index] ?? s, s)
      }
    }
    return [{ line, column, index, count: starts.length, starts }]
  })
}

const isWithin = (iterations: Iterations, outer: Iterations): boolean =>
  outer.every(
    (o, d) => iterations[d]?.line === o.line && iterations[d].column === o.column && iterations[d].index === o.index,
  )
