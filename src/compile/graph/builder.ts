/** Writing a graph down, node by node. */
import { sizeOf } from '../../ops/shape.ts'
import type { DType, Spec, TypedArray } from '../../ops/value.ts'
import type { Graph, Node, Origin, ValueId, ValueInfo } from './graph.ts'

export class GraphBuilder {
  readonly values: ValueInfo[] = []
  readonly nodes: Node[] = []

  value(dtype: DType, size: number, origin: Origin): ValueId {
    return this.values.push({ dtype, size, origin }) - 1
  }

  constant(dtype: DType, data: TypedArray): ValueId {
    return this.value(dtype, data.length, { is: 'constant', data })
  }

  /** One value per spec, for the outputs of the node that is added next. */
  outputs(specs: readonly Spec[]): ValueId[] {
    return specs.map(({ shape, dtype }, output) => this.value(dtype, sizeOf(shape), { is: 'node', output }))
  }

  finish(states: Graph['states'], results: readonly ValueId[]): Graph {
    return { values: this.values, nodes: this.nodes, states, results }
  }
}
