/**
 * A recorded program as plain data, to be kept in a file or sent to a page. `docs/trace-format.md` describes it; its
 * version changes when a reader of the old one would misread the new one.
 */
import { toDense } from '../../backends/js/layout.ts'
import { FormatError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import type { DType, TypedArray } from '../../ops/value.ts'
import { Tensor } from '../../tensor/index.ts'
import { type Summary, summarize } from './brief.ts'
import type { RecordedNode } from './node.ts'
import type { Recording } from './recording.ts'

export const TRACE_FORMAT = 'chainrule-trace'
export const TRACE_VERSION = 1

/** JSON has no NaN and no infinities: these are strings. */
export type TraceNumber = number | 'NaN' | 'Infinity' | '-Infinity'

export interface TraceTensor {
  readonly shape: readonly number[]
  readonly dtype: DType
  /** The elements in row-major order; null where there are more than the trace was asked to hold. */
  readonly data: readonly TraceNumber[] | null
  /** What the elements are like, where they are left out. */
  readonly summary?: { readonly [K in keyof Summary]: TraceNumber }
}

export type TraceInput = { readonly node: number } | { readonly number: TraceNumber }

export interface TracePlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly function?: string
}

export interface TraceNode {
  readonly id: number
  readonly name: string
  readonly kind: 'parameter' | 'constant' | 'result'
  readonly op: string | null
  readonly attrs?: unknown
  readonly inputs: readonly TraceInput[]
  readonly application: number
  readonly output: number
  readonly requiresGrad: boolean
  readonly value: TraceTensor
  /** Per call of backward; null where nothing arrived. */
  readonly gradients: readonly (TraceTensor | null)[]
  /** Per slot, the derivatives of the result by the operand, where there is one number per element. */
  readonly local?: readonly (TraceTensor | null)[]
  /** Per call of backward and slot, what was sent on to the operand. */
  readonly contributions?: readonly (readonly (TraceTensor | null)[])[]
  readonly scope: readonly string[]
  readonly source: TracePlace | null
  readonly iterations: readonly { readonly line: number; readonly column: number; readonly index: number }[]
  readonly savedBytes: number
  readonly backwardCalls: number
}

export interface TraceStep {
  readonly phase: 'leaves' | 'forward' | 'seed' | 'backward'
  readonly nodes: readonly number[]
  readonly call: number | null
  readonly text: string
}

export interface TraceLine {
  readonly file: string
  readonly line: number
  readonly nodes: readonly number[]
  readonly variables: readonly {
    readonly name: string
    /** A tensor, a number, or the text of anything else. */
    readonly value: TraceTensor | TraceNumber | string | boolean | null
    readonly iterations: readonly { readonly line: number; readonly column: number; readonly index: number }[]
    /** How many applications of ops came before it: it is known from step `after` on. */
    readonly after: number
    /** Only where the elements were changed in place later on: what they are then is known of the nodes that read them. */
    readonly changed?: true
  }[]
}

export interface Trace {
  readonly format: typeof TRACE_FORMAT
  readonly version: number
  readonly title: string
  readonly nodes: readonly TraceNode[]
  readonly calls: readonly { readonly roots: readonly (number | null)[]; readonly seeds: readonly TraceTensor[] }[]
  readonly steps: readonly TraceStep[]
  readonly lines: readonly TraceLine[]
  /** The texts of the files, where the recording was given them. */
  readonly sources: Readonly<Record<string, string>>
  /** Applications of ops that were not kept because there were too many. */
  readonly dropped: number
  /** Applications of ops that no derivative can go through: to constants alone, or inside of noGrad. */
  readonly unrecorded: number
  /** Bytes held for backward, each storage counted once per reader. */
  readonly savedBytes: number
}

export function traceOf(recording: Recording, maxElements: number): Trace {
  const { nodes, calls, steps, lines } = recording
  const tensor = (x: Tensor) => traceTensor(x, maxElements)
  return {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    title: recording.title,
    nodes: nodes.map((node) => traceNode(node, recording, tensor)),
    calls: calls.map(({ roots, seeds }) => ({
      roots: roots.map((y) => recording.find(y)?.id ?? null),
      seeds: seeds.map(tensor),
    })),
    steps: steps.map((step) => ({ ...step, nodes: step.nodes.map(({ id }) => id) })),
    lines: lines.map(({ file, line, nodes, variables }) => ({
      file,
      line,
      nodes: nodes.map(({ id }) => id),
      variables: variables.map(({ changed, value, ...variable }) => ({
        ...variable,
        value: traceValue(value, tensor),
        ...(changed && { changed }),
      })),
    })),
    sources: recording.sources,
    dropped: recording.dropped,
    unrecorded: recording.unrecorded,
    savedBytes: recording.savedBytes,
  }
}

