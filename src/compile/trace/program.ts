/**
 * A traced function made runnable: when it applies, what is handed in, and what becomes of what it returns and changes.
 */
import { copyInto } from '../../backends/js/layout.ts'
import { contiguousStrides } from '../../ops/shape.ts'
import type { DType, Shape } from '../../ops/value.ts'
import { changedTogether, fromArray, type Storage, Tensor, tracing } from '../../tensor/index.ts'
import type { Built } from '../build.ts'
import type { Plan } from '../plan/describe.ts'
import type { Profile } from '../report/profile.ts'
import type { Derivative } from './derivative.ts'
import { copyOf, load } from './elements.ts'
import type { Parts } from './parts.ts'
import type { Draws } from './rerun.ts'
import { matches, type Signature } from './signature.ts'
import type { GraphTracer } from './tracer.ts'

const BY = 'a compiled function'

/** A tensor of what the function returned. */
export type Output =
  /** A parameter or the like: this very tensor. */
  | { readonly is: 'same'; readonly tensor: Tensor }
  /** Tensor `index` of the arguments. */
  | { readonly is: 'argument'; readonly index: number }
  | ResultOutput

/** A new tensor with the elements of a result. */
export interface ResultOutput {
  readonly is: 'result'
  readonly index: number
  readonly shape: Shape
  readonly dtype: DType
  /** Whether it is a leaf that requires a gradient. */
  readonly tracked: boolean
  readonly retainsGrad: boolean
  /** Its number among those that are differentiated; -1 where it is not. */
  readonly live: number
}

/** What the gradient of a tensor is after a call. */
export interface GradientEffect {
  readonly of: Tensor | { readonly argument: number }
  readonly grad: { readonly result: number; readonly shape: Shape; readonly dtype: DType } | Tensor | null
}

/** An argument that was changed in place: what its storage holds afterwards, or with `whole` false, its elements. */
export interface ArgumentEffect {
  readonly argument: number
  readonly result: number
  readonly whole: boolean
}

export interface Effects {
  /** Per input the argument tensor that it comes from, and whether it is its whole storage. */
  readonly inputs: readonly { readonly argument: number; readonly whole: boolean }[]
  readonly outputs: readonly Output[]
  rebuild(leaves: readonly unknown[]): unknown
  readonly gradients: readonly GradientEffect[]
  readonly changed: readonly ArgumentEffect[]
  /** Captured storages that the function changes. */
  readonly states: readonly Storage[]
}

/** When a trace may be used. */
export class Guards {
  readonly signature: Signature
  readonly recording: boolean
  private readonly tensors: readonly Tensor[]
  private readonly storages: readonly Storage[]
  private readonly tracked: readonly boolean[]
  private readonly captured: ReadonlySet<Storage>
  private readonly owners: readonly Tensor[]
  private readonly grads: readonly (Tensor | null)[]
  private readonly checks: readonly (() => boolean)[]
  private readonly rareChecks: readonly (() => boolean)[]
  private readonly parts: Parts
  private epoch = tracing.epoch

  constructor(signature: Signature, recording: boolean, tracer: GraphTracer, parts: Parts) {
    this.parts = parts
    this.signature = signature
    this.recording = recording
    this.tensors = [...tracer.tensors.keys()]
    this.storages = [...tracer.tensors.values()].map(({ storage }) => storage)
    this.tracked = [...tracer.tensors.values()].map(({ tracked }) => tracked)
    this.captured = new Set(tracer.captured.map(({ storage }) => storage))
    const read = [...tracer.gradients].filter(([, use]) => use.read)
    this.owners = read.map(([x]) => x)
    this.grads = read.map(([, { initial }]) => initial)
    this.checks = tracer.guards
    this.rareChecks = [...tracer.rareGuards, ...this.tensors.map(sameHooks)]
  }

  /** Whether the trace holds for these arguments; their tensors are put into `found`. */
  hold(args: readonly unknown[], recording: boolean, found: Tensor[]): boolean {
    if (recording !== this.recording || !matches(this.signature, args, found)) return false
    const { tensors, storages, tracked, owners, grads, captured } = this
    for (let i = 0; i < found.length; i++) if (captured.has(found[i].storage)) return false
    for (let i = 0; i < tensors.length; i++)
      if (tensors[i].storage !== storages[i] || tensors[i].tracked !== tracked[i]) return false
    for (let i = 0; i < owners.length; i++) if (owners[i].grad !== grads[i]) return false
    for (let i = 0; i < this.checks.length; i++) if (!this.checks[i]()) return false
    return this.parts.same() && (this.epoch === tracing.epoch || this.recheck())
  }

  private recheck(): boolean {
    if (!this.rareChecks.every((holds) => holds())) return false
    this.epoch = tracing.epoch
    return true
  }
}

