/** The visible part of a structure and where it stands: a function of both and of the room there is, for the worker. */
import { type Layout, layout, type Picture } from 'chainrule/explain/draw'
import { sized, transposed, type Way } from './sizes.ts'
import type { Structure } from './structure.ts'
import { type Visible, visibleOf } from './visible.ts'

export interface Room {
  readonly width: number
  readonly height: number
}

export interface Order {
  readonly structure: Structure
  readonly open: readonly string[] | null
  readonly room: Room
}

export interface Placed {
  readonly visible: Visible
  readonly layout: Layout
  readonly way: Way
  /** Why it is a grid, if it is one. */
  readonly problem: string | null
}

/** Up to so many nodes both ways are tried. */
const FEW = 150

/** From left to right, or from top to bottom where a small graph is larger on the screen that way. */
export function placedFor(structure: Structure, open: readonly string[] | null, room: Room): Placed {
  const visible = visibleOf(structure, open)
  const { picture } = visible
  const right: Placed = { visible, layout: laidOut(picture, 'right'), way: 'right', problem: null }
  if (picture.nodes.length > FEW) return right
  const down: Placed = { ...right, layout: transposed(laidOut(picture, 'down')), way: 'down' }
  const scale = ({ layout: { width, height } }: Placed) => Math.min(room.width / width, room.height / height)
  return scale(down) > scale(right) ? down : right
}

function laidOut(picture: Picture, way: Way): Layout {
  const { graph, spacing } = sized(picture, way)
  return layout(graph, spacing)
}
