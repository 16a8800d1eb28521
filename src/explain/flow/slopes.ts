/**
 * What an op does to a gradient that passes it, read off its definition: how steep it is at most, and whether it is flat
 * towards an end of its domain. An elementwise function of one tensor that is flat somewhere is a gate: what arrives
 * there is lost. No op is known by its name here; a new activation is examined like those that exist.
 */
import type { ElementwiseDefinition } from '../../ops/kinds/elementwise.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { expand } from '../../ops/view/expand.ts'
import { compileScalar } from '../../scalar/index.ts'
import { onesLike, type Tensor, withoutRecording, zerosLike } from '../../tensor/index.ts'
import type { Application } from './watch.ts'

/** A slope below this share of the steepest counts as flat. */
export const FLAT = 0.01

/** One end of the domain, where the slope is flat and stays so. */
export interface Tail {
  /** From here on outwards. */
  readonly edge: number
  /** Whether the slope is exactly 0 there, as the formula has it and not by rounding. */
  readonly closed: boolean
  /** Whether it begins at 0: a side on which the function is off by design, as half of all values around 0 are. */
  readonly off: boolean
}

export interface SlopeProfile {
  /** The largest |slope| of the whole domain. */
  readonly steepest: number
  readonly below: Tail | null
  readonly above: Tail | null
}

/** Points from 0 outwards: eight per decade from 1e-3 to 1e4. */
const POINTS = [0, ...Array.from({ length: 57 }, (_, k) => 10 ** (-3 + k / 8))]
/** Beyond this a slope that still grows is taken to grow without bound, and a tail that has not begun never to. */
const FAR = 1e3
/** An edge nearer to 0 than this is at 0. */
const AT_ZERO = 1e-2
/** The last slope before a 0 that is only an underflow is smaller than this share of the steepest. */
const UNDERFLOW = 1e-30

const known = new WeakMap<Op, Map<string, SlopeProfile | null>>()

/** The profile of an op applied to one tensor and to numbers; null where it is no gate or has no bounded slope. */
export function slopeProfile(op: Op, inputs: readonly (Tensor | number)[]): SlopeProfile | null {
  if (op.kind !== 'elementwise' || !op.differentiable) return null
  const slot = inputs.findIndex((x) => typeof x !== 'number')
  if (inputs.some((x, i) => i !== slot && typeof x !== 'number')) return null
  const key = `${slot}:${inputs.map((x) => (typeof x === 'number' ? x : 'x')).join()}`
  let profiles = known.get(op)
  if (!profiles) known.set(op, (profiles = new Map()))
  let profile = profiles.get(key)
  if (profile === undefined) profiles.set(key, (profile = examine(op, slot, inputs)))
  return profile
}

function examine(op: ElementwiseDefinition, slot: number, inputs: readonly (Tensor | number)[]): SlopeProfile | null {
  const names = op.args.includes('y') ? op.args : [...op.args, 'y']
  const value = compileScalar(op.formula, op.args)
  const partial = compileScalar(op.partials[slot], names)
  const slope = (x: number): number => {
    const at = inputs.map((given, i) => (i === slot ? x : (given as number)))
    return Math.abs(names === op.args ? partial(...at) : partial(...at, value(...at)))
  }
  const slopes = POINTS.flatMap((x) => [slope(x), slope(-x)])
  const near = Math.max(...POINTS.flatMap((x) => (x <= FAR ? [slope(x), slope(-x)] : [])))
  // NaN fails the comparison too: an op with a bounded domain, such as the logarithm, is no gate.
  if (!(near > 0 && near < Infinity && slopes.every((s) => s <= near))) return null
  const below = tailOf((x) => slope(-x), near)
  const above = tailOf(slope, near)
  if (!below && !above) return null
  return { steepest: near, below: below && { ...below, edge: -below.edge }, above }
}

/** The tail in the direction of positive x, if the slope is flat from somewhere on. */
function tailOf(slope: (x: number) => number, steepest: number): Tail | null {
  const flat = (x: number) => slope(x) < FLAT * steepest
  const last = POINTS.findLastIndex((x) => !flat(x))
  if (last === POINTS.length - 1 || POINTS[last + 1] > FAR) return null
  if (last < 0) return { edge: 0, closed: slope(POINTS[0]) === 0, off: true }
  const edge = bisect(POINTS[last], POINTS[last + 1], (x) => !flat(x))
  const lastSteep = POINTS.findLastIndex((x) => slope(x) !== 0)
  const closes = lastSteep < POINTS.length - 1
  const border = closes ? bisect(POINTS[lastSteep], POINTS[lastSteep + 1], (x) => slope(x) !== 0) : Infinity
  const closed = closes && slope(border) > UNDERFLOW * steepest
  return { edge, closed, off: edge < AT_ZERO }
}

/** The last x of [low, high] for which it still holds. */
function bisect(low: number, high: number, holds: (x: number) => boolean): number {
  let [inside, outside] = [low, high]
  for (let k = 0; k < 60; k++) {
    const middle = (inside + outside) / 2
    if (holds(middle)) inside = middle
    else outside = middle
  }
  return inside
}

/** ∂y/∂x by one operand as backward has it with the values at hand, in the shape of the result. */
export function slopesOf({ op, inputs, attrs, outputs: [y] }: Application, slot: number): Tensor {
  const wanted = inputs.map((_, i) => i === slot)
  return withoutRecording(() => {
    const g = op!.vjp({ inputs, attrs, outputs: [y] }, [onesLike(y)], wanted)[slot] as Tensor | null
    return g ? expand(g, y.shape) : zerosLike(y)
  })
}
