/**
 * Running a program as if it had not run: gradients, elements that were written over, modes of modules and the random
 * numbers to come are afterwards what they were. Programs may do more than that; what is put back is listed at `flow`.
 */

import { toDense } from '../../backends/js/layout.ts'
import type { Module } from '../../nn/module.ts'
import type { TypedArray } from '../../ops/value.ts'
import type { Optimizer } from '../../optim/optimizer.ts'
import {
  defaultGenerator,
  drawing,
  type Generator,
  observe,
  type RandomState,
  type Storage,
  type Tensor,
  youngest,
} from '../../tensor/index.ts'

export interface Subjects {
  readonly model: Module | undefined
  readonly optimizer: Optimizer | undefined
}

/** What a tensor is apart from its elements; a module may be converted, a buffer become the result of an op. */
const facts = [
  'storage',
  'strides',
  'offset',
  'dtype',
  'isView',
  'history',
  'gradFn',
  'outputIndex',
  'tracked',
  'trackedFrom',
  'former',
] as const

type Kept = Pick<Tensor, (typeof facts)[number] | 'grad'>

interface Elements {
  readonly data: TypedArray
  readonly version: number
  readonly changedAt: number
  readonly changedBy: string
  readonly history: number
}

export class Untouched {
  readonly #subjects: Subjects
  readonly #tensors = new Map<Tensor, Kept>()
  readonly #storages = new Map<Storage, Elements>()
  readonly #modes: readonly (readonly [Module, boolean])[]
  readonly #optimizer: ReturnType<Optimizer['stateDict']> | undefined
  readonly #generators = new Map<Generator, RandomState>()
  /** Storages that are younger were made by the program itself. */
  readonly #start = youngest()
  #stop: () => void = () => {}

  constructor(subjects: Subjects) {
    this.#subjects = subjects
    const { model, optimizer } = subjects
    this.#modes = model?.modules().map((module) => [module, module.training] as const) ?? []
    this.#optimizer = optimizer?.stateDict()
    for (const x of [...(model?.parameters() ?? []), ...(model?.buffers() ?? [])]) this.#keep(x)
    for (const x of optimizer?.paramGroups.flatMap(({ params }) => params) ?? []) this.#keep(x)
  }

  /** Runs `fn` with no gradients to begin with; what it changed is put back by `restore`. */
  run<T>(fn: () => T): T {
    for (const x of this.#tensors.keys()) x.grad = null
    const used = drawing.used
    drawing.used = this.#generators
    this.#generators.set(defaultGenerator, this.#generators.get(defaultGenerator) ?? defaultGenerator.state)
    this.#stop = observe({
      applied: (_, inputs) => {
        for (const x of inputs) if (typeof x !== 'number' && x.tracked && !x.gradFn) this.#meet(x)
      },
      changing: ({ storage }) => this.#keepElements(storage),
    })
    try {
      return fn()
    } finally {
      this.#stop()
      drawing.used = used
    }
  }

  /** A leaf that nobody named beforehand. */
  #meet(x: Tensor): void {
    if (this.#tensors.has(x) || x.storage.serial > this.#start) return
    this.#keep(x)
    x.grad = null
  }

  #keep(x: Tensor): void {
    if (this.#tensors.has(x)) return
    this.#tensors.set(x, Object.fromEntries([...facts, 'grad' as const].map((key) => [key, x[key]])) as unknown as Kept)
    this.#keepElements(x.storage)
    if (x.grad) this.#keepElements(x.grad.storage)
  }

  #keepElements(storage: Storage): void {
    if (this.#storages.has(storage) || storage.serial > this.#start) return
    const { version, changedAt, changedBy, history } = storage
    this.#storages.set(storage, { data: storage.buffer.slice(), version, changedAt, changedBy, history })
  }

  /** The elements that x had before. */
  before(x: Tensor): TypedArray {
    const { storage, strides, offset, dtype } = this.#tensors.get(x) ?? x
    return toDense({
      buffer: this.#storages.get(storage)?.data ?? storage.buffer,
      shape: x.shape,
      strides,
      offset,
      dtype,
    })
  }

  restore(): void {
    for (const [storage, { data, ...rest }] of this.#storages) {
      storage.buffer.set(data)
      Object.assign(storage, rest)
    }
    for (const [x, kept] of this.#tensors) Object.assign(x, kept)
    for (const [module, mode] of this.#modes) module.training = mode
    for (const [generator, state] of this.#generators) generator.state = state
    if (this.#optimizer) this.#subjects.optimizer!.loadStateDict(this.#optimizer)
  }
}
