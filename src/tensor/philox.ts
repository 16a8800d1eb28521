/**
 * Random numbers without state: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011). Word w of the stream of a seed is a function of (seed, w) alone, so any split of the work over
 * calls, threads or machines yields the same numbers. An `offset` counts 32-bit words from the start of the stream:
 * block b = floor(w / 4) encrypts the counter (b low, b high, 0, 0) under the key (seed low, seed high).
 * Every filler returns the offset that follows what it used.
 */
import { ArgumentError } from '../errors/index.ts'
import { normalQuantile } from './normal-quantile.ts'

const MULTIPLIER_0 = 0xd2511f53
const MULTIPLIER_1 = 0xcd9e8d57
const WEYL_0 = 0x9e3779b9 // the golden ratio
const WEYL_1 = 0xbb67ae85 // sqrt(3) - 1

/** The high 32 bits of the 64-bit product of two unsigned words; V8 inlines it, Math.imul gives the low ones. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const first = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0
  const second = (Math.imul(aLow, bHigh) + (first & 0xffff)) | 0
  return (Math.imul(aHigh, bHigh) + (first >>> 16) + (second >>> 16)) | 0
}

/** Encrypts one 128-bit counter under one 64-bit key: four random words, written to `out` from index `at`. */
export function philox4x32(
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  at = 0,
): void {
  let c0 = counter0 | 0
  let c1 = counter1 | 0
  let c2 = counter2 | 0
  let c3 = counter3 | 0
  let k0 = key0 | 0
  let k1 = key1 | 0
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0)
    const high1 = multiplyHigh(MULTIPLIER_1, c2)
    const low0 = Math.imul(MULTIPLIER_0, c0)
    c0 = high1 ^ c1 ^ k0
    c1 = Math.imul(MULTIPLIER_1, c2)
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + WEYL_0) | 0
    k1 = (k1 + WEYL_1) | 0
  }
  out[at] = c0
  out[at + 1] = c1
  out[at + 2] = c2
  out[at + 3] = c3
}

/** How many words are made at a time: they stay in the first-level cache until they have become numbers. */
const CHUNK = 1024

/** Room for a chunk that begins in the middle of a block. No call is ever interrupted by another, so one is enough. */
const words = /* @__PURE__ */ new Uint32Array(CHUNK + 8)

/** Makes words [offset, offset + count) of the stream; returns the index in `words` at which they begin. */
function makeWords(key0: number, key1: number, offset: number, count: number): number {
  const begin = offset % 4
  let block = (offset - begin) / 4
  for (let at = 0; at < begin + count; at += 4, block++) {
    philox4x32(block, Math.floor(block / 2 ** 32), 0, 0, key0, key1, words, at)
  }
  return begin
}

/** Reads the stream in chunks: `use(begin, from, to)` turns words from index `begin` into elements [from, to). */
function forEachChunk(
  length: number,
  wordsEach: 1 | 2,
  seed: number | bigint,
  offset: number,
  use: (begin: number, from: number, to: number) => void,
): number {
  const key = seedBits(seed)
  const end = offset + length * wordsEach
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(end)) {
    throw new ArgumentError(`random: the offset must be an integer from 0 to 2^53 - 1, got ${offset}`)
  }
  const key0 = Number(key & 0xffffffffn)
  const key1 = Number(key >> 32n)
  const step = CHUNK / wordsEach
  for (let from = 0; from < length; from += step) {
    const to = Math.min(from + step, length)
    use(makeWords(key0, key1, offset + from * wordsEach, (to - from) * wordsEach), from, to)
  }
  return end
}

/** The 64 bits of a seed: a negative one counts back from 2^64, as in two's complement. */
function seedBits(seed: number | bigint): bigint {
  const value = typeof seed === 'bigint' || Number.isSafeInteger(seed) ? BigInt(seed) : undefined
  if (value === undefined || value < -(2n ** 63n) || value >= 2n ** 64n) {
    throw new ArgumentError(`random: a seed is a safe integer or a bigint from -2^63 to 2^64 - 1, got ${seed}`)
  }
  return BigInt.asUintN(64, value)
}

