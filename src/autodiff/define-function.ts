/** Ops made by users: a forward and a backward function over tensors become a routine like any other. */
import { ArgumentError, GradError } from '../errors/index.ts'
import { clone } from '../ops/elementwise/clone.ts'
import { zero } from '../ops/elementwise/zero.ts'
import { applyAll, type Call, type Linear, type Op } from '../ops/kinds/op.ts'
import { routine } from '../ops/kinds/routine.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import type { Attrs, Value } from '../ops/value.ts'
import { fromArray, scope, Tensor, withoutRecording, zerosLike } from '../tensor/index.ts'
import { linearize } from './reverse.ts'

/** What forward hands to backward. Own properties may be added freely. */
export interface FunctionContext {
  /** Keeps tensors for backward: inputs, outputs, or (for first derivatives only) results in between. */
  saveForBackward(...tensors: Tensor[]): void
  readonly savedTensors: readonly Tensor[]
  /** Per argument of forward, whether anybody wants its gradient. */
  readonly needsInputGrad: readonly boolean[]
  /** Declares outputs through which no gradient flows. */
  markNonDifferentiable(...outputs: Tensor[]): void
  [own: string]: unknown
}

export interface FunctionSource<A extends unknown[], O extends Tensor | Tensor[]> {
  readonly name: string
  forward(ctx: FunctionContext, ...inputs: A): O
  /** One gradient per argument of forward (null for none), of its shape. Differentiable if it is made of differentiable operations. */
  backward(ctx: FunctionContext, ...gradOutputs: Tensor[]): Tensor | null | readonly (Tensor | null | undefined)[]
  /** The tangent of the output(s), for one tangent per argument (null for zero); derived from backward where left out. */
  jvp?(ctx: FunctionContext, ...tangents: (Tensor | null)[]): O
}

/** What one application remembers. */
interface Application {
  readonly args: readonly unknown[]
  /** Which arguments are tensors. */
  readonly places: readonly number[]
  /** Own properties of the context. */
  readonly own: Map<string, { value: unknown; varies: boolean }>
  /** Whether forward returned one tensor, not an array of them. */
  single: boolean
  saved: Saved[]
  /** Positions of outputs that were marked. */
  flat: number[]
  runs: number
}

type Saved = { input: number } | { output: number } | { value: Tensor }

/**
 * An operation with a derivative of its own.
 * @throws GradError where backward returns too few gradients or one of a wrong shape.
 * @example defineFunction({ name: 'twice', forward: (ctx, x) => x.mul(2), backward: (ctx, g) => g.mul(2) })(tensor(3)) // 6
 */
export function defineFunction<A extends unknown[], O extends Tensor | Tensor[]>(
  source: FunctionSource<A, O>,
): (...args: A) => O {
  const { name } = source
  if (!name || !source.forward || !source.backward)
    throw new ArgumentError('defineFunction: needs { name, forward, backward }')
  const op: Op = routine(
    {
      name,
      infer: () => [],
      kernel: (inputs, attrs) => {
        // Copies: what forward does to them in place must not reach the caller's tensors.
        const tensors = inputs.map(({ data, shape, dtype }) => fromArray(data.slice(), shape, dtype))
        const outputs = runForward(source as unknown as AnySource, tensors, attrs as unknown as Application)
        return outputs.map((y) => ({ data: y.data, shape: y.shape, dtype: y.dtype }))
      },
      compose: (inputs, attrs) => {
        const tensors = withoutRecording(() => (inputs as Tensor[]).map((x) => clone(x.detach())))
        const outputs = runForward(source as unknown as AnySource, tensors, attrs as unknown as Application)
        return withoutRecording(() => outputs.map((y) => clone(y.detach())))
      },
      anew: (attrs) => {
        const { args, places } = attrs as unknown as Application
        return begin(args, places) as unknown as Attrs
      },
      vjp: (call, g, wanted) =>
        runBackward(source as unknown as AnySource, call, g as readonly (Tensor | null)[], wanted),
      jvp: (call, t) => runJvp(source as unknown as AnySource, op, call, t as readonly (Tensor | null)[]),
    },
    () => undefined,
  ) as unknown as Op
  const call = (...args: A): O => {
    const places = args.flatMap((a, i) => (a instanceof Tensor ? [i] : []))
    if (places.length === 0) throw new ArgumentError(`${name}: at least one argument must be a tensor`)
    const application = begin(args, places)
    const outputs = applyAll(
      op,
      places.map((i) => args[i] as Tensor),
      application as unknown as Attrs,
    )
    const results = outputs.map((y, i) => (application.flat.includes(i) ? y.detach() : y))
    return (application.single ? results[0] : results) as O
  }
  return Object.defineProperties(call, { name: { value: name }, length: { value: source.forward.length - 1 } })
}

function begin(args: readonly unknown[], places: readonly number[]): Application {
  return { args, places, own: new Map(), single: true, saved: [], flat: [], runs: 0 }
}

type AnySource = FunctionSource<unknown[], Tensor | Tensor[]>

