/**
 * The figures as a picture: a row per workload, the time against PyTorch's best on a logarithmic axis, so dots have the place
 * that bars would need a zero for. It fits light and dark pages by itself.
 */
import { columns, duration } from './table.mjs'

const series = [
  { key: 'js', name: 'best JS peer', shape: 'square' },
  { key: 'pytorch', name: 'PyTorch, best', shape: 'line' },
  { key: 'eager', name: 'Chainrule, eager', shape: 'ring' },
  { key: 'wasm', name: 'Chainrule, WebAssembly', shape: 'dot' },
  { key: 'blas', name: 'Chainrule with BLAS', shape: 'dot' },
]
const WIDTH = 860
const LEFT = 270
const RIGHT = 110
const TOP = 76
const ROW = 30

const style = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .quiet { fill: #656d76 }
    .grid { stroke: #d0d7de; stroke-width: 1 }
    .pytorch { stroke: #656d76; fill: #656d76; stroke-width: 2 }
    .js { fill: #bf8700; stroke: #bf8700 }
    .eager { fill: none; stroke: #0969da; stroke-width: 2 }
    .wasm { fill: #54aeff; stroke: #54aeff }
    .blas { fill: #0550ae; stroke: #0550ae }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .quiet { fill: #9198a1 }
      .grid { stroke: #3d444d }
      .pytorch { stroke: #9198a1; fill: #9198a1 }
      .js { fill: #d29922; stroke: #d29922 }
      .eager { stroke: #58a6ff }
      .wasm { fill: #1f6feb; stroke: #1f6feb }
      .blas { fill: #a5d6ff; stroke: #a5d6ff }
    }`

function mark({ key, shape }, x, y) {
  if (shape === 'line') return `<line class="${key}" x1="${x}" x2="${x}" y1="${y - 9}" y2="${y + 9}"/>`
  if (shape === 'square') return `<rect class="${key}" x="${x - 4.5}" y="${y - 4.5}" width="9" height="9"/>`
  return `<circle class="${key}" cx="${x}" cy="${y}" r="${shape === 'ring' ? 4.5 : 5}"/>`
}

const text = (x, y, words, more = '') => `<text x="${x}" y="${y}"${more}>${words}</text>`

function legend(used) {
  let x = 16
  return used.map((one) => {
    const drawn = `${mark(one, x + 6, 22)}${text(x + 18, 26, one.name)}`
    x += 40 + one.name.length * 7
    return drawn
  })
}

/** Powers of ten around all ratios, and where a ratio lies between them. */
function axis(ratios) {
  const low = Math.floor(Math.log10(Math.min(1, ...ratios)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1, ...ratios))))
  const place = (r) => Math.round((LEFT + ((Math.log10(r) - low) / (high - low)) * (WIDTH - LEFT - RIGHT)) * 10) / 10
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
  return { place, ticks: ticks.map((r) => ({ x: place(r), label: r < 1 ? `1/${Math.round(1 / r)}` : `${r}×` })) }
}

/** An SVG document; workloads without a figure of PyTorch are left out, for they have nothing to be compared with. */
export function chart(workloads, figures, peak) {
  const rows = workloads.map((workload) => ({ workload, found: columns(workload, figures, peak) }))
  const drawn = rows.filter(({ found }) => found.pytorch)
  const used = series.filter(({ key }) => drawn.some(({ found }) => found[key]))
  const times = (found) => used.flatMap(({ key }) => (found[key] ? [found[key].ms / found.pytorch.ms] : []))
  const { place, ticks } = axis(drawn.flatMap(({ found }) => times(found)))
  const bottom = TOP + drawn.length * ROW
  const grid = ticks.map(
    ({ x, label }) =>
      `<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 8}" y2="${bottom}"/>` +
      text(x, TOP - 14, label, ' class="quiet" text-anchor="middle"'),
  )
  const lines = drawn.flatMap(({ workload, found }, i) => {
    const y = TOP + i * ROW + ROW / 2
    const best = found.blas ?? found.wasm ?? found.eager
    return [
      text(16, y + 4, workload.title),
      ...used.map((one) => (found[one.key] ? mark(one, place(found[one.key].ms / found.pytorch.ms), y) : '')),
      text(WIDTH - 16, y + 4, duration(best?.ms), ' text-anchor="end"'),
    ]
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 34}" role="img">
  <title>Time of a training step against PyTorch: further left is faster</title>
  <style>${style}
  </style>
  ${[...legend(used), ...grid, ...lines].filter((part) => part !== '').join('\n  ')}
  ${text(16, bottom + 22, 'time of a step over PyTorch’s best: further left is faster; at the right, Chainrule’s best', ' class="quiet"')}
</svg>
`
}
