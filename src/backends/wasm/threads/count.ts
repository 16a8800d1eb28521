/** How many threads compute: what was asked for, else CHAINRULE_THREADS, else as many as the machine has, up to 8. */
import { ArgumentError } from '../../../errors/index.ts'
import { shown } from '../../../ops/arguments.ts'
import { MOST_THREADS } from './words.ts'

/** More than this wait for memory rather than compute, unless they are asked for. */
const USUAL_MOST = 8

/** @throws ArgumentError unless it is a whole number from 1 to 16. */
export function threadCount(asked: number | undefined): number {
  const environment = globalThis.process?.env?.CHAINRULE_THREADS
  if (asked !== undefined) return checked('threads', asked)
  if (environment) return checked('CHAINRULE_THREADS', Number(environment), environment)
  const os = globalThis.process?.getBuiltinModule?.('node:os')
  const found = os ? os.availableParallelism() : (globalThis.navigator?.hardwareConcurrency ?? 1)
  return Math.max(1, Math.min(found, USUAL_MOST))
}

function checked(name: string, n: number, given: unknown = n): number {
  if (Number.isInteger(n) && n >= 1 && n <= MOST_THREADS) return n
  throw new ArgumentError(
    `${name}: the number of threads is a whole number from 1 to ${MOST_THREADS}; got ${shown(given)}`,
  )
}
