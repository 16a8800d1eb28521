/** The tables of the report: gradients layer by layer, the gradient check, the confusion matrix, the worst mistakes. */
import { type Html, html, none, number, percent, whole } from './html.ts'
import { pngDataUri } from './picture.ts'
import type { GradientCheckReport, GradientCheckRow, GradientNorm, Mistake, TestReport } from './report.ts'

const scrolling = (label: string, table: Html): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`

export function gradientNormsSection(norms: readonly GradientNorm[], step?: number): Html {
  if (norms.length === 0) return none
  const sizes = norms.map(({ norm }) => norm).filter((norm) => norm > 0 && Number.isFinite(norm))
  // half a decade of bar for the smallest, so that it can be seen
  const low = Math.floor(Math.log10(Math.min(...sizes) / 3))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...sizes))))
  const [from, top] = sizes.length > 0 ? [low, high] : [-1, 0]
  const every = Math.ceil((top - from) / 5)
  const to = from + Math.ceil((top - from) / every) * every
  const ends = Array.from({ length: (to - from) / every + 1 }, (_, i) => from + i * every)
  const when = step === undefined ? '' : ` at step ${whole(step)}`
  const share = (exponent: number): string => `${((100 * (exponent - from)) / (to - from)).toFixed(1)}%`
  const rows = norms.map(
    ({ name, norm }) => html`<tr><th scope="row"><code>${name}</code></th><td>${number(norm, 3)}</td>
<td class="bars"><div class="track" style="--decade: ${share(from + every)}">${bar(norm, share)}</div></td></tr>`,
  )
  return html`<section>
<h2>Gradients, layer by layer</h2>
<p>How strongly the loss pulls at each parameter, from the output of the network back to its input. Norms that shrink
from row to row are a gradient that vanishes on its way; norms that grow, one that explodes.</p>
<table class="norms">
<caption>Norm of the gradient of each parameter${when}, on a logarithmic scale</caption>
<thead><tr><th scope="col">Parameter</th><th scope="col">Norm</th>
<th class="bars" aria-hidden="true"><div class="ruler">${ends.map(
    (e) => html`<span style="left: ${share(e)}">${number(Number(`1e${e}`), 1)}</span>`,
  )}</div></th></tr></thead>
<tbody>${rows}</tbody></table>
</section>`
}

function bar(norm: number, share: (exponent: number) => string): Html {
  if (!Number.isFinite(norm)) return html`<div class="bar odd"></div>`
  return norm > 0 ? html`<div class="bar" style="width: ${share(Math.log10(norm))}"></div>` : none
}

export function gradientCheckSection(check: GradientCheckReport | null): Html {
  if (!check) return none
  const wrong = check.rows.filter(({ ok }) => !ok).length
  const verdict =
    wrong === 0
      ? html`<span class="good">All ${check.rows.length} parameters agree</span>`
      : html`<span class="bad">${wrong} of ${check.rows.length} parameters disagree</span>`
  const columns = ['Entries checked', 'Worst at', 'Analytic', 'Numeric', 'Relative error']
  return html`<section>
<h2>Gradient check of this network</h2>
<p>The gradients that the library computed beside those found by moving a parameter a little and watching the loss.
${verdict} to a relative error of ${number(check.tolerance)}, or to ${number(check.absolute)} where the gradient itself is as small as that.</p>
${scrolling(
  'Gradient check',
  html`<table><caption>The entry of each parameter where the two differ most</caption>
<thead><tr><th scope="col">Parameter</th>${columns.map((name) => html`<th scope="col">${name}</th>`)}
<th scope="col" class="word">Verdict</th></tr></thead>
<tbody>${check.rows.map(checkRow)}</tbody></table>`,
)}
</section>`
}

function checkRow(row: GradientCheckRow): Html {
  const kinks = row.kinks ? html`<br><span class="muted">${whole(row.kinks)} at a kink</span>` : none
  return html`<tr><th scope="row"><code>${row.name}</code></th>
