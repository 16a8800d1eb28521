/**
 * The local Jacobian of one op, element by element. It is never stored: asked for one element of an operand, it names the
 * elements of the results that depend on it, with the local derivative. Which elements those are is structure, known
 * from the kind of the op; only routines, which may do anything, are asked by applying their tangent rule.
 */
import { toDense } from '../../backends/js/layout.ts'
import { type ContractAttrs, parseIndices } from '../../ops/kinds/contract.ts'
import type { Call, Op } from '../../ops/kinds/op.ts'
import { contiguousStrides, sameShape } from '../../ops/shape.ts'
import type { Shape, TypedArray } from '../../ops/value.ts'
import { expand } from '../../ops/view/expand.ts'
import { fromArray, fullLike, onesLike, type TapeNode, type Tensor, withoutRecording } from '../../tensor/index.ts'
import { Locator, offsets } from './offsets.ts'
import { routineLocal } from './routine.ts'

/**
 * Called for element `o` of result `k`, with its derivative by the element that was asked for.
 * @param closed that derivative is 0 by a choice of the rule (relu at -1, the side that `where` does not take): whatever
 *   arrives from above, infinite or NaN, 0 goes on. A factor that merely is 0 makes NaN of an infinity.
 * @param size |factor| unless given: the sum of the magnitudes of what it is the sum of.
 */
export type Visit = (k: number, o: number, factor: number, closed?: boolean, size?: number) => void

/** Calls `visit` for every result element that depends on element i of the operand, in ascending order per result. */
export interface Local {
  (i: number, visit: Visit): void
  /** True of a routine that only moves elements about: every derivative is 1 or 0. */
  ones?: boolean
}

/** The application of an op whose values are at hand. */
export interface Application extends Call {
  readonly node: TapeNode
  readonly op: Op
  /** The operands as the program has them, and with the elements that they had. */
  readonly origins: readonly (Tensor | number)[]
  readonly inputs: readonly (Tensor | number)[]
  readonly outputs: readonly Tensor[]
}

const NOTHING: Local = () => {}

/** The local derivatives of all results by operand `slot`, which must be a tensor. */
export function localOf(call: Application, slot: number): Local {
  const { op } = call
  if (!op.differentiable) return NOTHING
  if (op.kind === 'elementwise') return elementwise(call, slot)
  if (op.kind === 'view') return op.scatter ? scatter(call) : view(call)
  if (op.kind === 'reduce') return reduce(call)
  return op.kind === 'contract' ? contraction(call, slot) : routineLocal(call, slot)
}

/** The local derivatives by an operand as one tensor, where there is one number per element; null for other kinds. */
export function localSlopes(call: Application, slot: number): Tensor | null {
  const { kind, differentiable } = call.op
  const x = call.inputs[slot]
  if (!differentiable || typeof x === 'number' || (kind !== 'elementwise' && kind !== 'reduce')) return null
  const { shape } = kind === 'reduce' ? x : call.outputs[0]
  const factors = pulledBack(call, slot, shape, onesLike(call.outputs[0]))
  return factors && fromArray(factors, shape, call.outputs[0].dtype)
}

/** What the rule makes of a cotangent before broadcasting is undone: one number per element of `shape`. */
function pulledBack(call: Application, slot: number, shape: Shape, cotangent: Tensor): TypedArray | null {
  return withoutRecording(() => {
    const wanted = call.inputs.map((_, i) => i === slot)
    const g = call.op.vjp(call, [cotangent], wanted)[slot] as Tensor | null
    return g && toDense(sameShape(g.shape, shape) ? g : expand(g, shape))
  })
}

/** ∂(sum of the result)/∂(operand): for each element of `shape` its own slope, and whether it is a closed gate. */
interface Slopes {
  readonly factors: TypedArray
  readonly closed: (at: number) => boolean
}

function slopes(call: Application, slot: number, shape: Shape): Slopes | null {
  const [y] = call.outputs
  const factors = pulledBack(call, slot, shape, onesLike(y))
  if (!factors) return null
  const stopped = factors.includes(0) ? pulledBack(call, slot, shape, fullLike(y, Number.NaN)) : null
  return { factors, closed: (at) => stopped !== null && stopped[at] === 0 }
}

