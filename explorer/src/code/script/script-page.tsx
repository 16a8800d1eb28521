/** `#/graph`: the program of the script that `chainrule explore` was given, run again whenever it is saved. */
import { useEffect, useRef, useState } from 'react'
import { copyCurrent } from '../../app/share.ts'
import { Workbench } from '../../app/workbench.tsx'
import { sizeOf } from '../../graph/shapes.ts'
import type { Session } from '../../model/session.ts'
import { askFirst, show, update, useExplorer } from '../../model/store.ts'
import { useRoute } from '../../url/index.ts'
import { scriptAbout } from '../abouts.ts'
import { useMarks } from '../at-step.ts'
import { CodeEditor } from '../code-editor.tsx'
import { selectLine } from '../program.ts'
import { ConsolePanel, Hint, LoopsPanel, ProblemPanel, VariablesPanel } from '../results.tsx'
import { isAlone } from './alone.tsx'
import { connect, useConnection } from './connection.ts'
import '../code.css'

export function ScriptPage() {
  const visit = useRoute((route) => route.visit)
  const session = useConnection((connection) => connection.session)
  const stale = useConnection((connection) => connection.stale)
  useEffect(connect, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a view that is opened again shows what there is
  useEffect(() => {
    if (session) showAgain(session)
  }, [session, visit])
  return (
    <div className={stale ? 'code-page is-stale' : 'code-page'}>
      <Workbench controls={<Controls />} about={<p>{scriptAbout}</p>} />
    </div>
  )
}

/**
 * Shows the trace of another run. Of a program that has changed the step stays as far as there is one, and the selection
 * goes to the value of the same name.
 */
function showAgain(session: Session): void {
  const before = useExplorer.getState()
  show(session)
  const { nodes, steps } = session.trace
  if (before.session?.origin === session.origin) {
    const was = before.session.trace
    const name = before.selected && was.nodes[before.selected.node].name
    const same = nodes.find((node) => node.name === name)
    const isAtEnd = before.step === was.steps.length - 1
    update({
      step: isAtEnd ? steps.length - 1 : Math.min(before.step, steps.length - 1),
      selected: same
        ? { node: same.id, index: Math.min(before.selected?.index ?? 0, sizeOf(same.value.shape) - 1) }
        : null,
    })
  }
  askFirst()
}

function Controls() {
  const connection = useConnection()
  const { running, missing, printed, problem, stale } = connection
  if (isAlone(connection)) return null
  return (
    <div className="code-controls">
      <Status />
      {running && <Hint>Tracing …</Hint>}
      {missing !== null && (
        <Hint>
          <code>{missing}</code> has been deleted or moved: this is the last trace. The script runs again when it is
          back.
        </Hint>
      )}
      {stale && !running && <Hint>The graph is that of the run before; the last run gave none.</Hint>}
      <Source file={problem?.file ?? null} />
      <ConsolePanel printed={printed} />
    </div>
  )
}

/** The bar above says the rest: which script, and that it is there. */
function Status() {
  const { state, script } = useConnection()
  if (state === 'none' || (state === 'connected' && script !== null)) return null
  const text = {
    connecting: 'Connecting …',
    connected: 'Connected',
    gone: 'Disconnected: this is the last trace. The command is looked for again.',
    other: 'Disconnected: this is the last trace. The command was started again; open the address that it printed.',
  }[state]
  return (
    <p className={`code-status code-status-${state}`} role="status">
      <span aria-hidden="true">{state === 'gone' || state === 'other' ? '✕' : '●'}</span> {text}
    </p>
  )
}

/** A source file of the program, with what its lines did. */
function Source({ file: wanted }: { readonly file: string | null }) {
  const problem = useConnection((connection) => connection.problem)
  const script = useConnection((connection) => connection.script)
  const stale = useConnection((connection) => connection.stale)
  const trace = useExplorer(({ session }) => session?.trace)
  const [chosen, choose] = useState<string | null>(null)
  const go = useRef<(line: number, column?: number) => void>(() => {})
  const sources = trace?.sources ?? {}
  const files = Object.keys(sources).filter((file) => sources[file] !== '')
  const file = [chosen, wanted, script, files[0]].find((each) => each != null && each in sources) ?? ''
  // A graph of the run before stands beside the text of that run.
  const isHere = problem?.file === file && !stale
  const marks = useMarks(file, true, isHere ? (problem?.line ?? null) : null)
  return (
    <>
      {problem && (
        <ProblemPanel problem={problem} file={problem.file ?? ''} onGo={(line, column) => go.current(line, column)} />
      )}
      {files.length > 1 && (
        <label className="code-examples">
          <span>File</span>
          <select value={file} onChange={(event) => choose(event.target.value)}>
            {files.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      )}
      {file !== '' && (
        <CodeEditor
          key={file}
          text={sources[file]}
          label={`${file}, to read only`}
          readOnly
          marks={marks}
          problem={isHere ? problem : null}
          onChange={() => {}}
          onRun={() => {}}
          onSave={() => void copyCurrent()}
          onLine={(line) => selectLine(line, file)}
          onReady={(found) => {
            go.current = found
          }}
        />
      )}
      <LoopsPanel file={file} />
      <VariablesPanel file={file} onGo={(line) => go.current(line)} />
    </>
  )
}
