/** One node as a row; its name selects it, here and in the graph. */
import { TensorText } from '../ui/index.ts'
import type { Row } from './rows.ts'

interface TableRowProps {
  readonly row: Row
  readonly current: boolean
  readonly selected: boolean
  readonly onSelect: () => void
}

export function TableRow({ row, current, selected, onSelect }: TableRowProps) {
  const { node, step, value, gradient, operands } = row
  return (
    <tr
      data-node-id={node.id}
      className={`${selected ? 'row-selected' : ''} ${current ? 'row-current' : ''}`}
      aria-current={current ? 'step' : undefined}
    >
      <td>{step}</td>
      <th scope="row">
        <button type="button" aria-pressed={selected} onClick={onSelect}>
          {node.name}
        </button>
      </th>
      <td>{node.op ?? node.kind}</td>
      <td>
        <TensorText tensor={value} part="value" />
      </td>
      <td>{node.requiresGrad && <TensorText tensor={gradient} part="gradient" />}</td>
      <td>
        {operands.length > 0 && (
          <ul className="operands">
            {operands.map((operand, slot) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its place
              <li key={slot}>
                {operand.name}
                {operand.local && (
                  <>
                    : local <TensorText tensor={operand.local} />
                  </>
                )}
                {operand.sent && (
                  <>
                    , sent <TensorText tensor={operand.sent} />
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
      </td>
      <td>{node.source?.line ?? ''}</td>
    </tr>
  )
}
