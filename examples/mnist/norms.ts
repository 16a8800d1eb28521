/**
 * How large the gradient is, layer by layer: bars on a logarithmic axis, those of one layer under its name, so that
 * weights are compared with weights and biases with biases.
 */
import { type Html, html, none, number } from './html.ts'
import type { GradientNorm, GradientNorms, LayerNorms } from './report.ts'

/** Powers of ten: where the axis begins and ends, and how many lie between two lines. */
interface Axis {
  readonly from: number
  readonly to: number
  readonly every: number
}

export function gradientNormsSection(norms: GradientNorms | null): Html {
  if (!norms || norms.layers.length === 0) return none
  const axis = axisOf(norms.layers.flatMap(({ parameters }) => parameters))
  const ends = Array.from({ length: (axis.to - axis.from) / axis.every + 1 }, (_, i) => axis.from + i * axis.every)
  const ruler = ends.map((e) => html`<span style="left: ${share(axis, e)}">${number(Number(`1e${e}`), 1)}</span>`)
  return html`<section>
<h2>Gradients, layer by layer</h2>
<p>How strongly the loss on the first ${norms.pictures} test pictures, after training, pulls at each parameter, from the
output of the network back to its input. Weights whose norms shrink from layer to layer show a gradient that vanishes on
its way; norms that grow, one that explodes.</p>
<table class="norms">
<caption>Norm of the gradient of each parameter, on a logarithmic scale</caption>
<thead><tr><th scope="col">Parameter</th><th scope="col">Norm</th>
<th class="bars" aria-hidden="true"><div class="ruler">${ruler}</div></th></tr></thead>
${norms.layers.map((layer) => layerRows(layer, axis))}</table>
</section>`
}

function axisOf(norms: readonly GradientNorm[]): Axis {
  const sizes = norms.map(({ norm }) => norm).filter((norm) => norm > 0 && Number.isFinite(norm))
  if (sizes.length === 0) return { from: -1, to: 0, every: 1 }
  // half a decade of bar for the smallest, so that it can be seen
  const from = Math.floor(Math.log10(Math.min(...sizes) / 3))
  const top = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...sizes))))
  const every = Math.ceil((top - from) / 5)
  return { from, to: from + Math.ceil((top - from) / every) * every, every }
}

const share = ({ from, to }: Axis, exponent: number): string =>
  `${((100 * (exponent - from)) / (to - from)).toFixed(1)}%`

function layerRows({ layer, parameters }: LayerNorms, axis: Axis): Html {
  const rows = parameters.map(
    ({ name, norm }, i) => html`<tr><th scope="row"><code>${name}</code></th><td>${number(norm, 3)}</td>
<td class="bars"><div class="track" style="--decade: ${share(axis, axis.from + axis.every)}">\
${bar(norm, axis, i > 0)}</div></td></tr>`,
  )
  return html`<tbody><tr class="layer"><th scope="rowgroup" colspan="3">${layer}</th></tr>
${rows}</tbody>
`
}

/** The first parameter of a layer, its weight, is filled; the others are outlines. */
function bar(norm: number, axis: Axis, outline: boolean): Html {
  if (!Number.isFinite(norm)) return html`<div class="bar odd"></div>`
  if (norm === 0) return none
  return html`<div class="bar${outline ? ' outline' : ''}" style="width: ${share(axis, Math.log10(norm))}"></div>`
}
