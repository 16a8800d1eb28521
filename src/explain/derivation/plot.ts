/** The curve of a function and of its derivative, with the stretches where next to nothing flows back. */
import { evaluate } from '../../scalar/index.ts'
import { type Band, type ChartOptions, lineChart, type Series } from '../draw/chart.ts'
import { partial } from '../render/typeset.ts'
import { type Derivation, expanded, type Point } from './model.ts'

const POINTS = 241
/** A unit counts as saturated where its slope is below this share of the largest one. */
const SATURATED = 0.01

/** Over the sampled range of the argument; the others are those of the first point of the table. */
export function plotDerivation(d: Derivation, options: ChartOptions = {}): string {
  const slope = expanded(d, d.steps.at(-1)!.is)
  const places = Array.from({ length: POINTS }, (_, i) => d.samples[d.wrt](i / (POINTS - 1)))
  const at = (x: number): Point => ({ ...d.table[0], [d.wrt]: x })
  const f = places.map((x) => [x, evaluate(d.formula, at(x))] as const)
  const derivative = places.map((x) => [x, evaluate(slope, at(x))] as const)
  const spans = saturated(derivative)
  return lineChart(
    {
      title: `${d.name} and its derivative`,
      x: { label: d.wrt },
      y: { label: spans.length > 0 ? `shaded: slope below ${100 * SATURATED} % of its largest` : '' },
      series: [
        { name: d.result, points: f },
        { name: partial(d.result, d.wrt).text, points: derivative },
      ],
      spans,
    },
    options,
  )
}

/** The ends of the range, as far as the slope is small from there; a slope that is small in the middle is an extremum. */
function saturated(slope: Series['points']): Band[] {
  const largest = slope.reduce((most, [, y]) => Math.max(most, Math.abs(y)), 0)
  const moves = slope.map(([, y]) => Math.abs(y) >= SATURATED * largest)
  const band = { label: 'saturated', tone: 'warning' } as const
  const [first, last] = [moves.indexOf(true), moves.lastIndexOf(true)]
  return [
    ...(first > 1 ? [{ ...band, to: slope[first - 1][0] }] : []),
    ...(last >= 0 && last < slope.length - 2 ? [{ ...band, from: slope[last + 1][0] }] : []),
  ]
}
