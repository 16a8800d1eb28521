/** Parameters that get no gradient because the derivative of their value never arrives at the loss. */
import { shortNumber } from '../../render/number.ts'
import type { Cut, Evidence, ParameterEvidence } from '../evidence.ts'
import type { Fate } from '../fate.ts'
import type { Diagnosis, Finding } from './finding.ts'
import { atLine, listed, placeOf } from './words.ts'

interface Explanation {
  evidence(names: string, cut: Cut | undefined): string
  remedy(cut: Cut | undefined): string
}

const inLayer = (cut: Cut | undefined): string =>
  cut ? `${cut.where ? ` in ${cut.where}` : ''}${atLine(cut.source)}` : ''

const explanations: Readonly<Record<Exclude<Fate, 'reached'>, Explanation>> = {
  unused: {
    evidence: (names) => `No operation of this pass read ${names}.`,
    remedy: () =>
      'Call the module in forward; if it is not meant to be trained, leave it out of the optimizer or freeze it with module.requiresGrad_(false).',
  },
  noGrad: {
    evidence: (names, cut) =>
      `The values of ${names} were read inside of noGrad only: ${cut?.op}${inLayer(cut)} was not recorded.`,
    remedy: () => 'Take this part of forward out of noGrad(() => ...), or wrap it in enableGrad(() => ...).',
  },
  detached: {
    evidence: (names, cut) =>
      `The values of ${names} reach the loss through ${cut?.op}()${inLayer(cut)}, and their derivative ends there.`,
    remedy: (cut) =>
      `Leave out ${cut?.op}() where the gradient is wanted: use the tensor itself. Values that went through item(), data or toArray() are cut off likewise.`,
  },
  notDifferentiable: {
    evidence: (names, cut) =>
      `The values of ${names} reach the loss through ${cut?.op}${inLayer(cut)} alone, whose ${cut?.dtype} result has no derivative.`,
    remedy: (cut) =>
      `Nothing flows back through integers and flags. Use a smooth stand-in for ${cut?.op}: softmax for a choice, sigmoid for a comparison, the floating point value itself for a rounded one.`,
  },
  flat: {
    evidence: (names, cut) =>
      `The values of ${names} reach the loss through ${cut?.op}${inLayer(cut)} alone, whose derivative is 0 everywhere.`,
    remedy: (cut) =>
      `Send the gradient past it: x.add(x.${cut?.op}().sub(x).detach()) has the value of ${cut?.op} and the slope of x (a straight-through estimator).`,
  },
  unknown: {
    evidence: (names) => `No gradient of ${names} arrived in any measured step.`,
    remedy: () => 'flow(model, () => loss) says where the derivative ends.',
  },
  lost: {
    evidence: (names, cut) =>
      `${names} ${names.includes(' ') ? 'were' : 'was'} read by ${cut?.op}${inLayer(cut)}, but nothing that was made of it is part of the loss.`,
    remedy: () =>
      'Use the result, or leave the call out. A number read with item(), data or toArray() carries no history: calculate with the tensor.',
  },
}

export const noGradient: Diagnosis = {
  name: 'no-gradient',
  title: 'No gradient',
  find: (evidence) => {
    const cut = evidence.parameters.filter(({ fate }) => fate !== 'reached')
    return [...untracked(evidence), ...zero(evidence), ...grouped(cut).map(finding)]
  },
}

/** A loss that requires no gradient although no parameter says why. */
function untracked({ loss, parameters }: Evidence): Omit<Finding, 'diagnosis' | 'title'>[] {
  if (loss.tracked || parameters.length > 0) return []
  return [
    {
      severity: 'problem',
      where: {},
      evidence: 'The loss requires no gradient, and this pass read no tensor that does.',
      remedy:
        'Make parameters with { requiresGrad: true } or nn.Parameter; unfreeze a model with model.requiresGrad_(true).',
      data: {},
    },
  ]
}

/** A gradient that arrives everywhere and is 0 everywhere, though there is a loss to get rid of. */
function zero({ loss, parameters }: Evidence): Omit<Finding, 'diagnosis' | 'title'>[] {
  if (
    loss.value === 0 ||
    !Number.isFinite(loss.value) ||
    parameters.length === 0 ||
    !parameters.every(({ gradNorm }) => gradNorm === 0)
  )
    return []
  return [
    {
      severity: 'problem',
      where: { parameters: parameters.map(({ key }) => key) },
      evidence: `The gradient of every parameter is exactly 0, although the loss is ${shortNumber(loss.value)}.`,
      remedy:
        'Somewhere on the way all slopes are 0: look for the first layer from the end whose ‖∂L/∂y‖ is 0 (an activation that is off for the whole batch, clamp, a mask that leaves nothing, weights that are all 0).',
      data: { reason: 'zero' },
    },
  ]
}

/** Parameters that end in the same way at the same place. */
function grouped(parameters: readonly ParameterEvidence[]): ParameterEvidence[][] {
  const groups = new Map<string, ParameterEvidence[]>()
  for (const parameter of parameters) {
    const [cut] = parameter.cuts
    // What nobody read, or what was read in vain, is told once, wherever it was.
    const place = parameter.fate === 'lost' || !cut ? '' : `${cut.op}${placeOf(cut.source) ?? cut.where}`
    const key = parameter.fate + (parameter.fate === 'noGrad' ? '' : place)
    groups.set(key, [...(groups.get(key) ?? []), parameter])
  }
  return [...groups.values()]
}

function finding(group: readonly ParameterEvidence[]): Omit<Finding, 'diagnosis' | 'title'> {
  const [{ fate, cuts }] = group
  const names = group.map(({ key }) => key)
  const { evidence, remedy } = explanations[fate as Exclude<Fate, 'reached'>]
  const cut = cuts[0] as Cut | undefined
  return {
    severity: ['unused', 'lost', 'unknown'].includes(fate) ? 'warning' : 'problem',
    where: { parameters: names, source: placeOf(cut?.source) },
    evidence: evidence(listed(names), cut),
    remedy: remedy(cut),
    data: { reason: fate, op: cut?.op },
  }
}
