/**
 * Tensors as text, laid out as PyTorch lays them out: nested brackets, one width for all elements, large tensors by
 * their corners. The shown elements are picked by index first, so that the cost is that of the text, not of the tensor.
 */
import { shapeText, sizeOf } from '../ops/shape.ts'
import type { DType, Shape, Strided } from '../ops/value.ts'

/** What printing reads of a tensor. */
export interface Printable extends Strided {
  readonly name?: string
  readonly requiresGrad?: boolean
  readonly gradFn?: { readonly name: string } | null
}

const LINE = 80
const DECIMALS = 4
/** Tensors with more elements than this are elided ... */
const ELIDE_ABOVE = 1000
/** ... to so many items at either end of each dimension: the first pair that leaves at most MOST elements. */
// biome-ignore format: a table
const EDGES: readonly (readonly [head: number, tail: number])[] = [[3, 3], [2, 2], [1, 1], [1, 0]]
const MOST = 2000
const GAP = -1
const OPEN = 'tensor('

/** `tensor([[1.0000, 2.5000], ...], requiresGrad=true)` */
export function printTensor(t: Printable): string {
  if (sizeOf(t.shape) === 0) return withSuffixes(`${OPEN}[]`, suffixes(t))
  const shown = shownIndices(t.shape)
  const words = formatAll(shownValues(t, shown), t.dtype)
  return withSuffixes(OPEN + nest(words, shown), suffixes(t))
}

/** For each dimension the indices to show, GAP standing for those left out. */
function shownIndices(shape: Shape): number[][] {
  const everything = shape.map((n): [number, number] => [n, 0])
  const choices = sizeOf(shape) > ELIDE_ABOVE ? EDGES.map((edge) => shape.map(() => edge)) : [everything]
  const kept = (edges: readonly (readonly [number, number])[]): number =>
    shape.reduce((count, n, d) => count * Math.min(n, edges[d][0] + edges[d][1]), 1)
  const edges = choices.find((choice) => kept(choice) <= MOST) ?? choices[choices.length - 1]
  return shape.map((n, d) => {
    const [head, tail] = edges[d]
    if (n <= head + tail) return Array.from({ length: n }, (_, i) => i)
    const first = Array.from({ length: head }, (_, i) => i)
    return [...first, GAP, ...Array.from({ length: tail }, (_, i) => n - tail + i)]
  })
}

function shownValues({ buffer, strides, offset }: Printable, shown: readonly number[][]): number[] {
  let places = [offset]
  shown.forEach((indices, d) => {
    const steps = indices.filter((i) => i !== GAP).map((i) => i * strides[d])
    places = places.flatMap((place) => steps.map((step) => place + step))
  })
  return places.map((place) => buffer[place])
}

/** The values as words of one width. */
function formatAll(values: readonly number[], dtype: DType): string[] {
  const words = values.map(formatter(values, dtype))
  const width = words.reduce((widest, word) => Math.max(widest, word.length), 0)
  return words.map((word) => word.padStart(width))
}

/** PyTorch's choice between `1.`, `1.0000` and `1.0000e+00`, made once for all shown elements. */
function formatter(values: readonly number[], dtype: DType): (x: number) => string {
  if (dtype === 'bool') return (x) => String(x !== 0)
  if (dtype === 'int32') return String
  const sizes = values.filter((x) => Number.isFinite(x) && x !== 0).map(Math.abs)
  const max = sizes.reduce((a, b) => Math.max(a, b), 0)
  const min = sizes.reduce((a, b) => Math.min(a, b), Infinity)
  const whole = sizes.every(Number.isInteger)
  if (max / min > 1000 || max > 1e8 || (!whole && min < 1e-4)) return floating(scientific)
  return floating(whole ? (x) => `${x}.` : (x) => x.toFixed(DECIMALS))
}

/** Adds to a notation of positive numbers and zero what all notations share; -0 keeps its sign. */
function floating(notation: (size: number) => string): (x: number) => string {
  return (x) => {
    if (Number.isNaN(x)) return 'nan'
    const sign = x < 0 || Object.is(x, -0) ? '-' : ''
    return sign + (Number.isFinite(x) ? notation(Math.abs(x)) : 'inf')
  }
}

/** Exponents have at least two digits, as in C and Python. */
const scientific = (x: number): string => x.toExponential(DECIMALS).replace(/(e[+-])(\d)$/, '$10$2')

function nest(words: readonly string[], shown: readonly number[][]): string {
  const rank = shown.length
  let next = 0
  const level = (d: number): string => {
    if (d === rank) return words[next++]
    const parts = shown[d].map((i) => (i === GAP ? '...' : level(d + 1)))
    const indent = ' '.repeat(OPEN.length + d + 1)
    if (d === rank - 1) return `[${wrap(parts, words[0].length, rank).join(`,\n${indent}`)}]`
    return `[${parts.join(`,${'\n'.repeat(rank - 1 - d)}${indent}`)}]`
  }
  return level(0)
}

/** The elements of an innermost row in lines, with room for all brackets that may follow the last. */
function wrap(parts: readonly string[], width: number, rank: number): string[] {
  const room = LINE - OPEN.length - 2 * rank - ')'.length
  const perLine = Math.max(1, Math.floor((room + 2) / (width + 2)))
  return Array.from({ length: Math.ceil(parts.length / perLine) }, (_, i) =>
    parts.slice(i * perLine, (i + 1) * perLine).join(', '),
  )
}

/** What the elements do not tell. */
function suffixes(t: Printable): string[] {
  const empty = sizeOf(t.shape) === 0
  const obvious = t.dtype === 'float32' || (!empty && t.dtype !== 'float64')
  return [
    empty && t.shape.length > 1 ? `shape=${shapeText(t.shape)}` : '',
    obvious ? '' : `dtype=${t.dtype}`,
    t.gradFn ? `gradFn=${/^[\w.-]+$/.test(t.gradFn.name) ? t.gradFn.name : quote(t.gradFn.name)}` : '',
    t.requiresGrad && !t.gradFn ? 'requiresGrad=true' : '',
    t.name === undefined ? '' : `name=${quote(t.name)}`,
  ].filter((suffix) => suffix !== '')
}

/** A name may be any string. */
const quote = (name: string): string => spellOut(JSON.stringify(name))

/** Characters that steer a terminal, turn the direction of writing or are none at all, spelled out: \n, \u202e. */
export const spellOut = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, (c) =>
    c === '\n' ? '\\n' : c === '\t' ? '\\t' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Suffixes follow the elements; one that does not fit on the line starts a new one. */
function withSuffixes(text: string, more: readonly string[]): string {
  let column = text.length - (text.lastIndexOf('\n') + 1)
  for (const suffix of more) {
    const fits = column + 2 + suffix.length + ')'.length <= LINE
    text += fits ? `, ${suffix}` : `,\n${' '.repeat(OPEN.length)}${suffix}`
    column = (fits ? column + 2 : OPEN.length) + suffix.length
  }
  return `${text})`
}
