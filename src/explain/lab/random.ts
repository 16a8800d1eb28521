/** Random numbers for a while: what runs in between leaves the stream that everybody draws from as it was. */
import { defaultGenerator, type RandomState } from '../../tensor/index.ts'

export function withRandomState<T>(state: RandomState, fn: () => T): T {
  const before = defaultGenerator.state
  try {
    defaultGenerator.state = state
    return fn()
  } finally {
    defaultGenerator.state = before
  }
}
