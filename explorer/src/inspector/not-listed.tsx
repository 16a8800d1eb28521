/** Of large values the trace has a summary, not the elements. They have values and gradients all the same: ask for one. */
import type { TraceTensor } from 'chainrule/explain'
import { useState } from 'react'
import { brief, elementOf, normOf, parsed } from '../graph/numbers.ts'
import { indexText, shapeText, sizeOf } from '../graph/shapes.ts'
import { Button, Num } from '../ui/index.ts'
import type { TabProps } from './inspector.tsx'
import { useExplanation } from './use-explanation.ts'

interface ElementProps {
  /** Null where it is not known. */
  readonly of: TraceTensor | null | undefined
  readonly index: number
  readonly part?: 'value' | 'gradient'
}

/** An element, or that it is there and is not listed. */
export function ElementOf({ of, index, part }: ElementProps) {
  if (of?.data !== null) return <Num value={elementOf(of, index)} part={part} />
  return <span data-role={part}>not listed; its elements: {brief(of)}</span>
}

/** What can be said of a gradient whose elements are not listed. */
export function GradientNotListed({ session, root, element, gradient }: TabProps & { readonly gradient: TraceTensor }) {
  const [asks, setAsks] = useState(false)
  const answer = useExplanation(session, root, element, asks)
  const { name } = session.trace.nodes[element.node]
  const one = name + indexText(gradient.shape, element.index)
  const { min, max, zeros, nonFinite } = gradient.summary!
  return (
    <div className="derivation" data-role="not-listed">
      <p>
        A gradient arrived here. {name} {shapeText(gradient.shape)} has {sizeOf(gradient.shape).toLocaleString('en')}{' '}
        elements, and of so many the trace keeps a summary only; their derivations are not listed.
      </p>
      <p>
        The elements of the gradient lie between <Num value={parsed(min)} /> and <Num value={parsed(max)} />, their norm
        is <Num value={normOf(gradient)} />
        {parsed(zeros) > 0 && `, ${zeros} are zero`}
        {parsed(nonFinite) > 0 && `, ${nonFinite} are NaN or infinite`}.
      </p>
      {!asks && <Button onClick={() => setAsks(true)}>Work out the derivative by {one}</Button>}
      {asks && !answer && <p role="status">Working it out …</p>}
      {answer?.error && <p role="alert">{answer.error}</p>}
      {answer?.explanation && (
        <p role="status" data-role="result">
          The derivative of {answer.explanation.output} by {answer.explanation.input} is{' '}
          <Num value={parsed(answer.explanation.gradient)} />, the sum over {answer.explanation.pathCount}{' '}
          {answer.explanation.pathCount === '1' ? 'path' : 'paths'}; the tab Paths has the largest of them.
        </p>
      )}
    </div>
  )
}
