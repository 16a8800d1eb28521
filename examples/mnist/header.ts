/** The head of the report: what was run, when, how, and how it ended. */
import { duration, type Html, html, none, number, percent, whole } from './html.ts'
import type { RunReport, TestReport } from './report.ts'

export function header(run: RunReport): Html {
  const facts: [string, string][] = [
    ['Test accuracy', testAccuracy(run.test)],
    ['Time', duration(run.seconds)],
    ['Parameters', whole(run.parameters)],
    ['Epochs', `${run.epochs.length} of ${run.plannedEpochs}`],
    ['Steps', whole(run.loss.length)],
    ['Seed', String(run.seed)],
  ]
  const diverged = run.ending.how === 'diverged' ? `: diverged at step ${whole(run.ending.step)}` : ''
  return html`<header>
<h1>${run.model}${diverged}</h1>
<p class="muted">Trained with Chainrule on ${day(run.date)}${run.machine ? ` (${run.machine})` : ''}.</p>
${notice(run)}
<dl class="facts">${facts.map(
    ([term, value], i) => html`<div${i === 0 ? html` class="first"` : none}><dt>${term}</dt><dd>${value}</dd></div>`,
  )}</dl>
${method(run)}
<p>${run.ending.how === 'stopped' ? 'It was started with:' : 'To repeat this run:'} ${command(run.command)}</p>
</header>`
}

/** 2026-02-03 14:05 UTC */
const day = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`

function testAccuracy(test: TestReport | null): string {
  if (!test) return 'none yet'
  const right = test.confusion.reduce((sum, row, i) => sum + row[i], 0)
  return percent(right / test.confusion.flat().reduce((a, b) => a + b, 0))
}

function method({ method: { optimizer, schedule, loss, batch } }: RunReport): Html {
  const entries = [
    ['Optimizer', optimizer],
    ['Learning rate', schedule],
    ['Loss', `${loss}, the mean over ${whole(batch)} ${batch === 1 ? 'picture' : 'pictures'} per step`],
  ]
  return html`<dl class="method">${entries.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** Lines break between options, not within one. */
function command(text: string): Html {
  const parts = text.split(/ (?=--)/)
  return html`<code class="command">${parts.map((part, i) => html`${i === 0 ? '' : ' '}<span>${part}</span>`)}</code>`
}

function notice(run: RunReport): Html {
  const { ending, epochs, plannedEpochs, loss, test } = run
  const steps = `${whole(loss.length)} ${loss.length === 1 ? 'step' : 'steps'}`
  const where = `after ${epochs.length} of ${plannedEpochs} epochs (${steps})`
  if (ending.how === 'diverged') {
    const what = ending.of === 'training' ? 'the loss was' : 'the test loss after it was'
    return box(
      `Diverged at step ${whole(ending.step)}:`,
      `${what} ${number(ending.loss)}. The learning rate is the likely cause; try a lower one. Training ended ${where}; \
what follows shows the network as it was then, and where its answers are not numbers, the first class counts as the answer.`,
    )
  }
  if (ending.how === 'complete' && test) return none
  const rest = test ? '; what follows is what it had learned by then' : ', and there is no test result yet'
  return box('Unfinished run.', `It was stopped ${where}${rest}.`)
}

const box = (title: string, text: string): Html =>
  html`<p class="notice" role="note"><strong>${title}</strong> ${text}</p>`
