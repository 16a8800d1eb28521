/** Names beside the marks of a picture: each where it covers no mark, line or other name, with a line to its mark. */

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A mark, and how much room its name takes at most. */
export interface Named {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly width: number
  readonly height: number
}

/** Where a name lies: it is written from the point `at` where its line ends, which is on the side of its mark. */
export interface NamePlace {
  readonly box: Box
  readonly at: { readonly x: number; readonly y: number }
  readonly anchor: 'start' | 'middle' | 'end'
}

/** How far names lie from the rims of their marks, in pixels; the nearest place that is free is taken. */
const DISTANCES = [5, 16, 30, 48, 70, 96]
const DIRECTIONS = 16
/** Space around a name. */
const GAP = 3
/** A line is kept free at so many points. */
const POINTS = 12

/**
 * A place for each name; undefined where there is no room.
 * @param within where names may lie.
 * @param taken what they must not cover.
 */
export function placeNames(named: readonly Named[], within: Box, taken: readonly Box[]): (NamePlace | undefined)[] {
  const all = [...taken]
  const names: Box[] = []
  return named.map((one) => {
    const found = candidates(one).find(
      ({ box, at }) =>
        inside(box, within) &&
        !all.some((other) => touch(box, other)) &&
        !points(one, at).some((point) => names.some((name) => touch(point, name))),
    )
    if (!found) return undefined
    all.push(found.box, ...points(one, found.at))
    names.push(found.box)
    return found
  })
}

/** Places all around a mark, the one below it first. */
function candidates({ x, y, radius, width, height }: Named): NamePlace[] {
  return DISTANCES.flatMap((distance) =>
    Array.from({ length: DIRECTIONS }, (_, i) => {
      const turn = (i % 2 === 0 ? 1 : -1) * Math.ceil(i / 2)
      const angle = (2 * Math.PI * turn) / DIRECTIONS
      const [across, down] = [(radius + distance) * Math.sin(angle), (radius + distance) * Math.cos(angle)]
      const at = { x: x + across, y: y + down }
      if (Math.abs(across) < 1)
        return {
          at,
          anchor: 'middle',
          box: { x: at.x - width / 2, y: down > 0 ? at.y : at.y - height, width, height },
        }
      const left = across < 0
      return {
        at,
        anchor: left ? 'end' : 'start',
        box: { x: left ? at.x - width : at.x, y: at.y - height / 2, width, height },
      }
    }),
  )
}

/** Points of the line from a mark to its name. */
const points = (from: Named, to: { readonly x: number; readonly y: number }): Box[] =>
  Array.from({ length: POINTS }, (_, i) => {
    const part = i / POINTS
    return { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y), width: 0, height: 0 }
  })

const inside = (a: Box, b: Box): boolean =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height

const touch = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width + GAP && b.x < a.x + a.width + GAP && a.y < b.y + b.height + GAP && b.y < a.y + a.height + GAP
