/** Choices between expensive functions of one condition become one of them, and nothing becomes another number. */
import { expect, it } from 'vitest'
import * as s from '../../scalar/index.ts'
import { differentiate } from '../../scalar/index.ts'
import { mergeBranches, type Steps } from './merge.ts'

const x = s.arg('x')
const calls = ({ steps }: Steps, fn: string) => steps.filter((step) => step.is === 'call' && step.fn === fn).length

/** 1 / (1 + e^-x), below 0 as e^x / (1 + e^x). */
const logistic = s.select(
  s.lt(x, s.c(0)),
  s.div(s.exp(x), s.add(s.c(1), s.exp(x))),
  s.div(s.c(1), s.add(s.c(1), s.exp(s.neg(x)))),
)

it('takes all selects of a condition for one choice', () => {
  const slope = s.add(logistic, s.mul(x, differentiate(logistic, 'x')))
  const program = s.lower([slope, logistic], ['x'])
  expect([calls(program, 'exp'), calls(program, 'div')]).toEqual([2, 5])
  const merged = mergeBranches(program)
  expect(calls(merged, 'exp')).toBe(1)
  expect(calls(merged, 'div')).toBeLessThanOrEqual(3)
})

it('leaves functions apart of which one is made of the other, and those of different ranks', () => {
  const inner = s.select(s.lt(x, s.c(0)), s.c(1), s.exp(x))
  const outer = s.select(s.lt(x, s.c(0)), s.exp(inner), s.c(1))
  const nested = s.lower([outer], ['x'])
  expect(calls(mergeBranches(nested), 'exp')).toBe(2)
  const choice = s.lower([s.select(s.lt(x, s.c(0)), s.exp(x), s.exp(s.neg(x)))], ['x'])
  expect(calls(mergeBranches(choice), 'exp')).toBe(1)
  expect(
    calls(
      mergeBranches(choice, ({ steps }) => steps.map((_, i) => i)),
      'exp',
    ),
  ).toBe(2)
})
