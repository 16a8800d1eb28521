/** In the steady state calls leave nothing behind. */
import { expect, it } from 'vitest'
import { findWasm } from '../../src/backends/wasm/wasm.ts'
import { compile, manualSeed, randn, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'

const STEPS = 10_000

function grown(step: () => void): { readonly js: number; readonly wasm: number } {
  for (let i = 0; i < STEPS / 10; i++) step()
  const { gc } = globalThis as { gc?: () => void }
  const used = () => {
    gc?.()
    return process.memoryUsage().heapUsed
  }
  const [js, wasm] = [used(), findWasm()!.bytes.length]
  for (let i = 0; i < STEPS; i++) step()
  return { js: used() - js, wasm: findWasm()!.bytes.length - wasm }
}

it.each(['inside', 'outside'])('memory stays flat over 10,000 steps, with backward %s', (where) => {
  manualSeed(1)
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1))
  const opt = new optim.AdamW(model.parameters(), { lr: 1e-3 })
  const x = randn([2, 3])
  const loss = (v: Tensor) => (model.forward(v) as Tensor).square().mean()
  const whole = compile((v: Tensor) => {
    opt.zeroGrad()
    const y = loss(v)
    y.backward()
    opt.step()
    return y
  })
  const forward = compile(loss)
  const outside = () => {
    opt.zeroGrad()
    forward(x).backward()
    opt.step()
  }
  const { js, wasm } = grown(where === 'inside' ? () => whole(x) : outside)
  expect(wasm).toBe(0)
  // Without a call of the garbage collector what it has not taken yet counts as well.
  expect(js).toBeLessThan('gc' in globalThis ? 2 ** 18 : 2 ** 25)
})
