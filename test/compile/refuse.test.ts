/** What cannot be compiled says so, and what to do instead; nothing is changed by it. */
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  ArgumentError,
  add_,
  CompileError,
  compile,
  DeviceError,
  detectAnomaly,
  nonzero,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'

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
    expect(told(() => w.at(w.gt(1)))).toMatch(/^compile: at \(/)
    expect(told(() => nonzero(w))).toMatch(/^compile: nonzero \(/)
    expect(told(() => JSON.stringify(w))).toMatch(/^compile: JSON\.stringify \(/)
    expect(told(() => `${w}`)).toMatch(/^compile: printing \(/)
    expect(told(() => inspect(w))).toMatch(/^compile: printing \(/)
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
    const f: (x: Tensor) => unknown = compile((x: Tensor): unknown => Promise.resolve(x.mul(2)))
    expect(() => f(tensor(1))).toThrow(CompileError)
  })

  it('is told although the function has caught it', () => {
    const f = compile((x: Tensor) => {
      let scale = 1
      try {
        scale = x.sum().item()
      } catch {}
      return x.mul(scale)
    })
    expect(() => f(tensor([1, 2]))).toThrow(/item .* reads a tensor \[\]/)
    const w = tensor([1, 2])
    const g = compile((x: Tensor) => {
      try {
        w.sum().toArray()
      } catch (cause) {
        throw new Error('layer 1', { cause })
      }
      return x
    })
    expect(() => g(tensor([1, 2]))).toThrow(CompileError)
  })

  it('an argument that is also read by itself, in a function that catches everything', () => {
    const x = tensor([1, 2])
    const f = compile((y: Tensor) => {
      try {
        return x.mul(y)
      } catch {
        return y
      }
    })
    expect(f(x).toArray()).toEqual([1, 4])
  })

  it('computed tensors as properties of modules, which stay as they were', () => {
    class Memory extends nn.Module {
      h: Tensor | null = zeros([2])
      readonly seen: Tensor[] = []
      last: { y?: Tensor } = {}
      store: 'h' | 'seen' | 'last' | 'nothing' = 'h'
      forward(x: Tensor): Tensor {
        const next = this.h ? this.h.mul(0.5).add(x) : x
        if (this.store === 'h') this.h = next
        if (this.store === 'seen') this.seen.push(next)
        if (this.store === 'last') this.last = { y: next }
        return next
      }
    }
    const memory = new Memory()
    const f = compile((x: Tensor) => memory.forward(x))
    const x = tensor([1, 1])
    expect(() => f(x)).toThrow(/property 'h' of Memory was given .*this\.h\.assign\(next\)/)
    expect(memory.h!.toArray()).toEqual([0, 0])
    memory.h = null
    expect(() => f(x)).toThrow(CompileError)
    expect(memory.h).toBeNull()
    for (const store of ['seen', 'last'] as const) {
      memory.store = store
      expect(() => f(x)).toThrow(/a list in Memory/)
    }
    expect([memory.seen, memory.last]).toEqual([[], {}])
    memory.store = 'nothing'
    expect(f(x).toArray()).toEqual([1, 1])
  })

  it('modules in the place of functions', () => {
    expect(() => compile(new nn.Linear(1, 1) as never)).toThrow(/got a Linear; write compile\(\(x\) => model\.forward/)
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
    const inMap = compile((x: Tensor) => new Map([['y', x.mul(2)]]))
    expect(() => inMap(tensor(1)).get('y')!.item()).toThrow(/in arrays and plain objects/)
  })

  it('options and devices that are not there', () => {
    expect(() => compile((x: Tensor) => x, { device: 'tpu' as 'cpu' })).toThrow(ArgumentError)
    expect(() => compile((x: Tensor) => x, { threads: 0 })).toThrow(ArgumentError)
    expect(() => compile((x: Tensor) => x, { threads: 1000 })).toThrow(/from 1 to 16, got 1000/)
    expect(() => compile(3 as never)).toThrow(ArgumentError)
  })

  it('looking for anomalies inside; around, the call runs eagerly', () => {
    const f = compile((x: Tensor) => x.sqrt())
    expect(() => detectAnomaly(() => f(tensor(-1)))).toThrow(/sqrt/)
    expect(() => compile((x: Tensor) => detectAnomaly(() => x.sqrt()))(tensor(1))).toThrow(CompileError)
  })
})
