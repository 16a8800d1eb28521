/** From placed points to the path of a line, with gaps, and no more points than can be seen. */
import { short } from '../svg/markup.ts'

/** In pixels; y is NaN where there is nothing to draw. */
export interface PlacedPoint {
  readonly x: number
  readonly y: number
}

/** Runs of points that can be drawn. */
export function runs<P extends PlacedPoint>(points: readonly P[]): P[][] {
  const found: P[][] = []
  let isOpen = false
  for (const point of points) {
    if (Number.isNaN(point.y)) {
      isOpen = false
      continue
    }
    if (!isOpen) found.push([])
    found[found.length - 1].push(point)
    isOpen = true
  }
  return found
}

/** One piece of path per run. */
export const linePath = (points: readonly PlacedPoint[]): string =>
  runs(points)
    .map(
      (run) =>
        `M${thinned(run)
          .map(({ x, y }) => `${short(x)} ${short(y)}`)
          .join('L')}`,
    )
    .join('')

/** Of the points in one column of pixels the first, the lowest, the highest and the last: the line looks the same. */
export function thinned<P extends PlacedPoint>(run: readonly P[]): P[] {
  const columns: P[][] = []
  for (const point of run) {
    const column = columns.at(-1)
    if (column && Math.floor(column[0].x) === Math.floor(point.x)) column.push(point)
    else columns.push([point])
  }
  return columns.flatMap((column) => {
    if (column.length <= 4) return column
    const lowest = column.reduce((a, b) => (b.y > a.y ? b : a))
    const highest = column.reduce((a, b) => (b.y < a.y ? b : a))
    const kept = new Set([column[0], lowest, highest, column[column.length - 1]])
    return column.filter((point) => kept.has(point))
  })
}
