/** What has no kernel of another kind runs as JavaScript, by the reference backend, on the arrays of the regions. */
import { run, runRoutine } from '../../../backends/js/run.ts'
import type { Strided, TypedArray } from '../../../ops/value.ts'
import type { Access, ApplyNode, HostNode } from '../../graph/graph.ts'
import { type HostTask, isAccess } from '../task.ts'

/** The node by the kernels of the JavaScript backend. */
export function jsTask(node: ApplyNode): HostTask {
  const { op, attrs, inputs, outputs, specs } = node
  const reads = inputs.filter(isAccess)
  const operands = (arrays: readonly TypedArray[]) => {
    let at = 0
    return inputs.map((x) => (isAccess(x) ? look(x, arrays[at++]) : x))
  }
  return {
    is: 'host',
    label: op.name,
    reads,
    outputs,
    onto: null,
    apart: [],
    effect: op.kind === 'routine' && !op.total ? 'throws' : 'none',
    run(arrays, writes) {
      if (op.kind === 'routine') {
        for (const [i, { data }] of runRoutine(op, operands(arrays), op.anew(attrs)).entries()) writes[i].set(data)
      } else writes[0].set(run(op, operands(arrays), attrs, specs[0]))
    },
  }
}

const look = ({ shape, strides, offset, dtype }: Access, buffer: TypedArray): Strided => ({
  buffer,
  shape,
  strides,
  offset,
  dtype,
})

export const hostTask = (node: HostNode): HostTask => ({
  is: 'host',
  label: node.label,
  reads: [],
  outputs: node.outputs,
  onto: null,
  apart: [],
  effect: 'acts',
  run: (_, writes) => node.run(writes),
})
