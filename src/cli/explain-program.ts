/** Explaining a program that was recorded: what it called backward on, by what was asked for. */

import { didYouMean, nearest } from '../explain/formula/nearest.ts'
import { type Explanation, explain, type RecordedNode, type Recording } from '../explain/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { UsageError } from './command.ts'
import { type Format, type PrintOptions, print } from './formats.ts'
import { Report } from './report.ts'
import { readWrt, type Wrt } from './wrt.ts'

/** What the command line asks for; plain data, so that it can be sent to the process of a script. */
export interface ExplainRequest {
  /** Names, or elements such as `W[0,2]`; what is chosen for the user, if empty. */
  readonly wrt: readonly string[]
  /** How many paths are listed; null leaves it to the program's size. */
  readonly paths: number | null
  readonly detail: 'function' | 'op'
  readonly format: Format
  readonly print: PrintOptions
}

/** Without a wish, the derivatives by so many values are explained. */
const CHOSEN = 4
/** And with so many paths each. */
const PATHS = { one: 12, several: 4 }

/** @throws UsageError where there is nothing of the name that is asked for. */
export function explainRecording(recording: Recording, root: Tensor, request: ExplainRequest): string {
  const asked = request.wrt.map(readWrt).map((wrt) => ({ node: find(recording, wrt), index: wrt.index }))
  const chosen = asked.length > 0 ? asked : choose(recording).map((node) => ({ node, index: undefined }))
  const paths = request.paths ?? (chosen.length > 1 ? PATHS.several : PATHS.one)
  const explanations = chosen.map(({ node, index }) =>
    explain(root, node.tensor, index, { paths, detail: request.detail, names: recording }),
  )
  return print(resultOf(recording, explanations, asked.length === 1), request.format, request.print)
}

/** One derivative that was asked for stands alone; otherwise the program is shown as well. */
function resultOf(recording: Recording, explanations: readonly Explanation[], alone: boolean): Explanation | Report {
  return alone ? explanations[0] : new Report(recording, explanations)
}

/** The leaves that backward reached, those with the largest gradients first. */
function choose({ nodes }: Recording): RecordedNode[] {
  const size = (node: RecordedNode) =>
    Float64Array.from(node.gradient()!.data).reduce((most, g) => (Math.abs(g) <= most ? most : Math.abs(g)), 0)
  return nodes
    .filter((node) => node.kind === 'parameter' && node.gradient() !== null)
    .map((node) => ({ node, size: size(node) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, CHOSEN)
    .map(({ node }) => node)
}

function find({ nodes }: Recording, { name }: Wrt): RecordedNode {
  const found = nodes.find((node) => node.name === name)
  if (!found) {
    const known = nodes.map((node) => node.name)
    const list = nodes.flatMap((node) => (node.named ? [node.name] : [])).slice(0, 12)
    throw new UsageError(
      `--wrt: nothing is called '${name}'${didYouMean(nearest(name, known))}; there are ${list.join(', ')}`,
    )
  }
  if (!found.requiresGrad) throw new UsageError(`--wrt: '${name}' is a constant; nothing is differentiated by it`)
  return found
}
