/**
 * Writing a run of a function down. Each storage holds a value of the graph at a time: results of ops new ones, tensors
 * from outside what they hold when the call begins, tensors made of data by the function constants. Storages from
 * outside are captured: while tracing they cannot be read, and afterwards they are as they were before.
 */

import { clone } from '../../ops/elementwise/clone.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { contiguousStrides, isContiguous, SCALAR, sizeOf } from '../../ops/shape.ts'
import type { Attrs, DType, Shape, Spec, TypedArray } from '../../ops/value.ts'
import { Storage, scope, Tensor, type Tracer, tracing, youngest, youngestNode } from '../../tensor/index.ts'
import { GraphBuilder } from '../graph/builder.ts'
import type { Access, ValueId } from '../graph/graph.ts'
import { type Captured, changing, type Known, knownOf } from './captured.ts'
import { escaped, isPoison, poison, unread } from './poison.ts'

/** Constants up to this size are computed with at once. */
const SMALL = 1 << 16

/** A gradient that was read or replaced. */
export interface GradientUse {
  /** What it was before the trace. */
  readonly initial: Tensor | null
  /** Whether it was read before it was replaced, so that the trace depends on it. */
  read: boolean
}

/** What was drawn in a part of the function that may be run again. */
interface Draws {
  readonly made: Tensor[]
  /** Where a second run is; null in the first. */
  next: number | null
  readonly outer: Draws | null
}

/** Thrown where the function reads by itself what it was also given as an argument: it is then traced with that argument as it is. */
export class SharedArgument extends Error {
  readonly storage: Storage

  constructor(storage: Storage) {
    super('an argument is also read by itself')
    this.storage = storage
  }
}

/** Thrown where the function reads a tensor from outside that has a history: the derivative goes on into that. */
export class OuterHistory extends Error {
  constructor() {
    super('a tensor from outside has a history')
  }
}

export class GraphTracer implements Tracer {
  readonly graph = new GraphBuilder()
  readonly captured: Captured[] = []
  /** Tensors from outside whose storage was captured, as they were. */
  readonly tensors = new Map<Tensor, Known>()
  readonly gradients = new Map<Tensor, GradientUse>()
  readonly guards: (() => boolean)[] = []
  readonly rareGuards: (() => boolean)[] = []
  private readonly holds = new Map<Storage, ValueId>()
  private readonly lasting = new Set<Storage>()
  /** Storages of the arguments: captured ones are known under another name. */
  private readonly given: ReadonlySet<Storage>
  private readonly poison: TypedArray
  private readonly start = youngest()
  private readonly startNode = youngestNode()
  private over = false
  /** The first thing that ended the trace, which the function may have caught. */
  refused: Error | null = null
  /** Whose elements were asked for last. */
  private asked: Tensor | null = null
  private scope = 0
  private scopes = 0
  private draws: Draws | null = null

  constructor(given: ReadonlySet<Storage>) {
    this.given = given
    this.poison = poison(() => (this.over ? escaped(null) : this.refuse(unread(this.asked))))
  }

  private refuse<E extends Error>(error: E): E {
    this.refused ??= error
    return error
  }

  /** Runs fn as part of the trace; whatever becomes of it, what it captured is then as it was. */
  run<T>(fn: () => T): T {
    try {
      return this.during(fn)
    } finally {
      for (const [x, { initial }] of this.gradients) x.grad = initial
      for (const [x, known] of this.tensors) if (x.gradFn !== known.gradFn) Object.assign(x, known)
    }
  }

  /** As `run`, of something more after the trace: everything captured is again as it was at its end. */
  resume<T>(fn: () => T): T {
    this.exchange()
    return this.during(fn)
  }

  private during<T>(fn: () => T): T {
    tracing.tracer = this
    this.over = false
    try {
      return fn()
    } finally {
      tracing.tracer = null
      this.over = true
      this.exchange()
    }
  }

  private exchange(): void {
    for (const captured of this.captured) {
      const { storage, other } = captured
      captured.other = changing(storage)
      Object.assign(storage, other)
    }
  }

  apply(op: Op, inputs: readonly (Tensor | number)[], attrs: Attrs, specs: readonly Spec[]): Tensor[] {
    const operands = inputs.map((x) => (typeof x === 'number' ? x : this.access(x)))
    const outputs = this.graph.outputs(specs)
    this.graph.nodes.push({ is: 'apply', op, attrs, inputs: operands, outputs, specs, scope: this.scope })
    return outputs.map((id, i) => this.tensorOf(id, specs[i].shape, specs[i].dtype))
  }

  known(inputs: readonly (Tensor | number)[]): boolean {
    return inputs.every((x) => typeof x === 'number' || (!this.hides(x) && x.storage.size <= SMALL && x.size <= SMALL))
  }

  hides({ storage }: Tensor): boolean {
    return isPoison(storage.buffer) || !this.isOwn(storage)
  }

  elements(x: Tensor): TypedArray {
    if (!this.hides(x)) return x.storage.buffer
    this.asked = x
    return this.poison
  }

  write(_by: string, x: Tensor, value: Tensor): void {
    const source = this.access(value)
    const target = this.access(x)
    const after = this.graph.value(x.dtype, x.storage.size, { is: 'node', output: 0 })
    this.graph.nodes.push({ is: 'write', target, source, outputs: [after] })
    this.hold(x.storage, after)
  }

