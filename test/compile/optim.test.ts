/** What optimizers, schedules and clipping do inside of compiled functions, compared with the same program run eagerly. */
import { describe, expect, it } from 'vitest'
import { ArgumentError, CompileError, compile, type Tensor, tensor } from '../../src/index.ts'
import * as optim from '../../src/optim/index.ts'

type Make = (params: Tensor[]) => optim.Optimizer
type Train = (step: () => void, opt: optim.Optimizer, params: readonly Tensor[]) => void

/** A quadratic loss in two parameters whose gradient changes from step to step. */
function program(make: Make, compiled: boolean, dtype: 'float32' | 'float64' = 'float64') {
  const params = [
    tensor([1, -2, 3], { dtype, requiresGrad: true }),
    tensor([[0.5], [4]], { dtype, requiresGrad: true }),
  ]
  const opt = make(params)
  const whole = () => {
    opt.zeroGrad()
    params[0].square().sum().add(params[1].square().mul(0.3).sum()).backward()
    opt.step()
  }
  return { params, opt, step: compiled ? compile(whole) : whole }
}

function run(make: Make, train: Train, compiled: boolean, dtype?: 'float32') {
  const { params, opt, step } = program(make, compiled, dtype)
  train(step, opt, params)
  return { values: params.map((x) => [...x.data]), saved: opt.stateDict() }
}

/** The same parameters and saved state, to within rounding. */
function expectSame(make: Make, train: Train): void {
  const [a, b] = [run(make, train, true), run(make, train, false)]
  expect(a.values.flat()).toEqual(b.values.flat().map((v) => expect.closeTo(v, 12)))
  expect(plain(a.saved)).toEqual(close(plain(b.saved)))
}

const plain = (x: unknown): unknown => JSON.parse(JSON.stringify(x))
const close = (x: unknown): unknown =>
  typeof x === 'number'
    ? expect.closeTo(x, 12)
    : Array.isArray(x)
      ? x.map(close)
      : typeof x === 'object' && x !== null
        ? Object.fromEntries(Object.entries(x).map(([key, value]) => [key, close(value)]))
        : x

const optimizers: Record<string, Make> = {
  SGD: (p) => new optim.SGD(p, { lr: 0.1 }),
  momentum: (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, dampening: 0.5 }),
  Adam: (p) => new optim.Adam(p, { lr: 0.1 }),
  amsgrad: (p) => new optim.AdamW(p, { lr: 0.1, amsgrad: true }),
  NAdam: (p) => new optim.NAdam(p, { lr: 0.1, weightDecay: 0.1, decoupledWeightDecay: true }),
  RAdam: (p) => new optim.RAdam(p, { lr: 0.1, betas: [0.9, 0.9] }),
  Adamax: (p) => new optim.Adamax(p, { lr: 0.1 }),
  Adagrad: (p) => new optim.Adagrad(p, { lr: 0.1, lrDecay: 0.1, initialAccumulatorValue: 0.1 }),
  RMSprop: (p) => new optim.RMSprop(p, { lr: 0.1, momentum: 0.5, centered: true }),
  Lion: (p) => new optim.Lion(p, { lr: 0.1, weightDecay: 0.1 }),
}
const times = (n: number, step: () => void) => {
  for (let i = 0; i < n; i++) step()
}

describe.each(Object.entries(optimizers))('%s in a compiled function', (_, make) => {
  it('takes the same steps and keeps the same state', () => expectSame(make, (step) => times(8, step)))

  it('float32 stays close', () => {
    const [a, b] = [true, false].map((compiled) => run(make, (step) => times(8, step), compiled, 'float32'))
    a.values.flat().forEach((v, i) => {
      expect(Math.abs(v - b.values.flat()[i])).toBeLessThan(2e-6)
    })
  })

  it('sees what becomes of the learning rate, of other numbers and of what they switch on', () => {
    expectSame(make, (step, opt) => {
      const [group] = opt.paramGroups as unknown as Record<string, unknown>[]
      times(2, step)
      group.lr = 0.01
      times(2, step)
      group.weightDecay = 0.2
      times(2, step)
      group.maximize = true
      times(2, step)
      group.maximize = false
      times(1, step)
    })
  })

  it('goes on from a state that was loaded, cleared or moved on by eager steps', () => {
    expectSame(make, (step, opt, params) => {
      const start = opt.stateDict()
      times(3, step)
      const later = opt.stateDict()
      times(2, step)
      opt.loadStateDict(later)
      times(2, step)
      params[0].grad = null
      opt.step()
      times(2, step)
      opt.loadStateDict(start)
      times(2, step)
      opt.state.clear()
      times(2, step)
    })
  })

  it('is told of a bad hyperparameter before anything has changed', () => {
    const { params, opt, step } = program(make, true)
    times(2, step)
    const before = [params.map((x) => [...x.data]), plain(opt.stateDict().state)]
    opt.paramGroups[0].lr = Number.NaN
    expect(step).toThrow(ArgumentError)
    expect([params.map((x) => [...x.data]), plain(opt.stateDict().state)]).toEqual(before)
    opt.paramGroups[0].lr = 0.1
    step()
  })

  it('leaves no state behind where tracing fails', () => {
    const { opt, params } = program(make, false)
    const failing = compile(() => {
      params[0].square().sum().backward()
      opt.step()
      return params[0].sum().item()
    })
    expect(failing).toThrow(CompileError)
    expect(opt.state.size).toBe(0)
  })
})

