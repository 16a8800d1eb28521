/**
 * The graph as a picture to walk in. Only what is in sight is drawn, and texts only where they can be read; the selected
 * node is always there, because it is the one that has the focus.
 */
import type { Trace } from 'chainrule/explain'
import type { KeyboardEvent, MouseEvent, RefObject } from 'react'
import type { Known } from '../model/steps.ts'
import { nodeId } from './node.tsx'
import { edgeId, Parts } from './parts.tsx'
import type { Placed } from './placed.ts'
import { nodeAt, useSight } from './sight.ts'
import type { Camera } from './zoom.ts'

interface CanvasProps {
  readonly canvas: RefObject<SVGSVGElement | null>
  readonly camera: Camera
  readonly placed: Placed | null
  readonly trace: Trace
  readonly known: Known
  /** The visible node that is selected, and the edge of it that the reader walks along. */
  readonly selected: string | null
  readonly edge: number | null
  readonly strong: ReadonlySet<number> | null
  readonly onSelect: (id: string | null) => void
  readonly onOpen: (id: string) => void
  readonly onClose: (part: string) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

export function Canvas(props: CanvasProps) {
  const { canvas, camera, placed, trace, known, selected, edge, strong, onSelect, onOpen, onClose, onKeyDown } = props
  const sight = useSight(camera)
  const click = (event: MouseEvent) => {
    const part = (event.target as Element).closest('[data-part]')?.getAttribute('data-part')
    if (part) onClose(part)
    else onSelect(idAt(event, camera, placed))
  }
  const active = edge !== null ? edgeId(edge) : selected !== null ? nodeId(selected) : undefined
  return (
    <svg
      ref={canvas}
      className="graph-canvas"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the picture is one stop, and arrows walk in it
      tabIndex={0}
      role="application"
      aria-roledescription="computation graph"
      aria-label={`Graph of ${trace.title}: ${trace.nodes.length} values. Right and left go to consumers and inputs, up and down to neighbours; Enter opens, brackets follow edges.`}
      aria-activedescendant={active}
      onClick={click}
      onDoubleClick={(event) => {
        const id = idAt(event, camera, placed)
        if (id !== null) onOpen(id)
      }}
      onKeyDown={onKeyDown}
    >
      {placed && (
        <g transform={camera.transform.toString()}>
          <Parts
            placed={placed}
            sight={sight}
            trace={trace}
            known={known}
            selected={selected}
            edge={edge}
            strong={strong}
          />
        </g>
      )}
    </svg>
  )
}

/** The node under the pointer, whether it is drawn by itself or with many others. */
function idAt({ target, currentTarget, clientX, clientY }: MouseEvent, { transform }: Camera, placed: Placed | null) {
  const drawn = (target as Element).closest('[data-node-id]')
  if (drawn) return drawn.getAttribute('data-node-id')
  if (!placed || (target as Element).closest('.edge')) return null
  const { left, top } = currentTarget.getBoundingClientRect()
  const v = nodeAt(placed.layout, ...transform.invert([clientX - left, clientY - top]))
  return v < 0 ? null : placed.visible.picture.nodes[v].id
}
