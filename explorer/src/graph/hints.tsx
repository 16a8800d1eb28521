/** What the reader should know of this graph: the first number that is none, and why the layout is a plain grid. */
import type { Trace } from 'chainrule/explain'
import { memo, useMemo } from 'react'
import { callOf, type Known } from '../model/steps.ts'
import { Button } from '../ui/index.ts'
import { isBad } from './numbers.ts'
import { selectNode } from './select.ts'

interface HintsProps {
  readonly trace: Trace
  readonly known: Known
  readonly problem: string | null
}

export const Hints = memo(function Hints({ trace, known, problem }: HintsProps) {
  const call = callOf(known)
  const bad = useMemo(() => firstBad(trace, call), [trace, call])
  return (
    <>
      {bad && (
        <div className="graph-hint graph-hint-warning" role="status">
          <span>
            The first non-finite {bad.what} is that of {bad.name}.
          </span>
          <Button onClick={() => selectNode(trace, bad.id)}>Show {bad.name}</Button>
        </div>
      )}
      {problem && (
        <div className="graph-hint" role="status">
          Nodes stand in a grid: {problem}.
        </div>
      )}
    </>
  )
})

/** Values are made in order; gradients arrive from the end. */
export function firstBad({ nodes }: Trace, call: number) {
  const value = nodes.find((node) => isBad(node.value))
  if (value) return { id: value.id, name: nameOf(value.name, value.source?.line), what: 'value' }
  const gradient = nodes.findLast(({ gradients }) => isBad(gradients[call]))
  return gradient && { id: gradient.id, name: nameOf(gradient.name, gradient.source?.line), what: 'gradient' }
}

const nameOf = (name: string, line: number | undefined): string =>
  line === undefined ? name : `${name} (line ${line})`
