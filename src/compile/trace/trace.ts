/** From a function and the arguments of a call to a graph, what holds it valid, and what is to be done around it. */
import { flatten } from '../../autodiff/tree.ts'
import { ChainruleError, CompileError } from '../../errors/index.ts'
import { clone } from '../../ops/elementwise/clone.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { record, type Storage, type TapeNode, Tensor } from '../../tensor/index.ts'
import type { Graph, ValueId } from '../graph/graph.ts'
import { Split } from '../graph/split.ts'
import type { ArgumentEffect, Effects, GradientEffect, Output } from './effects.ts'
import { Guards } from './guards.ts'
import { Parts, type UsedModules, watchingModules } from './parts.ts'
import { Pullback, type Pulled } from './pullback.ts'
import { describe, type Signature, substitute, type TensorPattern } from './signature.ts'
import { GraphTracer, OuterHistory, SharedArgument } from './tracer.ts'

type Fn = (...args: never[]) => unknown

/** What the derivative of results that are still to be differentiated needs. */
export interface Differentiable {
  readonly pullback: Pullback
  readonly pulled: Pulled
  readonly split: Split
  /** Per result of the pullback where it goes: to an argument, or to a captured tensor. */
  readonly targets: readonly (Tensor | { readonly argument: number })[]
  /** Whether the function can be run again with the same outcome. */
  readonly repeatable: boolean
}

export interface Compiled {
  readonly effects: Effects
  /** Of all nodes; null where there is a derivative, which has the graph in parts. */
  readonly graph: Graph | null
  readonly derivative: Differentiable | null
}

export interface Trace {
  readonly guards: Guards
  /** The storages of the graph's states. */
  readonly storages: readonly Storage[]
  /** Null where a call is to be run as it is. */
  readonly compiled: Compiled | null
}

/**
 * Runs fn once without values.
 * @returns null where an argument belongs to a transform or has a hook.
 * @throws CompileError where fn reads a value or returns a promise, and whatever fn throws; nothing is changed then.
 */
export function traceCall(fn: Fn, args: readonly unknown[], recording: boolean): Trace | null {
  const same = new Set<Storage>()
  for (;;) {
    const described = describe(args, same)
    if (described === null) return null
    try {
      const tracing = new Tracing(described.signature, described.tensors, recording)
      return watchingModules((used) => tracing.run(fn, args, used))
    } catch (error) {
      if (!(error instanceof SharedArgument) || same.has(error.storage)) throw error
      same.add(error.storage)
    }
  }
}

/** One run. */
class Tracing {
  private readonly signature: Signature
  private readonly recording: boolean
  private readonly tracer: GraphTracer
  /** Per tensor of the arguments what stands in for it, and where its gradient arrives. */
  private readonly standIns: Tensor[] = []
  private readonly leaves: Tensor[] = []
  private readonly makers: (TapeNode | null)[] = []
  /** Per stand-in its gradient before. */
  private readonly initial: (Tensor | null)[] = []
  private readonly inputs: { argument: number; whole: boolean; storage: Storage; id: ValueId }[] = []
  private readonly results: ValueId[] = []
  /** What is returned and still to be differentiated. */
  private readonly live: Tensor[] = []
  /** Whether something else that lasts is still to be differentiated. */
  private alive = false

  constructor(signature: Signature, tensors: readonly Tensor[], recording: boolean) {
    this.signature = signature
    this.recording = recording
    this.tracer = new GraphTracer(new Set(tensors.map(({ storage }) => storage)))
  }

  run(fn: Fn, args: readonly unknown[], used: UsedModules): Trace {
    const { tracer } = this
    let compiled: Compiled | null = null
    let assigned: CompileError | null
    try {
      compiled = tracer.run(() => this.traced(fn, args))
    } catch (error) {
      if (!(error instanceof OuterHistory)) throw error
    } finally {
      assigned = used.putBack()
    }
    if (compiled && assigned) throw assigned
    const parts = new Parts(used, ({ storage }) => tracer.heldBy(storage) !== undefined)
    const guards = new Guards(this.signature, this.recording, tracer, parts)
    return { guards, storages: tracer.captured.map(({ storage }) => storage), compiled }
  }

