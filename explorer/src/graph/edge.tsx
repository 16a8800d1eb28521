/** An argument slot in the graph: the value that flows forward, and the contribution that comes back. */
import { type PictureEdge, type Point, routePath } from 'chainrule/explain/draw'
import { memo } from 'react'
import { useHot } from './hot.ts'
import { type EdgeNumbers, signName } from './live.ts'
import { steepPath, type Way } from './sizes.ts'

interface EdgeProps {
  readonly id: string
  readonly edge: PictureEdge
  readonly points: readonly Point[]
  readonly numbers: EdgeNumbers
  readonly slot: string | undefined
  /** Whether the reader walks along it. */
  readonly walked: boolean
  readonly current: boolean
  readonly near: boolean
  /** Not what the filter is about. */
  readonly faint: boolean
  readonly way: Way
  readonly onPoint: (slot: string | null) => void
}

export const ARROW = 9

export const GraphEdge = memo(Edge, (a, b) => {
  if (a.edge !== b.edge || a.points !== b.points || a.walked !== b.walked || a.current !== b.current) return false
  if (a.near !== b.near || a.faint !== b.faint) return false
  return (Object.keys(a.numbers) as (keyof EdgeNumbers)[]).every((key) => a.numbers[key] === b.numbers[key])
})

function Edge({ id, points, numbers, slot, walked, current, near, faint, way, onPoint }: EdgeProps) {
  const hot = useHot((state) => slot !== undefined && state.slot === slot) || walked
  const { label, below, sign, weight, about } = numbers
  const tip = points[points.length - 1]
  const width = 1.25 + 3.25 * Math.min(1, weight)
  const down = way === 'down'
  const end = down ? { x: tip.x, y: tip.y - ARROW + 1 } : { x: tip.x - ARROW + 1, y: tip.y }
  const line = (down ? steepPath : routePath)([...points.slice(0, -1), end])
  const half = ARROW / 2 + weight * 1.5
  const classes = ['edge', `sign-${signName(sign)}`]
  if (faint) classes.push('is-faint')
  if (hot) classes.push('is-hot')
  if (current) classes.push('is-current')
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: what is read as one is an image
    <g
      id={id}
      className={classes.join(' ')}
      role="img"
      aria-label={about}
      data-edge={slot}
      onPointerEnter={() => onPoint(slot ?? null)}
      onPointerLeave={() => onPoint(null)}
    >
      <title>{about}</title>
      {(hot || current) && <path className="glow" d={line} strokeWidth={width + 6} />}
      <path className="line" d={line} strokeWidth={width} />
      <path
        className="head"
        d={
          down
            ? `M${tip.x} ${tip.y}l${-half} ${-ARROW}h${2 * half}z`
            : `M${tip.x} ${tip.y}l${-ARROW} ${-half}v${2 * half}z`
        }
      />
      <path className="grip" d={line} />
      {near && <Labels label={label} below={below} tip={tip} width={width} down={down} />}
    </g>
  )
}

interface LabelsProps {
  readonly label: string
  readonly below: string
  readonly tip: Point
  readonly width: number
  readonly down: boolean
}

/** At the end of the arrow: above and below a level one, one above the other beside a steep one. */
function Labels({ label, below, tip, width, down }: LabelsProps) {
  const rise = 5 + width / 2
  const at = down
    ? { x: tip.x + rise + 2, flow: tip.y - ARROW - 15, back: tip.y - ARROW - 3 }
    : { x: tip.x - ARROW - 4, flow: tip.y - rise, back: tip.y + rise + 6 }
  const anchor = down ? 'start' : 'end'
  return (
    <>
      <text className="flow" x={at.x} y={at.flow} textAnchor={anchor}>
        {label}
      </text>
      <text className="back" data-role="contribution" x={at.x} y={at.back} textAnchor={anchor}>
        {below}
      </text>
    </>
  )
}
