/**
 * The input gradient of a convolution. As written it is a product for every window, G[n, c, y, x, i, j] =
 * Σ g[n, o, y, x] w[o, c, i, j], whose windows are then added up where they overlap. Put together, for windows that move
 * by one, that is one product over a border of zeros around g, with w turned around:
 * Σ g[n, o, Y - i, X - j] w[o, c, i, j]. The windows, k² times as many numbers, are never written, and where only the
 * inside of a padded input is read, the gradient of its border is not computed.
 */

import { isFloating } from '../../../ops/dtype.ts'
import { type ContractAttrs, parseIndices } from '../../../ops/kinds/contract.ts'
import { contiguousStrides, sizeOf } from '../../../ops/shape.ts'
import { dense, isWhole } from '../../graph/access.ts'
import type { Access, ApplyNode, Graph, ValueId } from '../../graph/graph.ts'
import { isAccess } from '../task.ts'
import type { Builder } from './builder.ts'
import { contract } from './contract.ts'
import type { Crop } from './crop.ts'
import { copyTask, elementsOf, fillTask, placeTask, precisionOf } from './loop.ts'

/** A transposed view over windows, and the contraction that makes the windows for it alone. */
export interface Correlation {
  readonly product: ApplyNode
  /** The operand with the positions of the windows, and the one with the places in them. */
  readonly signal: Access
  readonly kernel: Access
  readonly letters: { readonly signal: string; readonly kernel: string; readonly out: string }
  /** How many of the last dimensions the windows slide over. */
  readonly rank: number
}

/** Per transposed view of windows what it is made of. */
export function correlations(graph: Graph): Map<ApplyNode, Correlation> {
  const products = new Map<ValueId, ApplyNode>()
  const uses = new Map<ValueId, number>()
  const use = (v: ValueId) => uses.set(v, (uses.get(v) ?? 0) + 1)
  for (const v of [...graph.results, ...graph.states.map(({ after }) => after)]) use(v)
  const found = new Map<ApplyNode, Correlation>()
  for (const node of graph.nodes) {
    if (node.is === 'write') for (const x of [node.target, node.source]) use(x.value)
    if (node.is !== 'apply') continue
    for (const x of node.inputs) if (isAccess(x)) use(x.value)
    if (node.op.kind === 'contract' && isFloating(node.specs[0].dtype)) products.set(node.outputs[0], node)
  }
  for (const node of graph.nodes) {
    if (node.is !== 'apply' || node.op.kind !== 'view') continue
    const [source] = node.inputs as readonly Access[]
    const product = products.get(source.value)
    const match = product && uses.get(source.value) === 1 ? correlationOf(node, product, source) : null
    if (match) found.set(node, match)
  }
  return found
}

function correlationOf(node: ApplyNode, product: ApplyNode, source: Access): Correlation | null {
  const [{ shape }] = node.specs
  if (node.op.kind !== 'view' || !isWhole(source, sizeOf(product.specs[0].shape))) return null
  if (String(source.shape) !== String(product.specs[0].shape)) return null
  const { strides } = node.op.layout(node.attrs, { shape, strides: contiguousStrides(shape), offset: 0 })!
  const rank = source.shape.length - shape.length
  const outer = shape.length - rank
  if (rank < 1 || outer < 0) return null
  for (let s = outer; s < outer + rank; s++) {
    if (strides[s] !== strides[s + rank] || shape[s] !== source.shape[s] + source.shape[s + rank] - 1) return null
  }
  const { a, b, out } = parseIndices((product.attrs as ContractAttrs).indices)
  const [positions, places] = [[...out].slice(outer, outer + rank), [...out].slice(outer + rank)]
  const carries = (own: string, other: string) =>
    positions.every((l) => own.includes(l) && !other.includes(l)) &&
    places.every((l) => other.includes(l) && !own.includes(l))
  const [x, y] = product.inputs as readonly Access[]
  if (carries(a, b)) return { product, signal: x, kernel: y, letters: { signal: a, kernel: b, out }, rank }
  return carries(b, a) ? { product, signal: y, kernel: x, letters: { signal: b, kernel: a, out }, rank } : null
}

