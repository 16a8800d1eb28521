/** `#/formula`: a formula as on paper, with a slider for each of its numbers. */
import { useEffect, useId, useRef, useState } from 'react'
import { Workbench } from '../app/workbench.tsx'
import { askFirst, show, update, useExplorer } from '../model/store.ts'
import { Slider } from '../ui/index.ts'
import { useRoute } from '../url/index.ts'
import { formulaAbout } from './abouts.ts'
import { type Read, readFormula, type Written, withValue } from './formula-run.ts'
import './code.css'

const start: Written = { formula: 'L = (sigmoid(w*x + b) - y)^2', at: 'w=1, x=2, b=-1, y=1' }

const examples: readonly (Written & { readonly title: string })[] = [
  { title: 'A neuron', ...start },
  { title: 'A square', formula: 'L = (w*x + b)^2', at: 'w=2, x=3, b=1' },
  { title: 'Two ways from x to L', formula: 'e = (a + b)*(b + 1)', at: 'a=2, b=1' },
  { title: 'A layer', formula: 'h = tanh(W @ x)\nL = sum(h^2)', at: 'W=[[0.5, -1], [1, 0.25]], x=[1, 2]' },
  { title: 'A classifier', formula: 'L = crossEntropy(z, 2)', at: 'z=[1, 2, 3]' },
]

export function FormulaPage() {
  const visit = useRoute((route) => route.visit)
  const [shown, setShown] = useState<Shown>({ formula: '', at: '', knobs: [], good: '', used: '', problem: null })
  const change = (next: Written) => {
    const { session, knobs, problem, used, ...read } = readFormula(next)
    const written = { formula: next.formula, at: problem === null ? read.at : next.at }
    // While the values cannot be read, the sliders are those of the values before.
    const isRead = problem === null || knobs.length > 0
    setShown((before) => ({ ...before, ...(isRead && { knobs, good: written.at }), ...written, used, problem }))
    if (session) show(session)
    if (session) askFirst()
    update({ inputs: { f: written.formula, at: written.at } })
  }
  const opened = useRef(change)
  opened.current = change
  // biome-ignore lint/correctness/useExhaustiveDependencies: every visit opens what its link says
  useEffect(() => {
    const { f, at } = useExplorer.getState().inputs
    opened.current(f === undefined ? start : { formula: f, at: at ?? '' })
  }, [visit])
  return (
    <div className={shown.problem === null ? 'code-page' : 'code-page is-stale'}>
      <Workbench controls={<Controls shown={shown} onChange={change} />} about={<p>{formulaAbout}</p>} />
    </div>
  )
}

/** `good` are the values that the sliders stand at. */
type Shown = Written & Pick<Read, 'knobs' | 'used' | 'problem'> & { readonly good: string }

interface ControlsProps {
  readonly shown: Shown
  readonly onChange: (written: Written) => void
}

function Controls({ shown, onChange }: ControlsProps) {
  const { formula, at, knobs, good, used, problem } = shown
  const id = useId()
  return (
    <div className="code-controls">
      <Field
        label="Formula"
        text={formula}
        describedBy={problem === null ? undefined : id}
        onChange={(next) => onChange({ formula: next, at })}
        // Whoever leaves the line has done with the names that are gone from it.
        onLeave={() => problem === null && used !== at && onChange({ formula, at: used })}
      />
      {problem !== null && <Mistake id={id} problem={problem} />}
      {knobs.map((knob) => {
        const label = knob.index.length === 0 ? knob.name : `${knob.name}[${knob.index}]`
        return (
          <Slider
            key={label}
            id={`formula-${label}`}
            label={label}
            value={knob.value}
            default={1}
            onChange={(next) => onChange({ formula, at: withValue(good, knob, next) })}
          />
        )
      })}
      <Field label="Values" text={at} onChange={(next) => onChange({ formula, at: next })} />
      <p className="code-hint">
        A value may be a vector, as in x=[1, 2], or a matrix. Several lines make several steps: h = tanh(W @ x).
      </p>
      <Examples onChange={onChange} />
    </div>
  )
}

/** What is wrong in words, and where as marks under the text, which must not be broken. */
function Mistake({ id, problem }: { readonly id: string; readonly problem: string }) {
  const [words, ...marks] = problem.split('\n')
  return (
    <div id={id} className="code-problem" role="alert">
      <div className="code-message">{words}</div>
      {marks.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        <pre className="code-marks" tabIndex={0}>
          {marks.join('\n')}
        </pre>
      )}
    </div>
  )
}

interface FieldProps {
  readonly label: string
  readonly text: string
  readonly describedBy?: string
  readonly onChange: (text: string) => void
  readonly onLeave?: () => void
}

/** A text that is computed as it is typed; while it is being typed nothing but its author changes it. */
function Field({ label, text, describedBy, onChange, onLeave }: FieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const id = useId()
  const shown = draft ?? text
  return (
    <div className="code-field">
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={Math.max(1, Math.min(8, shown.split('\n').length))}
        spellCheck={false}
        autoCapitalize="off"
        value={shown}
        aria-invalid={describedBy !== undefined}
        aria-describedby={describedBy}
        onChange={(event) => {
          setDraft(event.target.value)
          onChange(event.target.value)
        }}
        onBlur={() => {
          setDraft(null)
          onLeave?.()
        }}
      />
    </div>
  )
}

function Examples({ onChange }: { readonly onChange: (written: Written) => void }) {
  return (
    <fieldset className="code-choices">
      <legend>Examples</legend>
      {examples.map(({ title, ...written }) => (
        <button key={title} type="button" className="button" onClick={() => onChange(written)}>
          {title}
        </button>
      ))}
    </fieldset>
  )
}