type Show = (x: Tensor) => TraceTensor

function traceNode(node: RecordedNode, { calls }: Recording, tensor: Show): TraceNode {
  const { id, name, kind, op, application, output, requiresGrad, scope, iterations, savedBytes, source } = node
  const own = node.calls
  const maybe = (x: Tensor | null) => x && tensor(x)
  const reached = calls.filter((call) => own.includes(call))
  return {
    id,
    name,
    kind,
    op,
    inputs: node.inputs.map((x) => (typeof x === 'number' ? { number: traceNumber(x) } : { node: x.id })),
    application,
    output,
    requiresGrad,
    value: tensor(node.value),
    gradients: reached.length === 0 ? [] : calls.map((call) => maybe(node.gradient(call))),
    ...(kind === 'result' && {
      attrs: plain(node.attrs),
      local: node.inputs.map((_, slot) => maybe(node.local(slot))),
      contributions: calls.map((call) => node.inputs.map((_, slot) => maybe(node.contribution(slot, call)))),
    }),
    scope,
    source: source ? { file: source.file, line: source.line, column: source.column, function: source.function } : null,
    iterations,
    savedBytes,
    backwardCalls: own.length,
  }
}

function traceTensor(x: Tensor, maxElements: number): TraceTensor {
  const { shape, dtype } = x
  if (x.size <= maxElements) return { shape, dtype, data: numbers(toDense(x)) }
  const { min, max, mean, norm, zeros, nonFinite } = summarize(x)
  const [low, high, middle, length] = [min, max, mean, norm].map(traceNumber)
  return { shape, dtype, data: null, summary: { min: low, max: high, mean: middle, norm: length, zeros, nonFinite } }
}

/** Most tensors of a small program have one element, and Array.from is slow on those. */
function numbers(data: TypedArray): TraceNumber[] {
  const list = new Array<TraceNumber>(data.length)
  for (let i = 0; i < data.length; i++) list[i] = traceNumber(data[i])
  return list
}

export const traceNumber = (x: number): TraceNumber => (Number.isFinite(x) ? x : (String(x) as TraceNumber))

function traceValue(value: unknown, tensor: Show): TraceLine['variables'][number]['value'] {
  if (value instanceof Tensor) return isSingle(value) ? tensor(value) : `a tensor ${shown(value.shape)} per sample`
  if (typeof value === 'number') return traceNumber(value)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return value
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function'
  return Array.isArray(value)
    ? `an array of ${value.length}`
    : `${(value as object)?.constructor?.name ?? typeof value}`
}

/** Whether it stands for one value: inside of vmap a tensor stands for one per sample, and none of them can be read. */
function isSingle({ box }: Tensor): boolean {
  return !box || (box.interpreter.single && isSingle(box.value))
}

/** Attributes are plain data but for those of functions with a derivative of their own, which are theirs alone. */
function plain(attrs: unknown): unknown {
  const kept = Object.entries(attrs as object).filter(([, x]) => isPlain(x))
  return Object.fromEntries(kept.map(([key, x]) => [key, typeof x === 'number' ? traceNumber(x) : x]))
}

function isPlain(x: unknown): boolean {
  if (Array.isArray(x)) return x.length <= 16 && x.every(isPlain)
  return x === null || ['number', 'string', 'boolean'].includes(typeof x)
}

/**
 * Takes a trace from a file: text or what `JSON.parse` made of it.
 * @throws FormatError where it is no trace, is damaged, or was written by a later version.
 */
export function readTrace(source: unknown): Trace {
  const fail = (why: string): never => {
    throw new FormatError(`readTrace: ${why}`)
  }
  let trace = source as Trace
  if (typeof source === 'string') {
    try {
      trace = JSON.parse(source)
    } catch (error) {
      fail(`this is not JSON: ${(error as Error).message}`)
    }
  }
  if (typeof trace !== 'object' || trace === null || trace.format !== TRACE_FORMAT)
    fail(`this is no trace; one is an object whose format is '${TRACE_FORMAT}'`)
  if (!(trace.version <= TRACE_VERSION))
    fail(
      `version ${String(trace.version)} is later than ${TRACE_VERSION}, the one that is understood here; update chainrule`,
    )
  for (const list of ['nodes', 'calls', 'steps', 'lines'] as const)
    if (!Array.isArray(trace[list])) fail(`'${list}' is missing`)
  trace.nodes.forEach((node, id) => {
    if (node?.id !== id) fail(`node ${id} is missing or out of place`)
    for (const x of node.inputs ?? fail(`node ${id} has no inputs`))
      if ('node' in x && !(x.node < id)) fail(`node ${id} reads node ${x.node}, which does not come before it`)
  })
  return trace
}
