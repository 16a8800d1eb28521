/** Explaining a program that was recorded: what it called backward on, by what was asked for. */
import { GradientTable } from '../explain/explanation/gradient-table.ts'
import { type Block, explain, type RecordedNode, type Recording } from '../explain/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { UsageError } from './command.ts'
import { DerivativeReport } from './derivative-report.ts'
import { type Format, type PrintOptions, print } from './formats.ts'
import { ProgramReport } from './program-report.ts'
import type { Told } from './told.ts'
import { readWrt, type Wrt } from './wrt.ts'

/** What the command line asks for; plain data, so that it can be sent to the process of a script. */
export interface ExplainRequest {
  /** Names, or elements such as `W[0,2]`; what is chosen for the user, if empty. */
  readonly wrt: readonly string[]
  /** How many paths are listed; null leaves it to how much there is to show. */
  readonly paths: number | null
  readonly detail: 'function' | 'op'
  /** Whether to work the largest path out line by line. */
  readonly table: boolean
  readonly format: Format
  readonly print: PrintOptions
}

/** A program, and one number in it that backward was called on. */
export interface Subject {
  readonly recording: Recording
  readonly output: Tensor
  /** What the program is, to be read first. */
  readonly about: readonly Block[]
}

/** Without a wish, the derivatives by so many values are explained. */
const CHOSEN = 4
/** And with so many paths each. */
const PATHS = { one: 12, several: 4 }

/** @throws UsageError where there is nothing of the name that is asked for. */
export function explainProgram(subject: Subject, request: ExplainRequest): string {
  const { recording, output } = subject
  const asked = readWrt(request.wrt, recording, recording.find(output)?.name ?? 'the output')
  const inputs = inputsOf(recording)
  const chosen = asked.length > 0 ? asked : largest(inputs, CHOSEN).map((node): Wrt => ({ node, index: undefined }))
  if (chosen.length === 0)
    throw new UsageError('explain: no gradient has reached a parameter; name another value by --wrt, if there is one')
  const paths = request.paths ?? (chosen.length > 1 ? PATHS.several : PATHS.one)
  const told = chosen.map(({ node, index }): Told => {
    const explanation = explain(output, node.tensor, index, { paths, detail: request.detail, names: recording })
    const [path] = explanation.paths
    const shown = request.table && path ? new GradientTable(explanation, path) : explanation
    return { node, element: index ? 'named' : asked.length > 0 ? 'largest' : 'chosen', explanation, shown }
  })
  const others = asked.length > 0 ? [] : inputs.filter((node) => told.every((one) => one.node !== node))
  const result = asked.length === 1 ? new DerivativeReport(subject, told[0]) : new ProgramReport(subject, told, others)
  return print(result, request.format, request.print)
}

/** The leaves that backward reached. */
const inputsOf = ({ nodes }: Recording): RecordedNode[] =>
  nodes.filter((node) => node.kind === 'parameter' && node.gradient() !== null)

/** Those with the largest gradients, in their own order. */
function largest(nodes: readonly RecordedNode[], count: number): RecordedNode[] {
  const sizes = new Map(nodes.map((node) => [node, size(node.gradient()!)]))
  const chosen = nodes.toSorted((a, b) => sizes.get(b)! - sizes.get(a)!).slice(0, count)
  return chosen.sort((a, b) => a.id - b.id)
}

/** The largest magnitude; what is NaN counts as larger than any. */
function size(x: Tensor): number {
  const magnitude = (g: number) => (Number.isNaN(g) ? Infinity : Math.abs(g))
  return Float64Array.from(x.data).reduce((most, g) => Math.max(most, magnitude(g)), 0)
}