describe('several steps in one function', () => {
  it('of parameters that are not all there at every step', () => {
    const both = (compiled: boolean) => {
      const [x, y] = [
        tensor([1, 2], { dtype: 'float64', requiresGrad: true }),
        tensor([3], { dtype: 'float64', requiresGrad: true }),
      ]
      const opt = new optim.Adam([x, y], { lr: 0.1 })
      const step = () => {
        opt.zeroGrad()
        x.square().sum().backward()
        opt.step()
        x.square().sum().add(y.square().sum()).backward()
        opt.step()
      }
      times(4, compiled ? compile(step) : step)
      return [x, y].map((t) => [...t.data])
    }
    expect(both(true).flat()).toEqual(
      both(false)
        .flat()
        .map((v) => expect.closeTo(v, 12)),
    )
  })

  it('groups that are added later', () => {
    const late = (compiled: boolean) => {
      const { opt, params, step } = program(optimizers.SGD, compiled)
      times(2, step)
      const x = tensor([1], { dtype: 'float64', requiresGrad: true })
      x.grad = tensor([1], { dtype: 'float64' })
      opt.addParamGroup({ params: [x], lr: 1 })
      times(1, step)
      return [...params, x].map((t) => [...t.data])
    }
    expect(late(true)).toEqual(late(false))
  })
})

describe('schedules', () => {
  it.each<[string, (opt: optim.Optimizer) => { step(): void }]>([
    ['StepLR', (opt) => new optim.StepLR(opt, { stepSize: 2 })],
    ['CosineAnnealingWarmRestarts', (opt) => new optim.CosineAnnealingWarmRestarts(opt, { t0: 3 })],
    ['OneCycleLR', (opt) => new optim.OneCycleLR(opt, { maxLr: 0.2, totalSteps: 9 })],
  ])('%s moves on at every call, inside or outside', (_, schedule) => {
    const train = (compiled: boolean, inside: boolean) => {
      const { params, opt } = program((p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 }), false)
      const scheduler = schedule(opt)
      const whole = () => {
        opt.zeroGrad()
        params[0].square().sum().backward()
        opt.step()
        if (inside) scheduler.step()
      }
      const step = compiled ? compile(whole) : whole
      for (let i = 0; i < 8; i++) {
        step()
        if (!inside) scheduler.step()
      }
      return [...params[0].data, opt.paramGroups[0].lr]
    }
    const expected = train(false, true).map((v) => expect.closeTo(v, 12))
    expect(train(true, true)).toEqual(expected)
    expect(train(true, false)).toEqual(expected)
  })

  it('what decides by values is refused', () => {
    const { params, opt } = program(optimizers.SGD, false)
    const plateau = new optim.ReduceLROnPlateau(opt)
    expect(compile(() => plateau.step(params[0].sum()))).toThrow(/ReduceLROnPlateau.step: decides by the value of the/)
    const newton = new optim.LBFGS(params)
    const loss = () => {
      newton.zeroGrad()
      const value = params[0].sub(1).square().sum()
      value.backward()
      return value
    }
    expect(() => compile(() => newton.step(loss))()).toThrow(/LBFGS.step: .* opt.step\(compile/)
    newton.step(compile(loss))
    expect([...params[0].data]).toEqual([1, 1, 1].map((v) => expect.closeTo(v, 9)))
  })
})
