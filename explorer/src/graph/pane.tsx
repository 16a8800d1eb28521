/** The graph with its tools: search, zoom, opening and closing of parts, a small map, a legend, export. */
import type { Box, Trace } from 'chainrule/explain'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { knownAt } from '../model/steps.ts'
import { update, useExplorer } from '../model/store.ts'
import { Button } from '../ui/index.ts'
import { Canvas } from './canvas.tsx'
import './graph.css'
import './picture.css'
import './forced.css'
import { Hints } from './hints.tsx'
import { useGraphKeys } from './keys.ts'
import { Legend } from './legend.tsx'
import { Minimap } from './minimap.tsx'
import type { Placed } from './placed.ts'
import { type Filter, related } from './related.ts'
import { selectVisible } from './select.ts'
import { structureOf } from './structure.ts'
import { Toolbar } from './toolbar.tsx'
import { useArrangement } from './use-arrangement.ts'
import { toggled } from './visible.ts'
import { type Camera, useCamera } from './zoom.ts'

/** From so many visible nodes on there is a map. */
const MAPPED = 60

export function GraphPane() {
  const session = useExplorer((state) => state.session)
  return session && <Graph trace={session.trace} />
}

function Graph({ trace }: { trace: Trace }) {
  const step = useExplorer((state) => state.step)
  const selected = useExplorer((state) => state.selected)
  const open = useExplorer((state) => state.open)
  const [filter, setFilter] = useState<Filter>('all')
  const canvas = useRef<SVGSVGElement>(null)
  const camera = useCamera(canvas)
  const structure = structureOf(trace)
  const { placed, waiting } = useArrangement(structure, open, () => sizeOf(canvas.current))
  const known = useMemo(() => knownAt(trace, step), [trace, step])
  const strong = useMemo(() => related(trace, filter, selected?.node ?? null), [trace, filter, selected])
  const shown = selected && placed ? (placed.visible.nodeOf.get(String(selected.node))?.id ?? null) : null
  useFollowing(camera, placed, shown, trace, step)
  const toggle = useCallback((part: string) => update({ open: toggled(structure, open, part) }), [structure, open])
  const openNode = (id: string) => {
    const part = placed?.visible.partOf.get(id)
    if (part !== undefined) toggle(part)
    else update({ tab: 'derivation' })
  }
  const select = (id: string | null) => {
    if (id === null || !placed) update({ selected: null })
    else selectVisible(trace, placed.visible, id)
  }
  const keys = useGraphKeys({ placed, shown, camera, trace, select, openNode, toggle })
  return (
    <div className="graph">
      <Toolbar trace={trace} known={known} camera={camera} placed={placed} filter={filter} onFilter={setFilter} />
      <Hints trace={trace} known={known} problem={placed?.problem ?? null} />
      <div className="graph-stage">
        <Canvas
          canvas={canvas}
          camera={camera}
          placed={placed}
          trace={trace}
          known={known}
          selected={shown}
          edge={keys.edge}
          strong={strong}
          onSelect={select}
          onOpen={openNode}
          onClose={toggle}
          onKeyDown={keys.onKeyDown}
        />
        {waiting && (
          <div className="graph-waiting" role="status">
            <span>Arranging {waiting.count} nodes …</span>
            <Button onClick={waiting.cancel}>Cancel</Button>
          </div>
        )}
        {placed && placed.visible.picture.nodes.length >= MAPPED && (
          <Minimap placed={placed} camera={camera} selected={shown} />
        )}
      </div>
      <Legend trace={trace} />
    </div>
  )
}

const sizeOf = (canvas: Element | null) => canvas?.getBoundingClientRect() ?? { width: 1, height: 1 }

/** Whether all of a box is in sight of a canvas of that size. */
function isWhole(box: Box | null, { transform: { k, x, y } }: Camera, { width, height }: Camera['size']): boolean {
  if (!box) return false
  const [left, top] = [box.x * k + x, box.y * k + y]
  return left >= 0 && top >= 0 && left + box.width * k <= width && top + box.height * k <= height
}

/**
 * The camera shows a new graph whole, and follows the selection and the current step when they leave its sight, or when
 * a smaller canvas would cut off the selection.
 */
function useFollowing(camera: Camera, placed: Placed | null, shown: string | null, trace: Trace, step: number): void {
  const fitted = useRef<string | null>(null)
  const { size } = camera
  const last = useRef({ step, shown, size })
  const current = useRef(camera)
  current.current = camera
  const hasRoom = size.width > 0
  useEffect(() => {
    if (!placed || !hasRoom) return
    const boxOf = (id: string | undefined | null) => {
      const at = placed.visible.picture.nodes.findIndex((node) => node.id === id)
      return at < 0 ? null : placed.layout.nodes[at]
    }
    const [moved] = trace.steps[step]?.nodes ?? []
    const now = placed.visible.nodeOf.get(String(moved))?.id
    const view = `${structureOf(trace).key} ${placed.layout.width} ${placed.layout.height}`
    const before = last.current
    last.current = { step, shown, size }
    if (fitted.current !== view) {
      fitted.current = view
      current.current.open(placed.layout.width, placed.layout.height, boxOf(shown ?? now))
      return
    }
    const wasSeen = before.size !== size && isWhole(boxOf(shown), current.current, before.size)
    const target = before.shown !== shown || wasSeen ? shown : before.step !== step ? now : null
    const box = boxOf(target)
    if (box) current.current.reveal(box)
  }, [placed, hasRoom, size, shown, step, trace])
}
