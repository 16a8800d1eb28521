/**
 * The reduce kind: a monoid folded over axes. The author writes the identity and how an element joins the accumulator,
 * as a formula from which backends make kernels. A sum is linear, which gives its derivatives; where a monoid is not
 * linear the author states both rules in terms of other ops.
 */
import { ArgumentError, checkOptions, ShapeError } from '../../errors/index.ts'
import { arg, c, type Scalar, substitute } from '../../scalar/index.ts'
import { flag, shown } from '../arguments.ts'
import { normalizeAxes, shapeText } from '../shape.ts'
import type { Attrs, DType, Operand, Shape, Spec, TypedArray, Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { apply, type Call, callable, type Linear, type Op, type OpCommon } from './op.ts'

/** `axes` are sorted and count from 0. */
export interface ReduceAttrs extends Attrs {
  readonly axes: readonly number[]
  readonly keepdim: boolean
}

/**
 * Where the elements are. Result (k, i) belongs at `places[k] + i * placeStep`; its elements are those at
 * `kept[k] + i * keptStep + reduced[r] + l * step` for all r and l < count.
 */
export interface ReduceWalk {
  readonly kept: Int32Array
  readonly places: Int32Array
  readonly keptCount: number
  readonly keptStep: number
  readonly placeStep: number
  readonly reduced: Int32Array
  readonly count: number
  readonly step: number
}

export type ReduceKernel = (x: TypedArray, out: TypedArray, walk: ReduceWalk) => void

export interface ReduceDefinition extends OpCommon {
  readonly kind: 'reduce'
  /** Undefined where nothing can be said of no elements at all, as for max. */
  readonly identity: number | undefined
  /** The accumulator after one more element, in the arguments `acc` and `x`. */
  readonly combine: Scalar
  readonly kernels: Map<number, ReduceKernel>
}

/** What comes of one element alone, as a formula of `x`. */
export const ofOneElement = ({ combine, identity }: ReduceDefinition): Scalar =>
  identity === undefined ? arg('x') : substitute(combine, { acc: c(identity) })

export interface ReduceSource {
  readonly name: string
  readonly identity?: number
  combine(acc: Scalar, x: Scalar): Scalar
  dtype?(x: DType): DType
  readonly differentiable?: boolean
  /** The cotangent of x. `g` and `y` have kept their reduced dimensions, so that they broadcast against x. */
  pullback?(rule: ReduceRule & { readonly g: Value }): Value
  /** The tangent of y with its reduced dimensions kept, for a tangent `t` of x. */
  pushforward?(rule: ReduceRule & { readonly t: Value }): Value
  readonly readsInput?: boolean
}

export interface ReduceRule {
  readonly x: Value
  readonly y: Value
  readonly axes: readonly number[]
}

export type Dims = number | readonly number[] | null

export interface ReduceOptions {
  /** Keep the reduced dimensions with size 1. */
  readonly keepdim?: boolean
}

/** Options in the place of dim may name the dimensions too: `sum(x, { dim: 0, keepdim: true })`. */
export type WithDim<O> = O & { readonly dim?: Dims }

export type ReduceOp = ReduceDefinition &
  (<V extends Value>(x: V, dim?: Dims | WithDim<ReduceOptions>, options?: ReduceOptions) => V)

export function reduce(source: ReduceSource): ReduceOp {
  const { name, identity } = source
  const dtype = source.dtype ?? ((d) => d)
  const definition: ReduceDefinition & { name: string } = {
    kind: 'reduce',
    name,
    identity,
    combine: source.combine(arg('acc'), arg('x')),
    kernels: new Map(),
    differentiable: source.differentiable ?? true,
    reads: () => source.readsInput ?? false,
    infer: ([x], attrs) => inferReduce(name, identity, x as Value, attrs as ReduceAttrs, dtype),
    vjp: (call, [g], [wanted]) => [
      wanted && g && source.pullback ? source.pullback({ ...rule(call), g: keep(call, g) }) : null,
    ],
    jvp: (call, [t]) => [t && source.pushforward ? drop(call, source.pushforward({ ...rule(call), t })) : null],
    batch: ({ inputs, attrs }) => {
      const { axes, keepdim } = attrs as ReduceAttrs
      return { op: op as Op, inputs, attrs: { axes: axes.map((a) => a + 1), keepdim } }
    },
  }
  const run = <V extends Value>(x: V, dim?: Dims | WithDim<ReduceOptions>, options?: ReduceOptions): V => {
    // What is no value has no shape to work with; applying the op says so.
    if (typeof x?.applyOp !== 'function') return apply(op as Op, [x], {})
    const [axes, given] = dimAndOptions(name, dim, options, ['keepdim'])
    const keepdim = flag(name, 'keepdim', given.keepdim)
    return apply(op as Op, [x], { axes: normalizeAxes(name, axes, x.shape.length), keepdim })
  }
  const op: ReduceOp = callable(definition, run)
  return op
}

/**
 * Options may take the place of dim where all dimensions are meant or they name it: `norm(x, { p: 1 })`.
 * @returns [dim, options], the options checked.
 */
export function dimAndOptions<O extends object>(
  name: string,
  dim: Dims | WithDim<O> | undefined,
  options: O | undefined,
  known: readonly (keyof O & string)[],
): [dim: Dims | undefined, options: Partial<O>] {
  const instead = typeof dim === 'object' && dim !== null && !Array.isArray(dim)
  const given = (instead ? dim : (options ?? {})) as Partial<WithDim<O>>
  checkOptions(name, given, instead ? [...known, 'dim'] : known)
  if (instead && options !== undefined)
    throw new ArgumentError(`${name}: takes options once, got two of them: ${shown(dim)} and ${shown(options)}`)
  return [instead ? given.dim : (dim as Dims | undefined), given]
}

export function reducedShape(shape: Shape, axes: readonly number[], keepdim: boolean): Shape {
  return keepdim ? shape.map((n, i) => (axes.includes(i) ? 1 : n)) : shape.filter((_, i) => !axes.includes(i))
}

function inferReduce(
  name: string,
  identity: number | undefined,
  x: Operand,
  { axes, keepdim }: ReduceAttrs,
  dtype: (d: DType) => DType,
): Spec {
  const { shape, dtype: given } = x as Value
  if (identity === undefined && axes.some((a) => shape[a] === 0)) {
    throw new ShapeError(
      `${name}: there is nothing to choose from in ${shapeText(shape)}; an empty dimension has no ${name}`,
    )
  }
  return { shape: reducedShape(shape, axes, keepdim), dtype: dtype(given) }
}

function rule(call: Call): ReduceRule {
  return { x: call.inputs[0] as Value, y: keep(call, call.outputs[0]), axes: (call.attrs as ReduceAttrs).axes }
}

const kept = (call: Call): Shape =>
  reducedShape((call.inputs[0] as Value).shape, (call.attrs as ReduceAttrs).axes, true)

/** The reduced dimensions come back with size 1. */
function keep(call: Call, v: Value): Value {
  return (call.attrs as ReduceAttrs).keepdim ? v : reshape(v, kept(call))
}

function drop(call: Call, v: Value): Linear {
  return (call.attrs as ReduceAttrs).keepdim ? v : reshape(v, call.outputs[0].shape)
}
