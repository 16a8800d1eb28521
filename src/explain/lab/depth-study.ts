/** What a network of the depth lab showed: numbers per layer and a verdict. */
import { barChart, type ChartOptions } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { paragraph, percent, picture, plural, table } from './blocks.ts'
import type { DepthLayer, DepthSettings } from './depth-lab.ts'
import { bandsAround, toneOf } from './grade.ts'
import { judge, type Verdict } from './verdict.ts'

export class DepthStudy extends Document {
  readonly settings: DepthSettings
  readonly loss: number
  /** The hidden layers, then the output layer. */
  readonly layers: readonly DepthLayer[]
  readonly verdict: Verdict

  constructor(settings: DepthSettings, loss: number, layers: readonly DepthLayer[]) {
    super()
    this.settings = settings
    this.loss = loss
    this.layers = layers
    this.verdict = judge(layers)
  }

  get title(): string {
    const { depth, activation } = this.settings
    return `The gradient in a network of ${plural(depth, 'hidden layer')} with ${activation}`
  }

  blocks(): Block[] {
    return [
      { is: 'note', tone: toneOfVerdict(this.verdict), parts: [sentence(this.verdict.text)] },
      paragraph(describe(this.settings), ` Loss: ${shortNumber(this.loss)}.`),
      table(
        ['', 'mean |∂L/∂W|', 'of the last', 'norm', 'mean a', 'std a', 'flat', 'dead'],
        this.layers.map(({ name, gradient, ratio, activation: a }) => {
          const signal = a ? [a.mean, a.std, percent(a.saturated), percent(a.dead)] : ['', '', '', '']
          return [name, gradient.mean, ratio, gradient.norm, ...signal]
        }),
      ),
      paragraph(
        'of the last: as a multiple of the last hidden layer; a: what the layer hands on; flat: the share of elements at which ' +
          'the slope of the activation is below a tenth of its largest (saturated, or a closed relu); dead: the share of units ' +
          'where it is 0 for every sample.',
      ),
      picture(this.toSvg(), sentence(this.verdict.text)),
    ]
  }

  /** Mean |∂L/∂W| per layer, with the smallest and the largest as a whisker. */
  toSvg(options: ChartOptions = {}): string {
    const reference = this.layers[this.settings.depth - 1].gradient.mean
    const bars = this.layers.map(({ activation, gradient: { mean, smallest, largest } }, i) => ({
      label: activation ? String(i + 1) : 'output',
      value: mean,
      min: smallest,
      max: largest,
    }))
    const y = { label: '|∂L/∂W|, mean and range', scale: 'log' } as const
    return barChart({ title: this.title, x: { label: 'layer' }, y, bars, bands: bandsAround(reference) }, options)
  }

  toJSON(): PlainObject {
    const { settings, loss, layers, verdict } = this
    return toPlain({ format: 'chainrule-depth-study', version: 1, settings, loss, layers, verdict })
  }
}

const toneOfVerdict = ({ is }: Verdict) => (is === 'zero' || is === 'not finite' ? 'bad' : toneOf(is))

const sentence = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`

/** "10 hidden layers of 32 units, sigmoid, ..." */
function describe(s: DepthSettings): string {
  const start =
    typeof s.init === 'number' ? `normal weights with standard deviation ${shortNumber(s.init)}` : `init ${s.init}`
  const parts = [
    `${plural(s.depth, 'hidden layer')} of ${plural(s.width, 'unit')}`,
    plural(s.inputs, 'input'),
    plural(s.outputs, 'output'),
    s.activation,
    start,
    s.normalization === 'none' ? 'no normalization' : s.normalization,
    s.residual ? 'residual' : 'not residual',
    `batch ${s.batch}`,
    `loss ${s.loss}`,
    s.dtype,
    `seed ${s.seed}`,
  ]
  return `${parts.join(', ')}.`
}
