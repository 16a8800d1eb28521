/** Derivatives that come from outside of a compiled function: through one node, whose pullback is compiled as well. */
import { describe, expect, it } from 'vitest'
import { explain, record } from '../../src/explain/index.ts'
import {
  add_,
  checkpoint,
  compile,
  dropout,
  GradError,
  gradients,
  jvp,
  manualSeed,
  noGrad,
  rand,
  randn,
  type Tensor,
  tensor,
  vmap,
} from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { expectNear } from './near.ts'

const param = (data: number | number[], name?: string): Tensor =>
  tensor(data, { requiresGrad: true, dtype: 'float64', name })

/** Runs a program with the function as it is and compiled, which must not run it more often than it is traced. */
function both<A extends unknown[], O>(fn: (...args: A) => O, program: (f: typeof fn) => unknown, runs = 1): void {
  let count = 0
  const eager = program(fn)
  const compiled = compile((...args: A) => {
    count++
    return fn(...args)
  })
  expectNear(program(compiled), eager)
  expect(count).toBe(runs)
}

const values = (x: Tensor | null) => x?.toArray()

describe('gradients through a compiled function', () => {
  it('reach arguments and what it has captured', () => {
    const w = param([1, 2, 3])
    const f = (x: Tensor) => w.mul(x).exp().sum()
    both(f, (g) => {
      const out = [1, 2].map((k) => {
        w.grad = null
        const x = param([0.1 * k, -0.2, 0.3])
        g(x).mul(2).backward()
        return [values(x.grad), values(w.grad)]
      })
      return out
    })
  })

  it('go on into what arguments were computed from', () => {
    const w = param([1, 2, 3])
    const f = (x: Tensor) => w.mul(x).tanh()
    both(f, (g) => {
      const out = [1, 2].map(() => {
        w.grad = null
        const v = param([0.5, -0.5, 1])
        g(g(v.square()).add(w)).sum().backward()
        return [values(v.grad), values(w.grad)]
      })
      return out
    })
  })

  it('of several calls, in any order', () => {
    const w = param([1, 2])
    const f = (x: Tensor) => w.mul(x).exp()
    both(f, (g) => {
      const xs = [1, 2, 3].map((k) => param([k / 3, k / 5]))
      const ys = xs.map((x) => g(x))
      const first = ys[1].sum()
      first.backward(null, { retainGraph: true })
      ys[2].sum().backward()
      first.backward()
      ys[0].square().sum().backward()
      const grads = [...xs.map((x) => values(x.grad)), values(w.grad)]
      w.grad = null
      return grads
    })
  })

  it('of one of several results, as if the others were not there', () => {
    const f = (x: Tensor) => ({ sum: x.square().sum(), log: x.log(), count: 3, kept: x.detach().mul(2) })
    both(f, (g) =>
      [0, 1, 2].map((k) => {
        const x = param([0, 1])
        const { sum, log, count, kept } = g(x)
        expect([count, kept.requiresGrad]).toEqual([3, false])
        if (k === 0) sum.backward()
        else if (k === 1) log.select(0, 1).backward()
        else sum.add(log.select(0, 1)).backward()
        return values(x.grad)
      }),
    )
  })

  it('of some operands only', () => {
    const w = param([1, 2], 'w')
    const f = (x: Tensor, y: Tensor) => w.mul(x).add(y.mul(x)).sum()
    both(f, (g) => {
      const [x, y] = [param([3, 4]), param([5, 6])]
      const only = gradients(g(x, y), x)[0].toArray()
      const two = gradients(g(x, y), [w, y]).map((t) => t.toArray())
      expect([x.grad, y.grad, w.grad]).toEqual([null, null, null])
      return [only, two, gradients(g(x, y), [tensor(1, { requiresGrad: true })], { allowUnused: true })]
    })
  })

  it('are those of a module that is trained outside', () => {
    const run = (make: <F>(f: F) => F) => {
      manualSeed(5)
      const model = new nn.Sequential(new nn.Linear(4, 8), new nn.BatchNorm1d(8), new nn.ReLU(), new nn.Linear(8, 2))
      model.to('float64')
      const forward = make((x: Tensor) => model.forward(x) as Tensor)
      const losses: number[] = []
      for (let k = 0; k < 4; k++) {
        const x = randn([6, 4], { dtype: 'float64' })
        const loss = forward(x).square().mean()
        model.zeroGrad()
        loss.backward()
        losses.push(loss.item())
        noGrad(() => {
          for (const p of model.parameters()) add_(p, p.grad!.mul(-0.1))
        })
      }
      return [losses, ...[...model.parameters(), ...model.buffers()].map((x) => x.toArray())]
    }
    expectNear(
      run((f) => compile(f as () => unknown) as typeof f),
      run((f) => f),
    )
  })

  it('draw once what is random', () => {
    const f = (x: Tensor) => checkpoint((v: Tensor) => dropout(v.exp(), 0.5).mul(rand([4], { dtype: 'float64' })), x)
    both(f, (g) => {
      manualSeed(2)
      const x = param([1, 2, 3, 4])
      const [first, second] = [g(x), g(x)]
      first.sum().backward()
      second.square().sum().backward()
      return [values(x.grad), rand([2]).toArray()]
    })
  })

  it('see hooks and retained gradients outside', () => {
    const w = param([1, 2])
    const f = (x: Tensor) => w.mul(x)
    const seen: unknown[] = []
    const stop = w.onGrad((g) => {
      seen.push(g.toArray())
      return g.mul(2)
    })
    both(f, (g) => {
      const y = g(param([3, 4])).retainGrad()
      y.onGrad((u) => u.mul(10))
      w.grad = null
      y.add(w).sum().backward()
      return [values(w.grad), values(y.grad), seen.splice(0)]
    })
    stop()
  })

  it('may be asked for once, unless the graph is retained', () => {
    const f = compile((x: Tensor) => x.square().sum())
    const x = param([1, 2])
    const y = f(x)
    y.backward()
    expect(() => y.backward()).toThrow(GradError)
    const again = f(x)
    again.backward(null, { retainGraph: true })
    again.backward()
    expect(values(x.grad)).toEqual([6, 12])
  })

  it('notice what was changed in place since', () => {
    const w = param([1, 2], 'w')
    const f = compile((x: Tensor) => w.mul(x).sum())
    const x = param([3, 4])
    const y = f(x)
    noGrad(() => add_(w, 1))
    expect(() => y.backward()).toThrow(/changed it in place/)
    const z = f(x)
    z.backward()
    expect(values(x.grad)).toEqual([2, 3])
  })

  it('go through changes in place of what the function has made', () => {
    const f = (x: Tensor) => {
      const sum = x.mul(2)
      add_(sum, x)
      return sum
    }
    both(f, (g) => {
      const x = param([1, 2])
      g(x).square().sum().backward()
      return values(x.grad)
    })
  })

  it('change what is captured once, in the call', () => {
    const count = tensor(0)
    const f = compile((x: Tensor) => {
      add_(count, 1)
      return x.square().sum()
    })
    const x = param([1, 2])
    for (let k = 1; k <= 3; k++) {
      f(x).backward()
      expect(count.item()).toBe(k)
    }
    const [g] = gradients(f(x), x, { createGraph: true })
    expect(count.item()).toBe(4)
    expect(values(g)).toEqual([2, 4])
  })
})

