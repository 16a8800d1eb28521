/** Programs run: the results are right, whatever the number of threads, and whatever happens to the threads. */
import { Worker as RealWorker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ArgumentError, DeviceError } from '../../../errors/index.ts'
import * as s from '../../../scalar/index.ts'
import type { Instruction, LoopKernel, Place, Program, Stream } from '../../kernels.ts'
import { Heap } from '../memory.ts'
import { Pool } from '../threads/pool.ts'
import { findWasm } from '../wasm.ts'
import { type Loaded, load } from './index.ts'

const { arg, c } = s
const place = (region: number): Place => ({ region, offset: 0, dtype: 'float32' })
const line: Stream = { dtype: 'float32', strides: [1] }

/** y = f(r0, r1) over n elements, y = r0 in place. */
function update(n: number, formula: s.Scalar): Instruction {
  const kernel: LoopKernel = {
    sizes: [n],
    folded: 0,
    dtype: 'float32',
    reads: [line, line],
    steps: [{ is: 'map', formula }],
    writes: [{ ...line, step: 0, over: 0 }],
  }
  const [reads, writes] = [[place(0), place(1)], [place(0)]]
  return { is: 'loop', label: 'update', flops: 3 * n, bytes: 12 * n, kernel, reads, writes }
}

const square = (n: number): Instruction => {
  const axis = (...strides: number[]) => ({ sizes: [n], strides: strides.map((stride) => [stride]) })
  const none = { sizes: [], strides: [[], [], []] }
  return {
    is: 'product',
    label: 'product',
    flops: 2 * n ** 3,
    bytes: 12 * n * n,
    kernel: {
      dtype: 'float32',
      batch: none,
      rows: axis(n, 0, n),
      columns: axis(0, 1, 1),
      summed: axis(1, n, 0),
      add: false,
    },
    a: place(0),
    b: place(1),
    c: place(2),
  }
}

const SIDE = 160
const N = SIDE * SIDE

/** x <- tanh(x + y), z <- x y, y <- sin z on the main thread, which counts: any bit that differs grows. */
function program(counts: { runs: number }): Program {
  const host: Instruction = {
    is: 'host',
    label: 'count',
    flops: 0,
    bytes: 0,
    reads: [place(2)],
    writes: [place(1)],
    run([z], [y]) {
      counts.runs++
      for (let i = 0; i < N; i++) y[i] = Math.sin(z[i])
    },
  }
  return {
    regions: Array.from({ length: 3 }, () => ({ bytes: 4 * N, is: 'kept', offset: 0 }) as const),
    arenaBytes: 0,
    instructions: [update(N, s.tanh(s.add(arg('r0'), arg('r1')))), square(SIDE), host],
  }
}

function start(threads: number, counts = { runs: 0 }): Loaded {
  const loaded = load(program(counts), { threads })
  fill(loaded)
  return loaded
}

function fill(loaded: Loaded): void {
  for (const region of [0, 1]) {
    const data = loaded.array(region, 'float32', N)
    for (let i = 0; i < N; i++) data[i] = Math.sin(i * (region + 1))
  }
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

/** Workers come up beside: some time is left to them between runs. */
async function runs(loaded: Loaded, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    loaded.run()
    if (i % 4 === 3) await pause(20)
  }
}

const threads = process.getBuiltinModule('node:worker_threads')
const workers: RealWorker[] = []

beforeAll(() => {
  threads.Worker = class extends RealWorker {
    constructor(...args: ConstructorParameters<typeof RealWorker>) {
      super(...args)
      workers.push(this)
    }
  }
})

afterAll(() => {
  threads.Worker = RealWorker
})

