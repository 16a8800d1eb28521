/** Graphs written by hand, for the tests of passes: what shapes and dtypes are follows from the ops. */

import { dense } from '../../src/compile/graph/access.ts'
import type { Access, Graph, Node, Operand, Origin, ValueId, ValueInfo } from '../../src/compile/graph/graph.ts'
import { allocate } from '../../src/ops/dtype.ts'
import type { Op } from '../../src/ops/kinds/op.ts'
import { sizeOf } from '../../src/ops/shape.ts'
import type { Operand as Anything, Attrs, DType, Shape, Spec, TypedArray } from '../../src/ops/value.ts'

export class Sketch {
  private readonly values: ValueInfo[] = []
  private readonly nodes: Node[] = []
  private readonly after: { before: ValueId; after: ValueId }[] = []
  private inputs = 0

  input(shape: Shape, dtype: DType = 'float32'): Access {
    return this.value({ shape, dtype }, { is: 'input', index: this.inputs++ })
  }

  state(shape: Shape, dtype: DType = 'float32'): Access {
    const x = this.value({ shape, dtype }, { is: 'state', index: this.after.length })
    this.after.push({ before: x.value, after: x.value })
    return x
  }

  constant(shape: Shape, numbers: readonly number[], dtype: DType = 'float32'): Access {
    const data: TypedArray = allocate(dtype, sizeOf(shape))
    data.set(Array.from(data, (_, i) => numbers[i % numbers.length]))
    return this.value({ shape, dtype }, { is: 'constant', data })
  }

  apply(op: Op, inputs: readonly Operand[], attrs: Attrs = {}, scope = 0): Access {
    const infer = op.infer(inputs as readonly Anything[], attrs)
    const specs = Array.isArray(infer) ? infer : [infer]
    const made = specs.map((spec, output) => this.value(spec, { is: 'node', output }))
    this.nodes.push({ is: 'apply', op, attrs, inputs, outputs: made.map((x) => x.value), specs, scope })
    return made[0]
  }

  /** The new value, in the shape of the target. */
  write(target: Access, source: Access): Access {
    const { dtype, size } = this.values[target.value]
    const made = this.value({ shape: [size], dtype }, { is: 'node', output: 0 })
    this.nodes.push({ is: 'write', target, source, outputs: [made.value] })
    return { ...target, value: made.value }
  }

  host(label: string, shape: Shape, fill: (out: TypedArray) => void = () => {}): Access {
    const spec = { shape, dtype: 'float32' as const }
    const x = this.value(spec, { is: 'node', output: 0 })
    this.nodes.push({ is: 'host', label, outputs: [x.value], specs: [spec], run: ([out]) => fill(out) })
    return x
  }

  /** What a state holds when the call ends. */
  becomes(state: Access, after: Access): void {
    const at = this.after.findIndex(({ before }) => before === state.value)
    this.after[at].after = after.value
  }

  graph(...results: readonly Access[]): Graph {
    return { values: this.values, nodes: this.nodes, states: this.after, results: results.map((x) => x.value) }
  }

  private value(spec: Spec, origin: Origin): Access {
    const size = sizeOf(spec.shape)
    return dense(this.values.push({ dtype: spec.dtype, size, origin }) - 1, spec)
  }
}

/** The view with its dimensions in another order. */
export const turned = (x: Access, ...dims: readonly number[]): Access => ({
  ...x,
  shape: dims.map((d) => x.shape[d]),
  strides: dims.map((d) => x.strides[d]),
})

/** Another shape over the same dense elements. */
export const shaped = (x: Access, shape: Shape): Access => ({
  ...dense(x.value, { shape, dtype: x.dtype }),
  offset: x.offset,
})
