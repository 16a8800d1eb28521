/** A program line by line: how often each line has run at a step, what it made last, and where the step is. */
import type { Trace, TraceLine, TraceNode, TraceTensor } from 'chainrule/explain'
import { gradientOf, knownAt } from '../model/steps.ts'

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
      const { node, value } = madeBy(trace, nodes, variables)
      const gradient = node?.requiresGrad && value === node.value ? gradientOf(node, known) : undefined
      return { line: line.line, runs: runsOf(nodes, variables), value, gradient, node: node?.id ?? null }
    })
    .filter(({ runs }) => runs > 0)
}

interface Made {
  readonly node: TraceNode | undefined
  readonly value: LineFacts['value']
}

/**
 * What the line is about: the value that got its variable's name, or else what the variable was set to, which need not be
 * what ops made there; without a variable, the last value made.
 */
function madeBy(trace: Trace, nodes: readonly TraceNode[], variables: readonly Variable[]): Made {
  const names = new Set(variables.map(({ name }) => name))
  const named = nodes.findLast(({ name }) => names.has(baseOf(name)))
  if (named) return { node: named, value: named.value }
  const [node, last] = [nodes.at(-1), variables.at(-1)]
  if (last && isTensor(last.value)) {
    const found = nodes.findLast(({ value }) => isAlike(value, last.value)) ?? leafOf(trace, variables)
    return { node: found, value: found && isAlike(found.value, last.value) ? found.value : last.value }
  }
  const isNumber = typeof last?.value === 'number'
  return { node, value: isNumber ? last.value : (node?.value ?? last?.value) }
}

/** The second `h` is called `h#2`. */
const baseOf = (name: string): string => name.replace(/#\d+$/, '')

const isTensor = (value: Variable['value']): boolean => typeof value === 'object' && value !== null

/** All of two values is compared only where they begin alike: a line may have made thousands. */
const isAlike = (a: Variable['value'], b: Variable['value']): boolean =>
  firstOf(a) === firstOf(b) && JSON.stringify(a) === JSON.stringify(b)

const firstOf = (x: Variable['value']) => (typeof x === 'object' && x !== null ? x.data?.[0] : x)

/** Whether a leaf, which has no place of its own, has its name from a variable, as in `const w = tensor(1)`. */
const isNamedBy = ({ op, name }: TraceNode, variable: Variable): boolean =>
  op === null && baseOf(name) === variable.name

/**
 * The leaf that a variable was set to last. In a loop there is one per pass; equal ones came in the order of the passes.
 * One that nobody read as it was then, because it was changed in place, is the first of its name.
 */
function leafOf({ nodes }: Trace, variables: readonly Variable[]): TraceNode | undefined {
  const last = variables.findLast(({ value }) => isTensor(value))
  if (!last) return undefined
  const leaves = nodes.filter((node) => isNamedBy(node, last))
  const same = leaves.filter(({ value }) => isAlike(value, last.value))
  const set = variables.filter(({ name, value }) => name === last.name && isAlike(value, last.value)).length
  return same[Math.min(set, same.length) - 1] ?? leaves[0]
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
  if (!node) return null
  if (node.source) return node.source.file === file ? node.source.line : null
  const named = trace.lines
    .filter((line) => line.file === file)
    .flatMap(({ line, variables }) =>
      variables.filter((it) => isNamedBy(node, it)).map(({ value }) => ({ line, value })),
    )
  return (named.find(({ value }) => isAlike(node.value, value)) ?? named[0])?.line ?? null
}

const placeAt = (trace: Trace, file: string, step: number): TraceNode | undefined =>
  trace.steps[step]?.nodes.map((id) => trace.nodes[id]).find(({ source }) => source?.file === file)

interface VariableFacts {
  readonly name: string
  readonly value: Variable['value']
  readonly line: number
  /** Whether its elements were changed in place later on. */
  readonly changed: boolean
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
  for (const { name, value, line, changed = false } of set) latest.set(name, { name, value, line, changed })
  return [...latest.values()]
}

const isFunction = (value: Variable['value']): boolean => typeof value === 'string' && /^(?:a )?function\b/.test(value)

interface LoopFacts {
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
