/** Training steps compiled and eager: the same numbers, for every optimizer. */
import { describe, it } from 'vitest'
import { compile, manualSeed, randn, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'
import { expectNear } from './near.ts'

const dtype = 'float64' as const
const STEPS = 20

const optimizers: Record<string, (params: Tensor[]) => { zeroGrad(): void; step(): unknown }> = {
  SGD: (p) => new optim.SGD(p, { lr: 0.1 }),
  momentum: (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, weightDecay: 0.01, dampening: 0.1 }),
  nesterov: (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true }),
  Adam: (p) => new optim.Adam(p, { lr: 0.01 }),
  amsgrad: (p) => new optim.Adam(p, { lr: 0.01, amsgrad: true, weightDecay: 0.1 }),
  AdamW: (p) => new optim.AdamW(p, { lr: 0.01 }),
  NAdam: (p) => new optim.NAdam(p, { lr: 0.01 }),
  RAdam: (p) => new optim.RAdam(p, { lr: 0.01 }),
  Adamax: (p) => new optim.Adamax(p, { lr: 0.01 }),
  Adagrad: (p) => new optim.Adagrad(p, { lr: 0.01 }),
  RMSprop: (p) => new optim.RMSprop(p, { lr: 0.01, momentum: 0.5, centered: true }),
  Lion: (p) => new optim.Lion(p, { lr: 0.01 }),
}

/** Losses and final parameters of a run. */
function train(compiled: boolean, make: (typeof optimizers)[string], clip = 0): number[] {
  manualSeed(7)
  const model = new nn.Sequential(new nn.Linear(5, 8), new nn.Tanh(), new nn.Dropout(0.2), new nn.Linear(8, 3))
  model.to(dtype)
  const opt = make(model.parameters())
  const x = randn([6, 5], { dtype })
  const y = randn([6, 3], { dtype })
  const step = (a: Tensor, b: Tensor): Tensor => {
    opt.zeroGrad()
    const loss = nn.mseLoss(model.forward(a), b)
    loss.backward()
    if (clip > 0) optim.clipGradNorm(model.parameters(), clip)
    opt.step()
    return loss
  }
  const run = compiled ? compile(step) : step
  const losses = Array.from({ length: STEPS }, () => run(x, y).item())
  return [...losses, ...model.parameters().flatMap((p) => [...p.data, ...p.grad!.data])]
}

describe('a compiled training step', () => {
  for (const [name, make] of Object.entries(optimizers)) {
    it(`trains as the eager one with ${name}`, () => {
      expectNear(train(true, make), train(false, make))
    })
  }

  it('clips gradients as the eager one', () => {
    expectNear(train(true, optimizers.Adam, 0.1), train(false, optimizers.Adam, 0.1))
  })
})
