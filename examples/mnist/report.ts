/**
 * One training run as one HTML page that needs nothing but itself: no script, no font, no request. The run comes in
 * as plain numbers, so the page knows nothing of the engine; chart.ts draws the curve, header.ts says what was run and
 * how it ended, norms.ts and sections.ts show the rest.
 */
import { header } from './header.ts'
import { html } from './html.ts'
import { gradientNormsSection } from './norms.ts'
import { confusionSection, gradientCheckSection, mistakesSection, networkSection, trainingSection } from './sections.ts'
import { style } from './style.ts'

/** All that the page shows of a run. Unfinished runs have fewer epochs than planned, and perhaps no test result. */
export interface RunReport {
  /** What was trained, in words: `perceptron 784-128-10`. */
  readonly model: string
  /** The tree of its layers, printed. */
  readonly network: string
  /** The command line of the run. */
  readonly command: string
  readonly seed: number
  /** When it ended. */
  readonly date: Date
  readonly ending: Ending
  readonly method: Method
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
  /** Null: not measured. */
  readonly gradientNorms: GradientNorms | null
  /** Or a sentence that says why there is none. */
  readonly gradientCheck: GradientCheckReport | string
}

export type Ending = { readonly how: 'complete' | 'stopped' } | Diverged

export interface Diverged {
  readonly how: 'diverged'
  /** Counted from 1: the step whose loss was not finite, or after which that of the test was not. */
  readonly step: number
  readonly loss: number
  readonly of: 'training' | 'test'
}

/** How it was trained, in words. */
export interface Method {
  readonly optimizer: string
  readonly schedule: string
  readonly loss: string
  /** Pictures per step. */
  readonly batch: number
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

/** Of the mean loss on the first pictures of the test set, after training. */
export interface GradientNorms {
  readonly pictures: number
  /** From the output of the network to its input. */
  readonly layers: readonly LayerNorms[]
}

export interface LayerNorms {
  /** `Linear(784, 128)` */
  readonly layer: string
  readonly parameters: readonly GradientNorm[]
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
  /** How many of the pictures of the norms the loss was taken over. */
  readonly pictures: number
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
  /** Whether the gradient of the whole parameter is exactly zero: the check then shows only that this is so. */
  readonly dead?: boolean
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
${networkSection(run)}
${gradientNormsSection(run.gradientNorms)}
${gradientCheckSection(run.gradientCheck)}
${confusionSection(run.test)}
${mistakesSection(run.test)}
</main>
</body>
</html>
`.markup
}
