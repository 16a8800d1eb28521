/**
 * Where values come from and go to: the tape's graph and beyond it, with the steps that a derivative does not follow. That
 * is what tells a parameter that nobody read from one whose value reached the loss without its derivative.
 */

import { isFloating } from '../../ops/dtype.ts'
import type { Op } from '../../ops/kinds/op.ts'
import type { TapeNode, Tensor } from '../../tensor/index.ts'
import type { Application } from './watch.ts'

export interface Use {
  readonly application: Application
  readonly slot: number
}

export class Values {
  readonly #uses = new Map<Tensor, Use[]>()
  readonly #makers = new Map<Tensor, Application[]>()
  readonly #byNode = new Map<TapeNode, Application>()

  constructor(applications: readonly Application[]) {
    for (const application of applications) {
      if (application.node) this.#byNode.set(application.node, application)
      application.inputs.forEach((x, slot) => {
        if (typeof x !== 'number') append(this.#uses, x, { application, slot })
      })
      for (const y of application.outputs) append(this.#makers, y, application)
    }
  }

  /** Who reads x, in the order of the program. */
  uses(x: Tensor): readonly Use[] {
    return this.#uses.get(x) ?? []
  }

  /** What x was made by: the last is what it is now. */
  makers(x: Tensor): readonly Application[] {
    return this.#makers.get(x) ?? []
  }

  applicationOf(node: TapeNode): Application | undefined {
    return this.#byNode.get(node)
  }

  /** Everything from which the values of `ends` were made, with or without a derivative. */
  origins(ends: readonly Tensor[]): Set<Tensor> {
    return spread(ends, (x) =>
      this.makers(x).flatMap(({ inputs }) => inputs.filter((i): i is Tensor => typeof i !== 'number')),
    )
  }

  /** What is made of x along steps that a derivative follows, and the uses at which it ends. */
  reach(x: Tensor): { readonly reached: Set<Tensor>; readonly cuts: readonly Use[] } {
    const cuts: Use[] = []
    const reached = spread([x], (at) =>
      this.uses(at).flatMap((use) => {
        if (follows(use)) return use.application.outputs
        cuts.push(use)
        return []
      }),
    )
    return { reached, cuts }
  }
}

/** Whether a derivative flows from this operand to the results. */
export function follows({ application: { op, how, inputs, recording, outputs }, slot }: Use): boolean {
  if (!recording || how === 'detached') return false
  if (op === null) return (inputs[slot] as Tensor).tracked
  return op.differentiable && !isFlat(op, slot) && outputs.some((y) => isFloating(y.dtype))
}

/** Whether the definition says that the derivative by this operand is 0 everywhere, as of a rounded number. */
export function isFlat(op: Op, slot: number): boolean {
  if (op.kind !== 'elementwise') return false
  const partial = op.partials[slot]
  return partial.is === 'const' && partial.value === 0
}

function spread(start: readonly Tensor[], next: (x: Tensor) => readonly Tensor[]): Set<Tensor> {
  const seen = new Set(start)
  const pending = [...start]
  while (pending.length > 0) {
    for (const y of next(pending.pop()!)) {
      if (seen.has(y)) continue
      seen.add(y)
      pending.push(y)
    }
  }
  return seen
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
