/**
 * When a trace may be used: the arguments are of its kind, what it met outside of the function is as it was, and what was
 * asked while tracing still has the same answer. It is looked at before every call, and allocates nothing.
 */
import { type Storage, type Tensor, tracing } from '../../tensor/index.ts'
import type { Parts } from './parts.ts'
import { matches, type Signature } from './signature.ts'
import type { GraphTracer } from './tracer.ts'

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
