/** Arrays one after the other: each is written to its places of one new array, which nobody needs to fill before. */
import type { RoutineDefinition } from '../../../ops/kinds/routine.ts'
import { sizeOf } from '../../../ops/shape.ts'
import { dense } from '../../graph/access.ts'
import type { Access, ApplyNode } from '../../graph/graph.ts'
import type { Builder } from './builder.ts'
import { elementsOf, placeTask, precisionOf } from './loop.ts'

/** @returns false where the node is something else. */
export function joined(b: Builder, node: ApplyNode, { joins }: RoutineDefinition): boolean {
  if (!joins) return false
  const [spec] = node.specs
  const { dtype } = spec
  const dim = node.attrs.dim as number
  const parts = (node.inputs as readonly Access[]).filter((x) => sizeOf(x.shape) > 0)
  if (parts.length === 0) return false
  let value = b.temporary(dtype, sizeOf(spec.shape))
  let start = 0
  for (const [i, x] of parts.entries()) {
    const whole = dense(value, spec)
    const target: Access = { ...whole, shape: x.shape, offset: start * whole.strides[dim] }
    const output = i === parts.length - 1 ? node.outputs[0] : b.temporary(dtype, sizeOf(spec.shape))
    const source = { label: node.op.name, ...elementsOf(x), dtype, precision: precisionOf(dtype, x.dtype) }
    b.tasks.push(placeTask({ ...source, target, onto: value, output }))
    value = output
    start += x.shape[dim]
  }
  return true
}