it('a call is explained by what happens in it where it is recorded, and by nothing else', () => {
  const w = tensor([1, 2], { requiresGrad: true, name: 'w' })
  const f = compile((x: Tensor) => w.mul(x).tanh().sum())
  const x = tensor([0.3, 0.4], { requiresGrad: true })
  f(x)
  expect(() => explain(f(x), w)).toThrow(/record\(\(\) => \.\.\.\)/)
  const { value } = record(() => f(x))
  expect(explain(value, w).toText()).toMatch(/tanh/)
})

describe('further derivatives', () => {
  it('of second order', () => {
    const w = param([1, 2])
    const f = (x: Tensor) => dropout(w.mul(x).exp(), 0.5).sum()
    both(
      f,
      (g) => {
        manualSeed(3)
        const v = param([0.3, 0.4])
        const x = v.mul(w)
        const y = g(x)
        rand([3])
        const [u] = gradients(y, [x], { createGraph: true })
        const [h, k] = gradients(u.square().sum(), [v, w])
        return [values(u), values(h), values(k), rand([1]).toArray()]
      },
      2,
    )
  })

  it('of many cotangents at once', () => {
    const f = (x: Tensor) => x.square()
    both(
      f,
      (g) => {
        const x = param([1, 2])
        const y = g(x)
        const basis = tensor(
          [
            [1, 0],
            [0, 1],
          ],
          { dtype: 'float64' },
        )
        return vmap((u: Tensor) => gradients(y, x, { gradOutputs: u, retainGraph: true })[0])(basis).toArray()
      },
      2,
    )
  })

  it('inside of transforms, by the function as it is', () => {
    const f = compile((x: Tensor) => x.square().sum())
    const x = param([1, 2])
    f(x).backward()
    const moved = jvp(
      (v: Tensor) => f(v),
      [tensor([1, 2], { dtype: 'float64' })],
      [tensor([1, 1], { dtype: 'float64' })],
    )
    expect((moved[1] as Tensor).item()).toBe(6)
  })
})
