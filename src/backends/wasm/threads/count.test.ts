/** What is asked for counts most, then the environment, then the machine. */
import { afterEach, expect, it } from 'vitest'
import { ArgumentError } from '../../../errors/index.ts'
import { threadCount } from './count.ts'

const before = process.env.CHAINRULE_THREADS

afterEach(() => {
  if (before === undefined) delete process.env.CHAINRULE_THREADS
  else process.env.CHAINRULE_THREADS = before
})

it('takes what is asked for, else the environment, else what the machine has', () => {
  process.env.CHAINRULE_THREADS = '3'
  expect(threadCount(5)).toBe(5)
  expect(threadCount(undefined)).toBe(3)
  process.env.CHAINRULE_THREADS = ''
  const { availableParallelism } = process.getBuiltinModule('node:os')
  expect(threadCount(undefined)).toBe(Math.min(availableParallelism(), 8))
})

it('says what it cannot take', () => {
  for (const wrong of ['0', '17', '1.5', 'two']) {
    process.env.CHAINRULE_THREADS = wrong
    expect(() => threadCount(undefined)).toThrow(ArgumentError)
    expect(() => threadCount(undefined)).toThrow(
      `CHAINRULE_THREADS: the number of threads is a whole number from 1 to 16; got '${wrong}'`,
    )
  }
})
