/**
 * Reverse mode: cotangents walk down the tape. The nodes that matter are collected first, then visited in descending
 * order of their sequence numbers, so that every node has received all its contributions when its turn comes. No step
 * recurses, and nothing is committed (gradients stored, saved values freed) before all of it went well.
 */
import { runElementwise } from '../backends/js/elementwise.ts'
import { AnomalyError, GradError } from '../errors/index.ts'
import { add } from '../ops/elementwise/add.ts'
import type { Call } from '../ops/kinds/op.ts'
import { shapeText } from '../ops/shape.ts'
import {
  atSite,
  describe,
  enter,
  firstNonFinite,
  type Origin,
  observers,
  scope,
  siteOf,
  type TapeNode,
  Tensor,
  tracing,
  withoutRecording,
} from '../tensor/index.ts'
import { fitCotangent } from './fit.ts'

export interface Propagation {
  /** The level of the tape: 0 for `backward`, that of the transform for `grad` and `vjp`. */
  readonly level: number
  readonly outputs: readonly Tensor[]
  readonly seeds: readonly Tensor[]
  /** Only these receive cotangents; undefined stands for every leaf. */
  readonly targets?: readonly Tensor[]
  /** Targets are held fixed: what arrives at one does not flow on to others that it was computed from. */
  readonly partial?: boolean
  /** Derivatives are recorded in turn. */
  readonly createGraph: boolean
  readonly retainGraph: boolean
}

/** The cotangents of the targets, or of all leaves that were reached. */
export function propagate(p: Propagation): Map<Tensor, Tensor> {
  const nodes = collect(p)
  const walk = new Walk(p, nodes)
  const before = nodes.map((node) => node.position)
  try {
    nodes.forEach((node, i) => {
      node.position = i
    })
    // Results of the rules are checked here, where it is known whose gradient they are.
    const run = () => enter({ ...scope(), anomaly: false }, () => walk.run())
    if (p.createGraph || p.level > 0) run()
    else withoutRecording(run)
  } finally {
    // A hook may walk the same nodes while an outer walk is still under way.
    nodes.forEach((node, i) => {
      node.position = before[i]
    })
  }
  if (!p.retainGraph) for (const node of nodes) if (!walk.unread.has(node)) node.free()
  return walk.found
}

/** The nodes between outputs and targets, the youngest first. */
function collect({ outputs, targets, partial = false }: Propagation): TapeNode[] {
  const seen = new Set<TapeNode>()
  const pending: TapeNode[] = []
  const visit = (maker: TapeNode | null) => {
    if (maker === null || seen.has(maker)) return
    seen.add(maker)
    pending.push(maker)
  }
  for (const y of outputs) visit(y.gradFn)
  const ends = new Set(partial ? targets?.map((t) => t.gradFn) : [])
  while (pending.length > 0) {
    const node = pending.pop()!
    if (ends.has(node)) continue
    for (const source of node.sources()) if (!(source instanceof Tensor)) visit(source)
  }
  const nodes = [...seen].sort((a, b) => b.sequence - a.sequence)
  return targets ? nodes.filter(leadsTo(nodes, targets)) : nodes
}

/** Whether a node has a target below it (or made one), decided from the oldest node upwards. */
function leadsTo(nodes: readonly TapeNode[], targets: readonly Tensor[]): (node: TapeNode) => boolean {
  const leading = new Set<TapeNode | Tensor>(targets.map((t) => t.gradFn ?? t))
  for (let i = nodes.length - 1; i >= 0; i--) if (nodes[i].sources().some((s) => leading.has(s))) leading.add(nodes[i])
  return (node) => leading.has(node)
}

class Walk {
  /** What has arrived at the targets (or leaves) so far. */
  readonly found = new Map<Tensor, Tensor>()
  readonly p: Propagation
  readonly nodes: readonly TapeNode[]
  /** Per node, one cotangent per output. */
  readonly cotangents: (Tensor | null)[][]
  readonly targets: ReadonlySet<Tensor> | null
  /** Targets that are results: where their node and output index is, they are found. */
  readonly inner: readonly Tensor[]
  readonly anomaly: boolean
  /** Nodes that made a target and lead to no other: their values are for whoever walks on from there. */
  readonly unread = new Set<TapeNode>()
  /** Storages that nobody but this walk has seen. */
  readonly sums = new Set<unknown>()

