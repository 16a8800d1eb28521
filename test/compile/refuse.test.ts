/** What cannot be compiled says so, and what to do instead; nothing is changed by it. */
import { describe, expect, it } from 'vitest'
import {
  ArgumentError,
  add_,
  CompileError,
  compile,
  DeviceError,
  detectAnomaly,
  type Tensor,
  tensor,
} from '../../src/index.ts'

const param = (data: number | number[]): Tensor => tensor(data, { requiresGrad: true })

describe('what cannot be compiled', () => {
  it('is an error that says what to do, and nothing is changed', () => {
    const w = param([1, 2])
    const seen = tensor([0])
    let reading = true
    const f = compile((x: Tensor) => {
      add_(seen, 1)
      const loss = w.mul(x).sum()
      loss.backward()
      if (reading) loss.item()
      return seen.mul(1)
    })
    for (let k = 0; k < 2; k++) expect(() => f(tensor([1, 1]))).toThrow(CompileError)
    expect(w.grad).toBeNull()
    expect(seen.toArray()).toEqual([0])
    expect(seen.version).toBe(0)
    reading = false
    expect(f(tensor([1, 1])).toArray()).toEqual([1])
    expect(w.grad!.toArray()).toEqual([1, 1])
  })

  it('reads of captured tensors, printing and masks', () => {
    const w = tensor([1, 2])
    for (const read of [
      () => w.toArray(),
      () => w.sum().item(),
      () => String(w),
      () => w.data,
      () => w.at(w.gt(1)),
      () => JSON.stringify(w),
    ])
      expect(() => compile(() => void read())(), String(read)).toThrow(CompileError)
    expect(w.toArray()).toEqual([1, 2])
  })

  it('is told with what was read, and where', () => {
    const w = tensor([1, 2], { name: 'w' })
    const told = (fn: () => unknown): string => {
      try {
        compile(fn)()
      } catch (error) {
        return (error as Error).message
      }
      return ''
    }
    expect(told(() => w.toArray())).toMatch(
      /^compile: toArray \(.*refuse\.test\.ts:\d+:\d+\) reads a tensor 'w' \[2\], /,
    )
    expect(told(() => w.sum().item())).toMatch(/^compile: item \(.*refuse\.test\.ts:\d+:\d+\) reads a tensor \[\], /)
    expect(told(() => w.data)).toMatch(/^compile: data \(.*where\(\)/)
    expect(told(() => String(w))).toMatch(/refuse\.test\.ts:\d+:\d+\) reads a tensor 'w' \[2\]/)
  })

  it('more than fits into memory', () => {
    const one = tensor([1])
    const f = compile((n: number) => one.expand([n, n]).mul(one))
    expect(() => f(70_000)).toThrow(DeviceError)
    expect(f(2).toArray()).toEqual([
      [1, 1],
      [1, 1],
    ])
  })

  it('asynchronous functions', () => {
    const f = compile(async (x: Tensor) => x.mul(2))
    expect(() => f(tensor(1))).toThrow(CompileError)
  })

  it('tensors that leave by other ways than being returned', () => {
    const kept: Tensor[] = []
    const f = compile((x: Tensor) => {
      kept.push(x.mul(2))
    })
    f(tensor(1))
    expect(() => kept[0].item()).toThrow(/return it from the function/)
    expect(() => kept[0].add(1)).toThrow(/return it from the function/)
    expect(() => compile(() => kept[0].add(1))()).toThrow(/return it from the function/)
  })

  it('options and devices that are not there', () => {
    expect(() => compile((x: Tensor) => x, { device: 'tpu' as 'cpu' })).toThrow(ArgumentError)
    expect(() => compile((x: Tensor) => x, { threads: 0 })).toThrow(ArgumentError)
    expect(() => compile(3 as never)).toThrow(ArgumentError)
  })

  it('looking for anomalies inside; around, the call runs eagerly', () => {
    const f = compile((x: Tensor) => x.sqrt())
    expect(() => detectAnomaly(() => f(tensor(-1)))).toThrow(/sqrt/)
    expect(() => compile((x: Tensor) => detectAnomaly(() => x.sqrt()))(tensor(1))).toThrow(CompileError)
  })
})
