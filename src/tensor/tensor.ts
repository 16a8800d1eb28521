/**
 * What a user holds: elements in memory under a shape, and where they came from. The class has what only a tensor can
 * say of itself; everything that can be done to one is a free function, which `fluent.ts` also makes a method.
 */

import { toDense } from '../backends/js/layout.ts'
import { ArgumentError, DTypeError, GradError, IndexError, ShapeError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import type { Op } from '../ops/kinds/op.ts'
import { sameShape, shapeText, sizeOf } from '../ops/shape.ts'
import type { Attrs, DType, Operand, Shape, Strided, TypedArray, Value } from '../ops/value.ts'
import { reshape } from '../ops/view/reshape.ts'
import { ranges, slice } from '../ops/view/slice.ts'
import { applyOp } from './apply.ts'
import type { Box } from './box.ts'
import { observers } from './observe.ts'
import { printTensor } from './print.ts'
import { type Storage, tick } from './storage.ts'
import type { TapeNode } from './tape.ts'
import { tracing } from './tracer.ts'

export type NestedArray = number | boolean | NestedArray[]
export type GradHook = (grad: Tensor) => Tensor | undefined

/** Which op made a tensor; null for leaves. */
export interface Origin {
  readonly gradFn: TapeNode | null
  readonly outputIndex: number
  readonly tracked: boolean
}

interface FormerOrigin extends Origin {
  /** It held for readers before this time. */
  readonly until: number
}

export class Tensor implements Value, Strided {
  storage: Storage
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
  readonly dtype: DType
  /** A name for messages, explanations and pictures. */
  name: string | undefined = undefined
  private accumulated: Tensor | null = null
  /** The tape node that made this tensor; null for leaves. */
  gradFn: TapeNode | null = null
  outputIndex = 0
  /** The transform at work on this tensor, with the value that it wraps; null for plain tensors. */
  box: Box | null = null
  level = 0
  isView = false
  /** The storage's `history` when this tensor was made: see `Storage.history`. */
  history: number
  hooks: Set<GradHook> | null = null
  retainsGrad = false
  tracked = false
  /** When `requiresGrad` was set: what read the tensor before knows nothing of it. */
  trackedFrom = 0
  /** What it was before changes in place that are part of its history, oldest first. */
  former: FormerOrigin[] | null = null

  constructor(storage: Storage, shape: Shape, strides: readonly number[], offset: number, dtype: DType) {
    this.storage = storage
    this.shape = shape
    this.strides = strides
    this.offset = offset
    this.dtype = dtype
    this.history = storage.history
  }

  applyOp(op: Op, inputs: readonly Operand[], attrs: Attrs): Tensor | Tensor[] {
    return applyOp(op, inputs as readonly (Tensor | number)[], attrs)
  }

  get buffer(): TypedArray {
    return tracing.tracer === null ? this.storage.buffer : tracing.tracer.elements(this)
  }

  get size(): number {
    return sizeOf(this.shape)
  }

  get ndim(): number {
    return this.shape.length
  }

  /** How often the elements were changed in place, here or through a view. */
  get version(): number {
    return this.storage.version
  }

  /** What `backward` has accumulated here; null before. */
  get grad(): Tensor | null {
    tracing.tracer?.gradient(this, this.accumulated, false)
    return this.accumulated
  }

  set grad(g: Tensor | null) {
    if (g !== null && !(g instanceof Tensor)) throw new ArgumentError(`grad: takes a tensor or null, got ${typeof g}`)
    if (g !== null && !sameShape(g.shape, this.shape))
      throw new GradError(`grad: a gradient ${shapeText(g.shape)} does not belong to a tensor ${shapeText(this.shape)}`)
    tracing.tracer?.gradient(this, this.accumulated, true)
    this.accumulated = g
  }

  get requiresGrad(): boolean {
    return this.tracked
  }

  set requiresGrad(value: boolean) {
    if (value && !isFloating(this.dtype)) {
      throw new DTypeError(
        `requiresGrad: only floating point tensors have gradients, this one is ${this.dtype}; convert first: x.to('float32')`,
      )
    }
    if (!value && this.gradFn) {
      throw new GradError(
        `requiresGrad: this tensor was computed by ${this.gradFn.name}; use detach() for one without a history`,
      )
    }
    if (value && !this.tracked) this.trackedFrom = tick()
    this.tracked = value
  }

  /** True for tensors that nobody computed from tensors that require a gradient: parameters, data. */
  get isLeaf(): boolean {
    return this.gradFn === null
  }

  /** Where the elements came from that an op read at that time. */
  originAt(time: number): Origin {
    const { former } = this
    if (former === null) return this
    let [low, high] = [0, former.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (time < former[middle].until) high = middle
      else low = middle + 1
    }
    return former[low] ?? this
  }

  /** The one element as a number. */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item: needs one element, ${shapeText(this.shape)} has ${this.size}; use toArray()`)
    return this.buffer[this.offset]
  }

  /** A copy of the elements in row-major order. */
  get data(): TypedArray {
    return toDense(this).slice()
  }

  /** As `data`, wherever the elements live. */
  async read(): Promise<TypedArray> {
    return this.data
  }

  /** Nested arrays of numbers; booleans for bool tensors. */
  toArray(): NestedArray {
    const flat = toDense(this)
    const value = (i: number) => (this.dtype === 'bool' ? flat[i] !== 0 : flat[i])
    const build = (d: number, at: number, step: number): NestedArray => {
      if (d === this.shape.length) return value(at)
      const inner = this.shape[d] === 0 ? 0 : step / this.shape[d]
      return Array.from({ length: this.shape[d] }, (_, i) => build(d + 1, at + i * inner, inner))
    }
    return build(0, 0, flat.length)
  }

  toString(): string {
    return printTensor(this)
  }

  /** Comparing and calculating with operators would silently use the printed text: an error says what to use. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    throw new ArgumentError(
      'a tensor is no number: use item() for its value, or add(), mul(), lt(), eq() ... to calculate with it',
    )
  }

  /** Nested arrays, so that data survives `JSON.stringify`. */
  toJSON(): NestedArray {
    return this.toArray()
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** The rows of the first dimension, one after the other. */
  *[Symbol.iterator](): Generator<Tensor> {
    if (this.shape.length === 0) throw new IndexError('iterating: a tensor without dimensions has no rows')
    for (let i = 0; i < this.shape[0]; i++) {
      const row = slice<Tensor>(this, ranges(this, { 0: { start: i, step: 1, size: 1 } }))
      yield reshape(row, this.shape.slice(1))
    }
  }

  /** The same elements without their history: no derivative flows through it, of whatever order or mode. */
  detach(): Tensor {
    if (this.box) return this.box.interpreter.constant(this.box.value.detach())
    const alias = new Tensor(this.storage, this.shape, this.strides, this.offset, this.dtype)
    alias.isView = true
    alias.history = UNRECORDED
    alias.name = this.name
    if (observers.length > 0) for (const observer of observers) observer.detached?.(this, alias)
    return alias
  }

  /** Keeps the gradient of an intermediate result in `.grad`, as of a leaf. Returns the tensor. */
  retainGrad(): this {
    if (!this.tracked) throw new GradError('retainGrad: this tensor does not require a gradient')
    this.retainsGrad = true
    return this
  }

  /**
   * Calls `hook` with the gradient when it has been summed up; what it returns takes its place. Hooks run in the order
   * in which they were added. Returns a function that removes the hook.
   * @example const x = tensor(3, { requiresGrad: true }); x.onGrad((g) => g.mul(2)); x.square().backward(); x.grad // 12
   */
  onGrad(hook: GradHook): () => void {
    if (!this.tracked) throw new GradError('onGrad: this tensor does not require a gradient, so that none arrives')
    this.hooks ??= new Set()
    const entry = (g: Tensor) => hook(g)
    this.hooks.add(entry)
    tracing.epoch++
    return () => {
      this.hooks?.delete(entry)
      tracing.epoch++
    }
  }
}

/** The history of a tensor that never claimed one. */
export const UNRECORDED = -1
