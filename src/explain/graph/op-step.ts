/** A step that is one application of an op. */
import type { Op } from '../../ops/kinds/op.ts'
import { differentiate, type Scalar, simplify } from '../../scalar/index.ts'
import { type Application, type Local, localOf } from './local.ts'
import type { Step, Variable } from './program.ts'

export function opStep(
  application: Application,
  operands: readonly (Variable | null)[],
  outputs: readonly Variable[],
): Step {
  const made = new Map<number, Local>()
  const local = (slot: number): Local => {
    const known = made.get(slot)
    if (known) return known
    const fresh = localOf(application, slot)
    made.set(slot, fresh)
    return fresh
  }
  const identity = (slot: number) => passesOn(application.op, slot) || local(slot).ones === true
  return { name: application.op.name, operands, outputs, application, inside: null, identity, local }
}

/** Whether the definition says that the derivative by this operand is the number 1: a term of a sum, a view, a copy. */
function passesOn(op: Op, slot: number): boolean {
  if (op.kind === 'view') return true
  if (op.kind === 'elementwise') return isOne(op.partials[slot])
  return op.kind === 'reduce' && isOne(restSlope(op.combine))
}

/** The derivative of a fold by one element: that of joining it, the last, to the `rest`. */
export const restSlope = (combine: Scalar): Scalar => simplify(differentiate(combine, 'x'))

const isOne = (s: Scalar): boolean => s.is === 'const' && s.value === 1
