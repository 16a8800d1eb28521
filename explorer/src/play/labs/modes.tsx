/** Forward against reverse mode: passes and operations counted for any shape, and times measured where asked for. */
import { ModeCost, modePasses } from 'chainrule/explain'
import { useMemo, useState } from 'react'
import { useExplorer } from '../../model/store.ts'
import { Button } from '../../ui/button.tsx'
import { Chart } from '../parts/chart.tsx'
import { CountSlider } from '../parts/count-slider.tsx'
import { Blocks } from '../parts/document.tsx'
import { Computing, Lab, Refusal } from '../parts/lab.tsx'
import type { Inputs } from '../parts/program.ts'
import { countOf } from '../parts/settings.ts'
import type { Found } from './jobs.ts'
import { HIDDEN, INPUTS, OUTPUTS } from './settings.ts'
import { useLab } from './use-lab.ts'

const COUNTS = [INPUTS, HIDDEN, OUTPUTS]
/** In milliseconds. */
const BUDGET = 150

/** A network as large as they come has a scalar loss. */
const FAMOUS: readonly (readonly [string, number, number])[] = [
  ['this function', 0, 0],
  ['a million weights, one loss', 1_000_000, 1],
  ['GPT-3: 175 billion weights, one loss', 175_000_000_000, 1],
  ['3 joint angles, 1000 points', 3, 1000],
]

/** Counts are read digit by digit, so they get their commas. */
const whole = new Intl.NumberFormat('en')

export function Modes() {
  const inputs = useExplorer((state) => state.inputs)
  const [measured, setMeasured] = useState<{ readonly of: Inputs; readonly time: number } | null>(null)
  const [n, k, m] = COUNTS.map((count) => countOf(count, inputs))
  const time = measured?.of === inputs ? measured.time : 0
  const { found, error, isStale } = useLab('modes', { n, k, m, budget: time > 0 ? BUDGET : 0, time })
  const controls = (
    <>
      <p className="hint">y = W tanh(V x), with random V and W.</p>
      {COUNTS.map((count) => (
        <CountSlider key={count.id} count={count} inputs={inputs} />
      ))}
      <Button tone="main" onClick={() => setMeasured({ of: inputs, time: (measured?.time ?? 0) + 1 })}>
        {isStale && time > 0 ? 'Measuring …' : 'Measure on this machine'}
      </Button>
    </>
  )
  return (
    <Lab path="play/modes" controls={controls} isStale={isStale}>
      {error !== null ? <Refusal why={error} /> : found ? <Costs found={found} /> : <Computing />}
    </Lab>
  )
}

function Costs({ found }: { found: Found<'modes'> }) {
  const cost = useMemo(() => {
    const { inputs, outputs, operations, times, jacobian, agreement, recommendation } = found
    return new ModeCost(inputs, outputs, operations, times, jacobian, agreement, recommendation)
  }, [found])
  return (
    <>
      <Passes inputs={cost.inputs} outputs={cost.outputs} />
      <h2>What all derivatives cost</h2>
      <Chart draw={(options) => cost.toSvg(options)} says={cost.advice()} height={260} />
      <Blocks blocks={cost.blocks()} />
    </>
  )
}

function Passes({ inputs, outputs }: { inputs: number; outputs: number }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <figure className="document-table" tabIndex={0} aria-label="Passes">
      <table className="passes">
        <caption>Passes for all derivatives</caption>
        <thead>
          <tr>
            <th scope="col">function</th>
            <th scope="col">forward mode</th>
            <th scope="col">reverse mode</th>
            <th scope="col">central differences</th>
          </tr>
        </thead>
        <tbody>
          {FAMOUS.map(([name, n, m]) => {
            const { forward, reverse, differences } = modePasses(n || inputs, m || outputs)
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                {[forward, reverse, differences].map((passes, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the three ways stand under their heads
                  <td key={i}>{whole.format(passes)}</td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </figure>
  )
}
