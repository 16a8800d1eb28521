/** Steps that are too large: the loss rises along its own gradient, or training goes nowhere in leaps. */
import { shortNumber } from '../../render/number.ts'
import type { Evidence, ParameterEvidence } from '../evidence.ts'
import type { Diagnosis, Finding } from './finding.ts'
import { about } from './words.ts'

/**
 * A step along a parabola promises p = lr g² and brings p (1 - lr λ / 2): nothing at twice the best length 1/λ, at which
 * training still holds its level, and a rise of 1.5 p at five times of it. That is too large by any account.
 */
const AGAINST = 1.5
/** A rise that is told if the step is large too: near a minimum, momentum from other batches raises a loss for a while. */
const RISE = 0.5
/** A rise that is told in any case: five times the loss before. */
const LEAP = 4
/** A hundred times the thousandth of its norm by which a weight changes where training goes well. */
const GIANT = 0.1
/** A step longer than the weight itself leaves nothing of it, and promises more than any loss can fall. */
const WHOLE = 1
/** By how much the loss of a training that goes somewhere has fallen from its first third to its last. */
const FALL = 0.1
/** Steps change weights by about a thousandth where training goes well; this is thirty times as much. */
const LARGE = 0.03
/** So many losses show a trend. */
const ENOUGH = 10
/** Growth over the best that was reached before which no noise of batches explains. */
const GROWTH = 2

export const learningRate: Diagnosis = {
  name: 'learning-rate',
  title: 'Learning rate too large',
  find: (evidence) => [...ofOneStep(evidence), ...ofTraining(evidence)],
}

function ofOneStep({ loss: { trial }, parameters, learningRates }: Evidence): Omit<Finding, 'diagnosis' | 'title'>[] {
  if (!trial || !(trial.predicted < 0) || !Number.isFinite(trial.before)) return []
  const { before, after, predicted } = trial
  const largest = largestRatio(parameters)
  const rise = after - before
  const enough = (largest?.ratio ?? 0) > GIANT ? RISE : LEAP
  const breaks = rise > AGAINST * -predicted || (largest?.ratio ?? 0) > WHOLE
  if (Number.isFinite(after) && !(rise > enough * Math.abs(before) && breaks)) return []
  const steps = largest
    ? ` It changes ${largest.key} by ${about(largest.ratio!)} times its norm; about 0.001 is usual.`
    : ''
  return [
    {
      severity: 'problem',
      where: {},
      evidence: `One step${rates(learningRates)} takes the loss of the same batch from ${shortNumber(before)} to ${shortNumber(after)}, where the gradient promised ${about(predicted)}.${steps}`,
      remedy: remedyFor(learningRates, largest),
      data: { ...trial, learningRates },
    },
  ]
}

/** The losses of a training that is watched. */
function ofTraining({
  loss: { history },
  parameters,
  learningRates,
}: Evidence): Omit<Finding, 'diagnosis' | 'title'>[] {
  const largest = largestRatio(parameters)
  const broken = history.findIndex((loss) => !Number.isFinite(loss))
  const losses = broken < 0 ? history : history.slice(0, broken)
  if (!largest || losses.length + (broken < 0 ? 0 : ENOUGH) < ENOUGH) return []
  const third = Math.max(1, Math.floor(losses.length / 3))
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length
  const [first, last] = [mean(losses.slice(0, third)), mean(losses.slice(-third))]
  const grows = broken >= 0 || last > first + (GROWTH - 1) * Math.abs(first)
  const stays = last > first - FALL * Math.abs(first) && largest.ratio! > LARGE
  if (!(grows && largest.ratio! > LARGE) && !stays) return []
  const course =
    broken >= 0
      ? `The loss is ${history[broken]} after ${broken} steps`
      : `The loss went from ${shortNumber(first)} to ${shortNumber(last)} in ${losses.length} steps`
  return [
    {
      severity: grows ? 'problem' : 'warning',
      where: { parameters: [largest.key] },
      evidence: `${course}, while a step${rates(learningRates)} changes ${largest.key} by ${about(largest.ratio!)} times its norm; about 0.001 is usual.`,
      remedy: remedyFor(learningRates, largest),
      data: { first, last, steps: losses.length, ratio: largest.ratio, learningRates },
    },
  ]
}

/** Of the weights: biases start at 0, so that any step is large beside them. */
function largestRatio(parameters: readonly ParameterEvidence[]): ParameterEvidence | undefined {
  const known = parameters.filter(({ ratio, shape }) => ratio !== null && shape.length > 1)
  return known.length === 0 ? undefined : known.reduce((a, b) => (b.ratio! > a.ratio! ? b : a))
}

const rates = (list: readonly number[]): string =>
  list.length === 0 ? '' : ` with lr = ${list.map(shortNumber).join(', ')}`

/** Half way, in powers of ten, from the whole weight to a thousandth of it. */
const AIM = 0.03

function remedyFor(list: readonly number[], largest: ParameterEvidence | undefined): string {
  const share = Math.min(0.1, AIM / (largest?.ratio ?? 0))
  const smaller =
    list.length === 0
      ? 'a tenth of the learning rate'
      : `optimizer.paramGroups[0].lr = ${shortNumber(Number((list[0] * share).toPrecision(1)))}`
  return `Try ${smaller}, and optim.clipGradNorm(model.parameters(), 1) before the step; optim.LinearLR as a warm-up helps where only the first steps are too large.`
}
