/** Schedulers apart from PyTorch's sequences (test/optim-fixtures.test.ts): composition, saving, errors. */
import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'
import { tensor } from '../../tensor/index.ts'
import * as optim from '../index.ts'

const sgd = (lr = 1) => new optim.SGD([tensor([0])], { lr, momentum: 0.9 })
const makers: Record<string, (o: optim.Optimizer) => optim.LRScheduler> = {
  StepLR: (o) => new optim.StepLR(o, { stepSize: 2 }),
  MultiStepLR: (o) => new optim.MultiStepLR(o, { milestones: [3, 5] }),
  ExponentialLR: (o) => new optim.ExponentialLR(o, { gamma: 0.9 }),
  CosineAnnealingLR: (o) => new optim.CosineAnnealingLR(o, { tMax: 7, etaMin: 0.1 }),
  CosineAnnealingWarmRestarts: (o) => new optim.CosineAnnealingWarmRestarts(o, { t0: 2, tMult: 2 }),
  OneCycleLR: (o) => new optim.OneCycleLR(o, { maxLr: 0.5, totalSteps: 12 }),
  LinearLR: (o) => new optim.LinearLR(o),
  PolynomialLR: (o) => new optim.PolynomialLR(o, { power: 2 }),
}

describe.each(Object.keys(makers))('%s', (name) => {
  test('saved in the middle and loaded elsewhere, it goes on identically', () => {
    const optimizer = sgd()
    const scheduler = makers[name](optimizer)
    for (let i = 0; i < 4; i++) scheduler.step()
    const saved = JSON.parse(JSON.stringify([optimizer.stateDict().paramGroups, scheduler.stateDict()]))
    const other = sgd(3)
    const resumed = makers[name](other)
    other.loadStateDict({ state: {}, paramGroups: saved[0] })
    resumed.loadStateDict(saved[1])
    for (let i = 0; i < 4; i++) {
      scheduler.step()
      resumed.step()
      expect(other.paramGroups[0].lr).toBe(optimizer.paramGroups[0].lr)
      expect(resumed.getLastLr()).toEqual(scheduler.getLastLr())
    }
  })

  test('lastEpoch goes on from the optimizer alone', () => {
    const optimizer = sgd()
    const scheduler = makers[name](optimizer)
    for (let i = 0; i < 4; i++) scheduler.step()
    const other = sgd()
    other.loadStateDict(optimizer.stateDict())
    const options = { ...scheduler.options, lastEpoch: 4 }
    const again = Reflect.construct(scheduler.constructor, [other, options]) as optim.LRScheduler
    scheduler.step()
    expect(again.getLastLr()[0]).toBeCloseTo(scheduler.getLastLr()[0], 12)
    expect(() => Reflect.construct(scheduler.constructor, [sgd(), options])).toThrow(/initialLr/)
    expect(again.lastEpoch).toBe(5)
  })

  test('a foreign state is refused', () => {
    const scheduler = makers[name](sgd())
    const before = scheduler.stateDict()
    expect(() => scheduler.loadStateDict({ ...before, colour: 1 })).toThrow(/'colour' is not part/)
    expect(() => scheduler.loadStateDict({ ...before, baseLrs: [1, 2] })).toThrow(/'baseLrs' must hold 1 numbers/)
    expect(() => scheduler.loadStateDict({ ...before, lastEpoch: -3 })).toThrow(ArgumentError)
    expect(scheduler.stateDict()).toEqual(before)
  })
})

test('two schedulers multiply, and what the user sets is kept', () => {
  const optimizer = sgd()
  const warmup = new optim.LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 })
  const decay = new optim.ExponentialLR(optimizer, { gamma: 0.9 })
  const expected = [0.5, 0.75 * 0.9, 0.81, 0.729]
  expected.forEach((lr, t) => {
    if (t > 0) for (const scheduler of [warmup, decay]) scheduler.step()
    expect(optimizer.paramGroups[0].lr).toBeCloseTo(lr, 12)
  })
  optimizer.paramGroups[0].lr = 1
  warmup.step()
  decay.step()
  expect(optimizer.paramGroups[0].lr).toBeCloseTo(0.9, 12)
})

