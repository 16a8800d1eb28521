/** What an error says, and where in the script it came from. */
import { inspect } from 'node:util'
import { framesOf, spots } from '../script/failures.ts'
import type { Problem } from './result.ts'

export function problemOf(error: unknown, prefix = ''): Problem {
  const text = prefix + messageOf(error)
  const [spot] = error instanceof Error ? spots(framesOf(error.stack ?? '')) : []
  return { text, place: spot ? { path: spot.path, line: spot.line, column: spot.column } : null }
}

/** The name tells something only of errors of the language itself: TypeError, RangeError. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error)
  const message = error.message.replace(/^checkGradients: /, '')
  return error.constructor === Error || Object.getPrototypeOf(error.constructor) !== Error
    ? message
    : `${error.name}: ${message}`
}