  private traced(fn: Fn, args: readonly unknown[]): Compiled | null {
    const given = substitute(this.signature.pattern, args, (pattern, x) => this.standIn(pattern, x)) as never[]
    const returned = this.returned(fn, given)
    const effects = this.effectsOf(returned)
    if (this.alive || this.standIns.some((x, i) => x.gradFn !== this.makers[i])) return null
    for (const [x, { gradFn }] of this.tracer.tensors) if (x.gradFn !== gradFn) return null
    const states = this.states()
    if (this.live.length === 0)
      return { effects, graph: this.tracer.graph.finish(states, this.results), derivative: null }
    const derivative = this.differentiate(states)
    return derivative && { effects, graph: null, derivative }
  }

  /** What fn returns; what it has caught although it ends the trace is thrown again. */
  private returned(fn: Fn, given: never[]): unknown {
    const { tracer } = this
    let returned: unknown
    try {
      returned = fn(...given)
    } catch (error) {
      throw tracer.refused ?? error
    }
    if (tracer.refused) throw tracer.refused
    refusePromise(returned)
    return returned
  }

  private states(): Graph['states'] {
    return this.tracer.captured.map(({ storage, before }) => ({ before, after: this.tracer.heldBy(storage)! }))
  }

  /** Null where the pullback cannot be traced, or does more than computing gradients. */
  private differentiate(states: Graph['states']): Differentiable | null {
    const { tracer, live } = this
    const tensors = [...tracer.tensors].flatMap(([x, { tracked, gradFn }]) => (tracked && !gradFn ? [x] : []))
    const candidates = [...this.leaves.filter(({ tracked }) => tracked), ...tensors]
    const pullback = new Pullback(tracer, live, candidates, this.inputs.length)
    const nodes = tracer.graph.nodes.length
    const uses = [...tracer.gradients.keys()].map((x) => x.grad)
    const pulled = attempt(() => pullback.write(live.map(() => true)))
    if (pulled === null || this.hasChanged(states, uses)) return null
    const changed = new Set([
      ...states.flatMap(({ before, after }) => (before === after ? [] : [before])),
      ...this.inputs.flatMap(({ storage, id }) => (tracer.heldBy(storage) === id ? [] : [id])),
    ])
    const known = this.states().map((state, i) => states[i] ?? state)
    const split = new Split(tracer.graph, { nodes, states: known, results: this.results, changed }, pulled)
    const repeatable = !split.dependsOnChanges(live.map((y) => tracer.heldBy(y.storage)!))
    const targets = candidates.map((x) => (this.leaves.includes(x) ? { argument: this.leaves.indexOf(x) } : x))
    return { pullback, pulled, split, targets, repeatable }
  }

  private hasChanged(states: Graph['states'], grads: readonly (Tensor | null)[]): boolean {
    const owners = [...this.tracer.gradients.keys()]
    return (
      this.states().some(({ before, after }, i) => after !== (states[i]?.after ?? before)) ||
      owners.length !== grads.length ||
      owners.some((x, i) => x.grad !== grads[i])
    )
  }

  private standIn(pattern: TensorPattern, x: Tensor): Tensor {
    const argument = this.standIns.length
    const leaf = this.placeholder(argument, pattern, x)
    if (pattern.tracked) leaf.requiresGrad = true
    const made = pattern.inner ? aliasOf(leaf) : leaf
    made.name = pattern.name
    this.standIns.push(made)
    this.leaves.push(leaf)
    this.makers.push(made.gradFn)
    this.initial.push(null)
    if (pattern.grad) made.grad = this.initial[argument] = this.standIn(pattern.grad, x.grad!)
    return made
  }

  private placeholder(argument: number, { layout, shape, dtype }: TensorPattern, x: Tensor): Tensor {
    const first = this.signature.aliases[argument]
    const index = this.inputs.length
    if (layout === null) {
      const made = this.tracer.input(index, x)
      this.addInput(argument, false, made.storage)
      return made
    }
    if (first === argument) this.addInput(argument, true, this.tracer.sharedInput(index, x))
    const storage = first === argument ? this.inputs[index].storage : this.standIns[first].storage
    return new Tensor(storage, shape, layout.strides, layout.offset, dtype)
  }

