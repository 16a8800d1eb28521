/** A list that stays short however long the training: when it is full, every second entry goes, and so does every second new one. */
export class History<T> {
  readonly #limit: number
  readonly #items: T[] = []
  #stride = 1
  #offered = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  add(item: T): void {
    const place = this.#offered++
    if (place % this.#stride !== 0) return
    if (this.#items.length === this.#limit) {
      const kept = this.#items.filter((_, i) => i % 2 === 0)
      this.#items.splice(0, this.#items.length, ...kept)
      this.#stride *= 2
      if (place % this.#stride !== 0) return
    }
    this.#items.push(item)
  }

  get items(): readonly T[] {
    return this.#items
  }

  /** One of so many is kept. */
  get stride(): number {
    return this.#stride
  }

  /** How many there have been. */
  get offered(): number {
    return this.#offered
  }
}
