/**
 * What is drawn: the parts of a layout in and around what is in sight. While the camera moves within that, nothing is
 * drawn anew; it only moves. A far look at many nodes is a few paths, for which nothing has to be kept per node.
 */
import type { Box, Layout } from 'chainrule/explain/draw'
import { useRef } from 'react'
import { type Camera, overlap } from './zoom.ts'

/** Below this scale texts cannot be read and are left out. */
const LEGIBLE = 0.45
/** So many nodes are drawn one by one however small they are. */
const ONE_BY_ONE = 400
/** Around what is in sight, as a part of it. */
const AROUND = 0.25
/** What is drawn may be so many times as wide as what is in sight. */
const LARGEST = 3

export interface Sight {
  readonly box: Box
  /** The scale at which it was last found. */
  readonly scale: number
  /** Whether texts can be read. */
  readonly near: boolean
}

/** The same object for as long as it does. */
export function useSight({ sight, transform: { k } }: Camera): Sight {
  const last = useRef<Sight | null>(null)
  const before = last.current
  const near = k >= LEGIBLE
  if (before && before.near === near && contains(before.box, sight) && before.box.width <= LARGEST * sight.width)
    return before
  const [dx, dy] = [sight.width * AROUND, sight.height * AROUND]
  const box = { x: sight.x - dx, y: sight.y - dy, width: sight.width + 2 * dx, height: sight.height + 2 * dy }
  last.current = { box, scale: k, near }
  return last.current
}

const contains = (a: Box, b: Box): boolean =>
  a.x <= b.x && a.y <= b.y && b.x + b.width <= a.x + a.width && b.y + b.height <= a.y + a.height

/** The nodes of a layout that are drawn one by one; null where they are too many and too small. */
export function nodesIn({ nodes }: Layout, { box, near }: Sight): ReadonlySet<number> | null {
  const found = new Set<number>()
  for (const [v, one] of nodes.entries()) if (overlap(one, box)) found.add(v)
  return near || found.size <= ONE_BY_ONE ? found : null
}

/** Boxes around the stretches of an edge: a long way around is in sight only where it passes. */
export type Stretches = readonly Box[]

/** Labels stand at the end, up to so far from it. */
const LABEL = 80

export const stretchesOf = ({ edges }: Layout): readonly Stretches[] =>
  edges.map((points) => {
    const boxes: Box[] = points.slice(1).map((b, i) => {
      const a = points[i]
      return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) }
    })
    const { x, y } = points[points.length - 1]
    return [...boxes, { x: x - LABEL, y: y - LABEL / 2, width: 2 * LABEL, height: LABEL }]
  })

export const isIn = (stretches: Stretches, { box }: Sight): boolean =>
  stretches.some(({ x, y, width, height }) =>
    overlap({ x: x - 2, y: y - 2, width: width + 4, height: height + 4 }, box),
  )

/** The node at a point of the graph, if there is one there. */
export const nodeAt = ({ nodes }: Layout, x: number, y: number): number =>
  nodes.findIndex((box) => box.x <= x && x <= box.x + box.width && box.y <= y && y <= box.y + box.height)