describe('load', () => {
  it('gives the same bits with 1, 2 and 3 threads', async () => {
    const shared = vi.spyOn(Pool.prototype, 'run')
    const all = [1, 2, 3].map((n) => start(n))
    for (const loaded of all) await runs(loaded, 60)
    expect(shared.mock.calls.length).toBeGreaterThanOrEqual(20)
    const [one, ...others] = all.map((loaded) => loaded.array(1, 'float32', N).slice())
    for (const other of others) expect(other).toEqual(one)
    expect(one.every((x) => Math.abs(x) <= 1)).toBe(true)
    for (const loaded of all) loaded.release()
    shared.mockRestore()
  })

  it('computes what is meant', () => {
    const loaded = start(1)
    const [x, y] = [0, 1].map((region) => Float64Array.from(loaded.array(region, 'float32', N)))
    loaded.run()
    const t = x.map((v, i) => Math.tanh(v + y[i]))
    let z = 0
    for (let k = 0; k < SIDE; k++) z += t[3 * SIDE + k] * y[k * SIDE + 5]
    expect(loaded.array(2, 'float32', N)[3 * SIDE + 5]).toBeCloseTo(z, 4)
    expect(loaded.array(1, 'float32', N)[3 * SIDE + 5]).toBeCloseTo(Math.sin(z), 4)
    loaded.release()
  })

  it('works on when workers are killed in the middle of runs', async () => {
    const [expected, loaded] = [start(1), start(2)]
    await runs(loaded, 40)
    await runs(expected, 40)
    for (let i = 0; i < 10; i++) {
      for (const worker of workers.splice(0)) void worker.terminate()
      try {
        loaded.run()
        expected.run()
      } catch (error) {
        // Killed in the middle of a part: that state is lost, and only that.
        expect(error).toBeInstanceOf(DeviceError)
        fill(expected)
        fill(loaded)
      }
      await pause(5)
    }
    await runs(loaded, 30)
    await runs(expected, 30)
    expect(loaded.array(1, 'float32', N)).toEqual(expected.array(1, 'float32', N))
    loaded.release()
    expected.release()
  })

  it('does without other threads where the heap has no room for them', async () => {
    const [expected, loaded] = [start(1), start(2)]
    const full = vi.spyOn(Heap.prototype, 'reserve').mockImplementation(() => {
      throw new DeviceError('full')
    })
    await runs(loaded, 20)
    expect(full).toHaveBeenCalled()
    full.mockRestore()
    await runs(expected, 20)
    expect(loaded.array(1, 'float32', N)).toEqual(expected.array(1, 'float32', N))
    loaded.release()
    expected.release()
  })

  it('allocates nothing from run to run, and gives everything back', async () => {
    const before = findWasm()!.bytes.length
    const counts = { runs: 0 }
    const loaded = start(2, counts)
    await runs(loaded, 40)
    const { length } = findWasm()!.bytes
    for (let i = 0; i < 200; i++) loaded.run()
    const used = process.memoryUsage().heapUsed
    for (let i = 0; i < 500; i++) loaded.run()
    expect(process.memoryUsage().heapUsed - used).toBeLessThan(2 ** 20)
    expect(findWasm()!.bytes.length).toBe(length)
    loaded.release()
    for (let i = 0; i < 50; i++) start(2).release()
    expect(findWasm()!.bytes.length).toBe(length)
    expect(before).toBeLessThanOrEqual(length)
    expect(counts.runs).toBe(740)
    expect(() => loaded.run()).toThrow(/has been released/)
  })

  it('times instructions, and leaves the state alone', () => {
    const loaded = start(1)
    loaded.run()
    const before = loaded.array(1, 'float32', N).slice()
    const times = loaded.profile(5)
    expect(times.map(({ label }) => label)).toEqual(['update', 'product', 'count'])
    for (const { seconds } of times) expect(seconds).toBeGreaterThan(0)
    expect(loaded.array(1, 'float32', N)).toEqual(before)
    loaded.release()
  })

  it('works in regions that are placed already', () => {
    const heap = findWasm()!
    const at = heap.reserve(4)
    heap.float32[at / 4] = 2
    const regions = [0, 1].map(() => ({ bytes: 4, is: 'kept', offset: 0 }) as const)
    const instructions = [update(1, s.add(arg('r0'), s.add(arg('r1'), c(1))))]
    const loaded = load({ regions, arenaBytes: 0, instructions }, { addresses: [at] })
    loaded.run()
    loaded.run()
    expect(loaded.address(0)).toBe(at)
    expect(heap.float32[at / 4]).toBe(4)
    loaded.release()
    heap.release(at)
  })

  it('says what is wrong with options and sizes', () => {
    const huge: Program = { regions: [{ bytes: 2 ** 33, is: 'kept', offset: 0 }], arenaBytes: 0, instructions: [] }
    const { length } = findWasm()!.bytes
    expect(() => load(huge)).toThrow(DeviceError)
    expect(findWasm()!.bytes.length).toBe(length)
    const empty: Program = { regions: [], arenaBytes: 0, instructions: [] }
    expect(() => load(empty, { threads: 0 })).toThrow(ArgumentError)
    expect(() => load(empty, { threads: 2.5 })).toThrow(/from 1 to 16; got 2.5/)
    load(empty).run()
  })
})
