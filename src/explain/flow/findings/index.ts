/**
 * The diagnoses. To add one:
 *
 * 1. Write `findings/<name>.ts` with an object `{ name, title, find(evidence) }` of type `Diagnosis`. `find` returns one
 *    finding for each thing that is wrong, and `[]` where nothing is. What it can look at is in `../evidence.ts`: every
 *    layer in the order of the program (activation, gradient, `into` which layers it flows, dead and saturated shares),
 *    every parameter (norms, update ratio, what became of its value), the loss, the first value that is not finite.
 * 2. Add one line to `diagnoses` below. The documents, the command and the monitor then have it.
 *
 * Thresholds are constants with the reason for their value beside them. The evidence is a sentence with numbers, the
 * remedy one that names the API. A number that may be NaN is compared so that NaN says nothing: `x < LOW`, not
 * `!(x >= LOW)`. Each diagnosis has tests in `test/flow/` in which it is right and others in which it
 * keeps silent; `healthy.test.ts` there checks that no network that works is accused.
 */
import type { Evidence } from '../evidence.ts'
import { deadUnits } from './dead-units.ts'
import { exploding } from './exploding.ts'
import type { Diagnosis, Finding } from './finding.ts'
import { learningRate } from './learning-rate.ts'
import { noGradient } from './no-gradient.ts'
import { overflow } from './overflow.ts'
import { saturation } from './saturation.ts'
import { singularPoint } from './singular-point.ts'
import { untakenBranch } from './untaken-branch.ts'
import { vanishing } from './vanishing.ts'

/** In the order in which findings are told: causes before what comes of them. */
export const diagnoses: readonly Diagnosis[] = [
  untakenBranch,
  singularPoint,
  learningRate,
  overflow,
  noGradient,
  exploding,
  vanishing,
  deadUnits,
  saturation,
]

/** What all diagnoses find, problems before warnings. */
export function diagnose(evidence: Evidence): Finding[] {
  const found = diagnoses.flatMap(({ name, title, find }) =>
    find(evidence).map((finding): Finding => ({ diagnosis: name, title, ...finding })),
  )
  return [
    ...found.filter(({ severity }) => severity === 'problem'),
    ...found.filter(({ severity }) => severity !== 'problem'),
  ]
}