/** Hooks are part of the trace. */
function sameHooks(x: Tensor): () => boolean {
  const hooks = [...(x.hooks ?? [])]
  return () => (x.hooks?.size ?? 0) === hooks.length && hooks.every((hook) => x.hooks!.has(hook))
}

export class Program {
  private readonly built: Built
  private readonly effects: Effects
  /** Gradients that stay the same tensors from call to call, whose they are, and all storages that a call changes. */
  private readonly grads: readonly Tensor[]
  private readonly owners: readonly Tensor[]
  private readonly changing: readonly Storage[]
  /** Gradients that are taken away or replaced by tensors from outside. */
  private readonly replaced: readonly { readonly of: Tensor; readonly grad: Tensor | null }[]
  private readonly ofArguments: readonly GradientEffect[]
  /** What is returned where that is one tensor and nothing else. */
  private readonly single: Output | null
  private readonly derivative: Derivative | null

  constructor(built: Built, effects: Effects, derivative: Derivative | null) {
    this.built = built
    this.effects = effects
    this.derivative = derivative
    const grads: Tensor[] = []
    const owners: Tensor[] = []
    const replaced: { of: Tensor; grad: Tensor | null }[] = []
    for (const { of, grad } of effects.gradients) {
      if (!(of instanceof Tensor)) continue
      if (grad === null || grad instanceof Tensor) replaced.push({ of, grad })
      else {
        owners.push(of)
        grads.push(new Tensor(built.hold(grad.result), grad.shape, contiguousStrides(grad.shape), 0, grad.dtype))
      }
    }
    this.grads = grads
    this.owners = owners
    this.replaced = replaced
    this.changing = [...effects.states, ...grads.map(({ storage }) => storage)]
    this.ofArguments = effects.gradients.filter(({ of }) => !(of instanceof Tensor))
    const alone = {}
    this.single = effects.rebuild([alone]) === alone ? effects.outputs[0] : null
  }

  /** One call: `tensors` are those of the arguments. */
  call(args: readonly unknown[], tensors: readonly Tensor[]): unknown {
    const { built, effects, owners, grads, replaced, derivative } = this
    for (let i = 0; i < effects.inputs.length; i++) {
      const { argument, whole } = effects.inputs[i]
      const to = built.inputs[i]
      // An input that nothing depends on may have no place.
      if (to.length === 0) continue
      if (whole) to.set(tensors[argument].storage.buffer)
      else load(to, tensors[argument])
    }
    let draws: Draws | null = null
    if (derivative) draws = derivative.run()
    else built.run()
    changedTogether(this.changing, BY)
    for (let i = 0; i < owners.length; i++) if (owners[i].grad !== grads[i]) owners[i].grad = grads[i]
    for (let i = 0; i < replaced.length; i++) replaced[i].of.grad = replaced[i].grad
    for (let i = 0; i < effects.changed.length; i++) this.changeArgument(effects.changed[i], tensors)
    for (let i = 0; i < this.ofArguments.length; i++) this.giveGradient(this.ofArguments[i], tensors)
    if (this.single && !derivative) return this.output(this.single, tensors)
    const outputs = effects.outputs.map((output) => this.output(output, tensors))
    if (derivative) {
      const live = outputs.filter((_, i) => isLive(effects.outputs[i]))
      derivative.attach(args, tensors, live, draws)
    }
    return effects.rebuild(outputs)
  }

  plan(): Plan {
    return this.built.plan()
  }

  profile(runs: number): Profile {
    return this.built.profile(runs)
  }

  release(): void {
    this.built.release()
  }

  private changeArgument({ argument, result, whole }: ArgumentEffect, tensors: readonly Tensor[]): void {
    const x = tensors[argument]
    const buffer = this.built.results[result]
    if (whole) x.storage.buffer.set(buffer)
    else copyInto(x, { buffer, shape: x.shape, strides: contiguousStrides(x.shape), offset: 0, dtype: x.dtype })
    x.storage.changed(BY)
  }

  private giveGradient({ of, grad }: GradientEffect, tensors: readonly Tensor[]): void {
    const x = tensors[(of as { argument: number }).argument]
    if (grad === null || grad instanceof Tensor) x.grad = grad
    else x.grad = fromArray(copyOf(this.built.results[grad.result], grad.dtype), grad.shape, grad.dtype)
  }

  private output(output: Output, tensors: readonly Tensor[]): Tensor {
    if (output.is === 'same') return output.tensor
    if (output.is === 'argument') return tensors[output.index]
    const made = fromArray(copyOf(this.built.results[output.index], output.dtype), output.shape, output.dtype)
    if (output.tracked) made.requiresGrad = true
    if (output.retainsGrad) made.retainsGrad = true
    return made
  }
}

/** Whether a result is differentiated through the call. */
export const isLive = (output: Output): output is ResultOutput => output.is === 'result' && output.live >= 0