/** Operand element i meets the result elements that agree with it in every dimension it was not repeated along. */
function elementwise(call: Application, slot: number): Local {
  const x = call.inputs[slot] as Tensor
  const { shape } = call.outputs[0]
  const found = slopes(call, slot, shape)
  if (!found) return NOTHING
  const { factors, closed } = found
  if (x.size === call.outputs[0].size) return (i, visit) => visit(0, i, factors[i], closed(i))
  const dense = contiguousStrides(shape)
  const added = shape.length - x.shape.length
  const own = x.shape.map((_, d) => dense[d + added])
  const repeated = shape.flatMap((_, d) => (d < added || (x.shape[d - added] === 1 && shape[d] !== 1) ? [d] : []))
  const extras = offsets(
    repeated.map((d) => shape[d]),
    repeated.map((d) => dense[d]),
  )
  const source = new Locator(x.shape)
  return (i, visit) => {
    const base = source.locate(i, own)
    for (let k = 0; k < extras.length; k++) {
      const o = base + extras[k]
      visit(0, o, factors[o], closed(o))
    }
  }
}

/** Result element o looks at input element layout(o); the lists of who looks at whom are made once. */
function view(call: Application): Local {
  const x = call.inputs[0] as Tensor
  const [y] = call.outputs
  if (call.op.kind !== 'view') return NOTHING
  const { strides, offset } = call.op.layout(call.attrs, dense(x.shape))!
  const seen = offsets(y.shape, strides)
  const first = new Int32Array(x.size).fill(-1)
  const next = new Int32Array(y.size)
  for (let o = seen.length - 1; o >= 0; o--) {
    next[o] = first[seen[o] + offset]
    first[seen[o] + offset] = o
  }
  return (i, visit) => {
    for (let o = first[i]; o >= 0; o = next[o]) visit(0, o, 1)
  }
}

const dense = (shape: Shape) => ({ shape, strides: contiguousStrides(shape), offset: 0 })

/** The transpose of a view: element i is added where the view would have looked for it. */
function scatter(call: Application): Local {
  const x = call.inputs[0] as Tensor
  const [y] = call.outputs
  if (call.op.kind !== 'view') return NOTHING
  const { strides, offset } = call.op.layout(call.attrs, dense(y.shape))!
  const source = new Locator(x.shape)
  return (i, visit) => visit(0, offset + source.locate(i, strides), 1)
}

/** Every element goes into one result element: the one with its coordinates in the dimensions that are kept. */
function reduce(call: Application): Local {
  const x = call.inputs[0] as Tensor
  const { axes } = call.attrs as { readonly axes: readonly number[] }
  const found = slopes(call, 0, x.shape)
  if (!found) return NOTHING
  const { factors, closed } = found
  const kept = contiguousStrides(x.shape.map((n, d) => (axes.includes(d) ? 1 : n)))
  const strides = kept.map((stride, d) => (axes.includes(d) ? 0 : stride))
  const source = new Locator(x.shape)
  return (i, visit) => visit(0, source.locate(i, strides), factors[i], closed(i))
}

/** y[k] = Σ a[i] b[j]: the slope by a[i] is b[j], for every value of the letters that a does not have. */
function contraction(call: Application, slot: number): Local {
  const { a, b, out } = parseIndices((call.attrs as ContractAttrs).indices)
  const [own, others] = slot === 0 ? [a, b] : [b, a]
  const x = call.inputs[slot] as Tensor
  const other = call.inputs[1 - slot] as Tensor
  const [y] = call.outputs
  const strideIn = (letters: string, strides: readonly number[]) => (letter: string) =>
    letters.includes(letter) ? strides[letters.indexOf(letter)] : 0
  const inResult = strideIn(out, contiguousStrides(y.shape))
  const inOther = strideIn(others, other.strides)
  const free = [...new Set(out + others)].filter((letter) => !own.includes(letter))
  const sizes = free.map((l) => (out.includes(l) ? y.shape[out.indexOf(l)] : other.shape[others.indexOf(l)]))
  const results = offsets(sizes, free.map(inResult))
  const partners = offsets(sizes, free.map(inOther))
  const toResult = Array.from(own, inResult)
  const toPartner = Array.from(own, inOther)
  const source = new Locator(x.shape)
  const { buffer } = other
  return (i, visit) => {
    const result = source.locate(i, toResult)
    const partner = other.offset + source.locate(i, toPartner)
    for (let k = 0; k < results.length; k++) visit(0, result + results[k], buffer[partner + partners[k]])
  }
}
