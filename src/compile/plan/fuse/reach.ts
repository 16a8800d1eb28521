/** Who comes before whom among groups of tasks, as bits in both directions, kept up to date as groups become one. */

export class Reach {
  private readonly before: Relation
  private readonly after: Relation
  private readonly root: Int32Array

  /** `preds[i]` are the tasks right before task i, all of them of smaller number. */
  constructor(preds: readonly (readonly number[])[]) {
    this.before = new Relation(preds.length)
    this.after = new Relation(preds.length)
    this.root = Int32Array.from(preds, (_, i) => i)
    for (const [i, of] of preds.entries()) for (const p of of) this.before.follow(i, p)
    for (let i = preds.length - 1; i >= 0; i--) for (const p of preds[i]) this.after.follow(p, i)
  }

  /** The group of a task, by the number of one of its tasks. */
  find(i: number): number {
    let at = i
    while (this.root[at] !== at) {
      this.root[at] = this.root[this.root[at]]
      at = this.root[at]
    }
    return at
  }

  isBefore(a: number, b: number): boolean {
    return this.before.has(b, a)
  }

  /** Two groups become one, by the name of a: who comes before either comes before those after either. */
  merge(a: number, b: number): void {
    const { before, after } = this
    this.root[b] = a
    const [beforeA, beforeB] = [before.beyond(a, b), before.beyond(b, a)]
    const [afterA, afterB] = [after.beyond(a, b), after.beyond(b, a)]
    const groups = (relation: Relation, row: number, words: readonly number[], other: number) =>
      relation.members(row, words, other).filter((i) => this.root[i] === i && i !== a)
    const late = [groups(after, a, afterA, b), groups(after, b, afterB, a)]
    const early = [groups(before, a, beforeA, b), groups(before, b, beforeB, a)]
    for (const i of late[0]) before.include(i, b, beforeB)
    for (const i of late[1]) before.include(i, a, beforeA).add(i, a)
    for (const i of early[0]) after.include(i, b, afterB)
    for (const i of early[1]) after.include(i, a, afterA).add(i, a)
    before.include(a, b, beforeB).delete(a, a)
    after.include(a, b, afterB).delete(a, a)
  }
}

/** A set of numbers for each number. */
class Relation {
  private readonly words: number
  private readonly bits: Uint32Array
  private readonly all: readonly number[]

  constructor(count: number) {
    this.words = Math.ceil(count / 32)
    this.bits = new Uint32Array(this.words * count)
    this.all = Array.from({ length: this.words }, (_, w) => w)
  }

  has(row: number, i: number): boolean {
    return (this.bits[row * this.words + (i >>> 5)] & (1 << (i & 31))) !== 0
  }

  add(row: number, i: number): void {
    this.bits[row * this.words + (i >>> 5)] |= 1 << (i & 31)
  }

  delete(row: number, i: number): void {
    this.bits[row * this.words + (i >>> 5)] &= ~(1 << (i & 31))
  }

  /** A number and its set join the set of a row. */
  follow(row: number, i: number): void {
    this.include(row, i, this.all).add(row, i)
  }

  include(row: number, from: number, words: readonly number[]): this {
    const [p, q] = [row * this.words, from * this.words]
    for (const w of words) this.bits[p + w] |= this.bits[q + w]
    return this
  }

  /** The words of a row in which there is more than in another row's. */
  beyond(row: number, other: number): number[] {
    const found: number[] = []
    const [p, q] = [row * this.words, other * this.words]
    for (let w = 0; w < this.words; w++) if ((this.bits[p + w] & ~this.bits[q + w]) !== 0) found.push(w)
    return found
  }

  /** What these words of a row have more than those of another. */
  members(row: number, words: readonly number[], other: number): number[] {
    const found: number[] = []
    for (const w of words) {
      let left = this.bits[row * this.words + w] & ~this.bits[other * this.words + w]
      for (; left !== 0; left &= left - 1) found.push(32 * w + 31 - Math.clz32(left & -left))
    }
    return found
  }
}
