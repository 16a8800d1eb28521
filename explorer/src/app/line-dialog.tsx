/** Go to a line: selects what it made last. */
import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { selectNode } from '../graph/select.ts'
import { useExplorer } from '../model/store.ts'
import { announce, Button, Dialog } from '../ui/index.ts'
import { linesOf, nearest, nodeOfLine } from './lines.ts'

export function LineDialog({ onClose }: { onClose: () => void }) {
  const trace = useExplorer((state) => state.session?.trace)
  const lines = useMemo(() => (trace ? linesOf(trace) : new Map<string, readonly number[]>()), [trace])
  const files = [...lines.keys()]
  const [file, setFile] = useState(files[0])
  const [text, setText] = useState('')
  const [why, setWhy] = useState<string | null>(null)
  const id = useId()
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => box.current?.focus(), [])
  const own = lines.get(file) ?? []
  const go = () => {
    const line = Number(text)
    const node = trace && Number.isInteger(line) ? nodeOfLine(trace, file, line) : null
    if (trace && node !== null) {
      selectNode(trace, node)
      announce(`Line ${line}: ${trace.nodes[node].name}`)
      return onClose()
    }
    const near = /^\s*\d+\s*$/.test(text) ? `The nearest line with one is ${nearest(own, line)}.` : ''
    return setWhy(near ? `No operation ran on line ${line}. ${near}` : 'Type the number of a line.')
  }
  return (
    <Dialog title="Go to line" onClose={onClose}>
      <form
        className="go-to-line"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          go()
        }}
      >
        {files.length > 1 && (
          <label>
            File{' '}
            <select value={file} onChange={(event) => setFile(event.target.value)}>
              {files.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
        )}
        <label>
          Line{' '}
          <input
            ref={box}
            type="text"
            inputMode="numeric"
            autoComplete="off"
            aria-invalid={why !== null}
            aria-describedby={why ? id : undefined}
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setWhy(null)
            }}
          />
        </label>
        <Button tone="main" onClick={go}>
          Go
        </Button>
        {why && (
          <p id={id} className="field-error" role="alert">
            {why}
          </p>
        )}
      </form>
      <p className="quiet">Operations ran on the lines {brief(own)}.</p>
    </Dialog>
  )
}

/** Lines with their runs drawn together: 3, 5 to 9. */
function brief(lines: readonly number[]): string {
  const runs: [number, number][] = []
  for (const line of lines) {
    const run = runs.at(-1)
    if (run && run[1] === line - 1) run[1] = line
    else runs.push([line, line])
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : `${from}${to === from + 1 ? ', ' : ' to '}${to}`))
    .join(', ')
}
