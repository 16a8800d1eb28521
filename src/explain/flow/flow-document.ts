/** What `flow` has found, to be read, drawn and kept. */
import { barChart, type ChartOptions } from '../draw/chart.ts'
import { heading, paragraph, picture, plural } from '../lab/blocks.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import type { Evidence, LayerReport, ParameterReport } from './evidence.ts'
import type { Finding } from './findings/finding.ts'
import { diagnose } from './findings/index.ts'
import type { NonFinite } from './non-finite.ts'
import { bandsOf, labelOf, plainLayer, tellFindings, tellTables } from './tell.ts'

export const FLOW_FORMAT = 'chainrule-flow'
export const FLOW_VERSION = 1

/** More bars are no picture. */
const BARS = 100

/** Under a bar there is room for this many letters; the end of a key says more than its beginning. */
const LETTERS = 18

function barLabel(layer: LayerReport): string {
  const label = labelOf(layer)
  if (label.length <= LETTERS) return label
  return layer.key.length <= LETTERS ? layer.key : `…${layer.key.slice(1 - LETTERS)}`
}

const NOTHING =
  'Nothing stands out: gradients reach every parameter in similar size, few units are dead or saturated, and all values are finite.'

export class Flow extends Document {
  readonly title = 'Flow of values and gradients'
  /** NaN where the function returned none. */
  readonly loss: number
  /** In the order of the program. */
  readonly layers: readonly LayerReport[]
  /** Also those that no layer read. */
  readonly parameters: readonly ParameterReport[]
  /** Where the first NaN or infinity comes from that reaches the loss or a gradient. */
  readonly firstNonFinite: NonFinite | null
  /** Problems first; empty where nothing stands out. */
  readonly findings: readonly Finding[]
  readonly #evidence: Evidence

  constructor(evidence: Evidence) {
    super()
    this.#evidence = evidence
    this.loss = evidence.loss.value
    this.layers = evidence.layers.map(plainLayer)
    this.parameters = evidence.parameters.map(({ key, shape, norm, gradNorm, ratio }) => ({
      key,
      shape,
      norm,
      gradNorm,
      ratio,
    }))
    this.firstNonFinite = evidence.nonFinite
    this.findings = diagnose(evidence)
  }

  blocks(): Block[] {
    const { layers } = this.#evidence
    const trained = layers.filter(({ parameters }) => parameters.length > 0).length
    const loss = Number.isNaN(this.loss) && !this.firstNonFinite ? '' : ` Loss: ${shortNumber(this.loss)}.`
    return [
      paragraph(
        `One pass, forward and back: ${plural(layers.length, 'layer')}, ${trained} of them with parameters.${loss}`,
      ),
      ...tellFindings(this.findings, NOTHING),
      ...(layers.length > 0 ? [picture(this.toSvg(), 'The norm of the gradient at each layer')] : []),
      ...(layers.length > 0 ? [heading('Layer by layer')] : []),
      ...tellTables(this.#evidence),
    ]
  }

  /** ‖∂L/∂y‖ per layer on a logarithmic axis; of those with parameters only, and not of all, where there are very many. */
  toSvg(options: ChartOptions = {}): string {
    const reached = this.layers.filter(({ gradient }) => gradient)
    const trained = reached.filter(({ parameters }) => parameters.length > 0)
    const shown = reached.length > BARS && trained.length > 1 ? trained : reached
    const stride = Math.ceil(shown.length / BARS)
    const bars = shown
      .filter((_, i) => i % stride === 0)
      .map((layer) => ({ label: barLabel(layer), value: layer.gradient!.norm }))
    const y = { label: '‖∂L/∂y‖', scale: 'log' } as const
    return barChart(
      { title: 'The gradient at each layer', x: { label: 'layer' }, y, bars, bands: bandsOf(this.#evidence) },
      options,
    )
  }

  /** Plain data; NaN and the infinities are strings. */
  toJSON(): PlainObject {
    const { loss, layers, parameters, firstNonFinite, findings } = this
    return toPlain({ format: FLOW_FORMAT, version: FLOW_VERSION, loss, layers, parameters, firstNonFinite, findings })
  }
}
