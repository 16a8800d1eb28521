/**
 * The loops around the body of a kernel: along the lanes, over folded dimensions, over tiles, and over the shapes that
 * stand side by side in a unit of columns.
 */
import { choose, i32, type Local, op } from '../emit/code.ts'
import type { Lanes } from '../lanes.ts'
import type { Blocks } from './blocks.ts'
import type { Shape } from './folds.ts'
import type { Axis, Layout } from './layout.ts'
import { type Address, type Pointers, repeat, type Steps } from './walk.ts'

export type Body = (pointers: Pointers, shape: Shape) => void

/** Bytes that each stream goes on, so many steps along an axis. */
export type Strides = (axis: Axis, times?: number) => Steps

/** How much of the lanes' dimension a unit has. */
export interface Extent {
  /** Whole shapes. */
  readonly rounds: number | Local<'i32'>
  /** Elements behind them in the last unit. */
  readonly rest: number
  /** Whether it is the last unit; undefined where each is. */
  readonly isLast: Local<'i32'> | undefined
}

export class Nest {
  private readonly l: Lanes
  private readonly layout: Layout
  private readonly blocks: Blocks

  constructor(l: Lanes, layout: Layout, blocks: Blocks) {
    this.l = l
    this.layout = layout
    this.blocks = blocks
  }

  get lane(): Axis {
    return this.layout.lane
  }

  /** The part of block number `block`, undefined where there is but one; `vectors` are computed side by side. */
  extent(block: Address | undefined, vectors: number): Extent {
    const { f, count } = this.l
    const { length, blocks } = this.blocks
    const width = vectors * count
    const size = this.layout.lane.size - (blocks - 1) * length
    const rounds = Math.floor(size / width)
    const rest = size - rounds * width
    const isLast = block && f.let(op('i32.eq', block, i32(blocks - 1)))
    const all = Math.floor(length / width)
    return { rounds: isLast && all !== rounds ? f.let(choose(isLast, i32(rounds), i32(all))) : rounds, rest, isLast }
  }

  /** Along the lanes: as many vectors at a time as the shape has, then the rest at once. */
  along(pointers: Pointers, steps: Steps, { rounds, rest, isLast }: Extent, shape: Shape, body: Body): void {
    const { f, count } = this.l
    const end = repeat(f, rounds, pointers, steps, (p) => body(p, shape))
    if (rest === 0) return
    const vectors = Math.ceil(rest / count)
    const tail = () => body(end, { ...shape, vectors, last: rest - (vectors - 1) * count })
    if (isLast) f.if(isLast, tail)
    else tail()
  }

  /** Over everything that is folded, in rounds of the shape's rows; the last round may have fewer. */
  rows(pointers: Pointers, strides: Strides, shape: Shape, body: Body): void {
    const { inside } = this.layout
    const axis = inside.at(-1)
    if (this.blocks.window || axis === undefined) body(pointers, shape)
    else this.over(inside.slice(0, -1), pointers, strides, (at) => this.rounds(axis, at, strides, shape, body))
  }

  private rounds(axis: Axis, at: Pointers, strides: Strides, shape: Shape, body: Body): void {
    const { rows } = shape
    const rest = repeat(this.l.f, Math.floor(axis.size / rows), at, strides(axis, rows), (p) => body(p, shape))
    if (axis.size % rows !== 0) body(rest, { ...shape, rows: axis.size % rows })
  }

  /** Loops over these axes. */
  over(axes: readonly Axis[], at: Pointers, strides: Strides, inner: (at: Pointers) => void): void {
    if (axes.length === 0) inner(at)
    else repeat(this.l.f, axes[0].size, at, strides(axes[0]), (p) => this.over(axes.slice(1), p, strides, inner))
  }

  /** Tiles of as many rows as a vector has lanes, one below the other, and so on along the lanes. */
  tiles(tile: Axis, pointers: Pointers, strides: Strides, height: number, body: Body): void {
    const { count, f } = this.l
    const { lane } = this.layout
    const down = (last: number) => (at: Pointers) => {
      for (let r = 0; r < height; r += count) {
        const go = strides(tile, r)
        const here = at.map((p, k) => (go[k] ? f.let(op('i32.add', p, i32(go[k]))) : p))
        body(here, { rows: Math.min(count, height - r), vectors: 1, last })
      }
    }
    const end = repeat(f, Math.floor(lane.size / count), pointers, strides(lane, count), down(count))
    if (lane.size % count !== 0) down(lane.size % count)(end)
  }
}
