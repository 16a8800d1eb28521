/**
 * The elementwise kind: the author writes a scalar formula, and partials only where a stabler or cheaper form exists.
 * Both derivative modes follow, and since a derivative is an expression in (args, y, g) it is an elementwise op again,
 * made when first asked for. Hence derivatives of any order need no further code.
 */
import { ArgumentError } from '../../errors/index.ts'
import {
  arg,
  differentiate,
  freeArgs,
  neg as negate,
  add as plus,
  type Scalar,
  select,
  simplify,
  mul as times,
} from '../../scalar/index.ts'
import { promote, promoteFloating } from '../dtype.ts'
import { broadcastShapes, SCALAR, shapeOf } from '../shape.ts'
import type { DType, Operand, Shape, Spec, TypedArray, Value } from '../value.ts'
import { alignBatch } from './batching.ts'
import { apply, type Call, callable, type Linear, type Op, type OpCommon } from './op.ts'

export type ElementwiseKernel = (n: number, out: TypedArray, ...operands: never[]) => void

/** What an author may declare about an op for those who check, draw and document it. */
export interface Declared {
  /** Where ordinary points are drawn from, per argument; default [-2, 2]. */
  readonly domain?: Readonly<Record<string, readonly [number, number]>>
  /** Points at which value and partials are decided: kinks, infinities, overflow. Arguments, then y, then the partials. */
  readonly points?: readonly Point[]
}

export interface Point {
  readonly at: readonly number[]
  readonly y: number
  readonly partials?: readonly number[]
}

export interface ElementwiseDefinition extends OpCommon, Declared {
  readonly kind: 'elementwise'
  readonly args: readonly string[]
  readonly defaults: Readonly<Record<string, number>>
  readonly formula: Scalar
  /** One per argument, in terms of the arguments and the result `y`. */
  readonly partials: readonly Scalar[]
  /** By argument, partials that textbooks write otherwise than machines compute them. */
  readonly textbook: Readonly<Record<string, Scalar>>
  /** True where the author wrote the partial by hand, so that the suite compares it with the derived one. */
  readonly handwritten: readonly boolean[]
  readonly dtype: DTypeRule
  readonly tex: string | undefined
  /** ∂y/∂xᵢ · g as an op of its own: the cotangent of argument i for a cotangent g. */
  pullback(i: number): Derivative
  /** The tangent Σ ∂y/∂xᵢ · dxᵢ over the arguments i whose bit is set in the mask, as an op of its own. */
  pushforward(mask: number): Derivative
  /** Where backends keep the kernels that they made from the formula. */
  readonly kernels: Map<number, ElementwiseKernel>
}

/** A derivative as an op and where its operands come from: input k, the result (-1), or what it is linear in (-2 - j). */
export interface Derivative {
  readonly op: ElementwiseOp
  readonly from: readonly number[]
}

/** 'same' keeps the promoted dtype, 'float' turns integers into float32, else the dtype itself or how it is found. */
export type DTypeRule = 'same' | 'float' | DType | ((operands: readonly Operand[]) => DType)

type Names<A extends readonly string[]> = Readonly<Record<A[number], Scalar>>

export interface ElementwiseSource<A extends readonly string[]> extends Declared {
  readonly name: string
  readonly args: A
  formula(args: Names<A>): Scalar
  partials?(args: Names<A> & { readonly y: Scalar }): Partial<Names<A>>
  /** Partials as textbooks have them, for explanations, where the stable form hides them. */
  textbook?(args: Names<A> & { readonly y: Scalar }): Partial<Names<A>>
  /** Values of trailing arguments that may be left out. */
  readonly defaults?: Partial<Readonly<Record<A[number], number>>>
  readonly dtype?: DTypeRule
  readonly tex?: string
}

type Unary = <V extends Value>(x: V) => V
type Binary = <V extends Value>(a: V | number, b: V | number) => V
type Variadic<A extends readonly string[]> = <V extends Value>(
  first: V | number,
  ...rest: (V | number | undefined | Partial<Record<A[number], V | number>>)[]
) => V

export type ElementwiseOp<A extends readonly string[] = readonly string[]> = ElementwiseDefinition & ElementwiseCall<A>

/** How the op is called: `exp(x)`, `add(a, b)`; parameters come in order or by name: `leakyRelu(x, { negativeSlope: 0.2 })`. */
export type ElementwiseCall<A extends readonly string[]> = A['length'] extends 1
  ? Unary
  : A['length'] extends 2
    ? Binary & Variadic<A>
    : Variadic<A>

