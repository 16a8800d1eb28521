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
const LIMIT = 5_000_000

export class Web {
  readonly steps: readonly Step[]
  /** The elements reached from the input, which is number 0, as variable and flat index. */
  readonly #variables: Variable[] = []
  readonly #variable = new Numbers(Int32Array)
  readonly #index = new Numbers(Int32Array)
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
  readonly #reached = new Map<Variable, Reached>()

  constructor(steps: readonly Step[], from: Element, to?: Element) {
    this.steps = steps
    this.number(from.variable, from.index)
    steps.forEach((step, k) => {
      step.operands.forEach((operand, slot) => {
        const reached = operand && this.#reached.get(operand)
        if (reached) this.#follow(k, slot, reached)
      })
    })
    this.end = (to && this.#reached.get(to.variable)?.find(to.index)) ?? -1
  }

  get edges(): number {
    return this.from.length
  }

  /** How many elements were reached. */
  get elements(): number {
    return this.#index.length
  }

  #follow(k: number, slot: number, reached: Reached): void {
    const step = this.steps[k]
    const local = step.local(slot)
    for (let n = 0; n < reached.numbers.length; n++) {
      const start = reached.numbers.at(n)
      local(this.#index.at(start), (result, o, factor, closed = false, size = Math.abs(factor)) => {
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
    return { variable: this.#variables[this.#variable.at(number)], index: this.#index.at(number) }
  }

  number(variable: Variable, index: number): number {
    let own = this.#reached.get(variable)
    if (!own) {
      this.#reached.set(variable, (own = new Reached(this.#variables.length, variable.tensor.size)))
      this.#variables.push(variable)
    }
    const known = own.find(index)
    if (known !== undefined) return known
    const number = this.elements
    own.add(index, number)
    this.#variable.push(own.variable)
    this.#index.push(index)
    return number
  }

  /** What a derivative by the upper end of an edge becomes on the way to its lower end. */
  through(e: number, derivative: number): number {
    return this.closed.at(e) ? 0 : this.factor.at(e) * derivative
  }

  /** The derivative of the output by every element reached, and whether it leads there at all. */
  derivatives(): { readonly alive: Uint8Array; readonly adjoint: Float64Array } {
    const adjoint = new Float64Array(this.elements)
    const alive = new Uint8Array(this.elements)
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
    const sizes = new Float64Array(this.elements)
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
    const counts = new Array<N>(this.elements).fill(zero)
    counts[this.end] = one
    let above: number[] = []
    for (let e = this.edges - 1; e >= 0; e--) {
      const [from, to] = [this.from.at(e), this.to.at(e)]
      if (counts[to] !== zero) counts[from] = add(counts[from], counts[to])
      // Large counts take memory: those of a step's results are done with when all of its edges are.
      above.push(to)
      if (e > 0 && this.step.at(e - 1) === this.step.at(e)) continue
      for (const done of above) counts[done] = zero
      above = []
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

/** The elements of one variable that were reached, by the order in which they were and by their index. */
class Reached {
  /** Which variable it is, counting from 0. */
  readonly variable: number
  readonly numbers = new Numbers(Int32Array)
  readonly #size: number
  /** By index: few elements of a large tensor, or a place for each, where 0 stands for none and numbers count from 1. */
  #few: Map<number, number> | null = new Map()
  #all = NONE

  constructor(variable: number, size: number) {
    this.variable = variable
    this.#size = size
  }

  find(index: number): number | undefined {
    if (this.#few) return this.#few.get(index)
    return this.#all[index] === 0 ? undefined : this.#all[index] - 1
  }

  add(index: number, number: number): void {
    this.numbers.push(number)
    if (!this.#few) {
      this.#all[index] = number + 1
      return
    }
    this.#few.set(index, number)
    if (this.#few.size * 8 < this.#size || this.#few.size < 16) return
    this.#all = new Int32Array(this.#size)
    for (const [i, n] of this.#few) this.#all[i] = n + 1
    this.#few = null
  }
}

const NONE = new Int32Array(0)

/** A typed array that grows. */
class Numbers {
  length = 0
  #data: Uint8Array | Int32Array | Float64Array
  readonly #make: new (
    n: number,
  ) => Uint8Array | Int32Array | Float64Array

  constructor(make: new (n: number) => Uint8Array | Int32Array | Float64Array) {
    this.#make = make
    this.#data = new make(16)
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
