/** A value in the graph: its name and op, its value, its gradient. It is drawn again only when one of these changes. */
import type { Box, PictureNode } from 'chainrule/explain'
import { memo } from 'react'
import { type NodeNumbers, signName } from './live.ts'
import { TITLE_COLUMNS } from './sizes.ts'

interface NodeProps {
  readonly node: PictureNode
  readonly box: Box
  readonly numbers: NodeNumbers
  readonly selected: boolean
  readonly near: boolean
  /** Not what the filter is about. */
  readonly faint: boolean
}

const LINE = 14
const TITLE = 16

export const nodeId = (id: string): string => `graph-node-${id.replaceAll(/[^\w-]/g, '_')}`

export const GraphNode = memo(drawNode, (a, b) => {
  if (a.node !== b.node || a.box !== b.box || a.selected !== b.selected || a.near !== b.near || a.faint !== b.faint)
    return false
  return (Object.keys(a.numbers) as (keyof NodeNumbers)[]).every((key) => a.numbers[key] === b.numbers[key])
})

function drawNode({ node, box, numbers, selected, near, faint }: NodeProps) {
  const { sign, bad, current, label } = numbers
  const { width, height } = box
  const classes = ['node', `role-${node.role}`, `sign-${signName(sign)}`]
  if (faint) classes.push('is-faint')
  if (bad) classes.push('is-bad')
  if (current) classes.push('is-current')
  if (selected) classes.push('is-selected')
  const round = node.role === 'constant' ? 0 : node.role === 'parameter' ? 12 : 5
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: what is read as one is an image
    <g
      id={nodeId(node.id)}
      className={classes.join(' ')}
      role="img"
      aria-label={label}
      data-node-id={node.id}
      transform={`translate(${box.x} ${box.y})`}
    >
      <title>{label}</title>
      {(selected || current) && (
        <rect className="halo" x={-5} y={-5} width={width + 10} height={height + 10} rx={round + 5} />
      )}
      {node.members && <rect className="body" x={4} y={4} width={width} height={height} rx={round} />}
      <rect className="body" width={width} height={height} rx={round} />
      {node.role === 'output' && (
        <rect className="inner" x={3} y={3} width={width - 6} height={height - 6} rx={round - 2} />
      )}
      {node.role !== 'op' && <rect className="stripe" x={6} y={10} width={3} height={height - 20} rx={1.5} />}
      {near ? <Texts node={node} box={box} numbers={numbers} /> : <OnlyTitle title={node.title} box={box} />}
      {bad && <WarningMark x={width} />}
    </g>
  )
}

function Texts({ node, box, numbers }: Pick<NodeProps, 'node' | 'box' | 'numbers'>) {
  const { value, gradient } = numbers
  const lines = node.members ? node.lines.length : (value !== null ? 1 : 0) + (gradient !== null ? 1 : 0)
  const top = (box.height - TITLE - lines * LINE) / 2
  const right = box.width - 12
  const row = (i: number) => top + TITLE + 11 + i * LINE
  return (
    <>
      <text className="title" x={14} y={top + 12}>
        {cut(node.title)}
      </text>
      {node.members &&
        node.lines.map((line, i) => (
          <text key={line} className="name" x={14} y={row(i)}>
            {line}
          </text>
        ))}
      {value !== null && <NumberRow name="value" part="value" text={value} right={right} y={row(0)} />}
      {gradient !== null && <NumberRow name="grad" part="gradient" text={gradient} right={right} y={row(1)} />}
    </>
  )
}

interface NumberRowProps {
  readonly name: string
  readonly part: 'value' | 'gradient'
  readonly text: string
  readonly right: number
  readonly y: number
}

const NumberRow = ({ name, part, text, right, y }: NumberRowProps) => (
  <>
    <text className="name" x={14} y={y}>
      {name}
    </text>
    <text className={`number ${part}`} data-role={part} x={right} y={y} textAnchor="end">
      {text}
    </text>
  </>
)

/** From farther away there is room for one text, and it is larger. */
function OnlyTitle({ title, box }: { title: string; box: Box }) {
  const [short] = title.split(' [')
  const size = Math.min(26, (box.width - 16) / (0.62 * short.length))
  if (size < 12) return null
  return (
    <text className="only-title" x={box.width / 2} y={box.height / 2} style={{ fontSize: size }}>
      {short}
    </text>
  )
}

const cut = (text: string): string => (text.length > TITLE_COLUMNS ? `${text.slice(0, TITLE_COLUMNS - 1)}…` : text)

const WarningMark = ({ x }: { x: number }) => (
  <g className="warning-mark" transform={`translate(${x - 1} 1)`}>
    <path d="M0 -10l10 17h-20z" />
    <text y={5} textAnchor="middle">
      !
    </text>
  </g>
)
