/** What the derivative is to be taken by: `w`, or one element of it, `W1[0,2]`. */
import { UsageError } from './command.ts'

export interface Wrt {
  readonly name: string
  readonly index: readonly number[] | undefined
}

/** @throws UsageError where this is no name with an index. */
export function readWrt(text: string): Wrt {
  const parts = /^\s*(.+?)\s*(?:\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\])?\s*$/su.exec(text)
  if (!parts) throw new UsageError(`--wrt takes a name, or an element such as W1[0,2]; got '${text}'`)
  return { name: parts[1].normalize('NFC'), index: parts[2]?.split(',').map(Number) }
}
