/**
 * The derivative as a sum over paths: how many there are, exactly, the ones with the largest products, and that they add
 * up to the gradient. Factored, common parts are written once, which is what backward does.
 */
import type { ExplanationJson, Trace } from 'chainrule/explain'
import { useState } from 'react'
import type { Element } from '../model/session.ts'
import { update } from '../model/store.ts'
import { Button, Num } from '../ui/index.ts'
import { FactorChain } from './chain.tsx'
import { FactoredPaths } from './factored-paths.tsx'
import type { TabProps } from './inspector.tsx'
import { shareText } from './share.ts'
import { useExplanation, verdictOn } from './use-explanation.ts'

export function PathsTab({ session, root, element }: TabProps) {
  const answer = useExplanation(session, root, element, true)
  const [isFactored, setFactored] = useState(false)
  return (
    <div className="paths">
      <OutputPicker trace={session.trace} root={root} />
      {!answer && <p role="status">Finding paths …</p>}
      {answer?.error && <p>{answer.error}</p>}
      {answer?.explanation && (
        <>
          <p>
            <strong data-role="path-count">{answer.explanation.pathCount}</strong>{' '}
            {answer.explanation.pathCount === '1' ? 'path leads' : 'paths lead'} from {answer.explanation.input} to{' '}
            {answer.explanation.output}.
          </p>
          <Button pressed={isFactored} onClick={() => setFactored(!isFactored)}>
            Factor out what paths share
          </Button>
          {isFactored ? (
            <FactoredPaths explanation={answer.explanation} />
          ) : (
            <PathTable explanation={answer.explanation} />
          )}
          <Total explanation={answer.explanation} />
        </>
      )}
    </div>
  )
}

function OutputPicker({ trace, root }: { trace: Trace; root: Element }) {
  const roots = [...new Set(trace.calls.flatMap((call) => call.roots).filter((id) => id !== null))]
  if (roots.length < 2) return null
  return (
    <label>
      Output{' '}
      <select value={root.node} onChange={(event) => update({ root: { node: Number(event.target.value), index: 0 } })}>
        {roots.map((id) => (
          <option key={id} value={id}>
            {trace.nodes[id].name}
          </option>
        ))}
      </select>
    </label>
  )
}

function PathTable({ explanation: { paths, sum } }: { explanation: ExplanationJson }) {
  return (
    <div className="scrolls">
      <table className="path-table">
        <thead>
          <tr>
            <th scope="col">factors, from the output down</th>
            <th scope="col">product</th>
            <th scope="col">share</th>
          </tr>
        </thead>
        <tbody>
          {paths.map(({ factors, product }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a path is its place among the largest
            <tr key={i}>
              <td>
                <FactorChain factors={factors} />
              </td>
              <td>
                <Num value={product} />
              </td>
              <td>{shareText(Number(product), Number(sum))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Total({ explanation: e }: { explanation: ExplanationJson }) {
  return (
    <>
      <p>
        {e.paths.length} of {e.pathCount} shown, rest = <Num value={e.rest.sum} />, total = <Num value={e.sum} />,
        gradient <Num value={e.gradient} />.
      </p>
      <p>
        Central difference <Num value={e.numeric} />: {verdictOn(e)}.
      </p>
    </>
  )
}
