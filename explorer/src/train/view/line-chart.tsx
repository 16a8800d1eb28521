/** A chart of a run: lines over steps, what they say in a sentence, the numbers as a table and as a file. */
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import type uPlot from 'uplot'
import { create } from 'zustand'
import { save } from '../../graph/export.ts'
import { Button, Num } from '../../ui/index.ts'
import { lineColour, lineDash, usePalette } from './palette.ts'
import { makePlot } from './plot.ts'
import { type Chart, csvOf, drawable, rowsOf, summaryOf } from './series.ts'
import { useWidth } from './use-width.ts'

/** Where the crosshair of all charts is. */
const useCursor = create<{ readonly index: number | null }>(() => ({ index: null }))

const TABLE_ROWS = 20

export interface LineChartProps {
  readonly chart: Chart
  readonly log: boolean
  readonly file: string
  readonly onOpen: (step: number) => void
  readonly children?: ReactNode
}

export function LineChart({ chart, log, file, onOpen, children }: LineChartProps) {
  const summary = summaryOf(chart)
  return (
    <figure className="line-chart">
      <figcaption>
        <b>{chart.title}</b>
        <span className="line-chart-tools">
          {children}
          <Button
            tone="quiet"
            says="Save every charted step as a file"
            onClick={() => save(file, new Blob([csvOf(chart)], { type: 'text/csv' }))}
          >
            CSV
          </Button>
        </span>
      </figcaption>
      <Readout chart={chart} />
      <div className="line-chart-picture" role="img" aria-label={summary}>
        <Plot chart={chart} log={log} onOpen={onOpen} />
      </div>
      <Data chart={chart} />
    </figure>
  )
}

function Plot({ chart, log, onOpen }: Pick<LineChartProps, 'chart' | 'log' | 'onOpen'>) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const palette = usePalette()
  const width = useWidth(box)
  const drawn = useMemo(() => drawable(chart, log), [chart, log])
  const now = useRef({ chart, drawn, onOpen })
  now.current = { chart, drawn, onOpen }
  const labels = chart.series.map(({ label }) => label).join('\n')
  useEffect(() => {
    if (!box.current || width === 0) return
    const made = makePlot(box.current, {
      labels: labels === '' ? [] : labels.split('\n'),
      log,
      palette,
      width,
      height: Math.max(150, Math.min(200, Math.round(0.42 * width))),
      marks: () => now.current.drawn.marks,
      onCursor: (index) => useCursor.setState({ index }),
      onPick: (index) => now.current.onOpen(now.current.chart.steps[index]),
    })
    plot.current = made
    made.setData(columns(now.current.chart, now.current.drawn))
    return () => {
      plot.current = null
      made.destroy()
    }
  }, [labels, log, palette, width])
  useEffect(() => plot.current?.setData(columns(chart, drawn)), [chart, drawn])
  return <div ref={box} />
}

const columns = ({ steps }: Chart, { lines }: ReturnType<typeof drawable>): uPlot.AlignedData => [[...steps], ...lines]

/** The key to the lines, with what they are at the crosshair, or else at the end. */
function Readout({ chart: { steps, series } }: { chart: Chart }) {
  const palette = usePalette()
  const cursor = useCursor(({ index }) => index)
  const at = cursor !== null && cursor < steps.length ? cursor : steps.length - 1
  return (
    <p className="readout">
      {steps.length > 0 && <span className="readout-step">step {steps[at]}</span>}
      {series.map(({ label, values }, i) => (
        <span key={label} className="readout-series">
          <svg width="22" height="8" aria-hidden="true">
            <line
              x1="0"
              y1="4"
              x2="22"
              y2="4"
              stroke={lineColour(palette, i)}
              strokeWidth="2.5"
              strokeDasharray={lineDash(i).join(' ')}
            />
          </svg>
          {label} {steps.length > 0 && <Num value={lastKnown(values, at)} />}
        </span>
      ))}
    </p>
  )
}

/** What is computed now and then holds until it is computed again. */
const lastKnown = (values: readonly (number | null)[], at: number): number | null =>
  values.slice(0, at + 1).findLast((value) => value !== null) ?? null

function Data({ chart }: { chart: Chart }) {
  const { steps, series } = chart
  if (steps.length === 0) return null
  const rows = rowsOf(chart, TABLE_ROWS)
  return (
    <details className="line-chart-data">
      <summary>Show data</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="table-box" tabIndex={0} aria-label={`${chart.title}: data`}>
        <table>
          <caption>
            {rows.length < steps.length
              ? `${rows.length} of ${steps.length} charted steps; the file has all.`
              : chart.title}
          </caption>
          <thead>
            <tr>
              {['step', ...series.map(({ label }) => label)].map((label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((i) => (
              <tr key={steps[i]}>
                <th scope="row">{steps[i]}</th>
                {series.map(({ label, values }) => (
                  <td key={label}>
                    <Num value={values[i]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}