export function elementwise<const A extends readonly string[]>(source: ElementwiseSource<A>): ElementwiseOp<A> {
  const named = Object.fromEntries(source.args.map((name) => [name, arg(name)])) as Names<A>
  const formula = simplify(source.formula(named))
  const chosen = (source.partials?.({ ...named, y: arg('y') }) ?? {}) as Record<string, Scalar | undefined>
  const textbook = (source.textbook?.({ ...named, y: arg('y') }) ?? {}) as Record<string, Scalar>
  return fromFormula({ ...source, defaults: source.defaults ?? {}, textbook }, formula, (name) => chosen[name])
}

type Plain = Omit<ElementwiseSource<readonly string[]>, 'formula' | 'partials' | 'textbook'> &
  Partial<Pick<ElementwiseDefinition, 'textbook'>>

function fromFormula<A extends readonly string[]>(
  source: Plain,
  formula: Scalar,
  chosen: (name: string) => Scalar | undefined,
): ElementwiseOp<A> {
  const { name, args, dtype = 'float' } = source
  const defaults = (source.defaults ?? {}) as Record<string, number>
  const partials = lazy(() => args.map((a) => simplify(chosen(a) ?? differentiate(formula, a))))
  const pullbacks: Derivative[] = []
  const pushforwards: Derivative[] = []
  const read = lazy(() => partials().map((p) => new Set(freeArgs(p))))
  const definition = {
    kind: 'elementwise' as const,
    name,
    args,
    defaults,
    formula,
    dtype,
    tex: source.tex,
    domain: source.domain,
    points: source.points,
    textbook: source.textbook ?? {},
    kernels: new Map<number, ElementwiseKernel>(),
    differentiable: dtype !== 'bool' && dtype !== 'int32',
    get partials() {
      return partials()
    },
    get handwritten() {
      return args.map((a) => chosen(a) !== undefined)
    },
    pullback: (i: number) => (pullbacks[i] ??= pullbackOp(name, args, i, partials()[i])),
    pushforward: (mask: number) => (pushforwards[mask] ??= pushforwardOp(name, args, mask, partials())),
    infer: (inputs: readonly Operand[]) => inferElementwise(name, args, dtype, inputs),
    vjp: (call: Call, [g]: readonly Linear[], wanted: readonly boolean[]) =>
      call.inputs.map((_, i) => (wanted[i] && g ? pull(op, call, i, g) : null)),
    jvp: (call: Call, tangents: readonly Linear[]) => [push(op, call, tangents)],
    reads: (i: number, wanted: readonly boolean[]) =>
      (i >= 0 || !args.includes('y')) && read().some((names, k) => wanted[k] && names.has(args[i] ?? 'y')),
    batch: (call: Omit<Call, 'outputs'>, batched: readonly boolean[]) => ({
      op: op as Op,
      inputs: alignBatch(call.inputs, batched),
      attrs: call.attrs,
    }),
  }
  const op = callable(
    definition,
    caller(() => op as Op, args, defaults),
  ) as unknown as ElementwiseOp<A>
  return op
}

const NONE = Object.freeze({})

function lazy<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** A name that no argument has: the arguments of a derivative may already be called g or dx. */
function fresh(name: string, args: readonly string[]): string {
  return args.includes(name) ? fresh(`${name}'`, args) : name
}

function pullbackOp(name: string, args: readonly string[], i: number, partial: Scalar): Derivative {
  const g = fresh('g', args)
  return derivativeOp(`${name}.d${args[i]}`, args, weigh(arg(g), partial), [g])
}

/** weight · partial, where a slope of 0 is 0 whatever the weight: what never arrives is no 0 · ∞. */
function weigh(weight: Scalar, partial: Scalar): Scalar {
  if (partial.is === 'const' && partial.value === 0) return partial
  if (partial.is !== 'call') return times(weight, partial)
  const [a, b, otherwise] = partial.of
  if (partial.fn === 'select') return select(a, weigh(weight, b), weigh(weight, otherwise))
  return partial.fn === 'neg' ? negate(weigh(weight, a)) : times(weight, partial)
}

/** Σ ∂y/∂xᵢ · dxᵢ over the arguments in the mask: one op for the whole tangent. */
function pushforwardOp(name: string, args: readonly string[], mask: number, partials: readonly Scalar[]): Derivative {
  const moving = args.map((_, i) => i).filter((i) => mask & (1 << i))
  const tangents = moving.map((i) => fresh(`d${args[i]}`, args))
  const sum = moving.map((i, k) => weigh(arg(tangents[k]), partials[i])).reduce(plus)
  return derivativeOp(`${name}.jvp`, args, sum, tangents)
}

