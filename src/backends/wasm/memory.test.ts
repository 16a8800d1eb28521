/** The heap: regions do not overlap, what is given back is used again, and its end is an error that says so. */
import { describe, expect, it } from 'vitest'
import { DeviceError } from '../../errors/index.ts'
import { Heap } from './memory.ts'

const small = (maximum: number) => new Heap(new WebAssembly.Memory({ initial: 1, maximum }))

describe('Heap', () => {
  it('hands out aligned regions that do not overlap', () => {
    const heap = new Heap()
    const regions = [1, 64, 100, 4096, 2 ** 21].map((size) => ({ start: heap.reserve(size), size }))
    for (const { start } of regions) expect(start % 64).toBe(0)
    regions.sort((a, b) => a.start - b.start)
    for (let i = 1; i < regions.length; i++)
      expect(regions[i].start).toBeGreaterThanOrEqual(regions[i - 1].start + regions[i - 1].size)
    expect(regions[0].start).toBeGreaterThan(0)
  })

  it('keeps contents and replaces its views when it grows', () => {
    const heap = small(100)
    const at = heap.reserve(64)
    heap.float64[at / 8] = 42
    const before = heap.float64
    const far = heap.reserve(2 ** 20)
    expect(heap.float64 === before).toBe(false)
    expect(heap.float64[at / 8]).toBe(42)
    expect(heap.bytes.length).toBeGreaterThanOrEqual(far + 2 ** 20)
  })

  it('is shared where that can be, and tells who keeps arrays over one that is not', () => {
    expect(new Heap().shared).toBe(true)
    const heap = small(100)
    expect(heap.shared).toBe(false)
    const at = heap.reserve(64)
    let kept = heap.array(at, 'float64', 2)
    kept[1] = 5
    let renewed = 0
    const stop = heap.onGrow(() => {
      renewed++
      kept = heap.array(at, 'float64', 2)
    })
    heap.reserve(2 ** 20)
    expect([...kept]).toEqual([0, 5])
    stop()
    heap.reserve(2 ** 21)
    expect(renewed).toBe(1)
  })

  it('leaves arrays over shared memory valid when it grows', () => {
    const heap = new Heap()
    const kept = heap.array(heap.reserve(64), 'int32', 4)
    kept[3] = 7
    heap.reserve(2 ** 22)
    expect([...kept]).toEqual([0, 0, 0, 7])
  })

  it('does not grow while regions come and go in any order', () => {
    const heap = small(100)
    let seed = 1
    const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n
    const held: number[] = []
    let size = 0
    for (let i = 0; i < 20_000; i++) {
      if (held.length > 8) heap.release(held.splice(random(held.length), 1)[0])
      else held.push(heap.reserve(random(20_000)))
      if (i === 2000) size = heap.bytes.length
    }
    expect(heap.bytes.length).toBeLessThanOrEqual(size + 2 * 65536)
    for (const at of held) heap.release(at)
    // one region again: the largest that fits fits without growing
    const grown = heap.bytes.length
    heap.reserve(grown - 256)
    expect(heap.bytes.length).toBe(grown)
  })

  it('uses one scratch region for all calls', () => {
    const heap = small(1000)
    const first = heap.scratch(1000)
    expect(heap.scratch(500)).toBe(first)
    heap.scratch(2 ** 20)
    const { length } = heap.bytes
    for (let i = 0; i < 1000; i++) heap.scratch(i * 1000)
    expect(heap.bytes.length).toBe(length)
  })

  it('knows its arrays when it has grown', () => {
    const heap = new Heap()
    const before = heap.array(heap.reserve(64), 'float32', 4)
    expect(heap.holds(before)).toBe(true)
    heap.reserve(2 ** 24)
    expect(heap.holds(before)).toBe(heap.shared)
    expect(heap.holds(heap.array(heap.reserve(64), 'float32', 4))).toBe(true)
    expect(heap.holds(new Float32Array(4))).toBe(false)
  })

  it('holds each constant once', () => {
    const heap = small(10)
    const addresses = Array.from({ length: 1000 }, (_, i) => heap.constant(BigInt(i)))
    expect(new Set(addresses).size).toBe(1000)
    expect(heap.constant(7n)).toBe(addresses[7])
    expect(new BigUint64Array(heap.memory.buffer)[addresses[999] / 8]).toBe(999n)
  })

  it('says what to do at its end, and goes on working', () => {
    const heap = small(2)
    expect(() => heap.reserve(2 ** 18)).toThrow(DeviceError)
    expect(() => heap.scratch(2 ** 18)).toThrow(/1 MiB more do not fit beside the 1 MiB in use/)
    expect(() => new Heap().reserve(2 ** 32)).toThrow(/4\.00 GiB more do not fit/)
    expect(heap.reserve(1000)).toBeGreaterThan(0)
  })

  it('ignores what was not reserved', () => {
    const heap = small(2)
    const at = heap.reserve(64)
    heap.release(at)
    heap.release(at)
    heap.release(12345)
    expect(heap.reserve(64)).toBe(at)
    expect(heap.reserve(64)).not.toBe(at)
  })
})
