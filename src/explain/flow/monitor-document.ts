/** How a monitored training is told and drawn. */
import { type ChartOptions, lineChart } from '../draw/chart.ts'
import { count, heading, paragraph, picture } from '../lab/blocks.ts'
import type { Block } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import type { Evidence } from './evidence.ts'
import { diagnose } from './findings/index.ts'
import type { GradientMonitor, LayerRecord, MonitorRecord } from './monitor.ts'
import { RECENT } from './over-time.ts'
import { tellFindings, tellTables } from './tell.ts'

const NOTHING =
  'Nothing stands out: gradients reach every parameter in similar size, few units are dead or saturated, and the loss falls.'

/** More lines are no picture. */
const LINES = 6

export function tellMonitor(monitor: GradientMonitor, evidence: Evidence | null): Block[] {
  const { steps, records, every, stride, losses } = monitor
  if (!evidence)
    return [paragraph(`No step was measured yet: call attach() before a forward pass and step(loss) after it.`)]
  const [first, last] = [losses[0], losses[losses.length - 1]]
  const kept = stride > 1 ? `, of which one in ${stride} is kept` : ''
  return [
    paragraph(
      `Steps: ${count(steps)}, ${every === 1 ? 'all measured' : `one in ${every} measured`}${kept}. The loss went from ${shortNumber(first[1])} to ${shortNumber(last[1])}.`,
    ),
    ...tellFindings(diagnose(evidence), NOTHING),
    picture(lossChart(monitor), 'The loss over the steps'),
    picture(chartOf(monitor, {}), 'The norm of the gradient at each layer over the steps'),
    heading(records.length === 1 ? 'The measured step' : 'The latest measured steps'),
    ...tellTables(evidence),
    paragraph(
      `Norms of gradients and steps are medians of the latest ${RECENT} measured steps; a unit is dead if its slope is 0 for every sample of all of them.`,
    ),
  ]
}

const lossChart = ({ losses }: GradientMonitor): string =>
  lineChart({
    title: 'Loss',
    x: { label: 'step' },
    y: { label: 'loss', scale: losses.every(([, loss]) => !(loss <= 0)) ? 'log' : 'linear' },
    series: [{ name: 'loss', points: losses }],
  })

export function chartOf({ records, title }: GradientMonitor, options: ChartOptions): string {
  const keys = chosenKeys(records)
  const series = keys.map((key) => ({ name: key, points: records.flatMap((record) => pointOf(record, key)) }))
  return lineChart({ title, x: { label: 'step' }, y: { label: '‖∂L/∂y‖', scale: 'log' }, series }, options)
}

function pointOf({ step, layers }: MonitorRecord, key: string): [number, number][] {
  const norm = layers.find((layer) => layer.key === key)?.gradNorm
  return norm === null || norm === undefined ? [] : [[step, norm]]
}

/** The first layer, the last, and some in between, of those that have parameters. */
function chosenKeys(records: readonly MonitorRecord[]): string[] {
  const latest = records[records.length - 1]
  if (!latest) return []
  const has = ({ key, gradNorm }: LayerRecord) =>
    gradNorm !== null && latest.parameters.some((parameter) => parameter.key.startsWith(`${key}.`))
  const trained = latest.layers.filter(has).map(({ key }) => key)
  const keys = trained.length > 0 ? trained : latest.layers.map(({ key }) => key)
  if (keys.length <= LINES) return keys
  return Array.from({ length: LINES }, (_, i) => keys[Math.round((i * (keys.length - 1)) / (LINES - 1))])
}
