/** The numbers behind a picture, as a table. It is there only while it is open: pictures change ten times a second. */
import { type MouseEvent, type ReactNode, useState } from 'react'

export interface Table {
  readonly caption: string
  readonly heads: readonly string[]
  /** The first cell of a row is its head, and unlike that of any other row. */
  readonly rows: readonly (readonly [head: number, ...cells: ReactNode[]])[]
}

export function Data({ title, table }: { title: string; table: () => Table }) {
  const [open, setOpen] = useState(false)
  // `toggle` comes a moment after the box has opened: it would be seen empty.
  const click = (event: MouseEvent) => {
    event.preventDefault()
    setOpen(!open)
  }
  return (
    <details className="picture-data" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button */}
      <summary onClick={click}>Show data</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section className="table-box" tabIndex={0} aria-label={`${title}: data`}>
          <Rows {...table()} />
        </section>
      )}
    </details>
  )
}

function Rows({ caption, heads, rows }: Table) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([head, ...cells]) => (
          <tr key={head}>
            <th scope="row">{head}</th>
            {cells.map((cell, i) => (
              <td key={heads[i + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
