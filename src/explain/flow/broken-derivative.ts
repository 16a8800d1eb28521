/**
 * Where backward makes NaN or an infinity of finite cotangents: an op has no derivative at its operand. Most often the
 * cotangent is exactly 0 there, because a later choice left the element out, and 0 · ∞ is NaN: the branch that `where`
 * does not take is differentiated all the same.
 */
import { toDense } from '../../backends/js/layout.ts'
import type { ElementwiseDefinition } from '../../ops/kinds/elementwise.ts'
import { evaluate, freeArgs } from '../../scalar/index.ts'
import { firstNonFinite, type Tensor } from '../../tensor/index.ts'
import { slopesOf } from './slopes.ts'
import { isFlat, type Use, type Values } from './values.ts'
import type { Application, Visit } from './watch.ts'

export interface Broken {
  readonly application: Application
  /** The operand whose cotangent is not finite, that cotangent, and the element. */
  readonly slot: number
  readonly contribution: Tensor
  readonly index: number
  /** The element of the result, where the op is elementwise. */
  readonly at: number | null
  readonly cause: 'singular' | 'overflow'
  readonly untaken: Left | null
}

/** An operand that a later choice left out at some elements. */
export interface Left {
  readonly application: Application
  readonly conditional: boolean
  readonly count: number
  readonly size: number
}

export function brokenDerivative({ node, cotangents, contributions }: Visit, values: Values): Broken | null {
  const application = values.applicationOf(node)
  const slot = contributions.findIndex((g) => g && firstNonFinite(g) >= 0)
  if (!application || slot < 0) return null
  const contribution = contributions[slot]!
  const found = { application, slot, contribution, index: firstNonFinite(contribution) }
  if (application.op?.kind !== 'elementwise') {
    const cause = Number.isNaN(toDense(contribution)[found.index]) ? 'singular' : 'overflow'
    return { ...found, at: null, cause, untaken: null }
  }
  const slopes = toDense(slopesOf(application, slot))
  const cotangent = toDense(cotangents[0]!)
  const places: number[] = []
  for (let i = 0; i < slopes.length; i++) if (!Number.isFinite(slopes[i])) places.push(i)
  // No slope is to blame: a product or a sum of finite numbers has left the range.
  if (places.length === 0) return { ...found, at: null, cause: 'overflow', untaken: null }
  const at = places.find((i) => cotangent[i] !== 0) ?? places[0]
  const untaken = cotangent[at] === 0 ? leftOut(application, at, values) : null
  return { ...found, at, cause: 'singular', untaken }
}

/** The first later op whose slope by what was made of the element is 0. */
function leftOut(start: Application, index: number, values: Values): Left | null {
  const seen = new Set<Application>([start])
  let front: { y: Tensor; at: number | null }[] = start.outputs.map((y) => ({ y, at: index }))
  while (front.length > 0) {
    const next: typeof front = []
    for (const { y, at } of front) {
      for (const use of values.uses(y)) {
        const { application } = use
        if (application.backward || !application.node || seen.has(application)) continue
        seen.add(application)
        const left = leavesOut(use, at)
        if (left) return left
        // Beyond an op that is not elementwise the place of the element is unknown.
        const kept = application.op?.kind === 'elementwise' && application.outputs[0].size === y.size
        for (const output of application.outputs) next.push({ y: output, at: kept ? at : null })
      }
    }
    front = next
  }
  return null
}

/** @param at the element in question, or null where any will do. */
function leavesOut({ application, slot }: Use, at: number | null): Left | null {
  const { op, outputs } = application
  if (op?.kind !== 'elementwise') return null
  const slopes = toDense(slopesOf(application, slot))
  let count = 0
  for (const slope of slopes) if (slope === 0) count++
  if (count === 0 || (at !== null && slopes[at] !== 0)) return null
  return { application, conditional: isChoice(op, slot), count, size: outputs[0].size }
}

/** Whether the slope by the operand is 1 or 0, as a condition has it: an operand that is itself without a slope. */
function isChoice(op: ElementwiseDefinition, slot: number): boolean {
  const partial = op.partials[slot]
  const [condition, ...others] = freeArgs(partial)
  if (condition === undefined || others.length > 0) return false
  if (!op.args.includes(condition) || !isFlat(op, op.args.indexOf(condition))) return false
  const slopes = [0, 1].map((when) => evaluate(partial, { [condition]: when }))
  return slopes.includes(0) && slopes.includes(1)
}
