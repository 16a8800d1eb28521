/** Every unit is shared out once, evenly, and whole where that is as good. */
import { describe, expect, it } from 'vitest'
import { type Load, shareOut } from './parts.ts'

const US = 1e-6

/** Instructions of so many units and microseconds. */
const loads = (...all: [units: number, microseconds: number, grain?: number][]): Load[] =>
  all.map(([units, time, grain = 1], index) => {
    return { index, seconds: time * US, work: { units, grain, scratch: 0, calls: () => [] } }
  })

const shown = (all: Load[], threads: number) =>
  shareOut(all, threads).pieces.map((pieces) => pieces.map(({ index, from, to }) => `${index}:${from}-${to}`).join(' '))

describe('shareOut', () => {
  it('divides what is alone', () => {
    expect(shown(loads([100, 50]), 2)).toEqual(['0:0-50', '0:50-100'])
    expect(shown(loads([2, 50]), 2)).toEqual(['0:0-1', '0:1-2'])
    expect(shown(loads([100, 50]), 3)).toEqual(['0:0-33', '0:33-67', '0:67-100'])
  })

  it('gives away whole what is as even', () => {
    expect(shown(loads([2, 37], [2, 34]), 2)).toEqual(['0:0-2', '1:0-2'])
  })

  it('evens out with the finest', () => {
    expect(shown(loads([1, 60], [100, 100]), 2)).toEqual(['0:0-1 1:0-20', '1:20-100'])
    expect(shown(loads([8, 460], [8, 450], [8, 440]), 2)).toEqual(['0:0-8 2:0-4', '1:0-8 2:4-8'])
  })

  it('keeps neighbours together, and leaves small ones alone', () => {
    expect(shown(loads([40, 50, 16]), 2)).toEqual(['0:0-32', '0:32-40'])
    expect(shown(loads([100, 3]), 2)).toEqual(['0:0-100', ''])
  })

  it('shares every unit out once, and as evenly as blocks allow', () => {
    let seed = 1
    const random = (n: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % n
    }
    for (let round = 0; round < 500; round++) {
      const threads = 1 + random(16)
      const all = loads(
        ...Array.from({ length: random(6) }, () => [random(70), random(400), random(9)] as const).map(
          (x) => [...x] as [number, number, number],
        ),
      )
      const { pieces, seconds } = shareOut(all, threads)
      expect(pieces.length).toBe(threads)
      const seen = all.map(({ work }) => new Uint8Array(work.units))
      for (const { index, from, to } of pieces.flat()) for (let u = from; u < to; u++) seen[index][u]++
      for (const units of seen) expect(units.every((n) => n === 1)).toBe(true)
      const total = all.reduce((sum, load) => sum + (load.work.units > 0 ? load.seconds : 0), 0)
      const block = Math.max(
        0,
        ...all.map(({ work, seconds }) => (work.units > 0 ? (seconds * Math.max(work.grain, 1)) / work.units : 0)),
      )
      expect(seconds).toBeLessThan(
        total / threads + Math.min(block, total) + (2 * US + (0.02 * total) / threads) * threads + 1e-9,
      )
    }
  })
})
