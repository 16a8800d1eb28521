/** What colours, dashes and widths mean. Signs are told by a dash and a text as well. */
import type { Trace } from 'chainrule/explain'
import { memo } from 'react'

export const Legend = memo(function Legend({ trace }: { trace: Trace }) {
  const kinds = new Set(trace.nodes.map(({ kind }) => kind))
  return (
    <ul className="graph-legend" aria-label="Legend">
      {kinds.has('parameter') && <Sample className="role-parameter" text="parameter" />}
      {kinds.has('constant') && <Sample className="role-constant" text="constant" />}
      <Sample className="role-output" text="output" />
      <Line className="sign-plus" text="+ gradient" width={2} />
      <Line className="sign-minus" text="− gradient" width={2} />
      <Line className="sign-none" text="wider: larger (log)" width={4.5} />
      <li>at an arrow: value, then contribution</li>
    </ul>
  )
})

const Sample = ({ className, text }: { className: string; text: string }) => (
  <li>
    <svg width={16} height={16} aria-hidden="true">
      <g className={`node ${className}`}>
        <rect className="stripe" x={6} y={1} width={4} height={14} rx={2} />
      </g>
    </svg>
    {text}
  </li>
)

const Line = ({ className, text, width }: { className: string; text: string; width: number }) => (
  <li>
    <svg width={28} height={16} aria-hidden="true">
      <g className={`edge ${className}`}>
        <path className="line" d="M1 8h26" strokeWidth={width} />
      </g>
    </svg>
    {text}
  </li>
)
