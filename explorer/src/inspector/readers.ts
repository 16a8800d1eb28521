/**
 * Which elements of a result read a given element of an operand, and with which factor. The trace says so by shapes (what
 * is broadcast is read by all its copies), by axes (a reduction joins what differs in them alone) and by index strings
 * (`ij,jk->ik`: an element is multiplied by those of the other operand whose common indices agree).
 */
import type { Trace, TraceNode, TraceTensor } from 'chainrule/explain'
import { elementOf } from '../graph/numbers.ts'
import { flatOf, indexOf, sizeOf } from '../graph/shapes.ts'

export interface Reader {
  /** The element of the result. */
  readonly at: number
  /** Its derivative by the element of the operand; null where the trace does not list what it is made of. */
  readonly local: number | null
}

/** More products than this are not looked at one by one. */
const MOST = 10_000

/** Null where the trace does not tell. */
export function elementsReading(trace: Trace, consumer: TraceNode, slot: number, index: number): Reader[] | null {
  const input = consumer.inputs[slot]
  if (!('node' in input)) return null
  const { shape } = trace.nodes[input.node].value
  const slopes = consumer.local?.[slot] ?? null
  const result = consumer.value.shape
  if (slopes === null) return contracted(trace, consumer, slot, index)
  if (isSame(slopes.shape, result)) return broadcast(shape, slopes, index)
  if (isSame(slopes.shape, shape)) return reduced(consumer, shape, slopes, index)
  return null
}

const isSame = (a: readonly number[], b: readonly number[]): boolean => String(a) === String(b)

/** Dimensions that the operand lacks, or has only once, are free. */
function broadcast(shape: readonly number[], slopes: TraceTensor, index: number): Reader[] | null {
  const added = slopes.shape.length - shape.length
  const own = indexOf(shape, index)
  const fixed = slopes.shape.map((size, d) =>
    d < added || (shape[d - added] === 1 && size !== 1) ? null : own[d - added],
  )
  if (added < 0 || sizeOf(slopes.shape) > MOST * sizeOf(shape)) return null
  return placesOf(slopes.shape, fixed).map((place) => {
    const at = flatOf(slopes.shape, place)
    return { at, local: elementOf(slopes, at) }
  })
}

function reduced({ attrs, value }: TraceNode, shape: readonly number[], slopes: TraceTensor, index: number) {
  const local = elementOf(slopes, index)
  if (sizeOf(value.shape) === 1) return [{ at: 0, local }]
  const { axes, keepdim } = (attrs ?? {}) as { axes?: unknown; keepdim?: unknown }
  if (!Array.isArray(axes)) return null
  const kept = indexOf(shape, index).flatMap((i, d) => (axes.includes(d) ? (keepdim === true ? [0] : []) : [i]))
  return kept.length === value.shape.length ? [{ at: flatOf(value.shape, kept), local }] : null
}

/** For every choice of the indices that are free: the element of the result, and the product of the other operands. */
function contracted({ nodes }: Trace, { attrs, inputs, value }: TraceNode, slot: number, index: number) {
  const { indices } = (attrs ?? {}) as { indices?: unknown }
  const [left, out, ...more] = String(indices ?? '').split('->')
  if (out === undefined || more.length > 0) return null
  const letters = left.split(',').map((part) => [...part])
  const operands = inputs.map((x) => ('node' in x ? nodes[x.node].value : null))
  const isWhole = (x: TraceTensor | null, i: number) => x !== null && x.shape.length === letters[i]?.length
  if (letters.length !== operands.length || !operands.every(isWhole) || out.length !== value.shape.length) return null
  const sizes = new Map(operands.flatMap((x, i) => letters[i].map((letter, d) => [letter, x!.shape[d]] as const)))
  const names = [...sizes.keys()]
  const own = indexOf(operands[slot]!.shape, index)
  const fixed = names.map((letter) => {
    const d = letters[slot].indexOf(letter)
    return d < 0 ? null : own[d]
  })
  const free = names.reduce((product, letter, i) => product * (fixed[i] === null ? sizes.get(letter)! : 1), 1)
  if (free > MOST || [...out].some((letter) => !sizes.has(letter))) return null
  const factors = new Map<number, number | null>()
  for (const place of placesOf([...sizes.values()], fixed)) {
    const indexIn = (own: readonly string[]) => own.map((letter) => place[names.indexOf(letter)])
    const at = flatOf(value.shape, indexIn([...out]))
    let factor: number | null = 1
    for (const [i, x] of operands.entries()) {
      const other = i === slot ? 1 : elementOf(x, flatOf(x!.shape, indexIn(letters[i])))
      factor = factor === null || other === null ? null : factor * other
    }
    const before = factors.get(at) ?? 0
    factors.set(at, factor === null || factors.get(at) === null ? null : before + factor)
  }
  return Array.from(factors, ([at, local]) => ({ at, local }))
}

/** All places in a shape that have the fixed indices. */
function placesOf(shape: readonly number[], fixed: readonly (number | null)[]): number[][] {
  let places: number[][] = [[]]
  for (const [d, size] of shape.entries()) {
    const all = fixed[d] === null ? Array.from({ length: size }, (_, i) => i) : [fixed[d]]
    places = places.flatMap((place) => all.map((i) => [...place, i]))
  }
  return places
}
