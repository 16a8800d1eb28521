/** A chart of a run: lines over steps, what they say in a sentence, the numbers as a table and as a file. */
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import type uPlot from 'uplot'
import { create } from 'zustand'
import { Button, Num, save } from '../../ui/index.ts'
import { useWidth } from '../../ui/use-width.ts'
import { Data, type Table } from './data.tsx'
import { lineColour, lineDash, usePalette } from './palette.ts'
import { makePlot } from './plot.ts'
import { type Chart, csvOf, drawable, rowsOf, type Series, summaryOf } from './series.ts'

/** Where the crosshair of all charts is. */
const useCursor = create<{ readonly index: number | null }>(() => ({ index: null }))

const TABLE_ROWS = 20

interface LineChartProps {
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
      {chart.steps.length > 0 && <Data title={chart.title} table={() => tableOf(chart)} />}
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

/** The key to the lines, with what they are at the crosshair, or else at the end; what is older says of which step. */
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
          {label} {steps.length > 0 && <Known steps={steps} values={values} at={at} />}
        </span>
      ))}
    </p>
  )
}

/** What is computed now and then holds until it is computed again. */
function Known({ steps, values, at }: Pick<Chart, 'steps'> & { values: Series['values']; at: number }) {
  let known = at
  while (known > 0 && values[known] === null) known--
  return (
    <>
      <Num value={values[known]} />
      {known < at && <span className="readout-step">of step {steps[known]}</span>}
    </>
  )
}

function tableOf(chart: Chart): Table {
  const { title, steps, series } = chart
  const rows = rowsOf(chart, TABLE_ROWS)
  return {
    caption: rows.length < steps.length ? `${rows.length} of ${steps.length} charted steps; the file has all.` : title,
    heads: ['step', ...series.map(({ label }) => label)],
    // biome-ignore lint/correctness/useJsxKeyInIterable: cells of a row, which the table gives keys
    rows: rows.map((i) => [steps[i], ...series.map(({ values }) => <Num value={values[i]} />)]),
  }
}
