/** How findings, layers and parameters are told, for one pass and for many. */
import { shapeText } from '../../ops/shape.ts'
import type { Shape } from '../../ops/value.ts'
import type { Band } from '../draw/chart.ts'
import { paragraph, table } from '../lab/blocks.ts'
import type { Block, Cell } from '../render/document.ts'
import type { Evidence, LayerEvidence, LayerReport, ParameterReport } from './evidence.ts'
import { compareWithEnd } from './findings/chain.ts'
import { EXPLODING } from './findings/exploding.ts'
import type { Finding } from './findings/finding.ts'
import { VANISHING } from './findings/vanishing.ts'
import { percent } from './findings/words.ts'

/** A table of more rows is no overview; all of them are in `toJSON`. */
const ROWS = 60

/** `0 Linear`, or the kind alone where the key says no more. */
export const labelOf = ({ key, kind }: LayerReport): string =>
  key === kind || key.includes(kind) ? key : `${key} ${kind}`

export function tellFindings(findings: readonly Finding[], nothing: string): Block[] {
  if (findings.length === 0) return [{ is: 'note', tone: 'good', parts: [nothing] }]
  return findings.flatMap(({ severity, title, evidence, remedy }): Block[] => [
    { is: 'note', tone: severity === 'problem' ? 'bad' : 'warning', parts: [`${title}. ${evidence}`] },
    paragraph(`What to do: ${remedy}`),
  ])
}

/** Held together: a line does not break inside of it. */
const shapeCell = (shape: Shape): string => shapeText(shape).replaceAll(' ', '\u00a0')

const share = (x: number | null): Cell => (x === null ? '' : percent(x))

/** Values and gradients layer by layer, then parameters; nothing of what there is none of. */
export function tellTables(evidence: Evidence): Block[] {
  const { layers, parameters } = evidence
  return [
    ...(layers.length > 0 ? [tellValues(layers), tellGradients(layers, evidence), paragraph(LEGEND)] : []),
    ...(parameters.length > 0 ? [tellParameters(parameters)] : []),
  ]
}

const LEGEND =
  'largest: of all elements; of the last: ‖∂L/∂y‖ as a share of that of the last layer with parameters; dead: units ' +
  'whose slope is 0 for every sample; saturated: values at which the slope is below 1 % of the steepest.'

function tellValues(layers: readonly LayerReport[]): Block {
  return table(
    ['layer', 'output', '‖y‖', 'min', 'mean', 'max', 'zeros'],
    layers.slice(0, ROWS).map((layer) => {
      const { norm, min, mean, max, zeros } = layer.activation
      return [labelOf(layer), shapeCell(layer.outputShape), norm, min, mean, max, percent(zeros)]
    }),
    caption('Values', layers),
  )
}

function tellGradients(layers: readonly LayerEvidence[], evidence: Evidence): Block {
  const compared = new Map(compareWithEnd(evidence).map(({ layer, ratio }) => [layer, ratio]))
  return table(
    ['layer', '‖∂L/∂y‖', 'largest', 'of the last', 'dead', 'saturated'],
    layers.slice(0, ROWS).map((layer) => {
      const { gradient, dead, saturated } = layer
      const largest: Cell = gradient ? Math.max(gradient.max, -gradient.min) : ''
      return [
        labelOf(layer),
        gradient?.norm ?? 'none',
        largest,
        compared.get(layer) ?? '',
        share(dead),
        share(saturated),
      ]
    }),
    caption('Gradients', layers),
  )
}

function tellParameters(parameters: readonly ParameterReport[]): Block {
  const stepped = parameters.some(({ ratio }) => ratio !== null)
  return table(
    ['parameter', 'shape', '‖w‖', '‖∂L/∂w‖', ...(stepped ? ['‖step‖/‖w‖'] : [])],
    parameters
      .slice(0, ROWS)
      .map(({ key, shape, norm, gradNorm, ratio }) => [
        key,
        shapeCell(shape),
        norm,
        gradNorm ?? 'none',
        ...(stepped ? [ratio ?? ''] : []),
      ]),
    caption('Parameters', parameters),
  )
}

const caption = (what: string, all: readonly unknown[]): string =>
  all.length > ROWS ? `${what} (the first ${ROWS} of ${all.length})` : what

/** Where a chart of gradient norms says that they vanish or explode, compared with the end of the network. */
export function bandsOf(evidence: Evidence): Band[] {
  const ends = compareWithEnd(evidence).map(({ end }) => end.gradient!.norm)
  const reference = Math.max(...ends)
  if (!(reference > 0 && reference < Infinity)) return []
  return [
    { label: 'vanishing', to: VANISHING * reference, tone: 'bad' },
    { label: 'exploding', from: EXPLODING * reference, tone: 'bad' },
  ]
}

/** Layers as data: without what only diagnoses look at. */
export const plainLayer = ({ into, final, gates, steps, ...report }: LayerEvidence): LayerReport => report
