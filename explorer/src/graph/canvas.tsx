/**
 * The graph as a picture to walk in. Only what is in sight is drawn, and texts only where they can be read; the selected
 * node is always there, because it is the one that has the focus.
 */
import type { Trace } from 'chainrule/explain'
import { type KeyboardEvent, type MouseEvent, type RefObject, useMemo } from 'react'
import type { Known } from '../model/steps.ts'
import { GraphEdge } from './edge.tsx'
import { point, useHot } from './hot.ts'
import { callOf, edgeNumbers, largestContribution, nodeNumbers, slotKey, slotsOf, usesOf } from './live.ts'
import { GraphNode, nodeId } from './node.tsx'
import type { Placed } from './placed.ts'
import { ScopeBox } from './scope-box.tsx'
import { type Camera, overlap } from './zoom.ts'

/** Below this scale texts cannot be read and are left out. */
const LEGIBLE = 0.45

export interface CanvasProps {
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

export const edgeId = (e: number): string => `graph-edge-${e}`

export function Canvas(props: CanvasProps) {
  const { canvas, camera, placed, trace, selected, edge, onSelect, onOpen, onClose, onKeyDown } = props
  const nodeAt = (event: MouseEvent) =>
    (event.target as Element).closest('[data-node-id]')?.getAttribute('data-node-id')
  const click = (event: MouseEvent) => {
    const part = (event.target as Element).closest('[data-part]')?.getAttribute('data-part')
    if (part) onClose(part)
    else onSelect(nodeAt(event) ?? null)
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
      aria-label={`Graph of ${trace.title}: ${trace.nodes.length} values. ${placed?.way === 'down' ? 'Down and up' : 'Right and left'} go to consumers and inputs, the other arrows to neighbours; Enter opens, brackets follow edges.`}
      aria-activedescendant={active}
      onClick={click}
      onDoubleClick={(event) => {
        const id = nodeAt(event)
        if (id) onOpen(id)
      }}
      onKeyDown={onKeyDown}
    >
      {placed && (
        <g transform={camera.transform.toString()}>
          <Scopes placed={placed} camera={camera} />
          <Edges {...props} placed={placed} />
          <Nodes {...props} placed={placed} />
        </g>
      )}
    </svg>
  )
}

type Inside = CanvasProps & { readonly placed: Placed }

function Scopes({ placed, camera }: { placed: Placed; camera: Camera }) {
  return placed.layout.scopes
    .filter((box) => overlap(box, camera.sight))
    .map((box) => <ScopeBox key={`${box.path.join('/')} ${box.instance}`} box={box} scale={camera.transform.k} />)
}

function Edges({ placed, camera, trace, known, edge, strong }: Inside) {
  const { visible, layout } = placed
  const hot = useHot((state) => state.slot)
  // biome-ignore lint/correctness/useExhaustiveDependencies: slots depend on the structure of a trace alone
  const slots = useMemo(() => slotsOf(visible, trace), [visible])
  const boxes = useMemo(() => layout.edges.map(bounds), [layout])
  const most = largestContribution(trace, callOf(known))
  return visible.picture.edges.map((one, e) => {
    if (!overlap(boxes[e], camera.sight)) return null
    const own = slots[e]
    const slot = own.length === 1 ? slotKey(own[0]) : undefined
    const faint = strong !== null && !own.some(({ node }) => strong.has(node))
    return (
      <g key={`${one.from} ${one.to} ${one.slot}`} className={faint ? 'is-faint' : undefined}>
        <GraphEdge
          id={edgeId(e)}
          edge={one}
          points={layout.edges[e]}
          numbers={edgeNumbers(own, one, trace, known, most)}
          slot={slot}
          hot={e === edge || (slot !== undefined && slot === hot)}
          current={own.length === 1 && known.call !== null && known.current.has(own[0].node)}
          near={camera.transform.k >= LEGIBLE}
          way={placed.way}
          onPoint={pointAt}
        />
      </g>
    )
  })
}

function pointAt(slot: string | null): void {
  const [node, index] = slot?.split(':').map(Number) ?? []
  point(slot === null ? null : { node, slot: index })
}

function Nodes({ placed, camera, trace, known, selected, strong }: Inside) {
  const { visible, layout } = placed
  // biome-ignore lint/correctness/useExhaustiveDependencies: uses depend on the structure of a trace alone
  const uses = useMemo(() => usesOf(trace), [visible])
  return visible.picture.nodes.map((node, v) => {
    const isSelected = node.id === selected
    if (!isSelected && !overlap(layout.nodes[v], camera.sight)) return null
    const faint = strong !== null && !(node.members ?? [node.id]).some((id) => strong.has(Number(id)))
    return (
      <g key={node.id} className={faint ? 'is-faint' : undefined}>
        <GraphNode
          node={node}
          box={layout.nodes[v]}
          numbers={nodeNumbers(node, trace, known, uses)}
          selected={isSelected}
          near={camera.transform.k >= LEGIBLE}
        />
      </g>
    )
  })
}

/** Labels stand in the room before the end of an edge, a line above and one below it. */
function bounds(points: readonly { readonly x: number; readonly y: number }[]) {
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const [x, y] = [Math.min(...xs) - 20, Math.min(...ys) - 20]
  return { x, y, width: Math.max(...xs) + 80 - x, height: Math.max(...ys) + 20 - y }
}
