/**
 * How much of a gradient passes the activations of a layer: units whose slope is exactly 0 for every sample are dead, and
 * elements on a flat side that no design intends are saturated. Slopes are those that backward uses.
 */
import { toDense } from '../../backends/js/layout.ts'
import { isParameter } from '../../nn/parameter.ts'
import { parseIndices } from '../../ops/kinds/contract.ts'
import { sizeOf } from '../../ops/shape.ts'
import type { Tensor } from '../../tensor/index.ts'
import { type SlopeProfile, slopeProfile, slopesOf } from './slopes.ts'
import type { Values } from './values.ts'
import type { Application } from './watch.ts'

/** The activations of one layer, all calls taken together. */
export interface GateReport {
  /** The names of the functions. */
  readonly names: readonly string[]
  /** The largest slope that any of them has anywhere. */
  readonly steepest: number
  /** Per unit (feature or channel) of the widest function, whether some sample passes. */
  readonly alive: Uint8Array
  /** How many values each unit had. */
  readonly samples: number
  /** The share of elements on a flat side; null where there is none but the one on which a function is off by design. */
  readonly saturated: number | null
  /** Smallest and largest operand. */
  readonly low: number
  readonly high: number
}

/** Whether the application may stop a gradient, by the definition of its op. */
export function gateOf({ op, inputs, node, backward }: Application): SlopeProfile | null {
  return op && node && !backward ? slopeProfile(op, inputs) : null
}

export function examineGates(gates: readonly Application[], values: Values): GateReport | null {
  if (gates.length === 0) return null
  const passes = gates.map((gate) => examineOne(gate, values))
  const units = Math.max(...passes.map(({ alive }) => alive.length))
  const widest = passes.filter(({ alive }) => alive.length === units)
  const ranked = passes.filter(({ saturated }) => saturated !== null)
  const total = ranked.reduce((sum, { size }) => sum + size, 0)
  return {
    names: [...new Set(gates.map(({ name }) => name))],
    steepest: Math.max(...passes.map(({ steepest }) => steepest)),
    alive: widest.map(({ alive }) => alive).reduce(either),
    samples: widest.reduce((sum, { size }) => sum + size, 0) / Math.max(1, units),
    saturated: total === 0 ? null : ranked.reduce((sum, { saturated }) => sum + saturated!, 0) / total,
    low: Math.min(...passes.map(({ low }) => low)),
    high: Math.max(...passes.map(({ high }) => high)),
  }
}

export const either = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((v, i) => v | b[i])

export const deadShare = ({ alive }: GateReport): number =>
  alive.length === 0 ? 0 : alive.reduce((count, v) => count + (v ? 0 : 1), 0) / alive.length

interface Pass {
  readonly steepest: number
  readonly alive: Uint8Array
  readonly size: number
  readonly saturated: number | null
  readonly low: number
  readonly high: number
}

function examineOne(gate: Application, values: Values): Pass {
  const { steepest, below, above } = slopeProfile(gate.op!, gate.inputs)!
  const slot = gate.inputs.findIndex((x) => typeof x !== 'number')
  const x = gate.inputs[slot] as Tensor
  const slopes = toDense(slopesOf(gate, slot))
  const data = toDense(x)
  const axis = unitAxis(x, values)
  const units = x.shape[axis] ?? 1
  const inner = sizeOf(x.shape.slice(axis + 1))
  const alive = new Uint8Array(units)
  const lowEdge = below && !below.off ? below.edge : -Infinity
  const highEdge = above && !above.off ? above.edge : Infinity
  let [saturated, low, high] = [0, Infinity, -Infinity]
  for (let i = 0; i < data.length; i++) {
    const v = data[i]
    if (slopes[i] !== 0) alive[Math.floor(i / inner) % units] = 1
    if (v < lowEdge || v > highEdge) saturated++
    if (v < low) low = v
    if (v > high) high = v
  }
  const ranked = (below && !below.off) || (above && !above.off)
  return { steepest, alive, size: data.length, saturated: ranked ? saturated : null, low, high }
}

/** So far back a parameter is looked for that tells units apart. */
const HOPS = 8

/**
 * The dimension of x along which its units are counted: that along which the parameters before it vary. Where none is
 * found it is that of the channels [n, channels, height, width], else the last.
 */
function unitAxis(x: Tensor, values: Values): number {
  let at: Tensor | undefined = x
  for (let hop = 0; at && hop < HOPS; hop++) {
    const maker: Application | undefined = values.makers(at).at(-1)
    if (maker?.op?.kind !== 'elementwise' && maker?.op?.kind !== 'contract') break
    const { op, inputs, attrs }: Application = maker
    const fromParameter = inputs.map((y) => typeof y !== 'number' && comesFromParameter(y, values))
    const axis = op.kind === 'contract' ? productAxis(attrs, fromParameter) : broadcastAxis(at, inputs, fromParameter)
    if (axis !== undefined) return axis
    if (op.kind === 'contract') break
    const { size } = at
    at = inputs.find((y, i): y is Tensor => typeof y !== 'number' && y.size === size && !fromParameter[i])
  }
  return x.ndim >= 4 ? 1 : Math.max(0, x.ndim - 1)
}

/** A parameter, frozen or not, or a view of one. */
function comesFromParameter(x: Tensor, values: Values): boolean {
  let at = x
  for (let hop = 0; hop < HOPS; hop++) {
    if (isParameter(at)) return true
    const maker = values.makers(at).at(-1)
    if (maker?.op?.kind !== 'view') return false
    at = maker.inputs[0] as Tensor
  }
  return false
}

/** The index of the result that only the parameter has, if there is one such. */
function productAxis(attrs: Application['attrs'], fromParameter: readonly boolean[]): number | undefined {
  const { a, b, out } = parseIndices(attrs.indices as string)
  const side = fromParameter.indexOf(true)
  if (side < 0 || fromParameter[1 - side]) return undefined
  const [own, other] = side === 0 ? [a, b] : [b, a]
  const letters = [...out].filter((letter) => own.includes(letter) && !other.includes(letter))
  return letters.length === 1 ? out.indexOf(letters[0]) : undefined
}

/** The one dimension along which a parameter that is broadcast to `y` varies. */
function broadcastAxis(
  y: Tensor,
  inputs: Application['inputs'],
  fromParameter: readonly boolean[],
): number | undefined {
  for (const [i, p] of inputs.entries()) {
    if (typeof p === 'number' || !fromParameter[i]) continue
    const dims = p.shape.flatMap((n, d) => (n > 1 ? [d + y.ndim - p.ndim] : []))
    if (dims.length === 1) return dims[0]
  }
  return undefined
}
