/** A compiled function with everything else: transforms both ways, checkpoints, custom functions, random numbers, modules. */
import { describe, expect, it } from 'vitest'
import {
  add_,
  checkpoint,
  compile,
  defineFunction,
  dropout,
  Generator,
  grad,
  hessian,
  jacobian,
  jvp,
  manualSeed,
  noGrad,
  oneHot,
  rand,
  randn,
  type Tensor,
  tensor,
  vjp,
  vmap,
  where,
  zeros,
} from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'
import { expectNear } from './near.ts'

/** Kernels may add in another order: this is far above the rounding of float32 in what is computed here. */
const BOUND = 1e-6

const param = (data: number | number[]): Tensor => tensor(data, { requiresGrad: true })

describe('transforms', () => {
  const f = (x: Tensor) => x.mul(x.sin()).sum()
  const at = tensor([0.3, 0.7], { dtype: 'float64' })

  it('are traced whole', () => {
    for (const transform of [grad(f), jacobian(f), hessian(f), vmap((x: Tensor) => x.exp())]) {
      const g = transform as (x: Tensor) => Tensor
      const compiled = compile(g)
      for (let k = 0; k < 2; k++) expectNear(compiled(at).toArray(), g(at).toArray())
    }
    const pulled = compile((x: Tensor, u: Tensor) => vjp((v: Tensor) => v.exp(), x)[1](u)[0])
    expectNear(pulled(at, at).toArray(), at.exp().mul(at).toArray())
    const pushed = compile((x: Tensor, u: Tensor) => jvp((v: Tensor) => v.exp(), [x], [u])[1])
    expectNear(pushed(at, at).toArray(), at.exp().mul(at).toArray())
  })

  it('work on compiled functions', () => {
    const compiled = compile(f)
    compiled(at)
    expectNear(grad(compiled)(at).toArray(), grad(f)(at).toArray())
    expectNear(hessian(compiled)(at).toArray(), hessian(f)(at).toArray())
    expectNear(vmap(compiled)(at.reshape([2, 1])).toArray(), vmap(f)(at.reshape([2, 1])).toArray())
    expect(checkpoint(compiled, at).item()).toBe(f(at).item())
    expectNear(compile((x: Tensor) => compiled(x).mul(2))(at).item(), 2 * f(at).item())
  })

  it('recompute the same random numbers in checkpoints', () => {
    const run = (compiled: boolean) => {
      manualSeed(3)
      const w = tensor([1, 2, 3, 4], { requiresGrad: true, dtype: 'float64' })
      const step = () => {
        w.grad = null
        checkpoint((x: Tensor) => dropout(x.exp(), 0.5).mul(rand([4], { dtype: 'float64' })), w)
          .sum()
          .backward()
      }
      const call = compiled ? compile(step) : step
      return [1, 2, 3].map(() => {
        call()
        return w.grad!.toArray()
      })
    }
    expectNear(run(true), run(false), BOUND)
  })

  it('trace custom functions', () => {
    const twice = defineFunction({
      name: 'twice',
      forward: (ctx, x: Tensor) => {
        ctx.saveForBackward(x)
        return x.mul(2)
      },
      backward: (ctx, g) => g.mul(ctx.savedTensors[0]).mul(2),
    })
    const g = compile((x: Tensor) => {
      twice(x).sum().backward()
    })
    for (const v of [3, 4]) {
      const x = param([v])
      g(x)
      expect(x.grad!.toArray()).toEqual([2 * v])
    }
  })
})

describe('random numbers', () => {
  it('are those of the eager program', () => {
    const draw = (call: () => Tensor) => {
      manualSeed(11)
      return [call(), call(), randn([2])].map((x) => x.toArray())
    }
    const f = () => randn([3]).add(rand([3]))
    expect(draw(compile(f))).toEqual(draw(f))
  })

  it('start anew where the function says so, at every call', () => {
    const f = compile(() => {
      manualSeed(4)
      return rand([2]).mul(1)
    })
    const first = f().toArray()
    expect(f().toArray()).toEqual(first)
    manualSeed(4)
    expect(rand([2]).toArray()).toEqual(first)
  })

  it('move their own generators on', () => {
    const own = new Generator(5)
    const f = compile(() => rand([2], { generator: own }))
    const first = f()
    const again = rand([2], { generator: new Generator(5) })
    expect(first.toArray()).toEqual(again.toArray())
    expect(own.offset).toBeGreaterThan(0)
    expect(f().toArray()).not.toEqual(first.toArray())
  })
})

describe('values known while tracing', () => {
  it('may be read: data of the function itself', () => {
    const f = compile((x: Tensor) => {
      const table = tensor([1, 2, 3]).mul(2)
      return x.mul(table.sum().item())
    })
    expect(f(tensor(1)).item()).toBe(12)
  })

  it('are made anew at every call where they are changed', () => {
    const f = compile((x: Tensor) => {
      const sum = zeros([2])
      add_(sum, x)
      add_(sum, x)
      return sum
    })
    for (let k = 0; k < 2; k++) expect(f(tensor([1, 2])).toArray()).toEqual([2, 4])
  })

  it('choose by value with where, compare in one dtype, and one-hot', () => {
    const f = compile((x: Tensor) => where(x.gt(0), x, x.mul(10)))
    expect(f(tensor([-1, 2])).toArray()).toEqual([-10, 2])
    const same = compile((x: Tensor, y: Tensor) => x.eq(y))
    expect(same(tensor([0.1]), tensor(0.1, { dtype: 'float64' })).toArray()).toEqual([true])
    const hot = compile((k: Tensor) => oneHot(k, 3))
    expect(hot(tensor([2, 0], { dtype: 'int32' })).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ])
  })
})

describe('modules', () => {
  it('batch norm learns its statistics', () => {
    const run = (compiled: boolean) => {
      manualSeed(1)
      const norm = new nn.BatchNorm1d(3)
      const f = (x: Tensor) => noGrad(() => norm.forward(x))
      const call = compiled ? compile(f) : f
      for (let k = 0; k < 3; k++) call(randn([4, 3]))
      return [norm.runningMean!, norm.runningVar!, norm.numBatchesTracked!].map((x) => x.toArray())
    }
    expectNear(run(true), run(false), BOUND)
  })

  it('schedulers are heard', () => {
    const run = (compiled: boolean) => {
      const w = tensor([1, 2], { requiresGrad: true, dtype: 'float64' })
      const opt = new optim.SGD([w], { lr: 0.1, momentum: 0.9 })
      const schedule = new optim.StepLR(opt, { stepSize: 2, gamma: 0.5 })
      const step = () => {
        opt.zeroGrad()
        w.square().sum().backward()
        opt.step()
      }
      const call = compiled ? compile(step) : step
      for (let k = 0; k < 6; k++) {
        call()
        schedule.step()
      }
      return w.toArray()
    }
    expectNear(run(true), run(false), BOUND)
  })
})
