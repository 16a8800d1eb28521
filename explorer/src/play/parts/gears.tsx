/** The factors of a chain as gears whose sizes are their ratios, and a nudge: what they predict beside what happens. */
import { tensor } from 'chainrule'
import { explain, type Factor, linearization, parseFormula } from 'chainrule/explain'
import { Num } from '../../ui/number.tsx'
import { copyNumber, showNumber } from '../../ui/show-number.ts'
import { Slider } from '../../ui/slider.tsx'
import { gears, isStraight } from '../programs/gears.ts'
import { chosenOf, type Inputs } from './program.ts'
import { Readings } from './readings.tsx'
import { outputOf, tensorsOf } from './run.ts'
import { setInputs } from './use-program.ts'

const NUDGE = 0.001

const nudgeOf = ({ dx }: Inputs): number => (dx?.trim() && Number.isFinite(Number(dx)) ? Number(dx) : NUDGE)

/** One way leads from h to x in each chain, from the output to the input. */
function study(inputs: Inputs) {
  const formula = parseFormula(gears.formula(chosenOf(gears, inputs)).join('\n'))
  const output = outputOf(gears, inputs)
  const { x } = tensorsOf(gears, inputs)
  const { paths, gradient } = explain(formula.evaluate({ x })[output], x)
  const nudged = linearization(
    (at) => formula.evaluate({ x: at })[output],
    x,
    tensor(nudgeOf(inputs), { dtype: 'float64' }),
    [1],
  )
  return {
    factors: paths[0].factors.toReversed(),
    gradient,
    value: nudged.value[0],
    slope: nudged.slope[0],
    step: nudged.steps[0],
  }
}

export function GearNotes({ inputs }: { inputs: Inputs }) {
  const { factors, gradient, value, slope, step } = study(inputs)
  const dx = nudgeOf(inputs)
  return (
    <section className="notes" aria-label="Gears">
      <h3>Gear ratios</h3>
      <Gears factors={factors} />
      <p className="product">
        {factors.map((factor, i) => (
          <span key={factor.edge}>
            {i > 0 && ' × '}
            <Num value={factor.value} />
          </span>
        ))}{' '}
        = <Num value={gradient} />
      </p>
      <h3>Nudge x</h3>
      <Slider
        id="dx"
        label="Δx"
        value={dx}
        onChange={(value) => setInputs({ dx: copyNumber(value) })}
        min={-0.5}
        max={0.5}
        step={0.001}
        default={NUDGE}
      />
      <Readings
        rows={[
          ['predicted, ∂h/∂x · Δx', slope],
          ['what h really does', step.actual[0] - value],
          ['what the slope misses', step.error[0]],
        ]}
      />
      <p className="hint">
        {isStraight(chosenOf(gears, inputs))
          ? 'This chain is a straight line: its slope misses nothing at any Δx, but for rounding.'
          : 'Halve a small Δx, and what the slope misses falls to a quarter or less: a slope is right for small steps.'}
      </p>
    </section>
  )
}

const SIZE = 84
/** Ratios beyond these are drawn alike; the numbers say the rest. */
const LARGEST = 36
const SMALLEST = 12

const radius = (ratio: number): number => Math.min(LARGEST, Math.max(SMALLEST, 14 + 7 * Math.log2(1 + Math.abs(ratio))))

/** The input first. A factor below 0 turns the other way, which its arrow shows. */
function Gears({ factors }: { factors: readonly Factor[] }) {
  const says = factors
    .map(({ of, wrt, value }) => `${of} turns ${showNumber(value)} times as fast as ${wrt}`)
    .join('; ')
  return (
    <svg
      className="gears"
      width={SIZE * factors.length}
      height="112"
      viewBox={`0 0 ${SIZE * factors.length} 112`}
      role="img"
      aria-label={says}
    >
      {factors.map(({ edge, of, wrt, value }, i) => (
        <g key={edge} transform={`translate(${SIZE * (i + 0.5)} 44)`}>
          <circle className={`gear ${value < 0 ? 'gear-back' : ''}`} r={radius(value)} strokeDasharray="5 4" />
          <text className="gear-ratio" textAnchor="middle" dy="0.35em">
            ×{showNumber(value)}
          </text>
          <text textAnchor="middle" y="62">
            {value < 0 ? '↺' : '↻'} ∂{of}/∂{wrt}
          </text>
        </g>
      ))}
    </svg>
  )
}
