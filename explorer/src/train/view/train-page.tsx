/** Training, live: the settings, the run, its pictures; and, when a step is opened, its graph. */
import { useEffect, useMemo } from 'react'
import { useExplorer } from '../../model/store.ts'
import { Refusal } from '../../play/parts/lab.tsx'
import { setInputs } from '../../play/parts/use-program.ts'
import { Button, toast } from '../../ui/index.ts'
import { setTurn } from '../../url/index.ts'
import { about } from '../about.ts'
import { type Inputs, problemsOf, settingsOf } from '../settings.ts'
import { adopt, CHARTED, leave, open, start, turn, useTraining } from '../trainer.ts'
import { Controls } from './controls.tsx'
import { Digits } from './digits.tsx'
import { Findings } from './findings.tsx'
import { LineChart } from './line-chart.tsx'
import { OpenedStep } from './opened-step.tsx'
import { RunBar } from './run-bar.tsx'
import { lossChart, normChart } from './series.ts'
import { Surface } from './surface.tsx'
import './pictures.css'
import './train.css'

/** Of a link that asks for more, the training would take too long to be waited for. */
const LATEST = 20_000

function stepWanted({ at }: Inputs): number | null {
  if (at === undefined) return null
  if (/^\d+$/.test(at) && Number(at) <= LATEST) return Number(at)
  toast('warning', `The link asks for step ${at}; steps 0 to ${LATEST} can be opened.`)
  return null
}

export function TrainPage() {
  const inputs = useExplorer((state) => state.inputs)
  const settings = useMemo(() => settingsOf(inputs), [inputs])
  const opened = useTraining((state) => state.opened)
  useEffect(() => {
    const given = useExplorer.getState().inputs
    for (const problem of problemsOf(given)) toast('warning', problem)
    adopt(settingsOf(given), stepWanted(given))
    setTurn(turn)
    return () => {
      setTurn(null)
      leave()
    }
  }, [])
  useEffect(() => adopt(settings, null), [settings])
  if (opened) return <OpenedStep opened={opened} />
  return (
    <div className="lab train">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="lab-findings" aria-label="Training" tabIndex={0}>
        <div className="train-found">
          <p className="about">{about}</p>
          <RunBar />
          <Problem />
          <Pictures log={inputs.log === 'true'} />
        </div>
      </section>
      <section className="lab-controls" aria-label="Controls">
        <Controls settings={settings} inputs={inputs} />
      </section>
    </div>
  )
}

function Problem() {
  const { problem, settings, bad, steps } = useTraining()
  if (problem)
    return (
      <div className="train-problem">
        <Refusal why={problem} />
        <Button onClick={() => settings && start(settings)} disabled={settings === null}>
          Try again
        </Button>
      </div>
    )
  if (bad === null) return null
  return (
    <div className="note note-warning train-bad" role="alert">
      At step {bad} a loss or a gradient was not finite{steps === bad + 1 ? ', and training stopped' : ''}.{' '}
      <Button onClick={() => open(bad)}>Open step {bad}</Button>{' '}
      {bad > 0 && <Button onClick={() => open(bad - 1)}>Open the step before</Button>}
    </div>
  )
}

function Pictures({ log }: { log: boolean }) {
  const { setting, entries, picture, exam, findings, steps, stride, problem } = useTraining()
  const loss = useMemo(() => lossChart(entries), [entries])
  const norms = useMemo(() => normChart(entries, setting?.layers ?? []), [entries, setting])
  if (!setting || !picture || !exam) return problem === null && <p role="status">Fetching the examples …</p>
  const isPlane = setting.examples.train > 0
  return (
    <div className="train-pictures">
      <div className="train-subject">
        {isPlane ? (
          <Surface examples={setting.examples} picture={picture} exam={exam} />
        ) : (
          <Digits examples={setting.examples} picture={picture} />
        )}
      </div>
      <div className="train-charts">
        <LineChart chart={loss} log={log} file="loss.csv" onOpen={open}>
          <Button pressed={log} onClick={() => setInputs({ log: String(!log) })}>
            log scale
          </Button>
        </LineChart>
        <LineChart chart={norms} log file="gradient-norms.csv" onOpen={open} />
        <p className="hint">
          Click a chart to open the graph of that step. ✕ marks NaN and ∞, ▾ a gradient of exactly 0. 0.weight: the
          weights of module 0.
          {stride > 1 &&
            ` Runs of more than ${CHARTED.toLocaleString('en')} steps are thinned out: of this one, every ${stride}${stride === 2 ? 'nd' : 'th'} step is charted. Any step can be opened.`}
        </p>
      </div>
      <Findings findings={findings} steps={steps} />
    </div>
  )
}
