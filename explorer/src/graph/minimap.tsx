/**
 * The whole graph, small, with the part in sight; a click goes there. Keys and search do the same without it. It keeps to a
 * corner without nodes where there is one, or else off the selected one, and is not there where all of the graph is in sight.
 */
import type { Box } from 'chainrule/explain/draw'
import { type MouseEvent, useMemo, useRef } from 'react'
import type { Placed } from './placed.ts'
import { type Camera, overlap } from './zoom.ts'

const WIDTH = 180
const HEIGHT = 110
/** Its border, its padding, and its distance from the sides. */
const FRAME = 10
const MARGIN = 10
const CORNERS = ['bottom right', 'bottom left', 'top right', 'top left'] as const

interface MinimapProps {
  readonly placed: Placed
  readonly camera: Camera
  /** The visible node that is selected. */
  readonly selected: string | null
}

export function Minimap({ placed: { layout, visible }, camera, selected }: MinimapProps) {
  const scale = Math.min(WIDTH / Math.max(1, layout.width), HEIGHT / Math.max(1, layout.height))
  const all = useMemo(
    () =>
      layout.nodes
        .map(({ x, y, width, height }) => {
          const small = [x, y, Math.max(width, 1 / scale), Math.max(height, 1 / scale)].map(
            (n) => Math.round(n * scale * 10) / 10,
          )
          return `M${small[0]} ${small[1]}h${small[2]}v${small[3]}h${-small[2]}z`
        })
        .join(''),
    [layout, scale],
  )
  const corner = useRef(0)
  const { sight } = camera
  const isWhole =
    sight.x <= 0 && sight.y <= 0 && sight.x + sight.width >= layout.width && sight.y + sight.height >= layout.height
  if (isWhole) return null
  const isOff = (nodes: readonly Box[]) => (k: number) => {
    const box = cornerBox(k, camera, layout.width * scale + FRAME, layout.height * scale + FRAME)
    return !nodes.some((node) => overlap(node, box))
  }
  const isFree = isOff(layout.nodes)
  const isAside = isOff(layout.nodes.filter((_, v) => visible.picture.nodes[v].id === selected))
  // It moves only where that helps.
  const places = CORNERS.map((_, k) => k)
  if (!isFree(corner.current)) corner.current = places.find(isFree) ?? places.find(isAside) ?? 0
  const go = (event: MouseEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    camera.centre((event.clientX - left) / scale, (event.clientY - top) / scale)
  }
  return (
    <svg
      className={`graph-minimap ${CORNERS[corner.current]}`}
      width={Math.ceil(layout.width * scale)}
      height={Math.ceil(layout.height * scale)}
      aria-hidden="true"
      onClick={go}
    >
      <path d={all} />
      <rect x={sight.x * scale} y={sight.y * scale} width={sight.width * scale} height={sight.height * scale} />
    </svg>
  )
}

/** What a corner covers, in the coordinates of the graph. */
function cornerBox(corner: number, { size, transform: { k, x, y } }: Camera, width: number, height: number): Box {
  const left = CORNERS[corner].endsWith('left') ? MARGIN : size.width - MARGIN - width
  const top = CORNERS[corner].startsWith('top') ? MARGIN : size.height - MARGIN - height
  return { x: (left - x) / k, y: (top - y) / k, width: width / k, height: height / k }
}
