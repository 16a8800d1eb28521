/** What the player does, for its buttons and for keys alike. */
import type { Trace } from 'chainrule/explain'
import { create } from 'zustand'
import { seek, update, useExplorer } from '../model/store.ts'
import { type Granularity, stopFrom, stopsOf, usualGranularity } from './stops.ts'

interface Pace {
  /** Stops per second. */
  readonly speed: number
  /** null leaves the choice to the length of the program. */
  readonly granularity: Granularity | null
}

export const usePace = create<Pace>(() => ({ speed: 2, granularity: null }))

export const granularityOf = (trace: Trace, { speed, granularity }: Pace): Granularity =>
  granularity ?? usualGranularity(trace, speed)

const stopsNow = (trace: Trace): readonly number[] => stopsOf(trace, granularityOf(trace, usePace.getState()))

/** Moves by stops; the player pauses. */
export function stepBy(by: number): void {
  const { session, step } = useExplorer.getState()
  if (session) seek(stopFrom(stopsNow(session.trace), step, by))
}

/** One stop on while playing; at the end the player rests. */
export function advance(): void {
  const { session, step } = useExplorer.getState()
  if (!session) return
  const to = stopFrom(stopsNow(session.trace), step, 1)
  seek(to, to < session.trace.steps.length - 1)
}

/** Plays or pauses; at the end it starts again. */
export function togglePlay(): void {
  const { session, step, playing } = useExplorer.getState()
  if (!session) return
  if (!playing && step >= session.trace.steps.length - 1) seek(0, true)
  else update({ playing: !playing })
}
