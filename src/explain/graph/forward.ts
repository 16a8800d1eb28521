/** Forward mode through some steps, element by element: what depends on one element of a variable, and by how much. */
import type { Step, Variable } from './program.ts'

interface Tangent {
  /** Null where there is but closed gates (see `Visit`) on the way. */
  readonly derivative: number | null
  /** The sum of the magnitudes of what it is the sum of. */
  readonly size: number
}

type Arrive = (variable: Variable, index: number, tangent: Tangent) => void

export function pushForward(steps: readonly Step[], from: Variable, index: number, arrive: Arrive): void {
  const tangents = new Map<Variable, Map<number, Tangent>>([[from, new Map([[index, { derivative: 1, size: 1 }]])]])
  const add = (y: Variable, o: number, term: Tangent) => {
    let own = tangents.get(y)
    if (!own) tangents.set(y, (own = new Map()))
    const before = own.get(o)
    own.set(o, before ? sum(before, term) : term)
  }
  for (const step of steps) {
    step.operands.forEach((x, slot) => {
      const reached = x && tangents.get(x)
      if (!reached) return
      const local = step.local(slot)
      for (const [i, tangent] of reached)
        local(i, (k, o, factor, closed = false, size = Math.abs(factor)) =>
          add(step.outputs[k], o, { derivative: through(tangent, factor, closed), size: size * tangent.size }),
        )
    })
  }
  tangents.delete(from)
  for (const [y, own] of tangents) for (const [o, tangent] of own) arrive(y, o, tangent)
}

function sum({ derivative: a, size }: Tangent, { derivative: b, size: more }: Tangent): Tangent {
  return { derivative: a === null || b === null ? (a ?? b) : a + b, size: size + more }
}

/** Backwards, a closed gate sends 0 on to what lies below it: 0 · ∞ there is NaN, all else stays 0. */
function through({ derivative }: Tangent, factor: number, closed: boolean): number | null {
  if (derivative === null) return null
  if (!closed) return factor * derivative
  return Number.isFinite(derivative) ? null : Number.NaN
}