/** A derivative over the arguments, the result and what it is linear in; it lists only those that it reads. */
function derivativeOp(name: string, args: readonly string[], product: Scalar, linear: readonly string[]): Derivative {
  const formula = simplify(product)
  const read = new Set([...freeArgs(formula), ...linear])
  const sources = new Map<string, number>(args.map((a, k) => [a, k]))
  if (!sources.has('y')) sources.set('y', -1)
  linear.forEach((l, j) => {
    sources.set(l, -2 - j)
  })
  const used = [...sources.keys()].filter((a) => read.has(a))
  const op = fromFormula({ name, args: used, defaults: {}, dtype: 'same' }, formula, () => undefined)
  return { op: op as ElementwiseOp, from: used.map((a) => sources.get(a)!) }
}

function pull(op: ElementwiseDefinition, call: Call, i: number, g: Value): Value {
  return derive(op.pullback(i), call, [g])
}

function push(op: ElementwiseDefinition, call: Call, tangents: readonly Linear[]): Linear {
  let mask = 0
  tangents.forEach((t, i) => {
    if (t) mask |= 1 << i
  })
  return mask === 0
    ? null
    : derive(
        op.pushforward(mask),
        call,
        tangents.filter((t) => t !== null),
      )
}

function derive({ op, from }: Derivative, call: Call, linear: readonly Value[]): Value {
  // The derivative of a sum hands g on as it is.
  if (op.formula.is === 'arg' && from.length === 1) return linear[-2 - from[0]]
  const operands = from.map((k) => (k >= 0 ? call.inputs[k] : k === -1 ? call.outputs[0] : linear[-2 - k]))
  return apply(op as Op, operands, NONE)
}

function inferElementwise(name: string, args: readonly string[], rule: DTypeRule, inputs: readonly Operand[]): Spec {
  const dtype = resultType(rule, inputs)
  if (args.length === 1) return { shape: (inputs[0] as Value).shape, dtype }
  let shape: Shape = SCALAR
  if (inputs.length === 2) shape = broadcastTwo(name, shapeOf(inputs[0]), shapeOf(inputs[1]))
  else shape = broadcastShapes(name, inputs.map(shapeOf))
  return { shape, dtype }
}

function resultType(rule: DTypeRule, inputs: readonly Operand[]): DType {
  if (rule === 'same') return promote(inputs)
  if (rule === 'float') return promoteFloating(inputs)
  return typeof rule === 'function' ? rule(inputs) : rule
}

function broadcastTwo(name: string, a: Shape, b: Shape): Shape {
  if (a === b || b.length === 0) return a
  return a.length === 0 ? b : broadcastShapes(name, [a, b])
}

/** The function that a user calls. Plain operands in full number, the common case, take the short way. */
function caller(op: () => Op, args: readonly string[], defaults: Readonly<Record<string, number>>) {
  if (args.length === 1) return (x: Value) => apply(op(), [x], NONE)
  return (...given: unknown[]) => {
    const plain = given.length === args.length && !isOptions(given.at(-1))
    const operands = plain && !given.includes(undefined) ? given : collect(op().name, args, defaults, given)
    return apply(op(), operands as Operand[], NONE)
  }
}

/** Operands in order, by position or by name, defaults filled in. */
function collect(
  name: string,
  args: readonly string[],
  defaults: Readonly<Record<string, number>>,
  given: readonly unknown[],
): (Value | number)[] {
  const last = given.at(-1)
  const options = isOptions(last) ? last : undefined
  const positional = options ? given.slice(0, -1) : given
  const signature = () => `${name}(${args.map((a) => (a in defaults ? `${a} = ${defaults[a]}` : a)).join(', ')})`
  if (positional.length > args.length) {
    throw new ArgumentError(`${name}: takes ${args.length} operands, got ${positional.length}: ${signature()}`)
  }
  for (const key in options) {
    if (!args.includes(key)) throw new ArgumentError(`${name}: unknown option '${key}': ${signature()}`)
  }
  return args.map((a, i) => {
    const value = positional[i] ?? options?.[a] ?? defaults[a]
    if (value === undefined) throw new ArgumentError(`${name}: operand '${a}' is missing: ${signature()}`)
    return value as Value | number
  })
}

const isOptions = (x: unknown): x is Record<string, unknown> =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype
