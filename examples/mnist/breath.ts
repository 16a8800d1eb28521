/**
 * Long work in one thread hears no Ctrl-C unless it lets the event loop run now and then. Work that takes a breath
 * between its pieces does, and costs nothing measurable for it.
 */

const EVERY_MS = 100

export class Breath {
  #last = performance.now()

  /** Gives way to the event loop if a tenth of a second has passed since it last did. */
  async take(): Promise<void> {
    if (performance.now() - this.#last >= EVERY_MS) await this.pause()
  }

  /** Gives way to the event loop. */
  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#last = performance.now()
  }
}
