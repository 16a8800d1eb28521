/** The whole graph, small, with the part in sight; a click goes there. Keys and search do the same without it. */
import { type MouseEvent, useMemo } from 'react'
import type { Placed } from './placed.ts'
import type { Camera } from './zoom.ts'

const WIDTH = 180
const HEIGHT = 110

export function Minimap({ placed: { layout }, camera }: { placed: Placed; camera: Camera }) {
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
  const { sight } = camera
  const go = (event: MouseEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    camera.centre((event.clientX - left) / scale, (event.clientY - top) / scale)
  }
  return (
    <svg
      className="graph-minimap"
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
