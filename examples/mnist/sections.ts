/** The parts of the report: training, the network, the gradient check, the confusion matrix, the worst mistakes. */
import { lossCurve } from './chart.ts'
import { duration, type Html, html, none, number, percent, whole } from './html.ts'
import { pngDataUri } from './picture.ts'
import type { GradientCheckReport, GradientCheckRow, Mistake, RunReport, TestReport } from './report.ts'

const scrolling = (label: string, table: Html): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`

export function trainingSection(run: RunReport): Html {
  const rows = run.epochs.map(
    (epoch, i) => html`<tr><th scope="row">${i + 1}</th><td>${whole(epoch.steps)}</td><td>${number(epoch.loss)}</td>
<td>${percent(epoch.accuracy)}</td><td>${duration(epoch.seconds)}</td></tr>`,
  )
  const table = scrolling(
    'Epochs',
    html`<table class="epochs">
<caption>The same epoch by epoch</caption>
<thead><tr><th scope="col">Epoch</th><th scope="col">Steps so far</th><th scope="col">Mean loss</th>
<th scope="col">Accuracy (${run.accuracyOn})</th><th scope="col">Time</th></tr></thead>
<tbody>${rows}</tbody></table>`,
  )
  return html`<section>
<h2>Training</h2>
${lossCurve(run)}
${rows.length > 0 ? table : html`<p>No epoch was finished, so there is no accuracy to show.</p>`}
</section>`
}

export function networkSection({ network, parameters }: RunReport): Html {
  return html`<section>
<h2>The network</h2>
<p>${whole(parameters)} numbers were learned. The layers by number, as the parameters below are named:</p>
<pre class="scroll" tabindex="0" role="region" aria-label="The network">${network}</pre>
</section>`
}

export function gradientCheckSection(check: GradientCheckReport | string): Html {
  const heading = html`<h2>Gradient check of this network</h2>`
  if (typeof check === 'string') return html`<section>${heading}<p>There is none: ${check}</p></section>`
  const columns = ['Entries checked', 'Worst at', 'Analytic', 'Numeric', 'Relative error']
  return html`<section>
${heading}
<p>The gradients that the library computed beside those found by moving a parameter a little and watching the loss on the
first ${check.pictures} of these pictures, in float64. ${checkVerdict(check)}</p>
${scrolling(
  'Gradient check',
  html`<table><caption>The entry of each parameter where the two differ most</caption>
<thead><tr><th scope="col">Parameter</th>${columns.map((name) => html`<th scope="col">${name}</th>`)}
<th scope="col" class="word">Verdict</th></tr></thead>
<tbody>${check.rows.map(checkRow)}</tbody></table>`,
)}
</section>`
}

function checkVerdict({ rows, tolerance, absolute }: GradientCheckReport): Html {
  const wrong = rows.filter(({ ok }) => !ok).length
  const dead = rows.filter(isDead).length
  const bounds = `to a relative error of ${number(tolerance)}, or to ${number(absolute)} where the gradient is that small`
  const some = (n: number): string => `${n} of ${rows.length} parameters`
  const agree = rows.length - wrong - dead
  const live = html`<span class="good">${agree === rows.length ? `All ${agree} parameters` : some(agree)} agree</span> ${bounds}.`
  return html`${wrong > 0 ? html`<span class="bad">${some(wrong)} disagree.</span> ` : none}${agree > 0 ? live : none}${
    dead > 0
      ? html` <span class="bad">No gradient reaches ${dead} of ${rows.length} parameters</span>: theirs is exactly 0 by
both ways, so they cannot learn on these pictures; a learning rate that is too high can leave a network like that.`
      : none
  }`
}

const isDead = ({ ok, dead }: GradientCheckRow): boolean => ok && dead === true

function checkRow(row: GradientCheckRow): Html {
  const kinks = row.kinks ? html`<br><span class="muted">${whole(row.kinks)} at a kink</span>` : none
  const [kind, verdict] = isDead(row)
    ? ['bad', '0: no gradient reaches this parameter']
    : row.ok
      ? ['good', '✓ agrees']
      : ['bad', '✗ differs']
  return html`<tr><th scope="row"><code>${row.name}</code></th>
<td>${whole(row.checked)} of ${whole(row.entries)}${kinks}</td><td>[${row.worst.join(', ')}]</td>
<td>${number(row.analytic, 6)}</td><td>${number(row.numeric, 6)}</td><td>${number(row.relativeError, 2)}</td>
<td class="word ${kind}">${verdict}</td></tr>`
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
${test.mistakes.length > 0 ? list : html`<p>${noMistake(test)}</p>`}
</section>`
}

function noMistake({ loss = 0 }: TestReport): string {
  return Number.isNaN(loss) ? 'The network is sure of nothing: the probabilities it gives are NaN.' : 'There was none.'
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