  private addInput(argument: number, whole: boolean, storage: Storage): void {
    this.inputs.push({ argument, whole, storage, id: this.tracer.heldBy(storage)! })
  }

  private effectsOf(returned: unknown): Effects {
    const flat = flatten(returned)
    const gradients = this.gradientEffects()
    const outputs = flat.leaves.map((y) => this.outputOf(y))
    const changed = this.argumentEffects()
    const states = this.tracer.captured.filter(({ storage, before }) => this.tracer.heldBy(storage) !== before)
    return {
      inputs: this.inputs.map(({ argument, whole }) => ({ argument, whole })),
      outputs,
      rebuild: (leaves) => flat.rebuild(leaves),
      gradients,
      changed,
      states: states.map(({ storage }) => storage),
    }
  }

  private result(x: Tensor): number {
    return this.results.push(this.tracer.dense(x)) - 1
  }

  private outputOf(y: Tensor): Output {
    const index = this.standIns.indexOf(y)
    if (index >= 0) return { is: 'argument', index }
    if (y.box) throw new CompileError('compile: the function returned a tensor of a transform that has ended')
    if (this.tracer.isForeign(y) && !y.isView) return { is: 'same', tensor: y }
    const { shape, dtype, gradFn, retainsGrad } = y
    const live = gradFn !== null && !gradFn.freed
    // Hooks inside see the cotangent before those outside do, which one node cannot tell apart.
    if (live && y.hooks) this.alive = true
    const tracked = y.tracked && gradFn === null
    return {
      is: 'result',
      index: this.result(y),
      shape,
      dtype,
      tracked,
      retainsGrad,
      live: live ? this.live.push(y) - 1 : -1,
    }
  }

  private gradientEffects(): GradientEffect[] {
    const effects: GradientEffect[] = []
    for (const [x, { initial, read }] of [...this.tracer.gradients]) {
      const final = x.grad
      if (final === initial && read) continue
      if (final && initial && read && final.dtype === initial.dtype) {
        // Added to: the tensor stays, so that the next call finds it again.
        this.tracer.write('backward', initial, final)
        continue
      }
      effects.push({ of: x, grad: this.gradientOf(final) })
    }
    this.leaves.forEach((x, argument) => {
      if (x === this.standIns[argument]) {
        if (x.grad !== this.initial[argument]) effects.push({ of: { argument }, grad: this.gradientOf(x.grad) })
      } else if (x.grad || this.standIns[argument].grad !== this.initial[argument]) {
        // It arrives where the argument was computed from.
        this.alive = true
      }
    })
    return effects
  }

  private gradientOf(g: Tensor | null): GradientEffect['grad'] {
    if (g === null) return null
    if (g.gradFn && !g.gradFn.freed) this.alive = true
    if (this.tracer.isForeign(g)) return g
    return { result: this.result(g), shape: g.shape, dtype: g.dtype }
  }

  private argumentEffects(): ArgumentEffect[] {
    return this.inputs.flatMap(({ argument, whole, storage, id }) => {
      const after = this.tracer.heldBy(storage)!
      return after === id ? [] : [{ argument, whole, result: this.results.push(after) - 1 }]
    })
  }
}

/** The same elements, as they were computed from x: what is done to the alias does not become part of x. */
export function aliasOf(x: Tensor): Tensor {
  const alias = new Tensor(x.storage, x.shape, x.strides, x.offset, x.dtype)
  record(clone as Op, [x], {}, alias, 0)
  return alias
}

/** Whatever fn cannot do here is told where its derivative is asked for. */
export function attempt<T>(fn: () => T): T | null {
  try {
    return fn()
  } catch (error) {
    if (error instanceof ChainruleError) return null
    throw error
  }
}

function refusePromise(returned: unknown): void {
  if (typeof (returned as PromiseLike<unknown> | null | undefined)?.then !== 'function')
    return // What the function does after its first await ends in an error that is told here.
  ;(returned as Promise<unknown>).then(undefined, () => undefined)
  throw new CompileError('compile: the function returned a promise; compile its synchronous parts and await outside')
}
