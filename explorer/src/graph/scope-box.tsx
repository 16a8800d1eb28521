/** A module or function as a box around what it computes; its corner closes it. */
import type { PlacedScope } from 'chainrule/explain'
import { partOfBox } from './visible.ts'

const BUTTON = 24

export function ScopeBox({ box, scale }: { box: PlacedScope; scale: number }) {
  const { path, instance, instances, x, y, width, height } = box
  const name = `${path[path.length - 1]}${instances > 1 ? ` (${instance} of ${instances})` : ''}`
  const columns = Math.max(2, Math.floor((width - 44) / 7.5))
  const shown = name.length > columns ? `${name.slice(0, columns - 1)}…` : name
  // A target of 24 pixels on the screen, as far as the box has room for it.
  const size = Math.min(BUTTON / Math.min(1, scale), width / 2, height / 2)
  return (
    <g className={path.length % 2 === 1 ? 'scope' : 'scope scope-even'} transform={`translate(${x} ${y})`}>
      <title>{path.join(' / ')}</title>
      <rect width={width} height={height} rx={8} />
      <text x={10} y={15}>
        {shown}
      </text>
      <g className="scope-close" data-part={partOfBox(path)}>
        <title>{`Close ${path.join(' / ')}`}</title>
        <rect x={width - size} width={size} height={size} rx={4} />
        <path d={`M${width - size / 2 - 4} ${size / 2}h8`} />
      </g>
    </g>
  )
}
