/** `release` gives back memory at once; gradients, state and derivatives are as they were. */
import { expect, it } from 'vitest'
import { findWasm } from '../../src/backends/wasm/wasm.ts'
import { compile, manualSeed, randn, type Tensor, zeros } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'

const heapBytes = () => findWasm()!.bytes.length

function stepOf(model: nn.Linear) {
  const adam = new optim.Adam(model.parameters(), { lr: 0.01 })
  return (x: Tensor) => {
    adam.zeroGrad()
    const loss = model.forward(x).square().mean()
    loss.backward()
    adam.step()
    return loss
  }
}

it('keeps gradients and state, and goes on from there', () => {
  const run = (step: (x: Tensor) => Tensor, between: () => void): number[] => {
    manualSeed(1)
    const xs = randn([6, 4, 8])
    const losses: number[] = []
    for (let k = 0; k < 6; k++) {
      losses.push(step(xs.at(k)).item())
      if (k === 2) between()
    }
    return losses
  }
  const make = () => {
    manualSeed(0)
    return new nn.Linear(8, 3)
  }
  const [a, b] = [make(), make()]
  const step = compile(stepOf(a))
  const expected = run(stepOf(b), () => undefined)
  const got = run(step, () => {
    const before = [a.weight.grad!.data, a.weight.data]
    step.release()
    // What takes its place in memory.
    compile((x: Tensor) => x.mul(2).add(1).exp())(zeros([64, 64]))
    expect([a.weight.grad!.data, a.weight.data]).toEqual(before)
    expect(() => step.plan()).toThrow(/call it first/)
  })
  got.forEach((loss, k) => {
    expect(loss).toBeCloseTo(expected[k], 5)
  })
})

it('leaves state where other programs use it', () => {
  const model = new nn.Linear(8, 3)
  const step = compile(stepOf(model))
  const look = compile(() => [model.weight.grad!.mul(1), model.weight.detach().mul(1)])
  const x = randn([4, 8])
  step(x)
  look()
  step.release()
  for (let k = 0; k < 3; k++) {
    step(x)
    const [grad, weight] = look()
    expect([grad.data, weight.data]).toEqual([model.weight.grad!.data, model.weight.data])
    step.release()
  }
})

it('lets what is still to be differentiated be differentiated', () => {
  const w = randn([64], { requiresGrad: true })
  const f = compile((x: Tensor) => x.mul(w).sin().sum())
  const x = randn([64])
  const y = f(x)
  f.release()
  compile((z: Tensor) => z.exp())(randn([64]))
  y.backward()
  w.mul(x)
    .cos()
    .mul(x)
    .data.forEach((g, i) => {
      expect(w.grad!.data[i]).toBeCloseTo(g, 5)
    })
})

it('keeps memory small in a loop that never waits', () => {
  const trial = () => {
    const model = new nn.Linear(512, 512)
    const step = compile(stepOf(model))
    const x = randn([64, 512])
    step(x)
    step(x)
    step.release()
  }
  for (let k = 0; k < 3; k++) trial()
  const before = heapBytes()
  for (let k = 0; k < 12; k++) trial()
  // Only gradients wait for the event loop: a megabyte each, of a dozen that a trial takes.
  expect(heapBytes() - before).toBeLessThan(12 * 3 * 2 ** 20)
})
