/** A document of the library as part of the page: its words, formulas, numbers and tables. Pictures are drawn as charts. */
import type { Block, Cell, Inline } from 'chainrule/explain'
import { Formula } from '../../ui/formula.tsx'
import { Num } from '../../ui/number.tsx'

export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div className="document">
      {blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a document is shown whole, and its blocks have no names
        <BlockView key={i} block={block} />
      ))}
    </div>
  )
}

function BlockView({ block }: { block: Block }) {
  switch (block.is) {
    case 'heading':
      return block.level === 1 ? <h2>{block.text}</h2> : <h3>{block.text}</h3>
    case 'paragraph':
      return (
        <p>
          <Line parts={block.parts} />
        </p>
      )
    case 'formula':
      return block.lines.map(({ tex, text }) => (
        <div key={text} className="document-formula">
          <Formula tex={tex} says={text} display />
        </div>
      ))
    case 'table':
      return <Table block={block} />
    case 'list':
      return (
        <ul>
          {block.items.map((parts) => (
            <li key={spoken(parts)}>
              <Line parts={parts} />
            </li>
          ))}
        </ul>
      )
    case 'code':
      return <pre>{block.text}</pre>
    case 'note':
      return (
        <p className={`note note-${block.tone}`}>
          <Line parts={block.parts} />
        </p>
      )
    case 'picture':
      return null
  }
}

const spoken = (parts: readonly Inline[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')

function Line({ parts }: { parts: readonly Inline[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a sentence have no names
  return parts.map((part, i) => <Part key={i} part={part} />)
}

const Part = ({ part }: { part: Inline }) =>
  typeof part === 'string' ? part : <Formula tex={part.tex} says={part.text} />

const CellView = ({ cell }: { cell: Cell }) => {
  if (typeof cell === 'number') return <Num value={cell} />
  return Array.isArray(cell) ? <Line parts={cell} /> : <Part part={cell as Inline} />
}

function Table({ block }: { block: Extract<Block, { is: 'table' }> }) {
  const { columns, rows, caption } = block
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <figure className="document-table" tabIndex={0} aria-label={caption ?? 'Table'}>
      <table>
        {caption && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map(({ head, align }) =>
              head === '' ? (
                <td key="" />
              ) : (
                <th key={spoken([head])} scope="col" style={{ textAlign: align }}>
                  <Part part={head} />
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are told in order
            <tr key={i}>
              {row.map((cell, j) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells stand under their columns
                <td key={j} style={{ textAlign: columns[j].align }}>
                  <CellView cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
