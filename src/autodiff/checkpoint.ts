/**
 * Trading time for memory: what a function computes on the way to its result is dropped and computed again when
 * backward comes by. The tape keeps its nodes; only the values in between lose their elements, and get them back from
 * a second run of the function with the same random numbers.
 */
import { GradError } from '../errors/index.ts'
import { sameShape } from '../ops/shape.ts'
import {
  defaultGenerator,
  enter,
  type RandomState,
  type Scope,
  Storage,
  scope,
  type TapeNode,
  Tensor,
  watchTape,
  youngest,
} from '../tensor/index.ts'
import { requireFunction } from './reverse.ts'
import { flatten } from './tree.ts'

/**
 * fn(...args), storing only its arguments and results for backward. Memory falls to that of one segment, time rises by
 * one more forward pass of it.
 * @param fn must compute the same again when called again; random numbers repeat by themselves. Hooks on tensors made
 *   inside are added inside.
 * @throws GradError in backward where fn does something else the second time, or what it read was changed since.
 * @example checkpoint((x) => x.square().exp(), tensor(1, { requiresGrad: true })) // 2.7183
 */
export function checkpoint<A extends unknown[], O>(fn: (...args: A) => O, ...args: A): O {
  requireFunction('checkpoint', fn)
  // While an outer segment is being computed again, all of it is kept: it is about to be used.
  if (rerunning) return fn(...args)
  const start = youngest()
  const conditions = { scope: scope(), random: defaultGenerator.state }
  const [out, nodes] = watched(() => fn(...args))
  if (nodes.length === 0) return out
  const kept = new Set(flatten([args, out]).leaves.map((x) => x.storage))
  const inside = (x: Tensor) => x.storage.serial > start && !kept.has(x.storage)
  new Segment(nodes, inside, () => rerun(() => fn(...args), conditions)).drop()
  return out
}

function watched<T>(fn: () => T): [T, TapeNode[]] {
  const nodes: TapeNode[] = []
  const out = watchTape((node) => nodes.push(node), fn)
  return [out, nodes]
}

let rerunning = false

interface Conditions {
  readonly scope: Scope
  readonly random: RandomState
}

/** The nodes of a second run under the conditions of the first. */
function rerun(fn: () => unknown, conditions: Conditions): TapeNode[] {
  const now = defaultGenerator.state
  defaultGenerator.state = conditions.random
  rerunning = true
  try {
    return enter(conditions.scope, () => watched(fn))[1]
  } finally {
    rerunning = false
    defaultGenerator.state = now
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

  drop(): void {
    const empty = <X extends Tensor | number>(x: X): X => (typeof x === 'number' ? x : (this.standIn(x) as X))
    for (const node of this.nodes) {
      for (const x of node.inputs!)
        if (typeof x !== 'number' && !this.droppable(x) && x.storage !== DROPPED)
          this.read.set(x.storage, x.storage.version)
      node.inputs = node.inputs!.map(empty)
      node.outputs = node.outputs!.map(empty)
      node.rematerialize = () => this.restore()
    }
  }

  standIn(x: Tensor): Tensor {
    if (!this.droppable(x) || x.hooks || x.retainsGrad) return x
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
    this.nodes.forEach((node, i) => {
      node.rematerialize = undefined
      // Freshly computed elements are as the rules expect them, whatever was changed in place on the way.
      node.valuesFrom = fresh[i].valuesFrom
      for (const [k, x] of node.inputs?.entries() ?? []) fill(x, fresh[i].inputs![k])
      for (const [k, x] of node.outputs?.entries() ?? []) fill(x, fresh[i].outputs![k])
    })
  }
}

function changedError(storage: Storage): GradError {
  return new GradError(
    `checkpoint: ${storage.changedBy} changed a tensor in place that the function read; it cannot be computed again from it`,
  )
}

/** The storage of a value that is to be computed again. */
const DROPPED = new Storage(new Float32Array(0))
