/**
 * Which steps are computed where. A step is known once (`once`), for a row (`row`: it varies only with what is around the
 * loops), or at every point (`point`). A row is walked as often as folds stand one behind the other; a pass computes the
 * points' steps that its folds and writes need. What took an expensive function in an earlier pass is read from there.
 */
import type { LoopKernel } from '../../kernels.ts'
import { isCheap } from '../merge.ts'
import type { Layout } from './layout.ts'
import type { Recipe } from './recipe.ts'

export type Level = 'once' | 'row' | 'point'

export interface Pass {
  /** Steps to compute at every point, in order; operands among them. */
  readonly points: readonly number[]
  /** Steps that an earlier pass has kept. */
  readonly kept: readonly number[]
  readonly folds: readonly number[]
  readonly writes: readonly number[]
}

export interface Plan {
  readonly levels: readonly Level[]
  readonly passes: readonly Pass[]
  /** Writes of one element per row, after all passes. */
  readonly rowWrites: readonly number[]
  /** The places in the scratch memory of what passes keep for later ones. */
  readonly slots: ReadonlyMap<number, number>
}

const order = { once: 0, row: 1, point: 2 } as const

export function planOf(kernel: LoopKernel, recipe: Recipe, layout: Layout): Plan {
  const levels = levelsOf(kernel, recipe, layout)
  const points = kernel.writes.map((_, w) => varies(layout, kernel.reads.length + w) === 'point')
  const counts = [
    ...recipe.folds.map(({ of }) => recipe.rank[of]),
    ...recipe.writes.map((step, w) => (points[w] ? recipe.rank[step] : -1)),
  ]
  const last = Math.max(-1, ...counts)
  // What replaces its operand waits until no later pass reads it.
  const passOf = (w: number) => (kernel.writes[w].over === undefined ? recipe.rank[recipe.writes[w]] : last)
  const every = kernel.writes.map((_, w) => w)
  const work = Array.from({ length: last + 1 }, (_, p) => ({
    folds: recipe.folds.flatMap(({ of }, i) => (recipe.rank[of] === p ? [i] : [])),
    writes: every.filter((w) => points[w] && passOf(w) === p),
  }))
  const { passes, slots } = schedule(recipe, levels, work)
  return { levels, passes, slots, rowWrites: every.filter((w) => !points[w]) }
}

function varies({ kind, outer, inside, lane, tile }: Layout, stream: number): Level {
  const along = (axes: Layout['outer']) => axes.some(({ strides }) => strides[stream] !== 0)
  if (along(kind === 'column' ? inside : [...inside, lane, ...(tile ? [tile] : [])])) return 'point'
  return along(kind === 'column' ? [...outer, lane] : outer) ? 'row' : 'once'
}

function levelsOf(kernel: LoopKernel, { steps }: Recipe, layout: Layout): Level[] {
  const levels: Level[] = []
  for (const step of steps) {
    if (step.is === 'const') levels.push('once')
    else if (step.is === 'arg') levels.push(step.at < kernel.reads.length ? varies(layout, step.at) : 'row')
    else levels.push(step.of.map((i) => levels[i]).reduce((a, b) => (order[b] > order[a] ? b : a), 'once'))
  }
  return levels
}

type Work = Pick<Pass, 'folds' | 'writes'>

function schedule(recipe: Recipe, levels: readonly Level[], work: readonly Work[]): Pick<Plan, 'passes' | 'slots'> {
  const first = new Map<number, number>()
  const slots = new Map<number, number>()
  const passes = work.map(({ folds, writes }, p): Pass => {
    const points = new Set<number>()
    const kept = new Set<number>()
    const pending = [...folds.map((i) => recipe.folds[i].of), ...writes.map((w) => recipe.writes[w])]
    for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
      if (levels[i] !== 'point' || points.has(i)) continue
      const step = recipe.steps[i]
      if (step.is === 'call' && !isCheap(step.fn) && (first.get(i) ?? p) < p) {
        kept.add(i)
        if (!slots.has(i)) slots.set(i, slots.size)
        continue
      }
      points.add(i)
      if (step.is === 'call') pending.push(...step.of)
    }
    for (const i of points) if (!first.has(i)) first.set(i, p)
    return { folds, writes, points: [...points].sort((a, b) => a - b), kept: [...kept] }
  })
  return { passes, slots }
}
