/** What is kept of a run of any length: so many steps; when there are more, every second one goes, and so it goes on. */

interface OfStep {
  readonly step: number
}

export class Kept<T extends OfStep> {
  readonly #most: number
  #items: T[] = []
  #stride: number

  /** Keeps at most `most`, and of the steps only every `stride`-th from the start. */
  constructor(most: number, stride = 1) {
    this.#most = most
    this.#stride = stride
  }

  /** Whether a step would be kept now. */
  wants(step: number): boolean {
    return step % this.#stride === 0
  }

  add(item: T): void {
    if (!this.wants(item.step)) return
    if (this.#items.length >= this.#most) {
      this.#stride *= 2
      this.#items = this.#items.filter(({ step }) => this.wants(step))
      if (!this.wants(item.step)) return
    }
    this.#items.push(item)
  }

  get items(): readonly T[] {
    return this.#items
  }

  /** One step of so many is kept. */
  get stride(): number {
    return this.#stride
  }

  /** The last that was kept at or before a step. */
  before(step: number): T | undefined {
    return this.#items.findLast((item) => item.step <= step)
  }
}
