/** Which number of a value is told about: a box per dimension. */
import type { TraceNode } from 'chainrule/explain'
import { flatOf, indexOf, shapeText } from '../graph/shapes.ts'
import { update } from '../model/store.ts'

export function ElementPicker({ node, index }: { node: TraceNode; index: number }) {
  const { shape } = node.value
  const at = indexOf(shape, index)
  const choose = (d: number, text: string) => {
    const wanted = Math.round(Number(text))
    if (text === '' || !Number.isFinite(wanted)) return
    const next = at.with(d, Math.max(0, Math.min(shape[d] - 1, wanted)))
    update({ selected: { node: node.id, index: flatOf(shape, next) } })
  }
  return (
    <fieldset className="element-picker">
      <legend>Element of {shapeText(shape)}</legend>
      {shape.map((size, d) => (
        <input
          // biome-ignore lint/suspicious/noArrayIndexKey: a dimension is its place
          key={d}
          type="number"
          min={0}
          max={size - 1}
          aria-label={`Index in dimension ${d}, from 0 to ${size - 1}`}
          value={at[d]}
          onChange={(event) => choose(d, event.target.value)}
        />
      ))}
    </fieldset>
  )
}
