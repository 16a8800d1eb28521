/**
 * The order of one row, by numbers that compare as its elements do: bits of floats, folded so that they ascend as
 * unsigned integers. Few elements are inserted one by one, many are distributed digit by digit, lowest first; both are
 * stable. NaN counts as larger than everything, and -0 as 0.
 */
import type { TypedArray } from '../value.ts'

/** Keys in one word per element, or for float64 in two: `high` decides before `low`. */
interface Keys {
  readonly high: Uint32Array
  readonly low: Uint32Array | null
}

/** Up to this many elements inserting is faster. */
const FEW = 64
/** From this many elements on digits of 11 bits are worth their 2048 counters. */
const MANY = 6000
const LITTLE_ENDIAN = new Uint32Array(Float64Array.of(1).buffer)[0] === 0

/** Sorts rows of one length, one after the other, in memory that is made once. */
export class Ranking {
  /** The row to sort goes here. */
  readonly row: TypedArray
  /** After `sort`, the places of its elements in order. */
  order: Int32Array
  private spare: Int32Array
  private readonly keys: Keys
  private readonly flip: number
  private readonly bits: number
  private readonly lanes: readonly [Uint32Array, Uint32Array]
  private readonly counts: Int32Array

  constructor(row: TypedArray, descending: boolean) {
    const n = row.length
    this.row = row
    this.order = new Int32Array(n)
    this.spare = new Int32Array(n)
    this.keys = { high: new Uint32Array(n), low: row instanceof Float64Array ? new Uint32Array(n) : null }
    this.flip = descending ? 0xffffffff : 0
    this.bits = n < MANY ? 8 : 11
    this.counts = new Int32Array(1 << this.bits)
    this.lanes = [new Uint32Array(n), new Uint32Array(n)]
  }

  sort(): void {
    const { order } = this
    this.readKeys()
    for (let i = 0; i < order.length; i++) order[i] = i
    if (order.length <= FEW) this.insert()
    else for (const word of [this.keys.low, this.keys.high]) if (word) this.distribute(word)
  }

  private readKeys(): void {
    const { row, flip } = this
    const { high, low } = this.keys
    if (low) foldDoubles(row as Float64Array, high, low, flip)
    else if (row instanceof Float32Array) foldFloats(row, high, flip)
    else for (let i = 0; i < row.length; i++) high[i] = (row[i] ^ 0x80000000 ^ flip) >>> 0
  }

  private insert(): void {
    const { order } = this
    const { high, low } = this.keys
    for (let i = 1; i < order.length; i++) {
      const [h, l] = [high[i], low ? low[i] : 0]
      let j = i
      for (; j > 0; j--) {
        const k = order[j - 1]
        if (high[k] < h || (high[k] === h && (low ? low[k] : 0) <= l)) break
        order[j] = k
      }
      order[j] = i
    }
  }

  private distribute(word: Uint32Array): void {
    const { counts, bits } = this
    const mask = counts.length - 1
    let [moved, free] = this.lanes
    for (let i = 0; i < word.length; i++) moved[i] = word[this.order[i]]
    for (let shift = 0; shift < 32; shift += bits) {
      counts.fill(0)
      for (let i = 0; i < word.length; i++) counts[(moved[i] >>> shift) & mask]++
      // All elements share this digit.
      if (counts[(moved[0] >>> shift) & mask] === word.length) continue
      startsOf(counts)
      scatter(moved, this.order, free, this.spare, counts, shift)
      ;[moved, free] = [free, moved]
      ;[this.order, this.spare] = [this.spare, this.order]
    }
  }
}

/** Counts become the places where the elements with each digit start. */
function startsOf(counts: Int32Array): void {
  let start = 0
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]
    counts[digit] = start
    start += count
  }
}

/** Keys and their places, in the order of a digit. */
function scatter(
  keys: Uint32Array,
  order: Int32Array,
  toKeys: Uint32Array,
  toOrder: Int32Array,
  starts: Int32Array,
  shift: number,
): void {
  const mask = starts.length - 1
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]
    const to = starts[(key >>> shift) & mask]++
    toKeys[to] = key
    toOrder[to] = order[i]
  }
}

/** The bits of a float ascend with it once those of negative ones are inverted and the sign of the others is set. */
function foldFloats(row: Float32Array, high: Uint32Array, flip: number): void {
  const bits = new Int32Array(row.buffer, row.byteOffset, row.length)
  for (let i = 0; i < row.length; i++) {
    const v = row[i]
    const b = v === 0 ? 0 : bits[i]
    high[i] = ((Number.isNaN(v) ? -1 : b ^ ((b >> 31) | 0x80000000)) ^ flip) >>> 0
  }
}

function foldDoubles(row: Float64Array, high: Uint32Array, low: Uint32Array, flip: number): void {
  const bits = new Int32Array(row.buffer, row.byteOffset, 2 * row.length)
  const [upper, lower] = LITTLE_ENDIAN ? [1, 0] : [0, 1]
  for (let i = 0; i < row.length; i++) {
    const v = row[i]
    const [h, l] = v === 0 ? [0, 0] : [bits[2 * i + upper], bits[2 * i + lower]]
    const sign = h >> 31
    high[i] = ((Number.isNaN(v) ? -1 : h ^ (sign | 0x80000000)) ^ flip) >>> 0
    low[i] = ((Number.isNaN(v) ? -1 : l ^ sign) ^ flip) >>> 0
  }
}

/**
 * The places of the first `order.length` elements of a row in order, found in one pass: every element is held against
 * the last of those found so far. For few of many.
 */
export function selectFirst(row: TypedArray, descending: boolean, order: Int32Array): void {
  const k = order.length
  const best = new Float64Array(k)
  const sign = descending ? 1 : -1
  const before = (a: number, b: number): boolean =>
    a > b || (Number.isNaN(a) !== Number.isNaN(b) && Number.isNaN(a) === descending)
  let found = 0
  for (let i = 0; i < row.length; i++) {
    const v = row[i] * sign
    if (found === k && (v <= best[k - 1] || !before(v, best[k - 1]))) continue
    let j = found < k ? found++ : k - 1
    for (; j > 0 && before(v, best[j - 1]); j--) {
      best[j] = best[j - 1]
      order[j] = order[j - 1]
    }
    best[j] = v
    order[j] = i
  }
}
