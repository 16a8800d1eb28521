/**
 * How the derivative of a traced function is written down: cotangents without values are sent back over the tape that
 * tracing has left, which adds the nodes of the pullback to the graph. That is done for all results at first; for calls
 * of which only some results are used, again later, as what is not used contributes nothing (which is not the same as zero).
 */
import { propagate } from '../../autodiff/propagate.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { ValueId } from '../graph/graph.ts'
import type { Later } from '../graph/split.ts'
import type { GraphTracer } from './tracer.ts'

export interface Pulled extends Later {
  /** Per input that was added, from the first on, for which result it is the cotangent. */
  readonly cotangents: readonly number[]
  readonly firstInput: number
  /** Per target; null where it receives nothing. */
  readonly gradients: readonly (ValueId | null)[]
}

export class Pullback {
  private readonly tracer: GraphTracer
  private readonly outputs: readonly Tensor[]
  private readonly targets: readonly Tensor[]
  private inputs: number

  /** @param inputs how many inputs the graph has. */
  constructor(tracer: GraphTracer, outputs: readonly Tensor[], targets: readonly Tensor[], inputs: number) {
    this.tracer = tracer
    this.outputs = outputs
    this.targets = targets
    this.inputs = inputs
  }

  /** For the outputs that are used, while their function is traced. */
  write(used: readonly boolean[]): Pulled {
    const { tracer, targets } = this
    const from = tracer.graph.nodes.length
    const firstInput = this.inputs
    const cotangents = this.outputs.flatMap((_, i) => (used[i] ? [i] : []))
    const outputs = cotangents.map((i) => this.outputs[i])
    const seeds = outputs.map((y) => tracer.input(this.inputs++, y))
    const found = withoutHooks(targets, () =>
      propagate({ level: 0, outputs, seeds, targets, createGraph: false, retainGraph: true }),
    )
    const gradients = targets.map((x) => {
      const g = found.get(x)
      return g ? tracer.dense(g) : null
    })
    const results = gradients.filter((id) => id !== null)
    return { from, to: tracer.graph.nodes.length, results, cotangents, firstInput, gradients }
  }

  /** As `write`, once the trace has ended. */
  writeLater(used: readonly boolean[]): Pulled {
    return this.tracer.resume(() => this.write(used))
  }
}

/** Hooks of leaves are called with the whole gradient, by the walk that the pullback is a part of. */
function withoutHooks<T>(tensors: readonly Tensor[], fn: () => T): T {
  const hooks = tensors.map((x) => x.hooks)
  try {
    for (const x of tensors) x.hooks = null
    return fn()
  } finally {
    tensors.forEach((x, i) => {
      x.hooks = hooks[i]
    })
  }
}
