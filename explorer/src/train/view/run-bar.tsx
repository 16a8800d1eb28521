/** What can be done with a run, for buttons and keys alike, and where it stands. */
import { useEffect, useState } from 'react'
import { placeOf } from '../../app/keys.ts'
import { useExplorer } from '../../model/store.ts'
import { refuseCount } from '../../play/parts/settings.ts'
import { setInputs } from '../../play/parts/use-program.ts'
import { Button, Icon, Num, NumberBox } from '../../ui/index.ts'
import { BOUNDS, type Inputs } from '../settings.ts'
import { examText, go, open, pause, start, useTraining } from '../trainer.ts'

const PACES = [
  ['10', '10 steps a second'],
  ['100', '100 steps a second'],
  ['full', 'full speed'],
] as const
const USUAL = '100'

const paceOf = ({ pace }: Inputs): string => PACES.find(([word]) => word === pace)?.[0] ?? USUAL
const perSecond = (pace: string): number => (pace === 'full' ? Infinity : Number(pace))

function toggle(): void {
  const { running } = useTraining.getState()
  if (running) pause()
  else go(Number.MAX_SAFE_INTEGER, perSecond(paceOf(useExplorer.getState().inputs)))
}

export function RunBar() {
  const { running, settings, setting, problem } = useTraining()
  const pace = useExplorer(({ inputs }) => paceOf(inputs))
  useKeys()
  const ready = setting !== null && problem === null
  const reseed = (seed: number) => setInputs({ seed: String(seed > BOUNDS.seed.max ? 0 : seed) })
  const repace = (next: string) => {
    setInputs({ pace: next })
    if (running) go(Number.MAX_SAFE_INTEGER, perSecond(next))
  }
  return (
    <div className="run-bar">
      <div className="run-buttons">
        <Button tone="main" says={running ? 'Pause (Space)' : 'Play (Space)'} disabled={!ready} onClick={toggle}>
          <Icon name={running ? 'pause' : 'play'} />
          <span>{running ? 'Pause' : 'Play'}</span>
        </Button>
        <Button says="one step (.)" disabled={!ready} onClick={() => go(1)}>
          Step
        </Button>
        <Button says="10 steps" disabled={!ready} onClick={() => go(10)}>
          ×10
        </Button>
        <Button says="The same run from its start" disabled={!settings} onClick={() => settings && start(settings)}>
          Reset
        </Button>
        <Button says="Other examples and another start" onClick={() => reseed((settings?.seed ?? 0) + 1)}>
          New seed
        </Button>
        <label className="run-pace">
          <span className="for-ear">speed</span>
          <select value={pace} onChange={(event) => repace(event.target.value)}>
            {PACES.map(([word, text]) => (
              <option key={word} value={word}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <OpenBox />
      </div>
      <Standing />
    </div>
  )
}

/** The way to the graph of a step without a pointer. */
function OpenBox() {
  const steps = useTraining((state) => state.steps)
  const [chosen, setChosen] = useState<number | null>(null)
  const last = Math.max(0, steps - 1)
  const step = Math.min(chosen ?? last, last)
  return (
    <span className="run-open">
      <Button disabled={steps === 0} onClick={() => open(step)}>
        Open step
      </Button>
      <NumberBox
        label="step to open"
        value={step}
        onChange={setChosen}
        refuse={refuseCount({ id: 'at', label: 'The step', start: 0, min: 0, max: last })}
      />
    </span>
  )
}

const countOf = (steps: number): string => `${steps.toLocaleString('en')} ${steps === 1 ? 'step' : 'steps'}`

function Standing() {
  const { steps, setting, last, exam, opening } = useTraining()
  return (
    <p className="run-standing">
      <b data-role="steps">{steps.toLocaleString('en')}</b> {steps === 1 ? 'step' : 'steps'}
      {setting && `, ${(steps / setting.perEpoch).toFixed(1)} epochs`}
      {last && (
        <>
          {' '}
          · batch loss <Num value={last.loss} />
        </>
      )}
      {exam && (
        <span data-role="exam">
          {' '}
          · {examText(exam)} after {countOf(exam.step)}
        </span>
      )}
      {opening !== null && <span role="status"> · opening step {opening} …</span>}
    </p>
  )
}

/** The player's keys, for this one: it comes before the shell, whose player has nothing to play now. */
function useKeys(): void {
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target } = event
      const place = placeOf(target as Element | null)
      if (ctrlKey || metaKey || altKey || place === 'text' || document.querySelector('dialog[open]')) return
      const { shortcuts } = useExplorer.getState()
      const act =
        key === ' ' && place === 'page'
          ? toggle
          : shortcuts && key.toLowerCase() === 'k'
            ? toggle
            : shortcuts && key === '.'
              ? () => go(1)
              : null
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', down, true)
    return () => window.removeEventListener('keydown', down, true)
  }, [])
}
