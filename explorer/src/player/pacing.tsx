/** How fast the player goes and what counts as one step. */
import type { Trace } from 'chainrule/explain'
import { useMemo } from 'react'
import { granularityOf, usePace } from './actions.ts'
import { type Granularity, granularitiesOf } from './stops.ts'

const SPEEDS = [0.5, 1, 2, 4, 8, 16]
const NAMES: Record<Granularity, string> = { op: 'one operation', line: 'one source line', layer: 'one layer' }

export function Pacing({ trace }: { trace: Trace }) {
  const pace = usePace()
  const offered = useMemo(() => granularitiesOf(trace), [trace])
  const chosen = granularityOf(trace, pace)
  return (
    <div className="pacing">
      {offered.length > 1 && (
        <label>
          <span className="pacing-says">one step is </span>
          <select
            value={chosen}
            onChange={(event) => usePace.setState({ granularity: event.target.value as Granularity })}
          >
            {offered.map((granularity) => (
              <option key={granularity} value={granularity}>
                {NAMES[granularity]}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        <span className="for-ear">speed </span>
        <select value={pace.speed} onChange={(event) => usePace.setState({ speed: Number(event.target.value) })}>
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {speed} steps/s
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
