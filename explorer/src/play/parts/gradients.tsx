/** Every leaf with its value and gradient; a click asks for the derivation. */
import type { Trace } from 'chainrule/explain'
import { update, useExplorer } from '../../model/store.ts'
import { Num } from '../../ui/number.tsx'
import type { Leaf } from './program.ts'
import { gradientAt, nodeNamed, valueAt } from './read.ts'

export function Gradients({ trace, leaves, output }: { trace: Trace; leaves: readonly Leaf[]; output: string }) {
  const selected = useExplorer((state) => state.selected)
  const rows = leaves.filter(({ role }) => role !== 'target')
  return (
    <table className="gradients">
      <caption>Value and gradient</caption>
      <thead>
        <tr>
          <th scope="col">name</th>
          <th scope="col">value</th>
          <th scope="col">∂{output}/∂ ·</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, means }) => {
          const node = nodeNamed(trace, name)
          if (!node) return null
          return (
            <tr
              key={name}
              aria-selected={selected?.node === node.id}
              className={selected?.node === node.id ? 'row-on' : ''}
            >
              <th scope="row">
                <button
                  type="button"
                  className="link-button"
                  title={means}
                  onClick={() => update({ selected: { node: node.id, index: 0 } })}
                >
                  {name}
                </button>
              </th>
              <td>
                <Num value={valueAt(node)} />
              </td>
              <td>
                <Num value={gradientAt(node)} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
