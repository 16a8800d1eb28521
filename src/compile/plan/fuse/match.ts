/**
 * May two groups become one kernel? Their spaces must be one, and what a task reads of another's result must be, at
 * every point, what the other leaves at that point. A row may only be broadcast again where it is walked in order.
 */
import { sizeOf } from '../../../ops/shape.ts'
import type { ValueId } from '../../graph/graph.ts'
import { isAccess, type LoopTask } from '../task.ts'
import { isFlat, joinPoints, joinRows, pointsOf, rowStrides, rowsOf, type Space, stridesOver } from './space.ts'

/** Tasks that one kernel does. `rows` are those that are done once per row. */
export interface Group {
  readonly tasks: readonly number[]
  readonly space: Space
  readonly rows: ReadonlySet<number>
}

/** A single row must not be longer than this where it is walked more than once: it would keep all threads but one idle. */
const LONG_ROW = 16384
const FEW_ROWS = 8

export class Matcher {
  private readonly loops: readonly (LoopTask | null)[]
  private readonly writer: ReadonlyMap<ValueId, number>

  constructor(loops: readonly (LoopTask | null)[], writer: ReadonlyMap<ValueId, number>) {
    this.loops = loops
    this.writer = writer
  }

  /** The group of both where they fit together, else null. */
  join(a: Group, b: Group): Group | null {
    for (const { space, rows } of this.unions(a, b)) {
      const marks = new Set([...a.rows, ...b.rows])
      if (rows[0]) for (const t of a.tasks) marks.add(t)
      if (rows[1]) for (const t of b.tasks) marks.add(t)
      const tasks = [...a.tasks, ...b.tasks].sort((x, y) => x - y)
      const group = { tasks, space, rows: marks }
      if (this.fits(group, a.tasks, b.tasks) && this.fits(group, b.tasks, a.tasks)) return group
    }
    return null
  }

  private *unions(a: Group, b: Group): Generator<{ space: Space; rows: readonly [boolean, boolean] }> {
    const [n, m] = [pointsOf(a.space), pointsOf(b.space)]
    if (n === m) {
      const both = joinPoints(a.space, b.space)
      if (both) yield both
      return
    }
    if (isFlat(a.space) && !isFlat(b.space) && n === rowsOf(b.space)) {
      const space = joinRows(a.space, b.space)
      if (space) yield { space, rows: [true, false] }
    } else if (isFlat(b.space) && !isFlat(a.space) && m === rowsOf(a.space)) {
      const space = joinRows(b.space, a.space)
      if (space) yield { space, rows: [false, true] }
    } else if (isFlat(a.space) && isFlat(b.space) && n < m) {
      const space = this.broadcast(a, b)
      if (space) yield { space, rows: [true, false] }
    }
  }

  /** Two flat spaces, results of a being repeated for b along dimensions, which become the inner ones. */
  private broadcast(a: Group, b: Group): Space | null {
    const own = new Set(a.tasks)
    for (const t of b.tasks) {
      const task = this.loops[t]!
      for (const x of task.args) {
        if (!isAccess(x) || !own.has(this.writer.get(x.value) ?? -1)) continue
        const strides = stridesOver(x.shape, x.strides, b.space.sizes)
        const space = { sizes: b.space.sizes, inner: strides.map((s) => s === 0) }
        return rowsOf(space) === pointsOf(a.space) ? joinRows(a.space, space) : null
      }
    }
    return null
  }

  /** Does every task of `by` find at its point what one of `from` has left there? */
  private fits(group: Group, from: readonly number[], by: readonly number[]): boolean {
    const own = new Set(from)
    let again = false
    for (const t of by) {
      const task = this.loops[t]!
      if (task.onto !== null && own.has(this.writer.get(task.onto) ?? -1)) return false
      for (const x of task.args) {
        if (!isAccess(x)) continue
        const p = this.writer.get(x.value) ?? -1
        if (!own.has(p)) continue
        const made = this.loops[p]!
        if (made.onto !== null || x.offset !== made.target.offset || rounds(made)) return false
        const [read, left] = [over(group, t, x.shape, x.strides), over(group, p, made.shape, made.target.strides)]
        if (read.some((s, d) => s !== left[d])) return false
        if (!group.rows.has(t) && (group.rows.has(p) || made.monoid)) again = true
      }
    }
    return !again || isRowwise(group.space)
  }

  /** Do two tasks of a group read the same places at every point? */
  readAlike(group: Group, s: number, t: number, value: ValueId): boolean {
    const views = [s, t].map((i) =>
      this.loops[i]!.args.filter((x) => isAccess(x) && x.value === value).filter(isAccess),
    )
    return views[0].some((x) =>
      views[1].some((y) => {
        const [p, q] = [over(group, s, x.shape, x.strides), over(group, t, y.shape, y.strides)]
        return x.offset === y.offset && p.every((step, d) => step === q[d])
      }),
    )
  }
}

/** Strides over the dimensions of a group's space of what task t reads or leaves. */
export function over(
  { space, rows }: Group,
  t: number,
  shape: readonly number[],
  strides: readonly number[],
): readonly number[] {
  return rows.has(t) ? rowStrides(shape, strides, space) : stridesOver(shape, strides, space.sizes)
}

/** Is a value rounded when it is stored? Within a kernel it would be read as it was computed. */
const rounds = ({ target, precision }: LoopTask): boolean => target.dtype === 'float32' && precision === 'float64'

/** Rows that lie in one piece, and enough of them to share. */
function isRowwise(space: Space): boolean {
  const { inner, sizes } = space
  const long = sizeOf(sizes) / rowsOf(space) > LONG_ROW && rowsOf(space) < FEW_ROWS
  return inner.at(-1) === true && !long
}
