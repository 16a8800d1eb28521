/** Forward against reverse mode: passes and operations counted for any shape, and times measured where asked for. */
import { randn, type Tensor } from 'chainrule'
import { type ModeCost, modeCost, modePasses } from 'chainrule/explain'
import { useDeferredValue, useMemo, useState } from 'react'
import { useExplorer } from '../../model/store.ts'
import { Button } from '../../ui/button.tsx'
import { Chart } from '../parts/chart.tsx'
import { CountSlider } from '../parts/count-slider.tsx'
import { Blocks } from '../parts/document.tsx'
import { Lab } from '../parts/lab.tsx'
import type { Inputs } from '../parts/program.ts'
import { type Count, countOf } from '../parts/settings.ts'
import { about } from '../texts.ts'

const INPUTS: Count = { id: 'n', label: 'inputs', start: 20, min: 1, max: 200 }
const HIDDEN: Count = { id: 'k', label: 'hidden', start: 16, min: 1, max: 64 }
const OUTPUTS: Count = { id: 'm', label: 'outputs', start: 1, min: 1, max: 200 }
const COUNTS = [INPUTS, HIDDEN, OUTPUTS]
/** In milliseconds: short enough for the page to wait. */
const BUDGET = 150

/** y = W tanh(V x), of n inputs and m outputs. */
function cost(inputs: Inputs, budget: number): ModeCost {
  const [n, k, m] = COUNTS.map((count) => countOf(count, inputs))
  const float64 = { dtype: 'float64' } as const
  const [V, W] = [randn([k, n], float64), randn([m, k], float64)]
  return modeCost((x: Tensor) => W.matmul(V.matmul(x).tanh()), randn([n], float64), { budget })
}

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
  const later = useDeferredValue(inputs)
  const [measured, setMeasured] = useState<{ readonly of: Inputs; readonly cost: ModeCost } | null>(null)
  const counted = useMemo(() => cost(later, 0), [later])
  const shown = measured?.of === later ? measured.cost : counted
  const controls = (
    <>
      <p className="hint">y = W tanh(V x), with random V and W.</p>
      {COUNTS.map((count) => (
        <CountSlider key={count.id} count={count} inputs={inputs} />
      ))}
      <Button tone="main" onClick={() => setMeasured({ of: inputs, cost: cost(inputs, BUDGET) })}>
        Measure on this machine
      </Button>
    </>
  )
  return (
    <Lab about={about['play/modes']} controls={controls}>
      <Passes inputs={shown.inputs} outputs={shown.outputs} />
      <h2>What all derivatives cost</h2>
      <Chart draw={(options) => shown.toSvg(options)} says={shown.advice()} height={260} />
      <Blocks blocks={shown.blocks()} />
    </Lab>
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
