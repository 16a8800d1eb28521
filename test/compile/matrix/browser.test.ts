/**
 * The built package in a page of Chromium: with threads where the page is isolated, on one where it is not. Without
 * shared memory growing detaches every array, so that state, gradients and programs must find theirs again.
 */
import { describe, expect, it } from 'vitest'
import type { Report } from './battery.ts'
import { findChromium, inPage } from './page.ts'

const chromium = findChromium()
const all = process.env.CHAINRULE_MATRIX === 'all'
const timeout = all ? 600_000 : 150_000

const BATTERY = `
  const { battery } = await import('/battery.js')
  const fixtures = await (await fetch('/fixtures.json')).json()
  return { isolated: crossOriginIsolated, report: await battery({ fixtures, all: ${all}, dist: '/dist' }) }
`

/** Trains a network by one program while others, and memory that is held, make the heap grow. */
const GROWTH = `
  const { compile, manualSeed, matmul, ones, randn } = await import('chainrule')
  const nn = await import('chainrule/nn')
  const optim = await import('chainrule/optim')
  const { findWasm } = await import('/dist/backends/wasm/wasm.js')
  const train = (compiled) => {
    manualSeed(4)
    const model = new nn.Sequential(new nn.Linear(20, 31), new nn.Tanh(), new nn.Linear(31, 3)).to('float64')
    const opt = new optim.Adam(model.parameters(), { lr: 0.01 })
    const step = (x) => {
      opt.zeroGrad()
      const loss = model.forward(x).square().mean()
      loss.backward()
      opt.step()
      return loss
    }
    const run = compiled ? compile(step) : step
    const losses = []
    const kept = []
    for (let k = 0; k < 30; k++) {
      losses.push(run(randn([16, 20], { dtype: 'float64' })).item())
      if (!compiled) continue
      const n = 100 + 25 * k
      const large = compile((x) => matmul(x, x).add(k))
      kept.push([large(ones([n, n])), n + k, large])
    }
    const right = kept.every(([y, value]) => y.data.every((v) => v === value))
    const again = kept.every(([, value, large], k) => large(ones([100 + 25 * k, 100 + 25 * k])).data[0] === value)
    return { numbers: [...losses, ...model.parameters().flatMap((p) => [...p.data, ...p.grad.data])], right, again }
  }
  const before = findWasm().memory.buffer.byteLength
  const compiled = train(true)
  const eager = train(false)
  const grown = findWasm().memory.buffer.byteLength - before
  const off = Math.max(...compiled.numbers.map((v, i) => Math.abs(v - eager.numbers[i])))
  return { shared: findWasm().shared, grown, off, right: compiled.right, again: compiled.again }
`

interface Growth {
  readonly shared: boolean
  readonly grown: number
  readonly off: number
  readonly right: boolean
  readonly again: boolean
}

describe('compiled programs in a page', () => {
  if (chromium === undefined) {
    it.skip('needs Chromium (on Debian: apt install chromium), or CHAINRULE_CHROMIUM with the path of one')
    return
  }
  for (const isolated of [true, false]) {
    it(isolated ? 'that is isolated: with threads' : 'that is not isolated: without threads', { timeout }, async () => {
      const found = await inPage<{ isolated: boolean; report: Report }>(BATTERY, chromium, isolated, timeout - 5000)
      expect(found.isolated).toBe(isolated)
      const { report } = found
      expect(report.different, report.where).toEqual([])
      expect(report.checked).toBeGreaterThan(150)
      expect([report.wasm, report.relaxedSimd, report.byBlas]).toEqual([true, true, 0])
      if (isolated) expect(report.byWorkers).toBeGreaterThan(0)
      else expect(report.byWorkers).toBe(0)
    })

    it(`memory that grows while ${isolated ? 'shared' : 'not shared'} leaves everything in its place`, {
      timeout,
    }, async () => {
      const { shared, grown, off, right, again } = await inPage<Growth>(GROWTH, chromium, isolated, timeout - 5000)
      expect(shared).toBe(isolated)
      expect(grown).toBeGreaterThan(2 ** 24)
      expect([right, again]).toEqual([true, true])
      expect(off).toBeLessThan(1e-9)
    })
  }
})
