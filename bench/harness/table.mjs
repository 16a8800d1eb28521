/** What was measured as text: a table of workloads, one of memory, and what went wrong. */
import { disagreement } from './workloads.mjs'

/** 0.000512 -> '0.51 µs'; three digits, and the unit that keeps them short. */
export function duration(ms) {
  if (ms === undefined) return '–'
  if (ms < 0.1) return `${digits(ms * 1000)} µs`
  return ms < 1000 ? `${digits(ms)} ms` : `${digits(ms / 1000)} s`
}

const digits = (x) => (x >= 100 ? x.toFixed(0) : x.toPrecision(x < 1 ? 2 : 3))
const ratio = (a, b) => (a === undefined || b === undefined ? '–' : `${digits(a / b)}×`)

/** The fastest of some figures, if there is one. */
const fastest = (figures) =>
  figures.filter(({ ms }) => ms !== undefined).reduce((a, b) => (a && a.ms <= b.ms ? a : b), undefined)

/** The figures of one workload by the columns of the table. */
export function columns(workload, figures, peak) {
  const of = (test) => fastest(figures.filter((f) => f.workload === workload.name && test(f)))
  const rival = of(({ family }) => family === 'pytorch')
  return {
    bound: workload.flops && peak ? (workload.flops / peak) * 1000 : undefined,
    pytorch: rival,
    installed: figures.filter((f) => f.workload === workload.name && f.mode === 'installed'),
    js: of(({ family }) => family === 'tfjs' || family === 'jaxjs'),
    peer: of(({ family }) => family !== 'chainrule'),
    eager: of(({ mode }) => mode === 'eager'),
    blas: of(({ mode }) => mode === 'blas'),
    wasm: of(({ mode }) => mode === 'wasm'),
  }
}

/** The time, how often the best peer's it is and how often the target's: below 1 is better. */
function against(figure, peer, target) {
  if (!figure) return ['–', '–', '–']
  return [duration(figure.ms), ratio(figure.ms, peer?.ms), ratio(figure.ms, target)]
}

const heads = ['', 'bound', 'PyTorch, best', 'as installed', 'best JS peer', 'Chainrule: eager', 'first step']
const own = ['BLAS', '/ peer', '/ target', 'WASM only', '/ peer', '/ target']

/** The main table. */
export function table(workloads, figures, peak) {
  const rows = workloads.map((workload) => {
    const c = columns(workload, figures, peak)
    const [withBlas, without] = workload.targets
    const first = c.blas ?? c.wasm ?? c.eager
    return [
      workload.name,
      duration(c.bound),
      duration(c.pytorch?.ms),
      c.installed.map(({ ms }) => duration(ms)).join(' / ') || '–',
      c.js ? `${duration(c.js.ms)} (${c.js.family})` : '–',
      duration(c.eager?.ms),
      duration(first?.firstMs),
      ...against(c.blas, c.peer, withBlas),
      ...against(c.wasm, c.peer, without),
    ]
  })
  return aligned([[...heads, ...own], ...rows])
}

/** Peak resident memory above the idle process, where a workload has a target for it. */
export function memoryTable(workloads, figures) {
  const bound = workloads.filter(({ memory }) => memory !== undefined)
  const rows = bound.flatMap(({ name, memory }) =>
    figures
      .filter((f) => f.workload === name && f.ms !== undefined)
      .map((f) => [name, f.label, duration(f.ms), `+${f.peakMb - f.idleMb} MB`, `${f.peakMb} MB`, `+${memory} MB`]),
  )
  if (rows.length === 0) return ''
  return aligned([['', '', 'step', 'above idle', 'peak', 'target'], ...rows])
}

/** Lines about figures that are missing or whose losses are not what they must be. */
export function complaints(workloads, figures) {
  return figures.flatMap((figure) => {
    if (figure.error !== undefined) return [`${figure.workload} ${figure.label}: ${figure.error}`]
    const workload = workloads.find(({ name }) => name === figure.workload)
    const wrong = workload && disagreement(workload, figure)
    return wrong ? [`${figure.workload} ${figure.label}: ${wrong}`] : []
  })
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')
  return rows.map(line).join('\n')
}
