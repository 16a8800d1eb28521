/** A module or function as a box around what it computes. Its name and the corner that closes it lie above all edges. */
import type { PlacedScope } from 'chainrule/explain/draw'
import { partOfBox } from './visible.ts'

const BUTTON = 24
const COLUMN = 6.6

export const ScopeBox = ({ box: { path, x, y, width, height } }: { box: PlacedScope }) => (
  <g className={path.length % 2 === 1 ? 'scope' : 'scope scope-even'} transform={`translate(${x} ${y})`}>
    <title>{path.join(' / ')}</title>
    <rect width={width} height={height} rx={8} />
  </g>
)

interface CaptionProps {
  readonly box: PlacedScope
  readonly scale: number
  readonly near: boolean
}

export function ScopeCaption({ box, scale, near }: CaptionProps) {
  const { path, instance, instances, x, y, width, height } = box
  const name = `${path[path.length - 1]}${instances > 1 ? ` (${instance} of ${instances})` : ''}`
  const columns = Math.max(2, Math.floor((width - 44) / COLUMN))
  const shown = name.length > columns ? `${name.slice(0, columns - 1)}…` : name
  // A target of 24 pixels on the screen, as far as the box has room for it.
  const size = Math.min(BUTTON / Math.min(1, scale), width / 2, height / 2)
  return (
    <g className="scope-caption" transform={`translate(${x} ${y})`}>
      {near && (
        <text x={8} y={13}>
          {shown}
        </text>
      )}
      <g className="scope-close" data-part={partOfBox(path)}>
        <title>{`Close ${path.join(' / ')}`}</title>
        <rect x={width - size} width={size} height={size} rx={4} />
        <path d={`M${width - 14} 10h8`} />
      </g>
    </g>
  )
}
