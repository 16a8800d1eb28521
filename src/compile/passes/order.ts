/**
 * The order in which nodes run. Traced order keeps every gradient until the optimizer comes; here a node that frees at
 * least as much memory as it takes runs as soon as it can: consumers follow their producers, an update follows its
 * gradient. Else the traced order stays. What needs nothing waits until it is needed, and nodes of the host keep their
 * order. A node that makes the new value of a state waits for the readers of the old one, so that it can replace it.
 */
import { bytesPerElement } from '../../ops/dtype.ts'
import type { Graph, Node, ValueId } from '../graph/graph.ts'
import { accesses, rootsOf } from '../graph/rewrite.ts'

export const order = (graph: Graph): Graph => ({ ...graph, nodes: new Schedule(graph).run() })

class Schedule {
  private readonly graph: Graph
  private readonly reads: readonly (readonly ValueId[])[]
  /** Nodes that must run before node i. */
  private readonly needs: readonly (readonly number[])[]
  private readonly neededBy: number[][]
  private readonly readers: number[][]
  /** How many nodes still read a value. */
  private readonly open: number[]
  private readonly waiting: number[]
  private readonly done: boolean[]
  /** Which nodes depend on nothing but constants and the host. */
  private readonly lazy: boolean[] = []
  private readonly lasting: Set<ValueId>
  private readonly eager = new Set<number>()
  private readonly sorted: Node[] = []

  constructor(graph: Graph) {
    const { nodes, values } = graph
    this.graph = graph
    this.reads = nodes.map(valuesOf)
    this.readers = values.map(() => [])
    this.reads.forEach((read, i) => {
      for (const v of read) this.readers[v].push(i)
    })
    this.open = this.readers.map((list) => list.length)
    this.lasting = rootsOf(graph)
    this.needs = needsOf(graph, this.reads, this.readers)
    this.neededBy = nodes.map(() => [])
    this.needs.forEach((list, i) => {
      for (const k of list) this.neededBy[k].push(i)
    })
    this.waiting = this.needs.map((list) => list.length)
    this.done = nodes.map(() => false)
    const idle = (v: ValueId) => values[v].origin.is === 'constant'
    const made = new Set<ValueId>()
    for (const [i, { outputs }] of nodes.entries()) {
      this.lazy[i] = this.reads[i].every((v) => idle(v) || made.has(v))
      if (this.lazy[i]) for (const v of outputs) made.add(v)
    }
  }

  run(): Node[] {
    const { nodes } = this.graph
    for (const i of nodes.keys()) this.consider(i)
    for (let i = 0; i < nodes.length; i++) {
      if (this.done[i] || this.lazy[i]) continue
      this.force(i)
      this.settle()
    }
    // Of the lazy ones some are needed by nobody: hosts, for what they do beside.
    for (const i of nodes.keys()) this.force(i)
    return this.sorted
  }

  /** Runs a node after all that it needs and that has not run yet. */
  private force(root: number): void {
    const pending = [root]
    while (pending.length > 0) {
      const i = pending[pending.length - 1]
      const missing = this.done[i] ? [] : this.needs[i].filter((k) => !this.done[k])
      if (missing.length > 0) pending.push(...missing.sort((a, b) => b - a))
      else {
        pending.pop()
        if (!this.done[i]) this.emit(i)
      }
    }
  }

  /** Runs what is ready and pays for itself, and what becomes so by that. */
  private settle(): void {
    while (this.eager.size > 0) {
      // The one traced last is the furthest from where the values come from: what it reads is free the soonest.
      const last = Math.max(...this.eager)
      this.eager.delete(last)
      if (!this.done[last] && this.paysOff(last)) this.force(last)
    }
  }

  private emit(i: number): void {
    this.done[i] = true
    this.sorted.push(this.graph.nodes[i])
    for (const k of this.neededBy[i]) {
      this.waiting[k]--
      this.consider(k)
    }
    for (const v of this.reads[i]) {
      this.open[v]--
      if (this.open[v] === 1) for (const k of this.readers[v]) this.consider(k)
    }
  }

  private consider(i: number): void {
    if (!this.done[i] && this.isReady(i) && this.paysOff(i)) this.eager.add(i)
  }

  /** Nothing is missing but what needs nothing itself. */
  private isReady(i: number): boolean {
    if (this.lazy[i]) return false
    return this.waiting[i] === 0 || this.needs[i].every((k) => this.done[k] || this.lazy[k])
  }

  /** Does memory not grow by running the node now? States and their new values share a place. */
  private paysOff(i: number): boolean {
    const { nodes, values } = this.graph
    let grown = 0
    const sizeIn = (v: ValueId) => values[v].size * bytesPerElement[values[v].dtype]
    for (const v of nodes[i].outputs) grown += sizeIn(v)
    for (const v of this.reads[i]) if (this.open[v] === 1 && this.frees(v)) grown -= sizeIn(v)
    return grown <= 0
  }

  private frees(v: ValueId): boolean {
    const { is } = this.graph.values[v].origin
    return (is === 'node' && !this.lasting.has(v)) || is === 'state'
  }
}

/** The values that a node reads, each once. */
function valuesOf(node: Node): ValueId[] {
  const values: ValueId[] = []
  for (const { value } of accesses(node)) if (!values.includes(value)) values.push(value)
  return values
}

/** What must run before each node: who makes what it reads, for hosts the host before, for a new state the old one's readers. */
function needsOf(graph: Graph, reads: readonly (readonly ValueId[])[], readers: readonly number[][]): number[][] {
  const producers = new Array<number>(graph.values.length).fill(-1)
  for (const [i, { outputs }] of graph.nodes.entries()) for (const v of outputs) producers[v] = i
  const needs = reads.map((read) => {
    const makers: number[] = []
    for (const v of read) if (producers[v] >= 0 && !makers.includes(producers[v])) makers.push(producers[v])
    return makers
  })
  const hosts = graph.nodes.flatMap(({ is }, i) => (is === 'host' ? [i] : []))
  for (let k = 1; k < hosts.length; k++) needs[hosts[k]].push(hosts[k - 1])
  for (const { before, after } of graph.states) {
    const maker = producers[after]
    if (maker < 0 || before === after) continue
    for (const reader of readers[before])
      if (reader < maker && !needs[maker].includes(reader)) needs[maker].push(reader)
  }
  return needs
}
