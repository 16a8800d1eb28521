/**
 * Calls of functions that are made of ops, each as one step: what a loss or a normalisation does inside is one factor of
 * the program that calls it. Its derivative is the sum over the paths inside, like any other.
 */
import type { Composite } from '../../tensor/index.ts'
import { pushForward } from './forward.ts'
import type { Program, Step, Variable } from './program.ts'

/** The same program with the steps of each outermost call taken together. */
export function gather(steps: readonly Step[], ends: Pick<Program, 'input' | 'output'>): Step[] {
  const gathered: Step[] = []
  const lastUse = new Map<Variable, Step>()
  for (const step of steps) for (const x of step.operands) if (x) lastUse.set(x, step)
  // From the youngest back: a call ends with the node that carries it and began after the node numbered `after`.
  for (let last = steps.length - 1; last >= 0; ) {
    const call = callEndingAt(steps[last], ends.input)
    let first = last
    while (call && first > 0 && numberOf(steps[first - 1]) > call.after) first--
    const inside = steps.slice(first, last + 1)
    // A result is what is used later on, or the end of it all.
    const leaves = (y: Variable) => y === ends.output || numberOf(lastUse.get(y) ?? inside[0]) > numberOf(steps[last])
    gathered.push(call ? functionStep(call.name, inside, leaves) : steps[last])
    last = first - 1
  }
  return gathered.reverse()
}

const numberOf = (step: Step): number => step.application.node.sequence

/** The outermost call that ends here and does not contain what the derivative is taken by. */
function callEndingAt(step: Step, input: Variable): Composite | null {
  let call = step.application.node.composite
  while (call && input.node && input.node.sequence > call.after) call = call.inner
  return call
}

function functionStep(name: string, inside: readonly Step[], leaves: (y: Variable) => boolean): Step {
  const made = new Set(inside.flatMap((step) => step.outputs))
  const operands = [...new Set(inside.flatMap((step) => step.operands))].filter(
    (x): x is Variable => x !== null && !made.has(x),
  )
  const outputs = [...made].filter(leaves)
  const places = new Map(outputs.map((y, k) => [y, k]))
  return {
    name,
    operands,
    outputs,
    inside,
    application: inside[inside.length - 1].application,
    identity: (slot) => onlyPassesOn(inside, operands[slot]),
    local: (slot) => (index, visit) =>
      pushForward(inside, operands[slot], index, (variable, o, { derivative, size }) => {
        const k = places.get(variable)
        if (k !== undefined) visit(k, o, derivative ?? 0, derivative === null, size)
      }),
  }
}

/** Whether every step on the way from the operand passes on what arrives. */
function onlyPassesOn(inside: readonly Step[], operand: Variable): boolean {
  const reached = new Set<Variable>([operand])
  return inside.every((step) => {
    const slots = step.operands.flatMap((x, slot) => (x && reached.has(x) ? [slot] : []))
    if (slots.length > 0) for (const y of step.outputs) reached.add(y)
    return slots.length <= 1 && slots.every((slot) => step.identity(slot))
  })
}
