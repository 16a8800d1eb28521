/**
 * Counting what a computation does, by being the innermost transform around it: every op that is applied to a value of
 * this level comes through here, those of the derivative rules included.
 */
import { boxed, unboxAt } from '../../autodiff/reverse.ts'
import { parseIndices } from '../../ops/kinds/contract.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { sizeOf } from '../../ops/shape.ts'
import type { Attrs, Value } from '../../ops/value.ts'
import { lower, type Scalar } from '../../scalar/index.ts'
import { applyOp, atNewLevel, type Interpreter, type Tensor } from '../../tensor/index.ts'

export interface OperationCount {
  /** How many ops were applied, to arrays of whatever size. */
  readonly applications: number
  /** Products that were added up, in contractions such as matmul. */
  readonly multiplyAdds: number
  /**
   * Everything else, per element: the intrinsics in an elementwise formula, the terms of a reduction, the elements
   * that the transpose of a view adds up. An exponential counts as one, as an addition does; views cost nothing.
   */
  readonly elementOperations: number
  /** Both. */
  readonly total: number
  /** Elements of the results: what a batch of n such computations has to hold n times. */
  readonly elements: number
  /** Ops with a kernel of their own (sorting, factorising), of which only the elements of the results were counted. */
  readonly atLeast: readonly string[]
}

/** Runs `fn` on watched values; `soFar` tells it which ops have been applied to what depends on them. */
export function counting<T>(
  name: string,
  values: readonly Tensor[],
  fn: (watched: Tensor[], soFar: () => OperationCount) => T,
): T {
  return atNewLevel(name, (level) => {
    const counter = new Counter(level)
    const watched = values.map((x) => counter.box(x))
    return fn(watched, () => counter.count())
  })
}

class Counter implements Interpreter {
  readonly level: number
  readonly single = true
  #applications = 0
  #multiplyAdds = 0
  #elementOperations = 0
  #elements = 0
  readonly #own = new Set<string>()

  constructor(level: number) {
    this.level = level
  }

  apply(op: Op, operands: readonly (Tensor | number)[], attrs: Attrs): Tensor | Tensor[] {
    const inputs = operands.map((x) => (typeof x === 'number' ? x : unboxAt(this.level, x)))
    const made = applyOp(op, inputs, attrs)
    const outputs = Array.isArray(made) ? made : [made]
    this.#note(op, inputs, attrs, outputs)
    const watched = outputs.map((y) => this.box(y))
    return Array.isArray(made) ? watched : watched[0]
  }

  constant(value: Tensor): Tensor {
    return this.box(value)
  }

  box(value: Tensor): Tensor {
    return boxed(value, { interpreter: this, value, tangent: null }, value.shape)
  }

  count(): OperationCount {
    return {
      applications: this.#applications,
      multiplyAdds: this.#multiplyAdds,
      elementOperations: this.#elementOperations,
      total: this.#multiplyAdds + this.#elementOperations,
      elements: this.#elements,
      atLeast: [...this.#own],
    }
  }

  #note(op: Op, inputs: readonly (Tensor | number)[], attrs: Attrs, outputs: readonly Tensor[]): void {
    this.#applications++
    const made = outputs.reduce((sum, y) => sum + y.size, 0)
    if (op.kind !== 'view' || op.scatter) this.#elements += made
    switch (op.kind) {
      case 'contract':
        this.#multiplyAdds += termsOf(attrs.indices as string, inputs as readonly Tensor[])
        break
      case 'elementwise':
        this.#elementOperations += made * callsIn(op.formula, op.args)
        break
      case 'reduce':
        this.#elementOperations += (inputs[0] as Tensor).size * callsIn(op.combine, ['acc', 'x'])
        break
      case 'view':
        if (op.scatter) this.#elementOperations += (inputs[0] as Tensor).size
        break
      case 'routine':
        this.#own.add(op.name)
        this.#elementOperations += made
    }
  }
}

/** `ij,jk->ik` is a product for every i, j and k. */
function termsOf(indices: string, [x, y]: readonly Value[]): number {
  const { a, b } = parseIndices(indices)
  const sizes = new Map<string, number>()
  for (const [i, letter] of Array.from(a).entries()) sizes.set(letter, x.shape[i])
  for (const [i, letter] of Array.from(b).entries()) sizes.set(letter, y.shape[i])
  return sizeOf([...sizes.values()])
}

const known = new WeakMap<Scalar, number>()

/** The intrinsics that a kernel calls per element: equal sub-expressions once. */
function callsIn(formula: Scalar, args: readonly string[]): number {
  let calls = known.get(formula)
  if (calls === undefined) {
    calls = lower([formula], args).steps.filter((step) => step.is === 'call').length
    known.set(formula, calls)
  }
  return calls
}