/**
 * Fills `out` with uniform numbers in [0, 1), every one a multiple of 2^-24 (float32, one word per element) or of
 * 2^-53 (float64, two words). Element i depends only on the seed and the offset of its own words.
 *
 * ```ts
 * const all = new Float32Array(6)
 * fillUniform(all, 7, 0)
 * const next = fillUniform(all.subarray(0, 2), 7, 0)
 * fillUniform(all.subarray(2), 7, next) // the same six numbers
 * ```
 */
export function fillUniform(out: Float32Array | Float64Array, seed: number | bigint, offset: number): number {
  if (out instanceof Float32Array) {
    return forEachChunk(out.length, 1, seed, offset, (begin, from, to) => {
      for (let i = from, w = begin; i < to; i++, w++) out[i] = (words[w] >>> 8) * 2 ** -24
    })
  }
  return forEachChunk(out.length, 2, seed, offset, (begin, from, to) => {
    for (let i = from, w = begin; i < to; i++, w += 2) {
      out[i] = ((words[w] >>> 5) * 2 ** 26 + (words[w + 1] >>> 6)) * 2 ** -53
    }
  })
}

/**
 * Fills `out` with standard normal numbers, the quantiles of uniform ones: one word per element for float32 (so that
 * |z| <= 6.34), two for float64 (|z| <= 8.3). The uniforms are the midpoints of 2^32 or 2^53 equal intervals, which
 * keeps 0 and 1 out and both signs equally likely; z is as exact as `Math.log`.
 */
export function fillNormal(out: Float32Array | Float64Array, seed: number | bigint, offset: number): number {
  if (out instanceof Float32Array) {
    return forEachChunk(out.length, 1, seed, offset, (begin, from, to) => {
      for (let i = from, w = begin; i < to; i++, w++) out[i] = normalQuantile((words[w] - (2 ** 31 - 0.5)) * 2 ** -32)
    })
  }
  return forEachChunk(out.length, 2, seed, offset, (begin, from, to) => {
    for (let i = from, w = begin; i < to; i++, w += 2) {
      const centred = ((words[w] >>> 5) - 2 ** 26) * 2 ** 26 + (words[w + 1] >>> 6)
      out[i] = normalQuantile((centred + 0.5) * 2 ** -53)
    }
  })
}

/** floor(word * size / 2^32) for 1 <= size <= 2^32, exactly. */
function scaleWord(word: number, size: number): number {
  return size === 2 ** 32 ? word : multiplyHigh(word, size) >>> 0
}

/**
 * Fills `out` with integers from `low` up to but not including `high`, one word per element, as
 * low + floor(word * (high - low) / 2^32). No two integers differ in probability by more than 2^-32, which
 * is a relative bias of at most (high - low) / 2^32; there is no rejection, so the stride stays fixed.
 */
export function fillIntegers(
  out: Int32Array,
  low: number,
  high: number,
  seed: number | bigint,
  offset: number,
): number {
  if (!Number.isInteger(low) || !Number.isInteger(high) || low >= high || low < -(2 ** 31) || high > 2 ** 31) {
    throw new ArgumentError(`randint: need integers -2^31 <= low < high <= 2^31, got low ${low} and high ${high}`)
  }
  return forEachChunk(out.length, 1, seed, offset, (begin, from, to) => {
    for (let i = from, w = begin; i < to; i++, w++) out[i] = low + scaleWord(words[w], high - low)
  })
}

/**
 * The integers 0 to n - 1 in random order (Fisher-Yates from the end; the choice among i has relative bias at most
 * i / 2^32). It uses n words, one per element: the next free offset is `offset + n`.
 */
export function permutation(n: number, seed: number | bigint, offset: number): Int32Array {
  if (!Number.isInteger(n) || n < 0 || n > 2 ** 31 - 1) {
    throw new ArgumentError(`permutation: the length must be an integer from 0 to 2^31 - 1, got ${n}`)
  }
  const order = Int32Array.from({ length: n }, (_, i) => i)
  forEachChunk(n, 1, seed, offset, (begin, from, to) => {
    for (let i = from, w = begin; i < to; i++, w++) {
      const last = n - 1 - i
      const other = scaleWord(words[w], last + 1)
      const held = order[last]
      order[last] = order[other]
      order[other] = held
    }
  })
  return order
}
