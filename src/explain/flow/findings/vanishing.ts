/** Early layers receive next to nothing of the gradient that reaches the last. */
import type { Evidence, LayerEvidence } from '../evidence.ts'
import { type Compared, compareWithEnd, gatesBetween } from './chain.ts'
import type { Diagnosis, Finding } from './finding.ts'
import { SATURATED } from './saturation.ts'
import { about, layersReceive, percent, range } from './words.ts'

/**
 * Steps of about 1e-3 of the weights make a layer learn. Where the last layer has those, a layer with this share of its
 * gradient changes by 1e-7 of its weights, which is what rounding to float32 changes (2⁻²⁴ = 6e-8).
 */
export const VANISHING = 1e-4
/** A hundred times less than float32 can tell. */
const LOST = 1e-6
/** Contributions to a shared weight that are smaller than this share of the largest are lost in its float32 sum. */
const STEP_LOST = 2 ** -24
/** A function that never passes more than this, as the sigmoid's 1/4, shrinks a gradient whatever the weights. */
const SHALLOW = 0.5

export const vanishing: Diagnosis = {
  name: 'vanishing',
  title: 'Vanishing gradient',
  find: (evidence) => [...overLayers(evidence), ...overSteps(evidence)],
}

function overLayers(evidence: Evidence): Omit<Finding, 'diagnosis' | 'title'>[] {
  const compared = compareWithEnd(evidence)
  const small = compared.filter(({ ratio }) => ratio > 0 && ratio < VANISHING)
  if (small.length === 0) return []
  // A gradient that is exactly 0 has vanished only if what comes after it shows the decay: else it was never sent.
  const gone = compared.filter(
    ({ ratio, layer }) => ratio === 0 && small.some((s) => flowsInto(evidence, layer, s.layer)),
  )
  const all = [...gone, ...small].sort((a, b) => a.ratio - b.ratio)
  const [worst] = all
  const least = small.reduce((a, b) => (b.ratio < a.ratio ? b : a))
  const names = compared.filter((c) => all.includes(c)).map(({ layer }) => layer.key)
  const perLayer = least.ratio ** (1 / (least.between + 1))
  const norms = `‖∂L/∂y‖ is ${about(worst.layer.gradient!.norm)} at layer ${worst.layer.key} and ${about(worst.end.gradient!.norm)} at layer ${worst.end.key}`
  const causes = causesOf(evidence, worst)
  return [
    {
      severity: worst.ratio < LOST ? 'problem' : 'warning',
      where: { layers: names },
      evidence:
        `${layersReceive(names)} ${range(worst.ratio, all[all.length - 1].ratio)} of the gradient ` +
        `that reaches layer ${worst.end.key}: ${norms}, a factor of ${about(perLayer)} per layer.${causes.map((c) => ` ${c}`).join('')}`,
      remedy: remedyFor(evidence, worst),
      data: {
        ratios: Object.fromEntries(all.map(({ layer, ratio }) => [layer.key, ratio])),
        reference: worst.end.key,
        perLayer,
      },
    },
  ]
}

const flowsInto = ({ layers }: Evidence, from: LayerEvidence, to: LayerEvidence): boolean =>
  from.into().includes(layers.indexOf(to))

function causesOf(evidence: Evidence, worst: Compared): string[] {
  const gates = gatesBetween(evidence, worst)
  const stuck = gates.filter(({ saturated }) => saturated !== null && saturated >= SATURATED)
  const shallow = gates.find(({ gates }) => gates!.steepest <= SHALLOW)
  const said: string[] = []
  if (stuck.length > 0) {
    const most = stuck.reduce((a, b) => (b.saturated! > a.saturated! ? b : a))
    said.push(
      `${percent(most.saturated!)} of the ${most.gates!.names.join(' and ')} values in ${most.key} are saturated.`,
    )
  }
  if (shallow)
    said.push(`The slope of ${shallow.gates!.names.join(' and ')} is ${about(shallow.gates!.steepest)} at most.`)
  return said
}

function remedyFor(evidence: Evidence, worst: Compared): string {
  const gates = gatesBetween(evidence, worst)
  const squashing = gates.some(({ gates, saturated }) => gates!.steepest <= SHALLOW || (saturated ?? 0) >= SATURATED)
  if (squashing)
    return 'Use nn.ReLU or nn.GELU with nn.init.kaimingNormal_(layer.weight), put nn.LayerNorm before the activations, or add a residual path: x.add(layer.forward(x)).'
  return 'Start with larger weights, nn.init.kaimingNormal_(layer.weight); put nn.LayerNorm or nn.BatchNorm1d between the layers, or add a residual path: x.add(layer.forward(x)).'
}

/** A recurrent layer whose first steps no longer count. */
function overSteps({ layers }: Evidence): Omit<Finding, 'diagnosis' | 'title'>[] {
  return layers.flatMap((layer) => {
    const arrived = layer.steps.filter((norm) => norm > 0)
    const [least, most] = [Math.min(...arrived), Math.max(...arrived)]
    if (arrived.length < 2 || !(least < STEP_LOST * most)) return []
    const lost = arrived.filter((norm) => norm < STEP_LOST * most).length
    return [
      {
        severity: 'warning' as const,
        where: { layers: [layer.key] },
        evidence: `Along the steps of ${layer.key} the gradient falls from ${about(most)} to ${about(least)}: ${lost} of ${arrived.length} activations add nothing to the float32 gradient of its weights.`,
        remedy:
          'Use nn.LSTM or nn.GRU, start the recurrent weight (weight_hh_l0) with nn.init.orthogonal_, or use shorter sequences.',
        data: { least, most, lost, steps: arrived.length },
      },
    ]
  })
}
