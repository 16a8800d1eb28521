/**
 * Compiled functions among other code: several over the same parameters, eager changes between calls, views that overlap
 * what is written, arguments that share elements. After each call everything that can be seen is as it is eagerly.
 */
import { describe, expect, it } from 'vitest'
import {
  add_,
  assign,
  compile,
  dropout,
  Generator,
  gradients,
  manualSeed,
  matmul,
  mul_,
  noGrad,
  ones,
  rand,
  randint,
  randn,
  type Tensor,
  zeros,
} from '../../../src/index.ts'
import * as nn from '../../../src/nn/index.ts'
import * as optim from '../../../src/optim/index.ts'
import { expectNear } from '../near.ts'

const dtype = 'float64' as const
const draw = (...shape: number[]): Tensor => randn(shape, { dtype })

type Compile = <A extends unknown[], O>(fn: (...args: A) => O) => (...args: A) => O

/** What is done `calls` times, and what is looked at after each. */
interface Scene {
  call(k: number): Tensor | readonly Tensor[]
  readonly look: () => readonly (Tensor | null)[]
}

/** A scene compiled and eager. */
function same(build: (compile: Compile) => Scene, calls = 8): void {
  const play = (how: Compile) => {
    manualSeed(3)
    const { call, look } = build(how)
    return Array.from({ length: calls }, (_, k) => {
      const given = [call(k)].flat() as Tensor[]
      return [...given, ...look()].map((x) => [...(x?.data ?? [])])
    })
  }
  const wanted = play((fn) => fn)
  play(compile).forEach((got, k) => {
    expect(got.length, `call ${k}`).toBe(wanted[k].length)
    expectNear(got, wanted[k])
  })
}

const network = (): nn.Module =>
  new nn.Sequential(new nn.Linear(5, 7), new nn.BatchNorm1d(7), new nn.Dropout(0.3), new nn.Linear(7, 3)).to(dtype)

const stepOf = (model: nn.Module, opt: optim.Optimizer) => (x: Tensor) => {
  opt.zeroGrad()
  const loss = (model.forward(x) as Tensor).square().mean()
  loss.backward()
  opt.step()
  return loss
}

const seen = (model: nn.Module) => [...model.parameters(), ...model.buffers(), ...model.parameters().map((p) => p.grad)]

describe('state', () => {
  it('shared by several compiled functions', () =>
    same((compile) => {
      const model = network()
      const step = compile(stepOf(model, new optim.SGD(model.parameters(), { lr: 0.1, weightDecay: 0.01 })))
      const shrink = compile(() => noGrad(() => void model.parameters().map((p) => mul_(p, 0.99))))
      const predict = compile((x: Tensor) => noGrad(() => model.forward(x) as Tensor))
      const call = () => {
        const loss = step(draw(11, 5))
        shrink()
        return [loss, predict(draw(4, 5))]
      }
      return { call, look: () => seen(model) }
    }))

  it('of two models whose steps take turns', () =>
    same((compile) => {
      const models = [network(), network()]
      const steps = models.map((m) => compile(stepOf(m, new optim.SGD(m.parameters(), { lr: 0.1, momentum: 0.9 }))))
      return { call: () => [0, 1, 0].map((i) => steps[i](draw(6, 5))), look: () => models.flatMap(seen) }
    }))

  it('changed between calls: steps, modes, loaded state, rates, forgotten gradients', () =>
    same((compile) => {
      const model = network()
      const opt = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })
      const eager = stepOf(model, opt)
      const step = compile(eager)
      let saved: Record<string, Tensor>
      const changes: Record<number, () => unknown> = {
        2: () => eager(draw(6, 5)),
        3: () => {
          saved = Object.fromEntries(Object.entries(model.stateDict()).map(([key, x]) => [key, x.detach().clone()]))
        },
        5: () => model.loadStateDict(saved),
        6: () => model.eval(),
        7: () => model.train(),
        8: () => Object.assign(opt.paramGroups[0], { lr: 0.03 }),
        9: () => model.parameters().map((p) => Object.assign(p, { grad: null })),
        10: () => Object.assign(model.parameters()[0], { requiresGrad: false }),
        11: () => Object.assign(model.parameters()[0], { requiresGrad: true }),
      }
      const call = (k: number) => {
        changes[k]?.()
        return step(draw(k === 4 ? 13 : 11, 5))
      }
      return { call, look: () => seen(model) }
    }, 13))

  it('that is exchanged and turned around', () =>
    same((compile) => {
      const [a, b, s] = [draw(40), draw(40), draw(31, 31)]
      const call = compile(() => {
        const before = a.clone()
        assign(a, b)
        assign(b, before)
        assign(s, s.T)
        add_(s, s.T)
        mul_(s, 0.5)
        assign(a, a.flip(0))
        return a.sub(b)
      })
      return { call, look: () => [a, b, s] }
    }))

  it('written where it is read, by views that overlap', () =>
    same((compile) => {
      const [line, table] = [draw(50), draw(7, 5)]
      const call = compile((x: Tensor) => {
        assign(line.narrow(0, 1, 40), line.narrow(0, 0, 40))
        add_(table.T.narrow(0, 1, 3), x)
        mul_(table.select(0, 2), 2)
        assign(table.narrow(1, 0, 2), table.narrow(1, 2, 2))
        assign(table, matmul(table, table.T).matmul(table).tanh())
        return table.sum()
      })
      return { call: () => call(draw(3, 7)), look: () => [line, table] }
    }))
})

