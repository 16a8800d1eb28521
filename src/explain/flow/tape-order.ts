/** Which layers a layer's result flows into on its way to the loss, and whether any parameter still comes after a node. */
import { type TapeNode, Tensor } from '../../tensor/index.ts'

export class TapeOrder {
  /** The nodes between the losses and the leaves, the oldest first. */
  readonly nodes: readonly TapeNode[]
  readonly #beforeParameters: ReadonlySet<TapeNode>

  constructor(roots: readonly Tensor[], parameters: ReadonlySet<Tensor>) {
    const seen = new Set<TapeNode>(roots.flatMap((y) => (y.gradFn ? [y.gradFn] : [])))
    const pending = [...seen]
    while (pending.length > 0) {
      for (const source of pending.pop()!.sources()) {
        if (source instanceof Tensor || seen.has(source)) continue
        seen.add(source)
        pending.push(source)
      }
    }
    this.nodes = [...seen].sort((a, b) => a.sequence - b.sequence)
    this.#beforeParameters = beforeParameters(this.nodes, parameters)
  }

  /** False of what comes after the last parameter: the output of a network and its loss. */
  feedsParameters(node: TapeNode): boolean {
    return this.#beforeParameters.has(node)
  }

  /** For each group of nodes, the groups that its results flow into. */
  flowsInto(groups: readonly (readonly TapeNode[])[]): (() => number[])[] {
    const own = new Map<TapeNode, number[]>()
    groups.forEach((nodes, k) => {
      for (const node of nodes) own.set(node, [...(own.get(node) ?? []), k])
    })
    const words = Math.ceil(groups.length / 32)
    const into = groups.map(() => new Uint32Array(words))
    /** What flows out of a node so far; given up once the node has handed it on. */
    const out = new Map<TapeNode, Uint32Array>()
    for (let i = this.nodes.length - 1; i >= 0; i--) {
      const node = this.nodes[i]
      const after = out.get(node) ?? new Uint32Array(words)
      out.delete(node)
      const mine = own.get(node) ?? []
      for (const k of mine) join(into[k], after)
      const handed = mine.length === 0 ? after : after.slice()
      for (const k of mine) handed[k >> 5] |= 1 << (k & 31)
      for (const source of node.sources()) {
        if (source instanceof Tensor) continue
        const known = out.get(source)
        if (known) join(known, handed)
        else out.set(source, handed.slice())
      }
    }
    return into.map((mask, k) => () => members(mask).filter((l) => l !== k))
  }
}

function join(a: Uint32Array, b: Uint32Array): void {
  for (let w = 0; w < a.length; w++) a[w] |= b[w]
}

function beforeParameters(nodes: readonly TapeNode[], parameters: ReadonlySet<Tensor>): Set<TapeNode> {
  const before = new Set<TapeNode>()
  for (let i = nodes.length - 1; i >= 0; i--) {
    const sources = nodes[i].sources()
    const reads = before.has(nodes[i]) || sources.some((s) => s instanceof Tensor && parameters.has(s))
    if (reads) for (const source of sources) if (!(source instanceof Tensor)) before.add(source)
  }
  return before
}

function members(mask: Uint32Array): number[] {
  const found: number[] = []
  mask.forEach((word, w) => {
    for (let bit = 0; bit < 32; bit++) if (word & (1 << bit)) found.push(w * 32 + bit)
  })
  return found
}
