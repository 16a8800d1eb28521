/**
 * A formula as vector code: its lowered steps one after the other, each into a variable. A comparison stays a mask as
 * long as it only decides something. Both branches of a `select` are computed, and the untaken one dropped bit by bit.
 */
import type { Intrinsic, Step } from '../../scalar/index.ts'
import type { Lanes, Register } from './lanes.ts'
import { type Comparison, comparisons, emitters, type Write } from './math/index.ts'
import type { Steps } from './merge.ts'

/** The program's first result, from its arguments. */
export function emitFormula(l: Lanes, { steps, roots }: Steps, args: readonly Register[]): Register {
  const values: (Register | undefined)[] = []
  const masks: (Register | undefined)[] = []
  const value = (i: number): Register => (values[i] ??= l.let(l.and(masks[i]!, l.c(1))))
  const mask = (i: number): Register => (masks[i] ??= l.let(l.ne(value(i), l.c(0))))
  for (const [i, step] of steps.entries()) {
    if (step.is === 'const') values[i] = l.c(step.value)
    else if (step.is === 'arg') values[i] = args[step.at]
    else if (step.fn === 'select') values[i] = l.let(l.select(mask(step.of[0]), value(step.of[1]), value(step.of[2])))
    else if (isComparison(step.fn)) masks[i] = l.let((comparisons[step.fn] as Write)(l, ...step.of.map(value)))
    else if (step.fn === 'mul' && step.of.every((k) => isCondition(steps[k])))
      masks[i] = l.let(l.and(mask(step.of[0]), mask(step.of[1])))
    else values[i] = l.let((emitters[step.fn] as Write)(l, ...step.of.map(value)))
  }
  return value(roots[0])
}

const isCondition = (step: Step): boolean => step.is === 'call' && isComparison(step.fn)
const isComparison = (fn: Intrinsic): fn is Comparison => fn in comparisons
