/**
 * Columns folded row after row along the lanes, as memory runs, with what has been joined so far in the scratch memory.
 * Columns one by one would read a part of each cache line and come back for the rest when it is gone.
 */
import { type Local, load, store } from '../emit/code.ts'
import { type Lanes, VECTOR } from '../lanes.ts'
import type { Accumulator, Shape } from './folds.ts'
import type { Extent, Nest, Strides } from './nest.ts'
import type { Address, Pointers, Steps } from './walk.ts'

/** A unit of columns. */
export interface Stripe {
  readonly pointers: Pointers
  readonly extent: Extent
  readonly shape: Shape
  readonly scratch: Local<'i32'>
  /** Bytes of scratch memory for each shape along the lanes. */
  readonly width: number
}

export interface StripeParts {
  /** How far all streams go, and how far those go that vary with the rows. */
  readonly all: Strides
  readonly folded: Strides
  start(vectors: number): readonly Accumulator[]
  join(pointers: Pointers, shape: Shape, accumulators: readonly Accumulator[]): void
  finish(pointers: Pointers, shape: Shape, accumulators: readonly Accumulator[]): void
}

export function writeStripes(
  l: Lanes,
  nest: Nest,
  stripe: Stripe,
  { all, folded, start, join, finish }: StripeParts,
): void {
  const { extent, shape, width } = stripe
  const { f } = l
  const made = new Map<number, readonly Accumulator[]>()
  const held = (vectors: number) => made.get(vectors)!.flatMap((accumulator) => accumulator.held)
  const save = (vectors: number, to: Address) => {
    for (const [i, part] of held(vectors).entries()) f.do(store('v128.store', to, part, VECTOR * i))
  }
  const restore = (vectors: number, from: Address) => {
    for (const [i, part] of held(vectors).entries()) f.set(part, load('v128.load', from, VECTOR * i))
    return made.get(vectors)!
  }
  const along = (at: Pointers, steps: Steps, body: (at: Pointers, side: Shape, slot: Address) => void) =>
    nest.along(at, [...steps, width], extent, shape, (p, side) => body(p, side, p.at(-1)!))
  const steps = all(nest.lane, shape.vectors * l.count)
  const from = [...stripe.pointers, stripe.scratch]
  const still = steps.map(() => undefined)
  along(from, still, (_, { vectors }, slot) => {
    made.set(vectors, start(vectors))
    save(vectors, slot)
  })
  nest.rows(from, folded, shape, (at, { rows }) =>
    along(at, steps, (p, side, slot) => {
      join(p, { ...side, rows }, restore(side.vectors, slot))
      save(side.vectors, slot)
    }),
  )
  along(from, steps, (p, side, slot) => finish(p, side, restore(side.vectors, slot)))
}
