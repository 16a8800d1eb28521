/**
 * The web of single numbers between one element of an input and one element of an output: which elements depend on which,
 * and by what factor. It is found from the input upwards, so that its size is that of what the element influences, not
 * that of the tensors. Then one sweep back over the edges gives three things at once: for every element the derivative
 * of the output by it, the number of paths that lead there, and the best of them.
 */
import { ArgumentError } from '../../errors/index.ts'
import type { Step, Variable } from './program.ts'

/** An element of a variable. */
export interface Element {
  readonly variable: Variable
  readonly index: number
}

/** Millions of factors are more than anybody reads, and hundreds of megabytes. */
const LIMIT = 8_000_000

export class Web {
  readonly steps: readonly Step[]
  /** The elements reached from the input, which is number 0, as variable and flat index. */
  readonly variables: Variable[] = []
  readonly indices: number[] = []
  /** Per edge: its ends (element numbers), factor, step and slot. Edges of later steps come later. */
  readonly from = new Numbers(Int32Array)
  readonly to = new Numbers(Int32Array)
  readonly factor = new Numbers(Float64Array)
  readonly step = new Numbers(Int32Array)
  readonly slot = new Numbers(Int32Array)
  /** 1 where the factor is a closed gate, and what the factor is the sum of: see `Visit`. */
  readonly closed = new Numbers(Uint8Array)
  readonly size = new Numbers(Float64Array)
  /** The number of the output, or -1 where the input does not influence it. */
  readonly end: number
  readonly #numbers = new Map<Variable, Map<number, number>>()

  constructor(steps: readonly Step[], from: Element, to?: Element) {
    this.steps = steps
    this.number(from.variable, from.index)
    steps.forEach((step, k) => {
      step.operands.forEach((operand, slot) => {
        const reached = operand && this.#numbers.get(operand)
        if (reached) this.#follow(k, slot, reached)
      })
    })
    this.end = (to && this.#numbers.get(to.variable)?.get(to.index)) ?? -1
  }

  get edges(): number {
    return this.from.length
  }

  #follow(k: number, slot: number, reached: ReadonlyMap<number, number>): void {
    const step = this.steps[k]
    const local = step.local(slot)
    for (const [index, start] of reached) {
      local(index, (result, o, factor, closed = false, size = Math.abs(factor)) => {
        if (this.edges >= LIMIT) throw tooMany()
        this.from.push(start)
        this.to.push(this.number(step.outputs[result], o))
        this.factor.push(factor)
        this.step.push(k)
        this.slot.push(slot)
        this.closed.push(Number(closed))
        this.size.push(size)
      })
    }
  }

  /** Which element a number stands for. */
  element(number: number): Element {
    return { variable: this.variables[number], index: this.indices[number] }
  }

  number(variable: Variable, index: number): number {
    let own = this.#numbers.get(variable)
    if (!own) this.#numbers.set(variable, (own = new Map()))
    let number = own.get(index)
    if (number === undefined) {
      number = this.variables.length
      own.set(index, number)
      this.variables.push(variable)
      this.indices.push(index)
    }
    return number
  }

  /** What a derivative by the upper end of an edge becomes on the way to its lower end. */
  through(e: number, derivative: number): number {
    return this.closed.at(e) ? 0 : this.factor.at(e) * derivative
  }

  /** The derivative of the output by every element reached, and whether it leads there at all. */
  derivatives(): { readonly alive: Uint8Array; readonly adjoint: Float64Array } {
    const adjoint = new Float64Array(this.variables.length)
    const alive = new Uint8Array(this.variables.length)
    if (this.end < 0) return { alive, adjoint }
    alive[this.end] = 1
    adjoint[this.end] = 1
    for (let e = this.edges - 1; e >= 0; e--) {
      const to = this.to.at(e)
      if (!alive[to]) continue
      alive[this.from.at(e)] = 1
      adjoint[this.from.at(e)] += this.through(e, adjoint[to])
    }
    return { alive, adjoint }
  }

  /** The sum of the magnitudes of all that the derivative by the input is the sum of: rounding errors are parts of it. */
  magnitude(): number {
    const sizes = new Float64Array(this.variables.length)
    if (this.end >= 0) sizes[this.end] = 1
    for (let e = this.edges - 1; e >= 0; e--)
      if (!this.closed.at(e)) sizes[this.from.at(e)] += this.size.at(e) * sizes[this.to.at(e)]
    return sizes[0]
  }

  /** How many paths lead from the input to the output, exactly. */
  pathCount(): bigint {
    if (this.end < 0) return 0n
    const counts = this.#counts(0, 1, (a, b) => a + b)
    // No element has more paths than the input, so that a sum that is exact here is exact everywhere.
    if (counts[0] < Number.MAX_SAFE_INTEGER) return BigInt(counts[0])
    return this.#counts(0n, 1n, (a, b) => a + b)[0]
  }

  #counts<N>(zero: N, one: N, add: (a: N, b: N) => N): N[] {
    const counts = new Array<N>(this.variables.length).fill(zero)
    counts[this.end] = one
    for (let e = this.edges - 1; e >= 0; e--) {
      const paths = counts[this.to.at(e)]
      if (paths !== zero) counts[this.from.at(e)] = add(counts[this.from.at(e)], paths)
    }
    return counts
  }
}

function tooMany(): ArgumentError {
  return new ArgumentError(
    `explain: more than ${LIMIT.toLocaleString('en-US')} single factors lie between the output and this element; ` +
      'explain the loss of one sample, or an element further on',
  )
}

/** A typed array that grows. */
class Numbers {
  length = 0
  #data: Uint8Array | Int32Array | Float64Array
  readonly #make: new (
    n: number,
  ) => Uint8Array | Int32Array | Float64Array

  constructor(make: new (n: number) => Uint8Array | Int32Array | Float64Array) {
    this.#make = make
    this.#data = new make(64)
  }

  push(x: number): void {
    if (this.length === this.#data.length) {
      const larger = new this.#make(2 * this.length)
      larger.set(this.#data)
      this.#data = larger
    }
    this.#data[this.length++] = x
  }

  at(i: number): number {
    return this.#data[i]
  }
}
