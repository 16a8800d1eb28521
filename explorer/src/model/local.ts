/**
 * Sessions of programs that run in the page itself. The recording stays alive behind its trace, so that a question about
 * two numbers is answered by the engine, from the values of that run.
 */
import { explainRecorded, type RecordOptions, record } from 'chainrule/explain'
import type { Session } from './session.ts'

/** A trace may hold so many numbers; larger tensors are then summed up, so that the page stays quick. */
export const ROOM = { maxElements: 4096, maxNumbers: 200_000 } as const

/** Runs `program`, backward included, under observation. What it throws is thrown. */
export function localSession(origin: string, program: () => unknown, options: RecordOptions = {}): Session {
  // The places of such a program are places in the scripts of the page, which nobody wrote.
  const recording = record<unknown>(program, { ...options, places: false })
  return {
    origin,
    trace: recording.toTrace(ROOM),
    explain: async (output, input) => explainRecorded(recording, output, input).toJSON(),
  }
}
