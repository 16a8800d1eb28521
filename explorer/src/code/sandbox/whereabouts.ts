/**
 * Where a running program is. It tells its observer every name and every pass of a loop; here that is overheard, and now
 * and then passed on to the page, which cannot ask a worker that is busy.
 */
import { Tensor } from 'chainrule'
import type { Whereabouts } from '../protocol.ts'

interface FileObserver {
  name<T>(value: T, name: string, line: number, column: number): T
  loop(line: number, column: number): void
  iteration(line: number, column: number): void
  endLoop(line: number, column: number): void
}

const symbol = Symbol.for('chainrule.observer')
type Observed = { [symbol]?: { file(path: string): FileObserver } }

const EVERY_MS = 100
/** Calls between two looks at the clock; odd, so that loops with as many calls in each pass are seen at all their lines. */
const EVERY = 17

/** The number of the tape node that made a value: a worker runs one program, so it counts what was recorded. */
const sequenceOf = (value: unknown): number => (value instanceof Tensor ? (value.gradFn?.sequence ?? 0) : 0)

const BYTES = 8
const sizeOf = ({ size }: Tensor): number => BYTES * size

/** Overhears the observer that a recording has put in place. */
export function overhear(tell: (where: Whereabouts) => void): void {
  const place = globalThis as Observed
  const inner = place[symbol]
  if (!inner) return
  let [calls, told, nodes, bytes, line] = [0, 0, 0, 0, 0]
  let hasNamed = false
  const look = (): void => {
    if (++calls % EVERY !== 1 || performance.now() - told < EVERY_MS) return
    told = performance.now()
    tell({ line, nodes, bytes })
  }
  place[symbol] = {
    file(path) {
      const file = inner.file(path)
      return {
        name(value, name, at, column) {
          const sequence = sequenceOf(value)
          // Of values on the way, which have no name, nothing is known; they are taken to be as large.
          if (sequence > nodes) {
            bytes += (sequence - nodes) * sizeOf(value as Tensor)
            nodes = sequence
          }
          line = at
          hasNamed = true
          look()
          return file.name(value, name, at, column)
        },
        loop: (line, column) => file.loop(line, column),
        iteration(at, column) {
          // A loop that names nothing is where it begins.
          if (!hasNamed) line = at
          hasNamed = false
          look()
          file.iteration(at, column)
        },
        endLoop: (line, column) => file.endLoop(line, column),
      }
    },
  }
}
