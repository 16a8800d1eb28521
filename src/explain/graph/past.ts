/**
 * What the values of a program were: from the tape or, after a backward that freed it, from a recording. The elements of a
 * tensor on the tape may have been written over since; where that is part of a derivative the tape holds a copy of what
 * was there before, as an operand of the op that did it.
 */
import { GradError } from '../../errors/index.ts'
import { shapeText } from '../../ops/shape.ts'
import type { TapeNode, Tensor } from '../../tensor/index.ts'
import { keptOf } from '../record/kept.ts'

export interface Values {
  /** The operands as the program has them, and with the elements that they had. */
  readonly operands: readonly (Tensor | number)[]
  readonly inputs: readonly (Tensor | number)[]
  readonly outputs: readonly Tensor[]
  /** The results as the program has them. */
  readonly results: readonly Tensor[]
}

export class Past {
  readonly #nodes: readonly TapeNode[]
  #copies: ReadonlyMap<TapeNode, ReadonlyMap<number, Tensor>> | undefined
  readonly #known = new Map<TapeNode, Values>()

  /** @param nodes all that the program is made of. */
  constructor(nodes: readonly TapeNode[]) {
    this.#nodes = nodes
  }

  /** @throws GradError where values are gone. */
  of(node: TapeNode): Values {
    let values = this.#known.get(node)
    if (!values) this.#known.set(node, (values = keptOf(node) ?? this.#onTape(node)))
    return values
  }

  #onTape(node: TapeNode): Values {
    node.rematerialize?.()
    if (node.freed)
      throw new GradError(
        `explain: the values that ${node.name} saved were freed by backward; call explain before backward, pass { retainGraph: true } ` +
          'to backward, or run the program inside of record(() => ...)',
      )
    const operands = node.inputs!
    const inputs = operands.map((x) => {
      if (typeof x === 'number') return x
      const { gradFn, outputIndex } = x.originAt(node.recordedAt)
      return this.#asItWas(x, node, gradFn, outputIndex, 'read')
    })
    const results = node.outputs!
    return { operands, inputs, outputs: results.map((y, k) => this.#asItWas(y, node, node, k, 'made')), results }
  }

  #asItWas(x: Tensor, user: TapeNode, maker: TapeNode | null, k: number, what: 'read' | 'made'): Tensor {
    if (isUnchanged(x, user)) return x
    this.#copies ??= copiesIn(this.#nodes)
    const copy = maker && this.#copies.get(maker)?.get(k)
    if (copy) return copy
    throw new GradError(
      `explain: what ${user.name} ${what}${x.name ? `, '${x.name}'` : ''} ${shapeText(x.shape)}, is gone: ${x.storage.changedBy} changed it in place; ` +
        'call explain before that, or run the program inside of record(() => ...)',
    )
  }
}

const isUnchanged = (x: Tensor, user: TapeNode): boolean => x.storage.changedAt <= user.valuesFrom

/** By node and result, operands that are still as they were read. */
function copiesIn(nodes: readonly TapeNode[]): Map<TapeNode, Map<number, Tensor>> {
  const copies = new Map<TapeNode, Map<number, Tensor>>()
  for (const node of nodes) {
    for (const x of node.inputs ?? []) {
      if (typeof x === 'number' || !isUnchanged(x, node)) continue
      const { gradFn, outputIndex } = x.originAt(node.recordedAt)
      if (!gradFn) continue
      const own = copies.get(gradFn)
      if (own) own.set(outputIndex, x)
      else copies.set(gradFn, new Map([[outputIndex, x]]))
    }
  }
  return copies
}
