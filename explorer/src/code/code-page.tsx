/** `#/code`: the reader's own program, run in a worker, line by line beside its graph. */
import { useEffect, useRef } from 'react'
import { Workbench } from '../app/workbench.tsx'
import { useExplorer } from '../model/store.ts'
import { Button } from '../ui/index.ts'
import { useRoute } from '../url/index.ts'
import { codeAbout } from './abouts.ts'
import { useMarks } from './at-step.ts'
import { CodeEditor } from './code-editor.tsx'
import { examples } from './examples.ts'
import { choose, copyProgram, edit, leave, open, run, selectLine, stop, useProgram } from './program.ts'
import { PROGRAM } from './protocol.ts'
import { ConsolePanel, Hint, LoopsPanel, ProblemPanel, VariablesPanel } from './results.tsx'
import './code.css'

export function CodePage() {
  const visit = useRoute((route) => route.visit)
  const stale = useProgram((program) => program.stale)
  // biome-ignore lint/correctness/useExhaustiveDependencies: every visit opens what its link says
  useEffect(() => {
    void open(useExplorer.getState().inputs)
    return leave
  }, [visit])
  return (
    <div className={stale ? 'code-page is-stale' : 'code-page'}>
      <Workbench controls={<Controls />} about={<p>{codeAbout}</p>} />
    </div>
  )
}

function Controls() {
  const program = useProgram()
  const { source, shown, problem, printed, stale, from, running } = program
  // Lines of a text that has changed are not those of the run.
  const isShown = source === shown
  const marks = useMarks(PROGRAM, isShown, problem?.line ?? null)
  const go = useRef<(line: number, column?: number) => void>(() => {})
  const toLine = (line: number, column?: number) => go.current(line, column)
  return (
    <div className="code-controls">
      <Toolbar />
      {from === 'link' && shown === null && (
        <Hint>This program came with the link. Read it, then press Run: it has not been run.</Hint>
      )}
      {stale && !running && <Hint>The graph is that of the run before; the last run gave none.</Hint>}
      {!stale && shown !== null && !isShown && !running && <Hint>The text has changed since the last run.</Hint>}
      <CodeEditor
        text={source}
        label="Program"
        marks={marks}
        problem={problem}
        onChange={edit}
        onRun={() => void run()}
        onSave={() => void copyProgram()}
        onLine={(line) => isShown && selectLine(line, PROGRAM)}
        onReady={(found) => {
          go.current = found
        }}
      />
      {problem && <ProblemPanel problem={problem} file={PROGRAM} onGo={toLine} />}
      {isShown && <LoopsPanel file={PROGRAM} />}
      <ConsolePanel printed={printed} />
      {isShown && <VariablesPanel file={PROGRAM} onGo={toLine} />}
    </div>
  )
}

function Toolbar() {
  const running = useProgram((program) => program.running)
  return (
    <div className="code-bar">
      {running ? (
        <Button tone="main" onClick={stop}>
          Stop
        </Button>
      ) : (
        <Button tone="main" onClick={() => void run()}>
          Run
        </Button>
      )}
      <kbd>Ctrl/⌘ + Enter</kbd>
      <label className="code-examples">
        <span>Examples</span>
        <select value="" onChange={(event) => void choose(event.target.value)}>
          <option value="" disabled>
            choose …
          </option>
          {examples.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <span role="status">{running ? 'Running …' : ''}</span>
    </div>
  )
}
