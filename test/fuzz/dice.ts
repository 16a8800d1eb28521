/** Choices that depend on a seed alone and not on the library under test: mulberry32. */
export class Dice {
  private state: number

  constructor(seed: number) {
    this.state = seed | 0
  }

  below(n: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }

  chance(p: number): boolean {
    return this.below(1000) < 1000 * p
  }
}
