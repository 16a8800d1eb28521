/** The heads of the table; those that can sort it are buttons. */
import type { Column, Order } from './rows.ts'

const HEADS: readonly { readonly title: string; readonly by: Column | null }[] = [
  { title: 'step', by: 'step' },
  { title: 'name', by: 'name' },
  { title: 'operation', by: 'op' },
  { title: 'value', by: 'value' },
  { title: 'gradient', by: 'gradient' },
  { title: 'inputs: local derivative, what is sent', by: null },
  { title: 'line', by: 'line' },
]

export function Heads({ order, onOrder }: { order: Order; onOrder: (order: Order) => void }) {
  const sortOf = (by: Column | null) =>
    by !== order.by ? undefined : order.descending ? 'descending' : ('ascending' as const)
  return (
    <thead>
      <tr>
        {HEADS.map(({ title, by }) => (
          <th key={title} scope="col" aria-sort={sortOf(by)}>
            {by === null ? (
              title
            ) : (
              <button type="button" onClick={() => onOrder({ by, descending: order.by === by && !order.descending })}>
                {title}
                <span aria-hidden="true">{order.by === by ? (order.descending ? ' ↓' : ' ↑') : ''}</span>
              </button>
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}
