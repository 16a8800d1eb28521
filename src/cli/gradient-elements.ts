/** All elements of a gradient, where they are few enough to be read. */
import { type Block, type Cell, type Column, shortNumber } from '../explain/index.ts'
import { summarize } from '../explain/record/brief.ts'
import type { Told } from './told.ts'

const MOST = { rows: 16, columns: 8 }

/** Of a tensor that was named as a whole, its gradient; nothing of a single number or element. */
export function gradientElements({ node, element, explanation: { output } }: Told): Block[] {
  const gradient = node.gradient()!
  if (element !== 'largest' || gradient.size === 1) return []
  const caption = `∂${output}/∂${node.name}`
  const { shape } = gradient
  const [rows, columns] = shape
  if (shape.length === 1 && rows <= MOST.rows) return [vector(caption, node.value.data, gradient.data)]
  if (shape.length === 2 && rows <= MOST.rows && columns <= MOST.columns)
    return [matrix(caption, gradient.toArray() as number[][])]
  const { min, max, norm } = summarize(gradient)
  const range = `from ${shortNumber(min)} to ${shortNumber(max)}, its norm is ${shortNumber(norm)}`
  return [{ is: 'paragraph', parts: [`${caption} has the shape [${shape.join(', ')}]; its elements are ${range}.`] }]
}

const right = (head: string): Column => ({ head, align: 'right' })

function vector(caption: string, values: ArrayLike<number>, gradient: ArrayLike<number>): Block {
  const rows = Array.from(gradient, (g, i): Cell[] => [String(i), values[i], g])
  return { is: 'table', columns: ['', 'value', 'gradient'].map(right), rows, caption }
}

function matrix(caption: string, gradient: readonly (readonly number[])[]): Block {
  const columns = [right(''), ...gradient[0].map((_, j) => right(String(j)))]
  return { is: 'table', columns, rows: gradient.map((row, i): Cell[] => [String(i), ...row]), caption }
}
