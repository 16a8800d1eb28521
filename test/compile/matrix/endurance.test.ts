/**
 * Compiled programs over long runs and at the limits, in processes of their own: memory stays flat, what does not fit
 * into a WebAssembly memory is an error after which everything works, and so does the death of all workers.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Workplace } from './start.ts'

let place: Workplace
beforeAll(() => {
  place = new Workplace()
})
afterAll(() => place.remove())

const STEPS = `
  import { compile, randint, randn } from 'chainrule'
  import * as nn from 'chainrule/nn'
  import * as optim from 'chainrule/optim'
  const { findWasm } = await import(dist + '/backends/wasm/wasm.js')
  const model = new nn.Sequential(new nn.Linear(64, 48), new nn.ReLU(), new nn.Dropout(0.1), new nn.Linear(48, 10))
  const opt = new optim.Adam(model.parameters(), { lr: 1e-3 })
  const step = compile((x, y) => {
    opt.zeroGrad()
    const loss = nn.crossEntropy(model.forward(x), y)
    loss.backward()
    opt.step()
    return loss
  })
  const [x, y] = [randn([32, 64]), randint(10, [32])]
  const memory = () => {
    gc()
    return { heap: process.memoryUsage().heapUsed, wasm: findWasm().memory.buffer.byteLength }
  }
  let loss
  const run = (steps) => {
    for (let i = 0; i < steps; i++) loss = step(x, y)
  }
  run(2000)
  const before = memory()
  run(10000)
  const after = memory()
  console.log(JSON.stringify({ heap: after.heap - before.heap, wasm: after.wasm - before.wasm, loss: loss.item() }))
`

it('trains for 10,000 steps without using more memory', { timeout: 180_000 }, async () => {
  for (const threads of ['1', '2']) {
    type Found = { heap: number; wasm: number; loss: number }
    const found = await place.evaluate<Found>(STEPS, ['--expose-gc'], { CHAINRULE_THREADS: threads })
    expect(found.heap).toBeLessThan(2 ** 19)
    expect(found.wasm).toBe(0)
    expect(found.loss).toBeLessThan(0.5)
  }
})

const MODELS = `
  import { compile, ones } from 'chainrule'
  import * as nn from 'chainrule/nn'
  const { findWasm } = await import(dist + '/backends/wasm/wasm.js')
  const turn = () => new Promise((done) => setTimeout(done, 2))
  const use = async (models) => {
    for (let i = 0; i < models; i++) {
      const model = new nn.Linear(256, 256)
      const step = compile((x) => model.forward(x).square().mean().backward())
      step(ones([4, 256]))
      gc()
      await turn()
    }
    return findWasm().memory.buffer.byteLength
  }
  const before = await use(30)
  console.log(JSON.stringify((await use(100)) - before))
`

it('gives back the memory of models that nobody has any more', { timeout: 120_000 }, async () => {
  expect(await place.evaluate<number>(MODELS, ['--expose-gc'], {})).toBeLessThan(2 ** 24)
})

const LIMIT = `
  import { compile, ones } from 'chainrule'
  const f = compile((x) => x.reshape([-1, 1]).mul(x).cumsum(0).mul(2))
  let error
  try { f(ones([40000])) } catch (thrown) { error = thrown }
  console.log(JSON.stringify({ name: error?.name, message: error?.message, next: f(ones([2])).toArray() }))
`

it('says that 4 GiB do not suffice, and goes on', { timeout: 60_000 }, async () => {
  const { name, message, next } = await place.evaluate<{ name: string; message: string; next: unknown }>(LIMIT, [], {})
  expect(name).toBe('DeviceError')
  expect(message).toMatch(/4 GiB.*smaller batches/)
  expect(next).toEqual([
    [2, 2],
    [4, 4],
  ])
})

/** The count is per element: a worker that had died in the middle would have left some behind. */
const DEATH = `
  import { add_, compile, ones, zeros } from 'chainrule'
  const { Pool } = await import(dist + '/backends/wasm/threads/pool.js')
  let pool
  const run = Pool.prototype.run
  Pool.prototype.run = function (...args) {
    pool = this
    return run.apply(this, args)
  }
  const turn = () => new Promise((done) => setTimeout(done, 5))
  const [n, count] = [400000, zeros([400000])]
  const step = compile((x) => void add_(count, x.exp()))
  const x = zeros([n])
  let calls = 0
  const call = async (times) => {
    for (let i = 0; i < times; i++, calls++) {
      step(x)
      if (i % 10 === 9) await turn()
    }
  }
  while (!pool && calls < 2000) await call(10)
  const worked = pool.workers.filter(Boolean).length
  for (const worker of pool.workers) worker?.end()
  await call(400)
  // On a busy machine a worker takes its time to begin.
  for (const until = performance.now() + 30000; pool.workers.filter(Boolean).length < worked; await call(10))
    if (performance.now() > until) break
  const restarted = pool.workers.filter(Boolean).length
  console.log(JSON.stringify({ worked, restarted, right: count.data.every((v) => v === calls) }))
`

it('does without workers that have died, and starts others', { timeout: 120_000 }, async () => {
  const found = await place.evaluate<object>(DEATH, [], { CHAINRULE_THREADS: '3' })
  expect(found).toEqual({ worked: 2, restarted: 2, right: true })
})