  constructor(p: Propagation, nodes: readonly TapeNode[]) {
    this.p = p
    this.nodes = nodes
    this.cotangents = nodes.map((node) => new Array<Tensor | null>(node.outputs?.length ?? 1).fill(null))
    this.targets = p.targets ? new Set(p.targets) : null
    this.inner = p.targets?.filter((t) => t.gradFn) ?? []
    this.anomaly = scope().anomaly
  }

  run(): void {
    const { outputs, seeds } = this.p
    for (const observer of observers) observer.walking?.(outputs, seeds)
    let failed = true
    try {
      this.walk()
      failed = false
    } finally {
      for (const observer of observers) observer.walked?.(failed)
    }
  }

  walk(): void {
    const { outputs, seeds } = this.p
    for (const [i, y] of outputs.entries()) this.arrive(y, y, seeds[i])
    for (let i = 0; i < this.nodes.length; i++) {
      this.visit(this.nodes[i], this.cotangents[i])
      this.cotangents[i] = []
    }
    this.settleLeaves()
  }

  /** One more contribution to the cotangent of x, which came from `origin` when it was read. */
  arrive(x: Tensor, origin: Origin, g: Tensor): void {
    const node = origin.gradFn
    if (node === null) {
      if (!this.targets || this.targets.has(x)) this.found.set(x, this.sum(this.found.get(x), g))
    } else if (this.nodes[node.position] === node) {
      const slots = this.cotangents[node.position]
      slots[origin.outputIndex] = this.sum(slots[origin.outputIndex], g)
    }
  }

  /** From the third contribution on, what an earlier sum has made is added to in place. */
  sum(a: Tensor | null | undefined, b: Tensor): Tensor {
    if (!a) return b
    if (this.sums.has(a.storage) && tracing.tracer === null && !b.box && !b.tracked && a.dtype === b.dtype) {
      runElementwise(add, [a, b], a, a.buffer)
      return a
    }
    const made = add(a, b)
    if (!made.box && !made.tracked) this.sums.add(made.storage)
    return made
  }

  visit(node: TapeNode, cotangents: (Tensor | null)[]): void {
    this.settle(node, cotangents)
    if (cotangents.every((g) => g === null)) return
    if (node.freed) {
      this.stopAt(node)
      return
    }
    const wanted = node.inputs!.map((x) => this.wants(x, node))
    if (!wanted.includes(true)) {
      this.unread.add(node)
      return
    }
    node.rematerialize?.()
    checkUnchanged(node, wanted)
    // A rule may hand its cotangent on as it is, to several operands: from here on it is not this walk's alone.
    for (const g of cotangents) if (g) this.sums.delete(g.storage)
    const call = this.callOf(node)
    const results = node.op.vjp(call, cotangents, wanted) as (Tensor | null)[]
    const contributions = results.map((g, i) => (wanted[i] && g ? fitCotangent(g, node.inputs![i] as Tensor) : null))
    for (const observer of observers) observer.visited?.(node, cotangents, contributions)
    for (let i = 0; i < wanted.length; i++) {
      const g = contributions[i]
      if (!g) continue
      const x = node.inputs![i] as Tensor
      if (this.anomaly) inspect(node, i, g)
      this.arrive(x, x.originAt(node.recordedAt), g)
    }
  }

  /** A node without its values ends the walk; unless nobody asked for what lies below it, that is an error. */
  stopAt(node: TapeNode): void {
    const below = node
      .sources()
      .some((s) => (s instanceof Tensor ? !this.targets || this.targets.has(s) : this.nodes[s.position] === s))
    if (below) throw freedError(node)
  }

  wants(x: Tensor | number, reader: TapeNode): boolean {
    if (typeof x === 'number' || x.level !== this.p.level) return false
    const { gradFn, tracked } = x.originAt(reader.recordedAt)
    if (!tracked || x.trackedFrom > reader.recordedAt) return false
    return gradFn === null ? !this.targets || this.targets.has(x) : this.nodes[gradFn.position] === gradFn
  }

