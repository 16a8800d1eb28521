/**
 * A formula as vector code: its lowered steps one after the other, each into a variable. A comparison stays a mask as
 * long as it only decides something. Both branches of a `select` are computed, and the untaken one dropped bit by bit, unless
 * the caller says that one is to be left out where no lane takes it.
 */
import type { Intrinsic, Step } from '../../scalar/index.ts'
import { op } from './emit/code.ts'
import type { Lanes, Register, V } from './lanes.ts'
import { type Comparison, comparisons, emitters, type Write } from './math/index.ts'
import type { Steps } from './merge.ts'

/** The program's first result, from its arguments. */
export function emitFormula(l: Lanes, { steps, roots }: Steps, args: readonly Register[]): Register {
  const scope = new Scope(l, steps)
  for (const [i, step] of steps.entries()) {
    if (step.is === 'arg') scope.set(i, args[step.at])
    else scope.compute(i)
  }
  return scope.value(roots[0])
}

/**
 * The steps whose values are known at some place of the code. A scope within a loop sees what was computed around the
 * loop; what it computes itself is forgotten with it.
 */
export class Scope {
  private readonly l: Lanes
  private readonly steps: readonly Step[]
  private readonly around: Scope | undefined
  private readonly values = new Map<number, Register>()
  private readonly masks = new Map<number, Register>()

  constructor(l: Lanes, steps: readonly Step[], around?: Scope) {
    this.l = l
    this.steps = steps
    this.around = around
  }

  set(i: number, value: Register): void {
    this.values.set(i, value)
  }

  knows(i: number): boolean {
    return this.found('values', i) !== undefined || this.found('masks', i) !== undefined
  }

  value(i: number): Register {
    const known = this.found('values', i)
    if (known) return known
    const step = this.steps[i]
    const made = step.is === 'const' ? this.l.c(step.value) : this.l.let(this.l.and(this.mask(i), this.l.c(1)))
    this.values.set(i, made)
    return made
  }

  /** Computes a step that reads known ones. */
  compute(i: number): void {
    const { l } = this
    const step = this.steps[i]
    if (step.is !== 'call') return
    const value = (k: number) => this.value(k)
    const [a, b] = step.of
    if (step.fn === 'select') this.set(i, l.let(this.selected(step.of)))
    else if (isComparison(step.fn)) this.masks.set(i, l.let((comparisons[step.fn] as Write)(l, ...step.of.map(value))))
    else if (step.fn === 'mul' && step.of.every((k) => this.isCondition(k)))
      this.masks.set(i, l.let(l.and(this.mask(a), this.mask(b))))
    else this.set(i, l.let((emitters[step.fn] as Write)(l, ...step.of.map(value))))
  }

  /** Where one branch is 0, a bit operation does. */
  private selected([condition, then, otherwise]: readonly number[]): V {
    const { l } = this
    const mask = this.mask(condition)
    if (this.isZero(then)) return l.without(this.value(otherwise), mask)
    if (this.isZero(otherwise)) return l.and(this.value(then), mask)
    return l.select(mask, this.value(then), this.value(otherwise))
  }

  /** A select whose operand at `place` is left to `compute`, in a scope of its own, which runs if a lane takes it. */
  choose(i: number, place: 1 | 2, strands: number, compute: (inner: Scope) => void): void {
    const { l } = this
    const [condition, then, otherwise] = (this.steps[i] as Extract<Step, { is: 'call' }>).of
    const mask = this.mask(condition)
    const result = l.variables(strands, this.value(place === 1 ? otherwise : then))
    l.f.if(place === 1 ? l.any(mask) : op('i32.eqz', l.all(mask)), () => {
      const inner = new Scope(l, this.steps, this)
      compute(inner)
      l.set(result, l.select(mask, inner.value(then), inner.value(otherwise)))
    })
    this.set(i, result)
  }

  private isZero(i: number): boolean {
    const step = this.steps[i]
    return step.is === 'const' && Object.is(step.value, 0)
  }

  /** Where the value is not 0. */
  mask(i: number): Register {
    const known = this.found('masks', i)
    if (known) return known
    const made = this.l.let(this.l.ne(this.value(i), this.l.c(0)))
    this.masks.set(i, made)
    return made
  }

  private found(which: 'values' | 'masks', i: number): Register | undefined {
    return this[which].get(i) ?? this.around?.found(which, i)
  }

  private isCondition(i: number): boolean {
    const step = this.steps[i]
    return step.is === 'call' && isComparison(step.fn)
  }
}

const isComparison = (fn: Intrinsic): fn is Comparison => fn in comparisons
