/**
 * Random programs are recorded: what is noted must be what happened. CHAINRULE_PROGRAMS=20000 tries as many instead of a
 * few.
 */
import { expect, it } from 'vitest'
import { checkRecording } from './check-recording.ts'
import { randomProgram } from './random-programs.ts'

const PROGRAMS = Number(process.env.CHAINRULE_PROGRAMS ?? 150)
const FIRST = Number(process.env.CHAINRULE_SEED ?? 1)

it('records random programs', { timeout: 3_600_000 }, () => {
  let recorded = 0
  for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
    checkRecording(() => randomProgram(seed, { steps: 3 + (seed % 12), size: 24 }))
    recorded++
  }
  expect(recorded).toBe(PROGRAMS)
})
