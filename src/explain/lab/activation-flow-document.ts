/** What a study of activations found, in tables and in words that hold for its own numbers. */
import { type ChartOptions, lineChart, type Series } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import type { ActivationDecay } from './activation-flow.ts'
import { count, heading, list, paragraph, percent, picture, plural, table } from './blocks.ts'

export class ActivationFlow extends Document {
  readonly layers: number
  readonly trials: number
  /** Null where the pre-activations were given. */
  readonly seed: number | null
  /** The depths of the table. */
  readonly at: readonly number[]
  readonly activations: readonly ActivationDecay[]

  constructor(
    layers: number,
    trials: number,
    seed: number | null,
    at: readonly number[],
    activations: readonly ActivationDecay[],
  ) {
    super()
    this.layers = layers
    this.trials = trials
    this.seed = seed
    this.at = at
    this.activations = activations
  }

  get title(): string {
    return `The gradient behind ${plural(this.layers, 'layer')} of activations`
  }

  blocks(): Block[] {
    const { activations, at, trials, layers } = this
    const names = activations.map(({ name }) => name)
    const drawn =
      this.seed === null ? 'as given' : `drawn from N(0, 1), the same for each activation (seed ${this.seed})`
    return [
      paragraph(
        `Backpropagation multiplies by f'(z) at every layer. Here |f'(z1) ... f'(zn)| is the mean over ${plural(trials, 'trial')}, ` +
          `z ${drawn}; weights are left out.`,
      ),
      table(
        ['Layers', ...names],
        this.rows((activation, depth) => activation.mean[depth - 1]),
        'Mean product',
      ),
      table(
        ['Layers', ...names],
        this.rows(({ exact }, depth) => exact.mean ** depth),
        'What is to be expected for z from N(0, 1): the mean factor to the power of the depth',
      ),
      picture(this.toSvg(), 'The mean product by depth.'),
      heading('A single factor'),
      table(
        ['', 'drawn', 'mean', 'geometric', 'largest', '= 0', '= 1'],
        activations.map(factorRow),
        'drawn: the mean in this study, with its standard error; the rest is exact for z from N(0, 1)',
      ),
      heading('What it means for z from N(0, 1)'),
      list(activations.map((activation) => finding(activation, trials, layers, at[0]))),
      ...(activations.some(isSkewed) ? [paragraph(TYPICAL)] : []),
      ...(activations.some(isGate) ? [paragraph(WHY_RELU_WORKS)] : []),
    ]
  }

  private rows(value: (activation: ActivationDecay, depth: number) => number) {
    return this.at.map((depth) => [String(depth), ...this.activations.map((activation) => value(activation, depth))])
  }

  /** The mean product by depth, drawn and (for up to three activations) expected. */
  toSvg(options: ChartOptions = {}): string {
    const line = (name: string, value: (n: number) => number): Series => ({
      name,
      points: Array.from({ length: this.layers }, (_, i) => [i + 1, value(i + 1)]),
    })
    const drawn = this.activations.map(({ name, mean }) => line(name, (n) => mean[n - 1]))
    const expected = this.activations.map(({ name, exact }) => line(`${name}, expected`, (n) => exact.mean ** n))
    const title = `Mean |f'(z1) ... f'(zn)| over ${plural(this.trials, 'trial')}`
    const series = drawn.length > 3 ? drawn : [...drawn, ...expected]
    return lineChart({ title, x: { label: 'layers' }, y: { label: 'mean product', scale: 'log' }, series }, options)
  }

  toJSON(): PlainObject {
    const { layers, trials, seed, at, activations } = this
    return toPlain({ format: 'chainrule-activation-flow', version: 1, layers, trials, seed, at, activations })
  }
}

function factorRow({ name, factor, exact }: ActivationDecay) {
  const drawn = `${shortNumber(factor.mean)} ± ${shortNumber(Number(factor.standardError.toPrecision(1)))}`
  return [name, drawn, exact.mean, exact.geometricMean, exact.largest, percent(exact.zero), percent(exact.one)]
}

/** Factors are 0 or 1, as of relu: a product is one of them, too. */
const isGate = ({ exact }: ActivationDecay): boolean => exact.zero > 0 && exact.zero + exact.one > 1 - 1e-9

/** The mean is that of few trials. */
const isSkewed = ({ exact }: ActivationDecay): boolean => exact.geometricMean < 0.98 * exact.mean

const TYPICAL =
  'Where the geometric mean of a factor is below its mean, the mean product is made by a few lucky trials: most trials are ' +
  'below it, and a study of few trials often finds less than is to be expected.'

const WHY_RELU_WORKS =
  'Networks with such gates learn all the same, for two reasons that this experiment leaves out: a layer has many units, ' +
  'and along the paths on which all gates are open every factor is exactly 1; and their weights are scaled to make up ' +
  "for the closed half (nn.init.kaimingNormal_ with nonlinearity 'relu'). See depthLab for whole networks."

function finding(activation: ActivationDecay, trials: number, layers: number, first: number): string {
  const { name, exact } = activation
  if (isGate(activation)) return gateFinding(activation, trials, layers, first)
  if (exact.one > 1 - 1e-9) return `${name} hands the gradient on as it is.`
  const mean = shortNumber(exact.mean)
  const left = exact.mean ** layers
  const after = `after ${plural(layers, 'layer')} ${shortNumber(left)} ${left < 1 ? 'of it is' : 'times as much is'} to be expected`
  const typical = `a typical product changes by ${shortNumber(exact.geometricMean)} per layer`
  // Of a slope that is steepest where the search ended there is no telling how steep it becomes.
  const most = Math.abs(exact.largestAt) < 9.9 ? ` and by at most ${shortNumber(exact.largest)}` : ''
  return `${name} multiplies the gradient by ${mean} on average${most}: ${after}; ${typical}.`
}

function gateFinding(
  { name, exact, zeroShare }: ActivationDecay,
  trials: number,
  layers: number,
  first: number,
): string {
  const one = shortNumber(exact.one)
  const survive = (depth: number) => shortNumber(exact.one ** depth)
  const silent = (1 - exact.one ** first) ** trials
  const zeros = Math.round(zeroShare[first - 1] * trials)
  const depths = layers === first ? '' : ` and ${survive(layers)} after ${layers}`
  return (
    `${name} lets the gradient through whole or not at all: every factor is 0 or 1, and so is every product. It is 1 with ` +
    `probability ${one} to the power of the depth, ${survive(first)} after ${plural(first, 'layer')}${depths}; its mean falls by ${one} ` +
    `per layer. Here ${count(zeros)} of ${plural(trials, 'trial')} are exactly 0 after ${plural(first, 'layer')}, ` +
    `and with probability ${shortNumber(silent)} all of them would be.`
  )
}