  /** The operands as the rule is to see them: below the transform, unless it is itself to be differentiated here. */
  callOf(node: TapeNode): Call {
    const { level, createGraph } = this.p
    const lower = <X extends Tensor | number>(x: X): X =>
      !createGraph && level > 0 && typeof x !== 'number' && x.box && x.level === level ? (x.box.value as X) : x
    if (createGraph || level === 0) return { inputs: node.inputs!, attrs: node.attrs, outputs: node.outputs! }
    return { inputs: node.inputs!.map(lower), attrs: node.attrs, outputs: node.outputs!.map(lower) }
  }

  /** The cotangents of a node's outputs are complete: hooks see them, and those asked for are kept. */
  settle(node: TapeNode, cotangents: (Tensor | null)[]): void {
    node.outputs?.forEach((y, i) => {
      let g = cotangents[i]
      // What was written over in place is no longer this node's result: its hooks wait for what it is now.
      if (g === null || y.gradFn !== node) return
      if (y.hooks) cotangents[i] = g = runHooks(y, g)
      if (y.retainsGrad && !this.targets) this.found.set(y, g)
    })
    for (const t of this.inner) {
      const g = cotangents[t.outputIndex]
      if (t.gradFn !== node || !g) continue
      // A freed node has forgotten its results, but not the one that was asked for.
      const settled = node.freed && t.hooks ? runHooks(t, g) : g
      cotangents[t.outputIndex] = settled
      this.found.set(t, settled)
    }
  }

  settleLeaves(): void {
    for (const [x, g] of this.found) if (x.gradFn === null && x.hooks) this.found.set(x, runHooks(x, g))
  }
}

function runHooks(x: Tensor, g: Tensor): Tensor {
  let current = g
  for (const hook of [...x.hooks!]) {
    current.storage.seen = true
    const next = hook(current)
    if (next === undefined) continue
    if (!(next instanceof Tensor) || shapeText(next.shape) !== shapeText(g.shape)) {
      const got = next instanceof Tensor ? `a tensor ${shapeText(next.shape)}` : typeof next
      throw new GradError(
        `onGrad: a hook of a tensor ${shapeText(g.shape)} must return a gradient of that shape or nothing, it returned ${got}`,
      )
    }
    current = next
    current.storage.seen = true
  }
  return current
}

function freedError(node: TapeNode): GradError {
  return new GradError(
    `backward: the values that ${node.name} saved were freed by an earlier backward; pass { retainGraph: true } to the first one, or compute the loss again`,
  )
}

/** @throws GradError where a value that the rule reads for the wanted cotangents was changed in place since. */
export function checkUnchanged(node: TapeNode, wanted: readonly boolean[]): void {
  const check = (x: Tensor | number, i: number, what: string) => {
    if (typeof x === 'number' || x.storage.changedAt <= node.valuesFrom || !node.op.reads(i, wanted)) return
    const name = x.name ? ` '${x.name}'` : ''
    const site = siteOf(node.site)
    const where = site
      ? ` (${node.name} was called at ${site})`
      : '; detectAnomaly(() => ...) shows the line of the forward call'
    throw new GradError(
      `backward: ${node.name} needs ${what}${name} ${shapeText(x.shape)} as it was, but ${x.storage.changedBy} changed it in place ` +
        `afterwards${where}. Change a copy: x.clone(), or use the function that returns a new tensor`,
    )
  }
  node.inputs!.forEach((x, i) => {
    check(x, i, `its operand ${i}`)
  })
  for (const y of node.outputs!) check(y, -1, 'its result')
}

function inspect(node: TapeNode, i: number, g: Tensor): void {
  if (g.box || firstNonFinite(g) < 0) return
  const x = node.inputs![i] as Tensor
  const name = x.name ? ` '${x.name}'` : ''
  throw new AnomalyError(
    `backward of ${node.name}: ${describe(g, `the gradient of operand ${i}${name}`)}; ${node.name} was called${atSite(siteOf(node.site))}`,
  )
}