test('a chain with a rate set by hand goes on identically after being saved', () => {
  const chain = (optimizer: optim.Optimizer) => [
    new optim.StepLR(optimizer, { stepSize: 2, gamma: 0.5 }),
    new optim.CosineAnnealingLR(optimizer, { tMax: 4 }),
  ]
  const [optimizer, other] = [sgd(), sgd(3)]
  const [schedulers, resumed] = [chain(optimizer), chain(other)]
  for (let i = 0; i < 3; i++) for (const scheduler of schedulers) scheduler.step()
  optimizer.paramGroups[0].lr *= 3
  other.loadStateDict(optimizer.stateDict())
  resumed.forEach((scheduler, i) => {
    scheduler.loadStateDict(schedulers[i].stateDict())
  })
  for (let i = 0; i < 8; i++) {
    for (const scheduler of [...schedulers, ...resumed]) scheduler.step()
    expect(other.paramGroups[0].lr).toBe(optimizer.paramGroups[0].lr)
  }
})

test('a long schedule gathers no rounding errors', () => {
  const optimizer = sgd()
  const scheduler = new optim.CosineAnnealingLR(optimizer, { tMax: 1000 })
  for (let i = 0; i < 1500; i++) scheduler.step()
  expect(optimizer.paramGroups[0].lr).toBeCloseTo(0.5, 13)
})

test('warm restarts take fractions of epochs', () => {
  const optimizer = sgd()
  const scheduler = new optim.CosineAnnealingWarmRestarts(optimizer, { t0: 2, tMult: 2 })
  scheduler.step(3)
  expect(optimizer.paramGroups[0].lr).toBeCloseTo((1 + Math.cos(Math.PI / 4)) / 2, 12)
  scheduler.step(5.5)
  expect(optimizer.paramGroups[0].lr).toBeCloseTo((1 + Math.cos((3.5 * Math.PI) / 4)) / 2, 12)
  scheduler.step()
  expect(optimizer.paramGroups[0].lr).toBeCloseTo((1 + Math.cos((0.5 * Math.PI) / 8)) / 2, 12)
})

test('one cycle ends where it says: one more step stays there, the next is refused', () => {
  const optimizer = sgd()
  const scheduler = new optim.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 4, annealStrategy: 'linear' })
  for (let i = 0; i < 4; i++) scheduler.step()
  expect(optimizer.paramGroups[0].lr).toBeCloseTo(1 / 25 / 1e4, 12)
  expect(() => scheduler.step()).toThrow(/beyond the 4 steps/)
  expect(scheduler.lastEpoch).toBe(4)
})

test('a plateau with a metric from a tensor, its state, and NaN as no improvement', () => {
  const optimizer = sgd()
  const scheduler = new optim.ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 })
  scheduler.step(tensor(2))
  scheduler.step(Number.NaN)
  const other = new optim.ReduceLROnPlateau(sgd())
  other.loadStateDict(scheduler.stateDict())
  for (const s of [scheduler, other]) s.step(2)
  expect([scheduler.getLastLr(), other.getLastLr()]).toEqual([[0.5], [0.5]])
  expect(other.best).toBe(2)
  expect(() => scheduler.step('2' as unknown as number)).toThrow(/takes the metric/)
})

test.each([
  [() => new optim.StepLR(sgd(), {} as { stepSize: number }), /StepLR: stepSize must be an integer >= 1, got NaN/],
  [() => new optim.StepLR(sgd(), { stepSize: 2, rate: 3 } as { stepSize: number }), /StepLR: unknown option 'rate'/],
  [() => new optim.StepLR({} as optim.Optimizer, { stepSize: 2 }), /first argument must be an optimizer/],
  [() => new optim.MultiStepLR(sgd(), { milestones: [1.5] }), /milestones must be an integer/],
  [() => new optim.ExponentialLR(sgd(), { gamma: -1 }), /gamma/],
  [() => new optim.LinearLR(sgd(), { startFactor: 2 }), /startFactor must be a number from 0 to 1/],
  [() => new optim.OneCycleLR(sgd(), { maxLr: 1 }), /needs totalSteps, or epochs and stepsPerEpoch/],
  [() => new optim.OneCycleLR(sgd(), { maxLr: [1, 2], totalSteps: 3 }), /maxLr lists 2 numbers for 1 parameter groups/],
  [
    () => new optim.OneCycleLR(new optim.Adagrad([tensor([1])]), { maxLr: 1, totalSteps: 3 }),
    /Adagrad has no momentum/,
  ],
  [() => new optim.ReduceLROnPlateau(sgd(), { factor: 1 }), /factor must be at least 0 and below 1/],
  [() => new optim.ReduceLROnPlateau(sgd(), { mode: 'low' as 'min' }), /mode must be 'min' or 'max', got 'low'/],
])('%s is refused', (make, message) => {
  expect(make).toThrow(message)
})
