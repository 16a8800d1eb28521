/**
 * One training run as one HTML page that needs nothing but itself: no script, no font, no request. The run comes in
 * as plain numbers, so the page knows nothing of the engine; chart.ts draws the curve, sections.ts the rest.
 */
import { lossCurve } from './chart.ts'
import { duration, type Html, html, none, number, percent, whole } from './html.ts'
import { confusionSection, gradientCheckSection, gradientNormsSection, mistakesSection } from './sections.ts'
import { style } from './style.ts'

/** All that the page shows of a run. Unfinished runs have fewer epochs than planned, and perhaps no test result. */
export interface RunReport {
  /** What was trained, in words: `perceptron 784-128-10`. */
  readonly model: string
  /** The command line that repeats the run. */
  readonly command: string
  readonly seed: number
  /** How many numbers were learned. */
  readonly parameters: number
  /** Wall-clock time of the whole run. */
  readonly seconds: number
  /** What it ran on, in words: `Node 24.1, BLAS, 8 threads`. */
  readonly machine?: string
  /** Training loss of every optimiser step in order, with NaN and infinities as they came. */
  readonly loss: ArrayLike<number>
  readonly plannedEpochs: number
  /** The epochs that were finished. */
  readonly epochs: readonly EpochReport[]
  /** What the accuracy after each epoch was measured on. */
  readonly accuracyOn: 'validation' | 'test'
  /** Null while there is none. */
  readonly test: TestReport | null
  /** Gradients at one step, ordered from the output of the network to its input. Empty: not measured. */
  readonly gradientNorms: readonly GradientNorm[]
  /** The step, counted from 1, at which they were measured. */
  readonly gradientNormsStep?: number
  /** Null: not done. */
  readonly gradientCheck: GradientCheckReport | null
}

export interface EpochReport {
  /** How many steps were done in all when this epoch ended: its place on the axis of steps. */
  readonly steps: number
  /** Mean training loss over the epoch. */
  readonly loss: number
  /** Share of right answers after the epoch, 0 to 1, on what `accuracyOn` says. */
  readonly accuracy: number
  readonly seconds: number
}

export interface TestReport {
  /** `confusion[label][predicted]`: how many. All else that is said of the test follows from it. */
  readonly confusion: readonly (readonly number[])[]
  /** Names of the classes where they are not the digits 0, 1, 2 ... */
  readonly classes?: readonly string[]
  readonly loss?: number
  /** The wrong answers given with the greatest confidence, worst first. */
  readonly mistakes: readonly Mistake[]
}

export interface Mistake {
  /** Which picture of the test set, counted from 0. */
  readonly index: number
  readonly label: number
  readonly predicted: number
  /** What the network gave for its (wrong) answer, and for the right one. */
  readonly probability: number
  readonly labelProbability?: number
  /** Rows of grey values from 0 (background) to 255 (ink). */
  readonly pixels: ArrayLike<number>
  /** 28 where not given; the height follows. */
  readonly width?: number
}

export interface GradientNorm {
  /** The parameter: `layer2.weight`. */
  readonly name: string
  /** Euclidean norm of its gradient. */
  readonly norm: number
}

export interface GradientCheckReport {
  /** Relative errors up to this pass. */
  readonly tolerance: number
  /** So do absolute errors up to this. */
  readonly absolute: number
  readonly rows: readonly GradientCheckRow[]
}

export interface GradientCheckRow {
  readonly name: string
  /** How many entries were compared, of how many. */
  readonly checked: number
  readonly entries: number
  /** Entries left out because the loss has a kink there. */
  readonly kinks?: number
  /** The entry with the largest error, by its index in the parameter. */
  readonly worst: readonly number[]
  readonly analytic: number
  readonly numeric: number
  readonly relativeError: number
  readonly ok: boolean
}

/** The page, complete. */
export function renderReport(run: RunReport): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${run.model}: training report</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${header(run)}
${trainingSection(run)}
${gradientNormsSection(run.gradientNorms, run.gradientNormsStep)}
${gradientCheckSection(run.gradientCheck)}
${confusionSection(run.test)}
${mistakesSection(run.test)}
</main>
</body>
</html>
`.markup
}

function header(run: RunReport): Html {
  const steps = run.loss.length
  const facts: [string, string][] = [
    ['Test accuracy', testAccuracy(run.test)],
    ['Time', duration(run.seconds)],
    ['Parameters', whole(run.parameters)],
    ['Epochs', `${run.epochs.length} of ${run.plannedEpochs}`],
    ['Steps', whole(steps)],
    ['Seed', String(run.seed)],
  ]
  return html`<header>
<h1>${run.model}</h1>
<p class="muted">Trained with Chainrule${run.machine ? ` on ${run.machine}` : ''}.</p>
${unfinished(run)}
<dl class="facts">${facts.map(
    ([term, value], i) => html`<div${i === 0 ? html` class="first"` : none}><dt>${term}</dt><dd>${value}</dd></div>`,
  )}</dl>
<p>To repeat this run: <code class="command">${run.command}</code></p>
</header>`
}

function testAccuracy(test: TestReport | null): string {
  if (!test) return 'none yet'
  const right = test.confusion.reduce((sum, row, i) => sum + row[i], 0)
  return percent(right / test.confusion.flat().reduce((a, b) => a + b, 0))
}

function unfinished({ epochs, plannedEpochs, loss, test }: RunReport): Html {
  if (epochs.length >= plannedEpochs && test) return none
  const steps = `${whole(loss.length)} ${loss.length === 1 ? 'step' : 'steps'}`
  const where = `after ${epochs.length} of ${plannedEpochs} epochs (${steps})`
  return html`<p class="notice" role="note"><strong>Unfinished run.</strong> It stopped ${where}${
    test ? '; what follows is what it had learned by then' : ', and there is no test result yet'
  }.</p>`
}

function trainingSection(run: RunReport): Html {
  const rows = run.epochs.map(
    (epoch, i) => html`<tr><th scope="row">${i + 1}</th><td>${whole(epoch.steps)}</td><td>${number(epoch.loss)}</td>
<td>${percent(epoch.accuracy)}</td><td>${duration(epoch.seconds)}</td></tr>`,
  )
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="Epochs"><table>
<caption>The same epoch by epoch</caption>
<thead><tr><th scope="col">Epoch</th><th scope="col">Steps so far</th><th scope="col">Mean loss</th>
<th scope="col">Accuracy (${run.accuracyOn})</th><th scope="col">Time</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
  return html`<section>
<h2>Training</h2>
${lossCurve(run)}
${rows.length > 0 ? table : html`<p>No epoch was finished, so there is no accuracy to show.</p>`}
</section>`
}
