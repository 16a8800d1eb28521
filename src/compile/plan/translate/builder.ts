/** The list of tasks as it grows, and the values that they make. */
import type { DType } from '../../../ops/value.ts'
import type { Graph, ValueId, ValueInfo } from '../../graph/graph.ts'
import type { Task } from '../task.ts'

export class Builder {
  readonly values: ValueInfo[]
  readonly tasks: Task[] = []
  /** Indices whose range is checked already: `value:size`. */
  readonly checked = new Set<string>()
  private readonly ranges = new Map<number, ValueId>()

  constructor(graph: Graph) {
    this.values = [...graph.values]
  }

  /** A value that the graph does not have. */
  temporary(dtype: DType, size: number): ValueId {
    this.values.push({ dtype, size, origin: { is: 'node', output: 0 } })
    return this.values.length - 1
  }

  /** 0, 1 ... n - 1. */
  range(n: number): ValueId {
    let value = this.ranges.get(n)
    if (value === undefined) {
      const data = Int32Array.from({ length: n }, (_, i) => i)
      value = this.values.push({ dtype: 'int32', size: n, origin: { is: 'constant', data } }) - 1
      this.ranges.set(n, value)
    }
    return value
  }
}
