/** Many nodes from afar: a path for those of each sign, and one for all edges. */
import type { Trace } from 'chainrule/explain'
import { memo, useMemo } from 'react'
import { gradientOf, type Known } from '../model/steps.ts'
import { signName, signOf } from './live.ts'
import { elementOf, isBad, isSingle } from './numbers.ts'
import type { Placed } from './placed.ts'

interface FarProps {
  readonly placed: Placed
  readonly trace: Trace
  readonly known: Known
  readonly strong: ReadonlySet<number> | null
  /** Lines are to be seen at this scale. */
  readonly scale: number
}

export const Far = memo(FarPicture)

function FarPicture({ placed: { visible, layout }, trace, known, strong, scale }: FarProps) {
  const lines = useMemo(
    () => layout.edges.map((points) => `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`).join(''),
    [layout],
  )
  const boxes = useMemo(
    () => layout.nodes.map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}z`),
    [layout],
  )
  const groups = new Map<string, string[]>()
  for (const [v, { id, members }] of visible.picture.nodes.entries()) {
    const all = (members ?? [id]).map(Number)
    const classes = [`sign-${signAt(all, trace, known)}`]
    if (strong !== null && !all.some((one) => strong.has(one))) classes.push('is-faint')
    if (all.some((one) => known.current.has(one))) classes.push('is-current')
    const key = classes.join(' ')
    const group = groups.get(key)
    if (group) group.push(boxes[v])
    else groups.set(key, [boxes[v]])
  }
  const width = Math.max(1.25, 0.8 / scale)
  return (
    <g className="far">
      <path className={strong === null ? 'far-edges' : 'far-edges is-faint'} d={lines} strokeWidth={width} />
      {[...groups].map(([classes, paths]) => (
        <path key={classes} className={`far-nodes ${classes}`} d={paths.join('')} strokeWidth={width} />
      ))}
    </g>
  )
}

/** The sign of a single gradient, as a class; NaN and infinities come first, also where nodes are closed. */
function signAt(ids: readonly number[], { nodes }: Trace, known: Known): string {
  const all = ids.map((id) => nodes[id])
  if (all.some((node) => (known.value(node) && isBad(node.value)) || isBad(gradientOf(node, known)))) return 'bad'
  const gradient = all.length === 1 ? gradientOf(all[0], known) : null
  return signName(gradient && isSingle(gradient) ? signOf(elementOf(gradient, 0)) : undefined)
}
