/**
 * The graph as a table, in full: a row for each node with what is known of it at the step, and for each operand the
 * local derivative and what backward sent there. Long programs come in pages.
 */
import { useMemo, useState } from 'react'
import { knownAt } from '../model/steps.ts'
import { update, useExplorer } from '../model/store.ts'
import { Button } from '../ui/index.ts'
import { Heads } from './heads.tsx'
import { TableRow } from './row.tsx'
import { type Order, ordered, rowsOf } from './rows.ts'
import './table.css'

const PAGE = 200

export function TableView() {
  const trace = useExplorer((state) => state.session?.trace)
  const step = useExplorer((state) => state.step)
  const selected = useExplorer((state) => state.selected?.node)
  const [order, setOrder] = useState<Order>({ by: 'step', descending: false })
  const [turned, setTurned] = useState<{ page: number; by: number | undefined }>({ page: 0, by: undefined })
  const known = useMemo(() => (trace ? knownAt(trace, step) : null), [trace, step])
  const rows = useMemo(() => (trace && known ? ordered(rowsOf(trace, known), order) : []), [trace, known, order])
  if (!trace || !known) return null
  // The page of a fresh selection is turned to once; after that the reader turns.
  const own = rows.findIndex(({ node }) => node.id === selected)
  const pages = Math.max(1, Math.ceil(rows.length / PAGE))
  const wanted = turned.by === selected || own < 0 ? turned.page : Math.floor(own / PAGE)
  const page = Math.min(wanted, pages - 1)
  const turn = (by: number) => setTurned({ page: page + by, by: selected })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="table-view" aria-label="Table of the program" tabIndex={0}>
      <table>
        <caption>
          <span>
            {trace.title}: {rows.length} nodes at step {step} of {trace.steps.length - 1}. A dash is not known yet.
          </span>
        </caption>
        <Heads order={order} onOrder={setOrder} />
        <tbody>
          {rows.slice(page * PAGE, (page + 1) * PAGE).map((row) => (
            <TableRow
              key={row.node.id}
              row={row}
              current={known.current.has(row.node.id)}
              selected={row.node.id === selected}
              onSelect={() => update({ selected: row.node.id === selected ? null : { node: row.node.id, index: 0 } })}
            />
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <div className="table-pages">
          <Button disabled={page === 0} onClick={() => turn(-1)}>
            Previous page
          </Button>
          <span>
            rows {page * PAGE + 1} to {Math.min((page + 1) * PAGE, rows.length)} of {rows.length}
          </span>
          <Button disabled={page === pages - 1} onClick={() => turn(1)}>
            Next page
          </Button>
        </div>
      )}
    </section>
  )
}
