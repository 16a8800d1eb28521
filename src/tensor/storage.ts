/** The elements that a tensor and all views of it share, and what became of them: every change in place counts. */
import type { TypedArray } from '../ops/value.ts'

let clock = 0
let serials = 0

/** Orders recordings and mutations: a value was changed after an op had read it if its time is the later one. */
export const now = (): number => clock

/** Moves the clock on and says what time it is then. */
export const tick = (): number => ++clock

/** The serial number of the youngest storage. */
export const youngest = (): number => serials

export class Storage {
  buffer: TypedArray
  /** How many elements there are; the buffer itself cannot be asked while it is traced. */
  readonly size: number
  /** Storages are numbered as they are made. */
  readonly serial = ++serials
  /** How often the elements were changed in place. */
  version = 0
  /** When they last were, on the clock of `now`. */
  changedAt = 0
  /** What changed them last, for the error that names it. */
  changedBy = ''
  /** Whether user code has been handed these elements as a gradient, and may still hold them. */
  seen = false
  /** Counts the changes that are part of a derivative; views recorded before one know nothing of it. */
  history = 0

  constructor(buffer: TypedArray, size: number = buffer.length) {
    this.buffer = buffer
    this.size = size
  }

  changed(by: string): void {
    this.version++
    this.changedAt = ++clock
    this.changedBy = by
  }
}

/** As `changed` of each of them, all at one time. */
export function changedTogether(storages: readonly Storage[], by: string): void {
  if (storages.length === 0) return
  clock++
  for (let i = 0; i < storages.length; i++) {
    const storage = storages[i]
    storage.version++
    storage.changedAt = clock
    storage.changedBy = by
  }
}
