/** What the derivative is to be taken by: `w`, or one element of it, `W1[0,2]`. */
import { didYouMean, inWords, nearest } from '../explain/formula/nearest.ts'
import type { RecordedNode, Recording } from '../explain/index.ts'
import { UsageError } from './command.ts'

/** A value of a program, and which element of it; undefined for the one with the largest gradient. */
export interface Wrt {
  readonly node: RecordedNode
  readonly index: readonly number[] | undefined
}

/**
 * What names such as `w`, `W1[0,2]` or several of them with commas between mean in a program.
 * @throws UsageError where there is nothing of that name, or it has no such element, or no gradient.
 */
export function readWrt(texts: readonly string[], recording: Recording, output: string): Wrt[] {
  // A comma inside of brackets is one between indices.
  return texts.flatMap((text) => text.split(/,(?![^[]*\])/)).map((text) => find(text, recording, output))
}

function find(text: string, { nodes }: Recording, output: string): Wrt {
  const parts = /^\s*(.+?)\s*(?:\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\])?\s*$/su.exec(text)
  if (!parts) throw new UsageError(`--wrt takes a name, or an element such as W1[0,2]; got '${text}'`)
  const name = parts[1].normalize('NFC')
  const node = nodes.find((each) => each.name === name)
  if (!node) throw new UsageError(`--wrt: nothing is called '${name}'${suggestion(name, nodes)}`)
  if (!node.requiresGrad) throw new UsageError(`--wrt: '${name}' is a constant; nothing is differentiated by it`)
  if (!node.gradient()) throw new UsageError(`--wrt: ${output} does not depend on '${name}'`)
  const index = parts[2]?.split(',').map(Number)
  if (index) checkIndex(node, index)
  return { node, index }
}

/** So many names are listed. */
const LISTED = 12

function suggestion(name: string, nodes: readonly RecordedNode[]): string {
  const differentiable = nodes.filter((node) => node.requiresGrad)
  const close = didYouMean(
    nearest(
      name,
      differentiable.map((node) => node.name),
    ),
  )
  if (close) return close
  const named = differentiable.filter((node) => node.named).map((node) => node.name)
  const rest = named.length - LISTED
  return `; there ${named.length === 1 ? 'is' : 'are'} ${
    rest > 0 ? `${named.slice(0, LISTED).join(', ')} and ${rest} more` : inWords(named)
  }`
}

function checkIndex({ name, value: { shape } }: RecordedNode, index: readonly number[]): void {
  const wanted = `${name}[${index.join(',')}]`
  if (shape.length === 0) throw new UsageError(`--wrt: ${name} is a single number, of which there is no ${wanted}`)
  const size = `[${shape.join(', ')}]`
  if (index.length !== shape.length) {
    const example = `${name}[${shape.map(() => 0).join(',')}]`
    throw new UsageError(`--wrt: ${name} is ${size}, so an element of it is such as ${example}; got ${wanted}`)
  }
  if (index.some((i, d) => i < -shape[d] || i >= shape[d]))
    throw new UsageError(`--wrt: there is no ${wanted}: ${name} is ${size}, and indices count from 0`)
}
