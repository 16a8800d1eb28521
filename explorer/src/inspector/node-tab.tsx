/** The facts of the selected value: its numbers, what it was made of, what reads it, where it comes from. */
import type { TraceNode } from 'chainrule/explain'
import { type ReactNode, useState } from 'react'
import { selectNode } from '../graph/select.ts'
import { shapeText, sizeOf } from '../graph/shapes.ts'
import { contributionOf, gradientOf } from '../model/steps.ts'
import { Button, Num } from '../ui/index.ts'
import { Accumulated } from './accumulated.tsx'
import type { TabProps } from './inspector.tsx'
import { ElementOf } from './not-listed.tsx'
import { readersOf } from './terms.ts'
import { useExplanation, verdictOn } from './use-explanation.ts'
import { Values } from './values.tsx'

export function NodeTab(props: TabProps) {
  const { session, known, element } = props
  const { trace } = session
  const node = trace.nodes[element.node]
  const { index } = element
  const gradient = gradientOf(node, known)
  const { shape, dtype } = node.value
  return (
    <>
      <dl className="facts">
        <Fact name="value">
          <ElementOf of={known.value(node) ? node.value : undefined} index={index} part="value" />
        </Fact>
        <Fact name="gradient">
          <ElementOf of={gradient} index={index} part="gradient" />
          {trace.calls.length > 1 && known.call !== null && ` from call ${known.call + 1} of ${trace.calls.length}`}
        </Fact>
        <Fact name="kind">{node.op === null ? node.kind : `result of ${node.op}`}</Fact>
        <Fact name="shape">{`${shapeText(shape)} ${dtype}`}</Fact>
        <Fact name="inputs">
          <Inputs {...props} node={node} />
        </Fact>
        <Fact name="read by">
          <Readers {...props} node={node} />
        </Fact>
        {node.scope.length > 0 && <Fact name="scope">{node.scope.join(' / ')}</Fact>}
        {node.source && (
          <Fact name="line">
            {`${node.source.file}:${node.source.line}:${node.source.column}`}
            {node.iterations.map(({ line, index }) => `, iteration ${index + 1} of the loop in line ${line}`)}
          </Fact>
        )}
        <Fact name="kept for backward">{`${node.savedBytes} bytes`}</Fact>
      </dl>
      <Accumulated {...props} />
      {sizeOf(shape) > 1 && <Values node={node} gradient={gradient} known={known.value(node)} index={index} />}
      {node.requiresGrad && trace.calls.length > 0 && <GradientCheck {...props} />}
    </>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)

type Inside = TabProps & { readonly node: TraceNode }

function Inputs({ session: { trace }, node }: Inside) {
  if (node.inputs.length === 0) return 'none: it is given'
  return (
    <ol className="slots">
      {node.inputs.map((x, slot) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an argument slot is its place
        <li key={slot}>
          {'node' in x ? (
            <Button tone="quiet" onClick={() => selectNode(trace, x.node)}>
              {trace.nodes[x.node].name}
            </Button>
          ) : (
            <Num value={x.number} />
          )}
        </li>
      ))}
    </ol>
  )
}

function Readers({ session: { trace }, node, known, element }: Inside) {
  const readers = readersOf(trace, node.id)
  if (readers.length === 0) return 'nothing'
  return (
    <ul className="slots">
      {readers.map(({ consumer, slot }) => {
        const sent = contributionOf(consumer, slot, known)
        return (
          <li key={`${consumer.id}:${slot}`}>
            <Button tone="quiet" onClick={() => selectNode(trace, consumer.id)}>
              {consumer.name}
            </Button>{' '}
            {consumer.op}, argument {slot + 1}, sends <ElementOf of={sent} index={element.index} />
          </li>
        )
      })}
    </ul>
  )
}

/** Against the central difference: it runs the program again, so only when asked for. */
function GradientCheck({ session, root, element }: TabProps) {
  const [asks, setAsks] = useState(false)
  const answer = useExplanation(session, root, element, asks)
  if (!asks) return <Button onClick={() => setAsks(true)}>Check the gradient against a central difference</Button>
  if (!answer) return <p role="status">Running the program again …</p>
  if (!answer.explanation) return <p role="alert">{answer.error}</p>
  const { output, input, gradient, numeric } = answer.explanation
  return (
    <p role="status">
      ∂{output}/∂{input}: gradient <Num value={gradient} />, central difference <Num value={numeric} />:{' '}
      {verdictOn(answer.explanation)}.
    </p>
  )
}
