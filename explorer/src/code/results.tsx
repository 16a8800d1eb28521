/** What stands below an editor: problems, what the program printed, loops that are running, variables at the step. */
import { type ReactNode, useMemo } from 'react'
import { seek, useExplorer } from '../model/store.ts'
import { Panel } from '../ui/index.ts'
import { valueText } from './facts.ts'
import { loopsAt, variablesAt } from './lines.ts'
import type { Printed, Problem } from './protocol.ts'

interface ProblemPanelProps {
  readonly problem: Problem
  readonly file: string
  readonly onGo: (line: number, column?: number) => void
}

export function ProblemPanel({ problem, file, onGo }: ProblemPanelProps) {
  const { message, line, column, stack } = problem
  return (
    <div className="code-problem" role="alert">
      <p className="code-message">{message}</p>
      {line !== undefined && (
        <button type="button" className="code-place" onClick={() => onGo(line, column)}>
          {file}:{line}
          {column !== undefined && `:${column}`}
        </button>
      )}
      {stack && (
        <details>
          <summary>Calls that led there</summary>
          <pre>{stack}</pre>
        </details>
      )}
    </div>
  )
}

export function ConsolePanel({ printed }: { readonly printed: readonly Printed[] }) {
  if (printed.length === 0) return null
  return (
    <Panel title="Console">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <div className="code-console" role="log" aria-label="Console" tabIndex={0}>
        {printed.map(({ level, text }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
          <pre key={i} className={`code-${level}`}>
            {text}
          </pre>
        ))}
      </div>
    </Panel>
  )
}

/** Where in its loops the program is, and a slider from pass to pass. */
export function LoopsPanel({ file }: { readonly file: string }) {
  const trace = useExplorer(({ session }) => session?.trace)
  const step = useExplorer((state) => state.step)
  const loops = useMemo(() => (trace ? loopsAt(trace, file, step) : []), [trace, file, step])
  if (loops.length === 0) return null
  return (
    <div className="code-loops">
      {loops.map(({ line, column, index, count, starts }) => (
        <label key={`${line}:${column}`}>
          <span>
            Loop in line {line}: iteration {index + 1} of {count}
          </span>
          <input
            type="range"
            min={1}
            max={count}
            step={1}
            value={index + 1}
            aria-valuetext={`iteration ${index + 1} of ${count}`}
            onChange={(event) => {
              const start = starts[Number(event.target.value) - 1]
              if (start !== undefined) seek(start)
            }}
          />
        </label>
      ))}
    </div>
  )
}

export function VariablesPanel({ file, onGo }: { readonly file: string; readonly onGo: (line: number) => void }) {
  const trace = useExplorer(({ session }) => session?.trace)
  const step = useExplorer((state) => state.step)
  const variables = useMemo(() => (trace ? variablesAt(trace, file, step) : []), [trace, file, step])
  if (variables.length === 0) return null
  return (
    <Panel title="Variables at this step">
      <table className="code-variables">
        <thead>
          <tr>
            <th scope="col">name</th>
            <th scope="col">value</th>
            <th scope="col">line</th>
          </tr>
        </thead>
        <tbody>
          {variables.map(({ name, value, line, changed }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {valueText(value)}
                {changed && <span className="code-later"> when set; changed in place later</span>}
              </td>
              <td>
                <button type="button" className="code-place" aria-label={`line ${line}`} onClick={() => onGo(line)}>
                  {line}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

export const Hint = ({ children }: { readonly children: ReactNode }) => <p className="code-hint">{children}</p>