  fill(label: string, shape: Shape, dtype: DType, fill: (out: TypedArray) => void): Tensor {
    const { draws } = this
    if (draws && draws.next !== null) {
      const drawn = draws.made[draws.next++]
      if (drawn) return this.tensorOf(this.holds.get(drawn.storage)!, shape, dtype)
    }
    const [x] = this.host(label, [{ shape, dtype }], ([out]) => fill(out))
    // What is written into the tensor later must not change what a second run draws.
    const kept = draws && this.tensorOf(this.holds.get(x.storage)!, shape, dtype)
    for (let part = draws; part && kept; part = part.outer) part.made.push(kept)
    return x
  }

  scalars(label: string, count: number, compute: () => readonly number[], holds?: () => boolean): Tensor[] {
    if (holds) this.guard(holds)
    const specs = Array.from({ length: count }, (): Spec => ({ shape: SCALAR, dtype: 'float64' }))
    return this.host(label, specs, (outputs) => {
      const numbers = compute()
      for (let i = 0; i < count; i++) outputs[i][0] = numbers[i]
    })
  }

  private host(label: string, specs: readonly Spec[], run: (outputs: readonly TypedArray[]) => void): Tensor[] {
    const outputs = this.graph.outputs(specs)
    this.graph.nodes.push({ is: 'host', label, outputs, specs, run })
    return outputs.map((id, i) => this.tensorOf(id, specs[i].shape, specs[i].dtype))
  }

  keep(x: Tensor): void {
    this.lasting.add(x.storage)
  }

  guard(holds: () => boolean): void {
    this.guards.push(holds)
  }

  guardRarely(holds: () => boolean): void {
    this.rareGuards.push(holds)
  }

  gradient(x: Tensor, current: Tensor | null, replaced: boolean): void {
    if (this.gradients.has(x) || (this.isOwn(x.storage) && !this.lasting.has(x.storage))) return
    this.gradients.set(x, { initial: current, read: !replaced })
  }

  repeatable<T>(fn: () => T): { readonly result: T; again<R>(fn: () => R): R } {
    const made: Tensor[] = []
    const result = this.drawing({ made, next: null, outer: this.draws }, this.scope, fn)
    return {
      result,
      again: (run) => this.drawing({ made, next: 0, outer: null }, ++this.scopes, run),
    }
  }

  private drawing<T>(draws: Draws, scope: number, fn: () => T): T {
    const before = [this.draws, this.scope] as const
    this.draws = draws
    this.scope = scope
    try {
      return fn()
    } finally {
      ;[this.draws, this.scope] = before
    }
  }

  /** A tensor for an argument: its elements are handed in at every call. */
  input(index: number, x: Tensor): Tensor {
    return this.tensorOf(this.graph.value(x.dtype, x.size, { is: 'input', index }), x.shape, x.dtype)
  }

  /** A storage for what several arguments share. */
  sharedInput(index: number, { storage, dtype }: Tensor): Storage {
    return this.storageOf(this.graph.value(dtype, storage.size, { is: 'input', index }))
  }

  /** A new tensor around a value. */
  private tensorOf(id: ValueId, shape: Shape, dtype: DType): Tensor {
    return new Tensor(this.storageOf(id), shape, shape.length === 0 ? SCALAR : contiguousStrides(shape), 0, dtype)
  }

  private storageOf(id: ValueId): Storage {
    const storage = new Storage(this.poison, this.graph.values[id].size)
    this.holds.set(storage, id)
    return storage
  }

  private hold(storage: Storage, id: ValueId): void {
    storage.buffer = this.poison
    this.holds.set(storage, id)
  }

  /** Whether a storage was made in this trace, of data or as a result, for one call. */
  private isOwn(storage: Storage): boolean {
    return storage.serial > this.start && !this.lasting.has(storage)
  }

  /** Whether x is a tensor from outside of the trace that stands in for itself. */
  isForeign(x: Tensor): boolean {
    return !this.isOwn(x.storage)
  }

  /** The value that a storage holds now; undefined where the trace has not met it. */
  heldBy(storage: Storage): ValueId | undefined {
    return this.holds.get(storage)
  }

  meet(x: Tensor): void {
    const { gradFn, tracked } = x
    if (gradFn === null) {
      if ((!x.isView || tracked) && !this.isOwn(x.storage) && !this.tensors.has(x)) this.tensors.set(x, knownOf(x))
    } else if (gradFn.sequence <= this.startNode && tracked && scope().floor < 0) throw this.refuse(new OuterHistory())
  }

  private access(x: Tensor): Access {
    this.meet(x)
    const value = this.holds.get(x.storage) ?? this.adopt(x)
    return { value, shape: x.shape, strides: x.strides, offset: x.offset, dtype: x.dtype }
  }

  /** The first time that an op meets a storage that the trace did not make. */
  private adopt(x: Tensor): ValueId {
    const { storage, dtype } = x
    if (isPoison(storage.buffer)) throw this.refuse(escaped(x))
    if (this.given.has(storage)) throw this.refuse(new SharedArgument(storage))
    if (this.isOwn(storage)) {
      const id = this.graph.constant(dtype, storage.buffer)
      this.holds.set(storage, id)
      return id
    }
    const before = this.graph.value(dtype, storage.size, { is: 'state', index: this.captured.length })
    this.captured.push({ storage, before, other: changing(storage) })
    this.hold(storage, before)
    return before
  }

  /** The value of x as a dense one, in row-major order. */
  dense(x: Tensor): ValueId {
    const { value, shape, strides, offset, dtype } = this.access(x)
    if (offset === 0 && x.storage.size === sizeOf(shape) && isContiguous(shape, strides)) return value
    const spec = { shape, dtype }
    const outputs = this.graph.outputs([spec])
    const inputs = [{ value, shape, strides, offset, dtype }]
    this.graph.nodes.push({ is: 'apply', op: clone as Op, attrs: {}, inputs, outputs, specs: [spec], scope: 0 })
    return outputs[0]
  }
}
