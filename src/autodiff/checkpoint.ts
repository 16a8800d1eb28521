/**
 * Trading time for memory: what a function computes on the way to its result is dropped and computed again when
 * backward comes by. The tape keeps its nodes; only the values in between lose their elements, and get them back from
 * a second run of the function with the same random numbers.
 */
import { GradError } from '../errors/index.ts'
import { sameShape } from '../ops/shape.ts'
import {
  type Drawing,
  drawing,
  enter,
  requireFunction,
  type Scope,
  Storage,
  scope,
  type TapeNode,
  Tensor,
  tracing,
  watchTape,
  youngest,
} from '../tensor/index.ts'
import { flatten } from './tree.ts'

/**
 * fn(...args), storing only its arguments and results for backward. Memory falls to that of one segment, time rises by
 * one more forward pass of it.
 * @param fn must compute the same again when called again; random numbers repeat by themselves. Hooks and `retainGrad` on
 *   tensors made inside belong inside.
 * @throws GradError in backward where fn does something else the second time, or what it read was changed since.
 * @example checkpoint((x) => x.square().exp(), tensor(1, { requiresGrad: true })) // 2.7183
 */
export function checkpoint<A extends unknown[], O>(fn: (...args: A) => O, ...args: A): O {
  requireFunction('checkpoint', fn)
  // While an outer segment is being computed again, all of it is kept: it is about to be used.
  if (rerunning) return fn(...args)
  const start = youngest()
  const flat = flatten(args)
  // The caller may change its containers afterwards.
  const given = flat.rebuild(flat.leaves) as A
  const outer = drawing.used
  const conditions: Conditions = { scope: scope(), drawing: { ...drawing, used: new Map() } }
  const first = () => within(conditions.drawing, () => watched(() => fn(...args)))
  // A traced function draws when it is called: the tracer knows which numbers those were.
  const traced = tracing.tracer?.repeatable(first)
  const [out, nodes] = traced ? traced.result : first()
  for (const [generator, state] of conditions.drawing.used!)
    if (outer && !outer.has(generator)) outer.set(generator, state)
  if (nodes.length === 0) return out
  const kept = new Set([...flat.leaves, ...flatten(out).leaves].map((x) => x.storage))
  const inside = (x: Tensor) => x.storage.serial > start && !kept.has(x.storage)
  const again = () => rerun(() => fn(...given), conditions)
  const segment = new Segment(nodes, inside, traced ? () => traced.again(again) : again)
  segment.drop(start, flat.leaves)
  return out
}

function watched<T>(fn: () => T): [T, TapeNode[]] {
  const nodes: TapeNode[] = []
  const out = watchTape((node) => nodes.push(node), fn)
  return [out, nodes]
}

/** Runs fn while random numbers are drawn in the given way. */
function within<T>(way: Drawing, fn: () => T): T {
  const before = { ...drawing }
  Object.assign(drawing, way)
  try {
    return fn()
  } finally {
    Object.assign(drawing, before)
  }
}

let rerunning = false

interface Conditions {
  readonly scope: Scope
  /** How random numbers were drawn, and from where each generator started. */
  readonly drawing: Drawing
}

/** The nodes of a second run under the conditions of the first. */
function rerun(fn: () => unknown, { scope: first, drawing: way }: Conditions): TapeNode[] {
  const now = [...way.used!.keys()].map((generator) => [generator, generator.state] as const)
  for (const [generator, state] of way.used!) generator.state = state
  rerunning = true
  try {
    return within({ ...way, used: null }, () => enter(first, () => watched(fn)))[1]
  } finally {
    rerunning = false
    for (const [generator, state] of now) generator.state = state
  }
}

class Segment {
  readonly nodes: readonly TapeNode[]
  readonly droppable: (x: Tensor) => boolean
  readonly again: () => TapeNode[]
  /** For every value that was dropped, the stand-in that the tape holds in its place. */
  readonly standIns = new Map<Tensor, Tensor>()
  /** What the segment read from outside, and in which version: it will be read again. */
  readonly read = new Map<Storage, number>()

  constructor(nodes: readonly TapeNode[], droppable: (x: Tensor) => boolean, again: () => TapeNode[]) {
    this.nodes = nodes
    this.droppable = droppable
    this.again = again
  }

  drop(start: number, args: readonly Tensor[]): void {
    for (const x of args) this.read.set(x.storage, x.storage.version)
    const empty = <X extends Tensor | number>(x: X): X => (typeof x === 'number' ? x : (this.standIn(x) as X))
    for (const node of this.nodes) {
      // What a backward inside of the function has used up is not needed again.
      if (node.freed) continue
      for (const x of node.inputs!)
        if (typeof x !== 'number' && x.storage.serial <= start && x.storage !== DROPPED)
          this.read.set(x.storage, x.storage.version)
      node.inputs = node.inputs!.map(empty)
      node.outputs = node.outputs!.map(empty)
      node.rematerialize = () => this.restore()
    }
  }

  standIn(x: Tensor): Tensor {
    const leaf = x.tracked && x.gradFn === null
    if (!this.droppable(x) || leaf || x.hooks || x.retainsGrad) return x
    let made = this.standIns.get(x)
    if (!made) {
      made = new Tensor(DROPPED, x.shape, x.strides, x.offset, x.dtype)
      made.history = x.history
      made.former = x.former
      made.gradFn = x.gradFn
      made.outputIndex = x.outputIndex
      made.tracked = x.tracked
      made.level = x.level
      made.box = x.box
      made.name = x.name
      this.standIns.set(x, made)
    }
    return made
  }

  restore(): void {
    for (const [storage, version] of this.read) if (storage.version !== version) throw changedError(storage)
    const fresh = this.again()
    if (fresh.length !== this.nodes.length || fresh.some((node, i) => node.op !== this.nodes[i].op)) {
      throw new GradError(
        'checkpoint: the function did something else when it was run again; it must depend on its arguments and on random numbers only',
      )
    }
    const fill = (x: Tensor | number, y: Tensor | number) => {
      if (typeof x === 'number' || typeof y === 'number' || x.storage !== DROPPED) return
      if (!sameShape(x.shape, y.shape))
        throw new GradError('checkpoint: a value had another shape when the function was run again')
      x.storage = y.storage
      x.box = y.box
    }
    const changed = this.nodes.map(hasChanged)
    this.nodes.forEach((node, i) => {
      node.rematerialize = undefined
      // Freshly computed elements are as the rules expect them, whatever was changed in place on the way.
      if (!changed[i]) node.valuesFrom = fresh[i].valuesFrom
      for (const [k, x] of node.inputs?.entries() ?? []) fill(x, fresh[i].inputs?.[k] ?? x)
      for (const [k, x] of node.outputs?.entries() ?? []) fill(x, fresh[i].outputs?.[k] ?? x)
    })
  }
}

/** What a segment returned was kept, and is what the caller has made of it since. */
function hasChanged({ inputs, outputs, valuesFrom }: TapeNode): boolean {
  return [...(inputs ?? []), ...(outputs ?? [])].some(
    (x) => typeof x !== 'number' && x.storage !== DROPPED && x.storage.changedAt > valuesFrom,
  )
}

function changedError(storage: Storage): GradError {
  return new GradError(
    `checkpoint: ${storage.changedBy} changed a tensor in place that the function read; it cannot be computed again from it`,
  )
}

/** The storage of a value that is to be computed again. */
const DROPPED = new Storage(new Float32Array(0))
