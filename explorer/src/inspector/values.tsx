/** The elements of a tensor as a table to choose from. */
import type { TraceNode, TraceTensor } from 'chainrule/explain'
import { elementOf } from '../graph/numbers.ts'
import { indexText, sizeOf } from '../graph/shapes.ts'
import { update } from '../model/store.ts'
import { Num } from '../ui/index.ts'

/** A longer table is read by nobody; the boxes above reach every element. */
const MOST = 64

interface ValuesProps {
  readonly node: TraceNode
  readonly gradient: TraceTensor | null
  readonly known: boolean
  readonly index: number
}

export function Values({ node, gradient, known, index }: ValuesProps) {
  const { shape, data } = node.value
  if (data === null) return <p>This value has too many elements for the trace to keep; it holds a summary only.</p>
  const size = sizeOf(shape)
  return (
    <table className="values">
      <caption>{size > MOST ? `The first ${MOST} of ${size} elements` : 'Elements'}</caption>
      <thead>
        <tr>
          <th scope="col">index</th>
          <th scope="col">value</th>
          <th scope="col">gradient</th>
        </tr>
      </thead>
      <tbody>
        {data.slice(0, MOST).map((value, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an element is its place
          <tr key={i} className={i === index ? 'is-selected' : undefined}>
            <th scope="row">
              <button type="button" onClick={() => update({ selected: { node: node.id, index: i } })}>
                {indexText(shape, i)}
              </button>
            </th>
            <td>
              <Num value={known ? value : null} />
            </td>
            <td>
              <Num value={elementOf(gradient, i)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
