/**
 * The words of shared memory through which threads agree who does what. The main thread opens one phase of a program after
 * the other; a phase is a task in as many parts as there are threads. Every thread, the main one too, first claims the
 * part that has its own number, then those that nobody has claimed yet, and says when a part is done. So a worker
 * that comes late, or never, holds nobody up: the main thread does its part.
 *
 * Phases are numbered as long as the pool lives. A part's claim is the number of the last phase in which it was claimed,
 * and is only ever changed from that of the phase before: whoever still believes in an old phase claims nothing.
 */

/** Indices of 32-bit words. What different threads write lies in different cache lines, 16 words each. */
export const WORDS = {
  /** The number of the open phase; workers park on it. */
  open: 0,
  /** Which task the open phase is. */
  task: 1,
  /** Where the main thread waits: whether it has parked. */
  joining: 2,
  /** How many workers have parked. */
  parked: 16,
  /** How often a part has thrown. */
  failed: 17,
  /** How many workers are opening the system's BLAS, in which they must not be stopped. */
  opening: 18,
  /** Whether workers are about to be stopped: none may begin to open it any more. */
  closing: 19,
  /** Per part the phase in which it was last claimed. */
  claims: 32,
  /** Per part the phase in which a worker last finished it. */
  done: 48,
  /** Per thread how many messages the main thread has posted to it. */
  mail: 64,
  /** Per thread how many messages it has handled. */
  handled: 80,
} as const

export type Words = typeof WORDS

/** A claim and a done word for each thread fill a cache line. */
export const MOST_THREADS = 16

export const CONTROL_BYTES = 96 * 4

/** How often a thread looks in a row: about 20 microseconds. */
export const SPINS = 4500
/** So many rows before the main thread parks. Another process may have the worker's core then, and can get this one. */
export const JOIN_ROUNDS = 3
/**
 * And before a worker does: waking it takes longer than what the main thread mostly does alone, within a run or between
 * one run and the next.
 */
export const WORK_ROUNDS = 10
