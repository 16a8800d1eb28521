/**
 * Random programs of all kinds of ops are explained, and what is said is held against the engine, against numeric
 * differences and against the list of all paths. CHAINRULE_PROGRAMS=20000 tries as many instead of a few.
 */
import { expect, it } from 'vitest'
import { checkProgram } from './check-explanation.ts'
import { Random, randomProgram } from './random-programs.ts'

const PROGRAMS = Number(process.env.CHAINRULE_PROGRAMS ?? 120)
const FIRST = Number(process.env.CHAINRULE_SEED ?? 1)

it('explains random programs', { timeout: 3_600_000 }, () => {
  let explained = 0
  for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
    const random = new Random(seed ^ 0x5eed)
    const program = randomProgram(seed, { steps: 2 + random.below(10), size: 24 })
    try {
      checkProgram(program, random)
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${program.text}`, { cause: error })
    }
    explained++
  }
  expect(explained).toBe(PROGRAMS)
})
