/** The gradient grows on its way from the last layer to the first. */
import type { Evidence } from '../evidence.ts'
import { compareWithEnd } from './chain.ts'
import type { Diagnosis, Finding } from './finding.ts'
import { about, layersReceive, range } from './words.ts'

/**
 * Steps of about 1e-3 of the weights make a layer learn. Where the last layer has those, a layer with a thousand times its
 * gradient moves by as much as its weights are: it is thrown about. (It works the other way round as well: a learning
 * rate that suits this layer leaves the last one as it is.)
 */
export const EXPLODING = 1e3
/** Beyond the range in which a change of the learning rate could help. */
const BEYOND = 1e6

const CLIP = 'optim.clipGradNorm(model.parameters(), 1) before optimizer.step() limits the damage'

export const exploding: Diagnosis = {
  name: 'exploding',
  title: 'Exploding gradient',
  find: (evidence) => [...overLayers(evidence), ...overSteps(evidence)],
}

function overLayers(evidence: Evidence): Omit<Finding, 'diagnosis' | 'title'>[] {
  const large = compareWithEnd(evidence).filter(({ ratio }) => ratio > EXPLODING)
  if (large.length === 0) return []
  const worst = large.reduce((a, b) => (b.ratio > a.ratio ? b : a))
  const ratios = large.map(({ ratio }) => ratio)
  const names = large.map(({ layer }) => layer.key)
  const perLayer = worst.ratio ** (1 / (worst.between + 1))
  return [
    {
      severity: worst.ratio > BEYOND ? 'problem' : 'warning',
      where: { layers: names },
      evidence:
        `${layersReceive(names)} ${range(Math.min(...ratios), Math.max(...ratios))} times the gradient ` +
        `of layer ${worst.end.key}: ‖∂L/∂y‖ is ${about(worst.layer.gradient!.norm)} at layer ${worst.layer.key} and ` +
        `${about(worst.end.gradient!.norm)} at layer ${worst.end.key}, a factor of ${about(perLayer)} per layer.`,
      remedy: `Start with smaller weights, nn.init.xavierNormal_(layer.weight) or nn.init.orthogonal_(layer.weight), or put nn.LayerNorm between the layers; ${CLIP}.`,
      data: {
        ratios: Object.fromEntries(large.map(({ layer, ratio }) => [layer.key, ratio])),
        reference: worst.end.key,
        perLayer,
      },
    },
  ]
}

/** A recurrent layer in which the gradient grows from step to step. */
function overSteps({ layers }: Evidence): Omit<Finding, 'diagnosis' | 'title'>[] {
  return layers.flatMap(({ key, steps }) => {
    const largest = Math.max(...steps)
    const last = steps.findLast((norm) => norm > 0)
    if (last === undefined || !(largest > EXPLODING * last)) return []
    // A gradient that is large everywhere but at the very end has not grown on its way.
    const rising = steps.indexOf(largest) < steps.length / 2
    if (!rising) return []
    return [
      {
        severity: largest > BEYOND * last ? ('problem' as const) : ('warning' as const),
        where: { layers: [key] },
        evidence: `Along the steps of ${key}, from the last to the first, the gradient grows from ${about(last)} to ${about(largest)}.`,
        remedy: `Start the recurrent weight (weight_hh_l0) with nn.init.orthogonal_, or use nn.LSTM or nn.GRU; ${CLIP}.`,
        data: { last, largest, steps: steps.length },
      },
    ]
  })
}
