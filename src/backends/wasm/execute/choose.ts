/**
 * One thread or several: whichever has been faster of late. A comparison takes blocks of runs of both by turns, long
 * enough that a busy machine shows. Then the better is used until the next one, which comes the later the more
 * time a comparison has cost. Several threads are watched as well: as soon as they take longer on average than one did,
 * both are compared again.
 */

/** Milliseconds of a block, one run at least. The first run of a longer one is not counted: workers have to wake up. */
const BLOCK = 2
/** Blocks of each way in a comparison. */
const BLOCKS = 4

/** A comparison may cost so much of the time until the next one, which is so many runs away at least, and milliseconds at most. */
const COST = 0.02
const LEAST_REST = 50
const MOST_REST = 5000

/** The average over about so many milliseconds counts, and over so many runs at least. */
const MEMORY = 20
const LEAST_MEMORY = 8

const [ALONE, TOGETHER] = [0, 1] as const
type WayIndex = typeof ALONE | typeof TOGETHER

export class Chooser {
  private readonly ways: readonly [alone: () => void, together: () => void]
  private readonly now: () => number
  private better: WayIndex = ALONE
  /** Runs until the next comparison; while one goes on, 0. */
  private rest = 0
  private block = 0
  private elapsed = 0
  /** Of the present block, the runs that count and what they took. */
  private runs = 0
  private sum = 0
  /** Per way, what a run took in each of its blocks. */
  private readonly means: [number[], number[]] = [[], []]
  /** How many runs of each the comparison has had. */
  private readonly all: [number, number] = [0, 0]
  /** What one thread took in the last comparison, and what several take now. */
  private alone = 0
  private average = 0
  private memory = LEAST_MEMORY
  private since = 0

  constructor(alone: () => void, together: () => void, now: () => number = () => performance.now()) {
    this.ways = [alone, together]
    this.now = now
  }

  /** Whether several threads were faster. */
  get together(): boolean {
    return this.better === TOGETHER
  }

  /** Whether the next run begins a comparison. */
  get compares(): boolean {
    return this.rest === 0 && this.block === 0 && this.elapsed === 0
  }

  run(): void {
    if (this.rest === 0) this.compare()
    else if (this.better === TOGETHER) this.watch()
    else {
      this.rest--
      this.ways[ALONE]()
    }
  }

  private timed(way: WayIndex): number {
    const start = this.now()
    this.ways[way]()
    return this.now() - start
  }

  private compare(): void {
    const way = (this.block & 1) as WayIndex
    const time = this.timed(way)
    const isFirst = this.elapsed === 0
    this.elapsed += time
    this.all[way]++
    if (!isFirst || this.elapsed >= BLOCK) {
      this.sum += time
      this.runs++
    }
    if (this.elapsed < BLOCK) return
    this.means[way].push(this.sum / this.runs)
    this.elapsed = 0
    this.sum = 0
    this.runs = 0
    if (++this.block === 2 * BLOCKS) this.decide()
  }

  private decide(): void {
    const [alone, together] = this.means.map(trimmedMean)
    this.alone = alone
    this.average = together
    this.better = together < alone ? TOGETHER : ALONE
    this.memory = Math.max(LEAST_MEMORY, Math.ceil(MEMORY / alone))
    this.since = 0
    const [best, other] = together < alone ? [together, ALONE] : [alone, TOGETHER]
    const lost = this.all[other] * Math.abs(together - alone)
    const most = Math.max(LEAST_REST, MOST_REST / best)
    this.rest = Math.ceil(Math.min(Math.max(lost / (COST * best), LEAST_REST), most))
    this.block = 0
    for (const means of this.means) means.length = 0
    this.all.fill(0)
  }

  /** While another process has a worker's core for a while, the main thread waits for it. */
  private watch(): void {
    const time = this.timed(TOGETHER)
    this.average += (time - this.average) / this.memory
    this.rest--
    if (++this.since >= this.memory && this.average > this.alone) this.rest = 0
  }
}

/** Without the largest, which something else may have disturbed. Sorts the values. */
function trimmedMean(values: number[]): number {
  values.sort((a, b) => a - b)
  let sum = 0
  for (let i = 0; i + 1 < values.length; i++) sum += values[i]
  return sum / (values.length - 1)
}

/** The upper one where there are two. Sorts the values. */
export function median(values: number[]): number {
  values.sort((a, b) => a - b)
  return values[values.length >> 1]
}