describe('arguments', () => {
  it('that share elements, whole or in part', () =>
    same((compile) => {
      const f = compile((x: Tensor, y: Tensor) => {
        add_(x, 1)
        mul_(y, 2)
        return [x, y, x.add(y)]
      })
      const call = (k: number) => {
        const a = draw(6, 6)
        return k % 3 === 0 ? f(a, a.T) : k % 3 === 1 ? f(a.narrow(0, 0, 3), a.narrow(0, 2, 3)) : f(a, draw(6, 6))
      }
      return { call, look: () => [] }
    }))

  it('of many shapes, none of them, and layouts', () =>
    same((compile) => {
      const f = compile((x: Tensor) => [x.softmax(-1).sum(0), x.mul(2), matmul(x.T, x)])
      const call = (k: number) =>
        f(k % 3 === 0 ? draw(1 + (k % 7), k % 5).T : k % 3 === 1 ? draw(k % 5, 7) : draw(1, 3).expand([k, 3]))
      return { call, look: () => [] }
    }, 40))
})

describe('programs', () => {
  it('of five thousand operations', () =>
    same((compile) => {
      const f = compile((x: Tensor) => {
        let y = x
        for (let i = 0; i < 5000; i++) y = i % 3 > 0 ? y.add(0.001) : y.mul(0.9999).sin()
        return y
      })
      return { call: () => f(draw(17)), look: () => [] }
    }, 2))

  it('with gradients of gradients', () =>
    same((compile) => {
      const w = Object.assign(draw(4, 4), { requiresGrad: true })
      const f = compile((x: Tensor) => {
        const y = matmul(x, w).tanh().square().sum()
        const [g] = gradients(y, [w], { createGraph: true }) as Tensor[]
        w.grad = null
        const loss = y.add(g.square().sum())
        loss.backward()
        return loss
      })
      return { call: () => f(draw(3, 4)), look: () => [w.grad] }
    }))

  it('with random numbers of several generators, seeded and used in between', () =>
    same((compile) => {
      const own = new Generator(5)
      const f = compile((x: Tensor) => [
        draw(3),
        rand([2], { dtype, generator: own }),
        dropout(x, 0.5),
        randint(9, [4]),
      ])
      const call = (k: number) => {
        if (k === 2) draw(3)
        if (k === 3) manualSeed(99)
        if (k === 4) rand([5], { generator: own })
        return f(ones([101], { dtype }))
      }
      return { call, look: () => [draw(1)] }
    }))

  it('that failed in the middle of a trace changed nothing', () => {
    const count = zeros([2])
    let failing = true
    const f = compile((x: Tensor) => {
      add_(count, 1)
      if (failing) throw new RangeError('broken')
      return count.add(x)
    })
    expect(() => f(ones([2]))).toThrow('broken')
    expect([count.toArray(), count.version]).toEqual([[0, 0], 0])
    failing = false
    expect(f(ones([2])).toArray()).toEqual([2, 2])
    add_(count, 1)
    expect(count.toArray()).toEqual([2, 2])
  })
})