/** `crop` says what is needed of the result, if that is not everything. */
export function correlate(b: Builder, node: ApplyNode, found: Correlation, crop: Crop | undefined): void {
  const { product, letters, rank } = found
  const [{ dtype }] = product.specs
  const outer = letters.out.length - 2 * rank
  const [positions, places] = [letters.out.slice(outer, outer + rank), letters.out.slice(outer + rank)]
  const from = node.specs[0].shape
  const { low, shape } = crop ?? { low: from.map(() => 0), shape: from }
  const needed = (x: Access, own: string) =>
    [...letters.out.slice(0, outer)].reduce((y, l, d) => narrow(y, own.indexOf(l), low[d], shape[d]), x)
  const signal = needed(found.signal, letters.signal)
  const kernel = needed(found.kernel, letters.kernel)
  const slides = Array.from(positions, (letter, i) => {
    const dimension = letters.signal.indexOf(letter)
    const reach = kernel.shape[letters.kernel.indexOf(places[i])] - 1
    const [first, n] = [low[outer + i], shape[outer + i]]
    const before = Math.max(0, reach - first)
    const after = Math.max(0, first + n - signal.shape[dimension])
    return { dimension, reach, n, before, after, start: Math.max(0, first - reach) }
  })
  const width = (side: 'before' | 'after') =>
    signal.shape.map((_, d) => slides.find(({ dimension }) => dimension === d)?.[side] ?? 0)
  const padded = bordered(b, signal, width('before'), width('after'), node.op.name)
  // One more dimension per window: position and place in it are both steps of the same size.
  const slid: Access = {
    ...padded,
    shape: [
      ...padded.shape.map((size, d) => slides.find(({ dimension }) => dimension === d)?.n ?? size),
      ...slides.map(({ reach }) => reach + 1),
    ],
    strides: [...padded.strides, ...slides.map(({ dimension }) => padded.strides[dimension])],
    offset: slides.reduce((at, { start, dimension }) => at + start * padded.strides[dimension], padded.offset),
  }
  const [output] = node.outputs
  b.values[output] = { ...b.values[output], size: sizeOf(shape) }
  contract(b, {
    ...product,
    attrs: { indices: `${letters.signal}${places},${letters.kernel}->${letters.out.slice(0, outer + rank)}` },
    inputs: [
      slid,
      turned(
        b,
        kernel,
        [...letters.kernel].map((l) => places.includes(l)),
      ),
    ],
    outputs: node.outputs,
    specs: [{ shape, dtype }],
  })
}

/** n indices of a dimension, from one on; all of x if it has no such dimension. */
const narrow = (x: Access, dimension: number, from: number, n: number): Access =>
  dimension < 0
    ? x
    : {
        ...x,
        shape: x.shape.map((size, d) => (d === dimension ? n : size)),
        offset: x.offset + from * x.strides[dimension],
      }

/** x with zeros around it: so many before and after it, per dimension. */
function bordered(b: Builder, x: Access, before: readonly number[], after: readonly number[], label: string): Access {
  if ([...before, ...after].every((n) => n === 0)) return x
  const shape = x.shape.map((n, d) => n + before[d] + after[d])
  const { dtype } = x
  const [zeros, value] = [b.temporary(dtype, sizeOf(shape)), b.temporary(dtype, sizeOf(shape))]
  const whole = dense(value, { shape, dtype })
  const offset = whole.strides.reduce((at, s, d) => at + s * before[d], 0)
  const target: Access = { ...whole, value: zeros, shape: x.shape, offset }
  const copied = { ...elementsOf(x), dtype, precision: precisionOf(dtype) }
  b.tasks.push(
    fillTask(label, shape, dtype, 0, zeros),
    placeTask({ label, ...copied, target, onto: zeros, output: value }),
  )
  return whole
}

/** The elements in reverse along the dimensions that are marked. */
function turned(b: Builder, x: Access, marks: readonly boolean[]): Access {
  const value = b.temporary(x.dtype, sizeOf(x.shape))
  const offset = x.offset + x.strides.reduce((at, s, d) => (marks[d] ? at + s * (x.shape[d] - 1) : at), 0)
  b.tasks.push(copyTask({ ...x, strides: x.strides.map((s, d) => (marks[d] ? -s : s)), offset }, value))
  return dense(value, { shape: x.shape, dtype: x.dtype })
}