function runForward(source: AnySource, tensors: readonly Tensor[], application: Application): Tensor[] {
  const toSave: Tensor[] = []
  const marked: Tensor[] = []
  const ctx = contextOf(
    source.name,
    [],
    application.args.map((a) => a instanceof Tensor && a.tracked),
    {
      saveForBackward: (...list: Tensor[]) => void toSave.push(...list),
      markNonDifferentiable: (...list: Tensor[]) => void marked.push(...list),
    },
  )
  const args = [...application.args]
  application.places.forEach((place, i) => {
    args[place] = tensors[i]
  })
  const returned = withoutRecording(() => source.forward(ctx, ...args))
  const outputs = Array.isArray(returned) ? returned : [returned]
  if (!outputs.every((y) => y instanceof Tensor))
    throw new GradError(`${source.name}: forward must return a tensor or an array of tensors`)
  keepOwn(ctx, application)
  application.single = !Array.isArray(returned)
  application.runs++
  application.flat = marked.map((y) => outputs.indexOf(y))
  application.saved = toSave.map((x) =>
    tensors.includes(x) && x.version === 0
      ? { input: tensors.indexOf(x) }
      : outputs.includes(x)
        ? { output: outputs.indexOf(x) }
        : { value: x },
  )
  return outputs
}

function contextOf(name: string, saved: readonly Tensor[], needs: readonly boolean[], calls: object): FunctionContext {
  const late = () => {
    throw new GradError(`${name}: this belongs into forward`)
  }
  return {
    saveForBackward: late,
    markNonDifferentiable: late,
    savedTensors: saved,
    needsInputGrad: needs,
    ...calls,
  } as FunctionContext
}

const fixed = ['saveForBackward', 'markNonDifferentiable', 'savedTensors', 'needsInputGrad']

/** What forward left on the context. Run once per sample, it may leave a different value each time. */
function keepOwn(ctx: FunctionContext, application: Application): void {
  for (const key of Object.keys(ctx)) {
    if (fixed.includes(key)) continue
    const before = application.own.get(key)
    const varies = application.runs > 0 && (before === undefined || !Object.is(before.value, ctx[key]))
    application.own.set(key, { value: ctx[key], varies: varies || (before?.varies ?? false) })
  }
}

/** The context for the rules: saved tensors are those of the call at hand, so that they carry its history. */
function lateContext(name: string, call: Call, linear: readonly Linear[], wanted: readonly boolean[]): FunctionContext {
  const application = call.attrs as unknown as Application
  // Something differentiates the rule in turn, or maps it over samples: values of one run are not all there is to know.
  const recording = scope().floor < 0
  const further = [...call.inputs, ...linear].some(
    (x) => x instanceof Tensor && (x.box !== null || (recording && x.tracked)),
  )
  const known = (value: unknown, varies: boolean, what: string) => {
    if (varies || (value instanceof Tensor && (further || application.runs > 1)))
      throw new GradError(
        `${name}: ${what} is neither an input nor an output of forward, so that its own derivative (or its value for every ` +
          'sample of a batch) is unknown; save inputs, or return it as an output',
      )
    return value
  }
  const saved = application.saved.map((s) => {
    if ('input' in s) return call.inputs[s.input] as Tensor
    return 'output' in s ? (call.outputs[s.output] as Tensor) : (known(s.value, false, 'a saved tensor') as Tensor)
  })
  const needs = application.args.map((_, i) => wanted[application.places.indexOf(i)] ?? false)
  const ctx = contextOf(name, saved, needs, {})
  for (const [key, { value, varies }] of application.own) {
    Object.defineProperty(ctx, key, { enumerable: true, get: () => known(value, varies, `ctx.${key}`) })
  }
  return ctx
}

function runBackward(
  source: AnySource,
  call: Call,
  cotangents: readonly (Tensor | null)[],
  wanted: readonly boolean[],
): Linear[] {
  const { name } = source
  const { args, places } = call.attrs as unknown as Application
  const ctx = lateContext(name, call, cotangents, wanted)
  const full = call.outputs.map((y, i) => cotangents[i] ?? (zero(y) as Tensor))
  const returned = source.backward(ctx, ...full)
  const list = Array.isArray(returned)
    ? (returned as readonly (Tensor | null | undefined)[])
    : [returned as Tensor | null]
  if (list.length < places.length || (list.length > args.length && list.slice(args.length).some((g) => g))) {
    throw new GradError(
      `${name}: backward returned ${list.length} gradients for ${args.length} arguments of forward; return one per argument, null where there is none`,
    )
  }
  return places.map((place, i) => {
    const g = list.length >= args.length ? list[place] : list[i]
    if (g === null || g === undefined) return null
    const x = call.inputs[i] as Value
    if (!(g instanceof Tensor) || !sameShape(g.shape, x.shape)) {
      const got = g instanceof Tensor ? shapeText(g.shape) : typeof g
      throw new GradError(
        `${name}: backward returned a gradient ${got} for argument ${place} of shape ${shapeText(x.shape)}`,
      )
    }
    return g
  })
}

/**
 * A pullback is linear in its cotangent, so that transposing it gives the pushforward: the tangent of the output is the
 * pullback, by u, of u -> backward(u).
 */
function runJvp(source: AnySource, op: Op, call: Call, tangents: readonly (Tensor | null)[]): Linear[] {
  if (source.jvp) {
    const ctx = lateContext(
      source.name,
      call,
      tangents,
      tangents.map((t) => t !== null),
    )
    const { args, places } = call.attrs as unknown as Application
    const moved = source.jvp(ctx, ...args.map((_, i) => tangents[places.indexOf(i)] ?? null))
    return Array.isArray(moved) ? moved : [moved]
  }
  const wanted = tangents.map((t) => t !== null)
  const pullback = (...u: Tensor[]) =>
    (op.vjp(call, u, wanted) as (Tensor | null)[])
      .filter((_, i) => wanted[i])
      .map((g, i) => g ?? zerosLike(call.inputs[i] as Tensor))
  const line = linearize(
    source.name,
    pullback as (...args: never[]) => unknown,
    call.outputs.map((y) => zero(y)),
  )
  return line.pull(tangents.filter((t) => t !== null))
}
