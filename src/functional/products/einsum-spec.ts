/** Reading the index string of `einsum`: letters per operand and of the result, the dots replaced by letters too. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { shapeText } from '../../ops/shape.ts'
import type { Shape } from '../../ops/value.ts'

export interface EinsumSpec {
  readonly operands: readonly string[]
  readonly out: string
  /** The size of every letter; 1 only where all operands say so. */
  readonly sizes: ReadonlyMap<string, number>
}

/** Letters of the dimensions behind '...': none that a user can write, counted from the right. */
const dotLetter = (fromRight: number): string => String.fromCharCode(0x3b1 + fromRight)
const dots = (count: number): string => Array.from({ length: count }, (_, d) => dotLetter(count - 1 - d)).join('')

export function readSpec(spec: string, shapes: readonly Shape[]): EinsumSpec {
  if (typeof spec !== 'string') throw new ArgumentError(`einsum: takes an index string first, got ${shown(spec)}`)
  const [left, right, ...more] = spec.replace(/\s/g, '').split('->')
  if (more.length > 0) throw new ArgumentError(`einsum: '${spec}' has more than one '->'`)
  const parts = left.split(',')
  if (parts.length !== shapes.length) {
    throw new ArgumentError(`einsum: '${spec}' names ${parts.length} operands, got ${shapes.length}`)
  }
  for (const part of right === undefined ? parts : [...parts, right]) checkPart(spec, part)
  const hidden = parts.map((part, i) => hiddenRank(spec, part, shapes[i]))
  const operands = parts.map((part, i) => part.replace('...', dots(hidden[i])))
  const allDots = dots(Math.max(0, ...hidden))
  const out = right === undefined ? allDots + implicit(parts) : right.replace('...', allDots)
  checkOut(spec, out, operands)
  return { operands, out, sizes: sizesOf(spec, operands, shapes) }
}

function checkPart(spec: string, part: string): void {
  const odd = part.replace('...', '').match(/[^A-Za-z]/)
  if (odd)
    throw new ArgumentError(
      `einsum: unexpected '${odd[0]}' in '${spec}'; indices are letters, '...' stands once per operand`,
    )
}

/** How many dimensions '...' stands for. */
function hiddenRank(spec: string, part: string, shape: Shape): number {
  const named = part.replace('...', '').length
  const open = part.includes('...')
  if (open ? shape.length >= named : shape.length === named) return open ? shape.length - named : 0
  throw new ShapeError(
    `einsum: '${part}' in '${spec}' names ${named} dimensions${open ? ' beside the dots' : ''}, the operand is ${shapeText(shape)}`,
  )
}

/** Without '->' the letters that stand once, in alphabetical order. */
function implicit(parts: readonly string[]): string {
  const all = [...parts.join('').replaceAll('.', '')]
  return all
    .filter((l) => all.indexOf(l) === all.lastIndexOf(l))
    .sort()
    .join('')
}

function checkOut(spec: string, out: string, operands: readonly string[]): void {
  for (const letter of out) {
    if (!operands.some((o) => o.includes(letter)))
      throw new ArgumentError(`einsum: '${letter}' of the result stands in no operand of '${spec}'`)
    if (out.indexOf(letter) !== out.lastIndexOf(letter))
      throw new ArgumentError(`einsum: '${letter}' stands twice in the result of '${spec}'`)
  }
}

function sizesOf(spec: string, operands: readonly string[], shapes: readonly Shape[]): Map<string, number> {
  const sizes = new Map<string, number>()
  operands.forEach((letters, i) => {
    Array.from(letters).forEach((letter, d) => {
      const [known, n] = [sizes.get(letter), shapes[i][d]]
      if (letters.indexOf(letter) < d && shapes[i][letters.indexOf(letter)] !== n) {
        throw new ShapeError(
          `einsum: '${letter}' stands twice in '${letters}', but its sizes differ in ${shapeText(shapes[i])}`,
        )
      }
      if (known === undefined || known === 1) sizes.set(letter, n)
      else if (n !== 1 && n !== known) {
        throw new ShapeError(
          `einsum: index '${letter}' of '${spec}' is ${known} and ${n}: ${shapes.map(shapeText).join(', ')}`,
        )
      }
    })
  })
  return sizes
}
