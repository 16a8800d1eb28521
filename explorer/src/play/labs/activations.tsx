/** An activation beside its slope, a place on both, and the stretches where the slope is next to nothing. */
import { linspace, type Tensor, tensor } from 'chainrule'
import { type Band, explain, lineChart, parseFormula } from 'chainrule/explain'
import { useMemo } from 'react'
import { useExplorer } from '../../model/store.ts'
import { Formula } from '../../ui/formula.tsx'
import { copyNumber } from '../../ui/show-number.ts'
import { Slider } from '../../ui/slider.tsx'
import { Chart } from '../parts/chart.tsx'
import { Blocks } from '../parts/document.tsx'
import { Choices } from '../parts/knobs.tsx'
import { Lab, Refusal } from '../parts/lab.tsx'
import type { Inputs } from '../parts/program.ts'
import { Readings } from '../parts/readings.tsx'
import { setInputs } from '../parts/use-program.ts'
import { ACTIVATIONS, FUNCTION } from './settings.ts'
import { useLab } from './use-lab.ts'

const EDGE = 8
const POINTS = 241
/** A slope below this share of the largest one is next to nothing. */
const FLAT = 0.01
const START = 1

const xOf = ({ x }: Inputs): number => (x?.trim() && Number.isFinite(Number(x)) ? Number(x) : START)

interface Curves {
  readonly x: readonly number[]
  readonly value: readonly number[]
  readonly slope: readonly number[]
}

/** f and f′ at all places at once: the places do not meet, so the gradient of the sum is the slope at each. */
function curvesOf(f: (x: Tensor) => Tensor): Curves {
  const x = linspace(-EDGE, EDGE, POINTS, { dtype: 'float64', requiresGrad: true })
  const y = f(x)
  y.sum().backward()
  return { x: Array.from(x.data), value: Array.from(y.data), slope: Array.from(x.grad!.data) }
}

/** Stretches of flat places, as bands of the chart. */
function flatStretches({ x, slope }: Curves): Band[] {
  const largest = Math.max(...slope.map(Math.abs))
  const flat = slope.map((s) => Math.abs(s) < FLAT * largest)
  const first = flat.map((is, i) => is && !flat[i - 1])
  return x.flatMap((from, i) => {
    if (!first[i]) return []
    const end = flat.indexOf(false, i)
    const to = x[end < 0 ? x.length - 1 : end]
    return to - from > 1 ? [{ label: 'flat', from, to, tone: 'warning' as const }] : []
  })
}

function chartOf(name: string, curves: Curves, here: Here) {
  const points = (ys: readonly number[]) => curves.x.map((x, i) => [x, ys[i]] as const)
  return {
    title: `${name} and its slope`,
    x: { label: 'x' },
    y: { label: 'shaded: slope below 1 % of its largest' },
    series: [
      { name: 'f(x)', points: points(curves.value) },
      { name: 'f′(x)', points: points(curves.slope) },
      { name: 'f here', points: [[here.x, here.value] as const] },
      { name: 'f′ here', points: [[here.x, here.slope] as const] },
    ],
    spans: flatStretches(curves),
  }
}

interface Here {
  readonly x: number
  readonly value: number
  readonly slope: number
}

export function Activations() {
  const inputs = useExplorer((state) => state.inputs)
  const name = ACTIVATIONS.find((it) => it === inputs.f) ?? ACTIVATIONS[0]
  const formula = useMemo(() => parseFormula(`y = ${name}(x)`), [name])
  const curves = useMemo(() => curvesOf((x) => formula.evaluate({ x }).y), [formula])
  const { found, error, isStale } = useLab('derivation', name)
  // A page of formulas: it stays while x moves.
  const steps = useMemo(() => found && <Blocks blocks={found} />, [found])
  const x = xOf(inputs)
  const at = tensor(x, { dtype: 'float64', requiresGrad: true, name: 'x' })
  const told = explain(formula.evaluate({ x: at }).y, at)
  const here = { x, value: told.value, slope: told.gradient }
  const rule = told.paths[0]?.factors[0]
  const says = `${name}: at x = ${x}, f is ${here.value} and its slope is ${here.slope}.`
  const controls = (
    <>
      <Choices choices={[FUNCTION]} inputs={inputs} />
      <Slider
        id="x"
        label="x"
        value={x}
        onChange={(to) => setInputs({ x: copyNumber(to) })}
        min={-EDGE}
        max={EDGE}
        default={START}
      />
      <Readings
        rows={[
          ['f(x)', told.value],
          ['f′(x)', told.gradient],
          ['(f(x + h) − f(x − h)) / 2h', told.numeric],
        ]}
      />
      {told.kink && <p className="note note-warning">There is a corner here: the slope is one by convention.</p>}
      {rule && <Formula tex={`f'(x) = ${rule.symbolic.tex}`} says={`f′(x) = ${rule.formula}`} display />}
    </>
  )
  return (
    <Lab path="play/activations" controls={controls}>
      <Chart draw={(options) => lineChart(chartOf(name, curves, here), options)} says={says} height={360} />
      <h2>Where the slope comes from</h2>
      <div className={isStale ? 'stale' : ''}>{error === null ? steps : <Refusal why={error} />}</div>
    </Lab>
  )
}
