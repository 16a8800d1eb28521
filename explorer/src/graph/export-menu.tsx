/** Saving: the whole graph, what is on screen or around the selection as a picture or for Graphviz; the trace; the table. */
import type { Theme, Trace } from 'chainrule/explain'
import { useState } from 'react'
import type { Known } from '../model/steps.ts'
import { useExplorer } from '../model/store.ts'
import { Button, save, toast } from '../ui/index.ts'
import type { View } from './export.ts'
import type { Placed } from './placed.ts'

interface ExportProps {
  readonly trace: Trace
  readonly known: Known
  readonly placed: Placed | null
}

type Part = 'whole' | 'shown' | 'selection'

const KINDS = ['svg', 'png', 'dot', 'json', 'csv'] as const
type Kind = (typeof KINDS)[number]

const LABELS: Readonly<Record<Kind, string>> = {
  svg: 'SVG picture',
  png: 'PNG picture',
  dot: 'DOT for Graphviz',
  json: 'JSON trace',
  csv: 'CSV table',
}

export function ExportMenu({ trace, known, placed }: ExportProps) {
  const step = useExplorer((state) => state.step)
  const selected = useExplorer((state) => state.selected?.node)
  const [wanted, setPart] = useState<Part>('whole')
  const part = wanted === 'selection' && selected === undefined ? 'whole' : wanted
  const [theme, setTheme] = useState<Exclude<Theme, 'auto'>>('light')
  const view: View = {
    ...{ trace, known, step },
    visible: part === 'shown' ? placed?.visible : undefined,
    around: part === 'selection' ? selected : undefined,
  }
  const write = (kind: Kind) =>
    written(kind, view, theme).catch((error: Error) => toast('bad', `The file could not be made: ${error.message}`))
  return (
    <details className="graph-export">
      <summary>Export</summary>
      <div className="graph-export-menu">
        <label>
          Graph
          <select value={part} onChange={(event) => setPart(event.target.value as Part)}>
            <option value="whole">whole</option>
            <option value="shown">as open on screen</option>
            <option value="selection" disabled={selected === undefined}>
              the selection and its edges
            </option>
          </select>
        </label>
        <label>
          Theme
          <select value={theme} onChange={(event) => setTheme(event.target.value as 'light' | 'dark')}>
            <option value="light">light</option>
            <option value="dark">dark</option>
          </select>
        </label>
        {KINDS.map((kind) => (
          <Button key={kind} onClick={() => void write(kind)}>
            {LABELS[kind]}
          </Button>
        ))}
      </div>
    </details>
  )
}

/** What draws and writes is loaded when something is to be saved. */
async function written(kind: Kind, view: View, theme: Theme): Promise<void> {
  const { csvAt, dotAt, fileName, pngOf, svgAt } = await import('./export.ts')
  const name = fileName(view.trace.title, view.step, kind)
  const text = (content: string, type: string) => save(name, new Blob([content], { type }))
  if (kind === 'svg') text(svgAt(view, theme), 'image/svg+xml')
  else if (kind === 'dot') text(dotAt(view), 'text/vnd.graphviz')
  else if (kind === 'json') text(JSON.stringify(view.trace), 'application/json')
  else if (kind === 'csv') text(csvAt(view), 'text/csv')
  else {
    const { blob, scale } = await pngOf(svgAt(view, theme))
    save(name, blob)
    toast('info', `${name} was saved at ${Math.round(scale * 100)} % of its size.`)
  }
}
