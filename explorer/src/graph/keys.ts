/** The keys of the canvas: arrows walk, Enter opens, brackets go along the edges of a node, Esc lets go. */
import type { Trace } from 'chainrule/explain'
import { type KeyboardEvent, useRef, useState } from 'react'
import { announce } from '../ui/index.ts'
import { point } from './hot.ts'
import { slotsOf } from './live.ts'
import type { Placed } from './placed.ts'
import { scopeKey } from './structure.ts'
import { type Arrow, edgesAt, isArrow, step, type Trail } from './walk.ts'
import { type Camera, ZOOM_STEP } from './zoom.ts'

/** Moves are told by the node that is reached; that there is none has to be said. */
const NOTHING: Readonly<Record<Arrow, string>> = {
  ArrowRight: 'Nothing reads this value',
  ArrowLeft: 'This value has no inputs',
  ArrowUp: 'No neighbour before this one',
  ArrowDown: 'No neighbour after this one',
}

interface Parts {
  readonly placed: Placed | null
  readonly shown: string | null
  readonly camera: Camera
  readonly trace: Trace
  readonly select: (id: string | null) => void
  readonly openNode: (id: string) => void
  readonly toggle: (part: string) => void
}

export function useGraphKeys(parts: Parts) {
  const { placed, shown } = parts
  const trail = useRef<Trail>(new Map())
  const [along, setAlong] = useState<{ readonly node: string; readonly edge: number } | null>(null)
  const edge = along !== null && along.node === shown ? along.edge : null
  const walkEdge = (sense: 1 | -1) => {
    if (!placed || shown === null) return
    const all = edgesAt(placed.visible.picture, shown)
    if (all.length === 0) return
    const at = edge === null ? (sense > 0 ? -1 : 0) : all.indexOf(edge)
    const next = all[(at + sense + all.length) % all.length]
    setAlong({ node: shown, edge: next })
    const slots = slotsOf(placed.visible, parts.trace)[next]
    point(slots.length === 1 ? slots[0] : null)
  }
  const letGo = (canvas: Element) => {
    point(null)
    if (edge !== null) setAlong(null)
    else if (shown !== null) parts.select(null)
    else if (canvas instanceof SVGElement) canvas.blur()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !placed) return
    const { key } = event
    if (isArrow(key)) {
      const next = step(
        { picture: placed.visible.picture, layout: placed.layout, way: placed.way },
        shown,
        key,
        trail.current,
      )
      if (next === shown) announce(NOTHING[key])
      else if (next !== null) parts.select(next)
    } else if (key === 'Enter' && shown !== null) {
      const scope = placed.visible.picture.nodes.find(({ id }) => id === shown)?.scope ?? []
      if (!event.shiftKey) parts.openNode(shown)
      else if (scope.length > 0) parts.toggle(scopeKey(scope))
    } else if (key === 'Escape') letGo(event.currentTarget)
    else if (key === '[' || key === ']') walkEdge(key === ']' ? 1 : -1)
    else if (!zoomed(key, parts.camera, placed)) return
    event.preventDefault()
  }
  return { edge, onKeyDown }
}

function zoomed(key: string, camera: Camera, { layout }: Placed): boolean {
  if (key === '+' || key === '=') camera.by(ZOOM_STEP)
  else if (key === '-') camera.by(1 / ZOOM_STEP)
  else if (key === '0') camera.actual()
  else if (key === 'f') camera.fit(layout.width, layout.height)
  else return false
  return true
}