<td>${whole(row.checked)} of ${whole(row.entries)}${kinks}</td><td>[${row.worst.join(', ')}]</td>
<td>${number(row.analytic, 6)}</td><td>${number(row.numeric, 6)}</td><td>${number(row.relativeError, 2)}</td>
<td class="word ${row.ok ? 'good' : 'bad'}">${row.ok ? '✓ agrees' : '✗ differs'}</td></tr>`
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const nameOf = (test: TestReport, i: number): string => test.classes?.[i] ?? String(i)

export function confusionSection(test: TestReport | null): Html {
  if (!test) return none
  const { confusion } = test
  const names = confusion.map((_, i) => nameOf(test, i))
  const right = sum(confusion.map((row, i) => row[i]))
  const total = sum(confusion.flat())
  const loss = test.loss === undefined ? '' : `; the mean loss was ${number(test.loss)}`
  const worst = Math.max(1, ...confusion.flatMap((row, i) => row.filter((_, j) => i !== j)))
  const rows = confusion.map((row, i) => {
    const cells = row.map((count, j) => cell(count, i === j, i === j ? count / Math.max(1, sum(row)) : count / worst))
    return html`<tr><th scope="row">${names[i]}</th>${cells}
<td class="sum">${whole(sum(row))}</td><td>${percent(row[i] / sum(row))}</td></tr>`
  })
  const totals = names.map((_, j) => html`<td>${whole(sum(confusion.map((row) => row[j])))}</td>`)
  return html`<section>
<h2>Confusion matrix</h2>
<p>${whole(right)} of ${whole(total)} test pictures were read rightly${loss}.
Each row is what the pictures show, each column what the network said: right answers lie on the diagonal in bold.</p>
${scrolling(
  'Confusion matrix',
  html`<table class="confusion">
<caption>Number of test pictures by true class (rows) and predicted class (columns)</caption>
<thead><tr><th scope="col">is \\ said</th>${names.map((name) => html`<th scope="col">${name}</th>`)}
<th scope="col" class="sum">total</th><th scope="col">right</th></tr></thead>
<tbody>${rows}</tbody>
<tfoot><tr><th scope="row">total</th>${totals}
<td class="sum">${whole(total)}</td><td>${percent(right / total)}</td></tr></tfoot></table>`,
)}
</section>`
}

/** Shaded so far that text keeps its contrast; mistakes by their number among mistakes, or none would show. */
function cell(count: number, right: boolean, share: number): Html {
  if (count === 0) return html`<td class="nothing">0</td>`
  const alpha = (right ? 0.35 * share : 0.06 + 0.34 * Math.sqrt(share)).toFixed(3)
  return html`<td class="${right ? 'right' : 'wrong'}" style="--share: ${alpha}">${whole(count)}</td>`
}

export function mistakesSection(test: TestReport | null): Html {
  if (!test) return none
  const list = html`<p>The wrong answers that the network was surest of, with the probability that it gave them.</p>
<ul class="mistakes">${test.mistakes.map((mistake) => picture(mistake, test))}</ul>`
  return html`<section>
<h2>Worst mistakes</h2>
${test.mistakes.length > 0 ? list : html`<p>There was none.</p>`}
</section>`
}

function picture(mistake: Mistake, test: TestReport): Html {
  const { index, pixels, probability, labelProbability, width = 28 } = mistake
  const uri = pngDataUri(pixels, width, pixels.length / width)
  const [is, said] = [nameOf(test, mistake.label), nameOf(test, mistake.predicted)]
  const other =
    labelProbability === undefined ? none : html`<br><span class="muted">${is}: ${percent(labelProbability)}</span>`
  return html`<li><figure><img src="${uri}" width="112" height="112"
alt="Test picture ${index}: a ${is} that was read as ${said}">
<figcaption>is <strong>${is}</strong>, said <strong class="bad">${said}</strong>
<br>${said}: ${percent(probability)}${other}</figcaption></figure></li>`
}
