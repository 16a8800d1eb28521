/** What a compiled function sees and changes: arguments, captured tensors, modes, gradients. */
import { describe, expect, it, vi } from 'vitest'
import {
  ArgumentError,
  add_,
  assign,
  compile,
  gradients,
  mul_,
  noGrad,
  ones,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { expectNear } from './near.ts'

/** fn compiled, with the number of times that its body ran. */
function counted<A extends unknown[], O>(fn: (...args: A) => O): { call: (...args: A) => O; runs: () => number } {
  let runs = 0
  const call = compile((...args: A) => {
    runs++
    return fn(...args)
  })
  return { call, runs: () => runs }
}

const param = (data: number | number[]): Tensor => tensor(data, { requiresGrad: true })

describe('signatures', () => {
  it('traces once per shape, dtype, structure and static value', () => {
    const { call, runs } = counted((x: Tensor, k: number, more: { y?: Tensor } = {}) =>
      more.y ? x.mul(k).add(more.y) : x.mul(k),
    )
    expect(call(tensor([1, 2]), 2).toArray()).toEqual([2, 4])
    expect(call(tensor([3, 4]), 2).toArray()).toEqual([6, 8])
    expect(runs()).toBe(1)
    expect(call(tensor([3, 4]), 3).toArray()).toEqual([9, 12])
    expect(call(tensor([3]), 2).toArray()).toEqual([6])
    expect(call(tensor([3, 4], { dtype: 'float64' }), 2).dtype).toBe('float64')
    expect(call(tensor([3, 4]), 2, { y: tensor([1, 1]) }).toArray()).toEqual([7, 9])
    expect(runs()).toBe(5)
    expect(call(tensor([5, 6]), 2).toArray()).toEqual([10, 12])
    expect(runs()).toBe(5)
  })

  it('takes views and strided arguments as they are', () => {
    const f = compile((x: Tensor) => x.matmul(tensor([[1], [10]])))
    expect(
      f(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ).toArray(),
    ).toEqual([[21], [43]])
    expect(
      f(
        tensor([
          [1, 2],
          [3, 4],
        ]).T,
      ).toArray(),
    ).toEqual([[31], [42]])
  })

  it('tells arguments that share elements apart', () => {
    const f = compile((x: Tensor, y: Tensor) => {
      add_(x, 1)
      return y.mul(1)
    })
    const [a, b] = [tensor([1, 2]), tensor([5, 6])]
    expect(f(a, b).toArray()).toEqual([5, 6])
    expect(f(a, a).toArray()).toEqual([3, 4])
    expect(a.toArray()).toEqual([3, 4])
    expect(f(a, a.reshape([2])).toArray()).toEqual([4, 5])
  })

  it('knows an argument that the function also reads by itself', () => {
    const w = tensor([1, 2])
    const f = compile((x: Tensor) => {
      add_(w, 1)
      return x.mul(2)
    })
    expect(f(tensor([7, 7])).toArray()).toEqual([14, 14])
    expect(f(w).toArray()).toEqual([6, 8])
    expect(f(w).toArray()).toEqual([8, 10])
    expect(f(tensor([7, 7])).toArray()).toEqual([14, 14])
    expect(w.toArray()).toEqual([5, 6])
  })

  it('refuses arrays of numbers, whose values it would keep', () => {
    const f = compile((x: Float32Array) => tensor(x))
    expect(() => f(Float32Array.of(1))).toThrow(ArgumentError)
  })
})

describe('state', () => {
  it('sees changes from outside and makes its own', () => {
    const count = tensor([0])
    const next = compile(() => {
      add_(count, 1)
      return count.mul(10)
    })
    expect(next().toArray()).toEqual([10])
    expect(next().toArray()).toEqual([20])
    assign(count, 7)
    expect(next().toArray()).toEqual([80])
    expect(count.toArray()).toEqual([8])
    expect(count.version).toBe(4)
  })

  it('changes arguments in place', () => {
    const f = compile((x: Tensor) => {
      mul_(x, 2)
    })
    const x = tensor([1, 2])
    f(x)
    f(x)
    expect(x.toArray()).toEqual([4, 8])
  })

  it('changes a view and what it is a view of', () => {
    const base = zeros([2, 3])
    const f = compile((x: Tensor) => {
      assign(base.select(0, 1), x)
      return base.sum()
    })
    expect(f(tensor([1, 2, 3])).item()).toBe(6)
    expect(base.toArray()).toEqual([
      [0, 0, 0],
      [1, 2, 3],
    ])
  })

  it('returns a parameter as that parameter and everything else as copies', () => {
    const w = tensor([1, 2])
    const f = compile((x: Tensor) => ({ w, y: x.add(w), list: [x, 3, 'a'] as const }))
    const x = tensor([1, 1])
    const first = f(x)
    const second = f(tensor([2, 2]))
    expect(first.w).toBe(w)
    expect(first.list[0]).toBe(x)
    expect(first.list.slice(1)).toEqual([3, 'a'])
    expect(first.y.toArray()).toEqual([2, 3])
    expect(second.y.toArray()).toEqual([3, 4])
  })

  it('sees another mode, other hooks and frozen parameters', () => {
    const layer = new nn.Dropout(0.5)
    const w = param([1, 1])
    const { call, runs } = counted((x: Tensor) => {
      w.grad = null
      const y = layer.forward(x.mul(w)).sum()
      if (w.requiresGrad) y.backward()
      return y
    })
    layer.eval()
    expect(call(ones([2])).item()).toBe(2)
    layer.train()
    call(ones([2]))
    expect(runs()).toBe(2)
    layer.eval()
    expect(call(ones([2])).item()).toBe(2)
    expect(runs()).toBe(2)
    const off = w.onGrad((g) => g.mul(3))
    call(ones([2]))
    expect(w.grad!.toArray()).toEqual([3, 3])
    off()
    call(ones([2]))
    expect(w.grad!.toArray()).toEqual([1, 1])
    w.requiresGrad = false
    expect(call(ones([2])).item()).toBe(2)
  })

  it('sees parameters and layers that take the place of others', () => {
    const layer = new nn.Linear(2, 1)
    const model = new nn.Sequential(layer, new nn.Sigmoid())
    const f = compile((x: Tensor) => model.forward(x) as Tensor)
    const x = tensor([[1, 2]])
    const check = () => expectNear(f(x).toArray(), (model.forward(x) as Tensor).toArray(), 1e-6)
    check()
    layer.weight = new nn.Parameter(tensor([[3, -4]]))
    check()
    layer.bias = null
    check()
    layer.bias = new nn.Parameter(tensor([1]))
    check()
  })

  it('sees parameters that were converted', () => {
    const model = new nn.Linear(2, 1)
    const f = compile((x: Tensor) => noGrad(() => model.forward(x)))
    expect(f(ones([1, 2])).dtype).toBe('float32')
    model.to('float64')
    expect(f(ones([1, 2], { dtype: 'float64' })).dtype).toBe('float64')
  })
})

describe('gradients', () => {
  it('are left in .grad, call by call', () => {
    const w = param([1, 2])
    const f = compile((x: Tensor) => {
      w.grad = null
      w.mul(x).sum().backward()
    })
    f(tensor([3, 4]))
    expect(w.grad!.toArray()).toEqual([3, 4])
    f(tensor([5, 6]))
    expect(w.grad!.toArray()).toEqual([5, 6])
  })

  it('add up over calls, until they are forgotten outside', () => {
    const w = param([1, 2])
    const { call, runs } = counted((x: Tensor) => w.mul(x).sum().backward())
    for (let round = 0; round < 3; round++) {
      w.grad = null
      call(tensor([3, 4]))
      call(tensor([1, 1]))
      call(tensor([1, 1]))
      expect(w.grad!.toArray()).toEqual([5, 6])
    }
    expect(runs()).toBe(2)
  })

  it('of arguments reach them', () => {
    const f = compile((x: Tensor) => x.square().sum().backward())
    const x = param([1, 2])
    f(x)
    expect(x.grad!.toArray()).toEqual([2, 4])
    f(x)
    expect(x.grad!.toArray()).toEqual([4, 8])
  })

  it('flow through what is returned', () => {
    const w = param([2, 3])
    const f = compile((x: Tensor) => w.mul(x).sum())
    for (let k = 1; k <= 2; k++) {
      f(tensor([4, 5])).backward()
      expect(w.grad!.toArray()).toEqual([4 * k, 5 * k])
    }
    const x = param([1, 1])
    f(x.mul(2)).backward()
    expect(x.grad!.toArray()).toEqual([4, 6])
  })

  it('can be asked for inside, to second order', () => {
    const f = compile((x: Tensor) => {
      const [g] = gradients(x.pow(3).sum(), x, { createGraph: true })
      return gradients(g.sum(), x)[0]
    })
    expect(f(param([1, 2])).toArray()).toEqual([6, 12])
  })
})

describe('many kinds of calls', () => {
  it('forget the oldest, and keep what it left', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const [w, v] = [param([1, 2]), param([3])]
    const { call, runs } = counted((x: Tensor, p: Tensor) => {
      if (p.size === 2) w.mul(p).sum().backward()
      else v.mul(x.sum()).sum().backward()
      return x.mul(2)
    })
    call(ones([1]), tensor([5, 6]))
    for (let n = 1; n <= 70; n++) {
      v.grad = null
      expect(call(ones([n]), tensor([1])).shape).toEqual([n])
      expect(v.grad!.toArray()).toEqual([n])
    }
    expect(w.grad!.toArray()).toEqual([5, 6])
    const before = runs()
    w.grad = null
    call(ones([1]), tensor([7, 8]))
    expect(w.grad!.toArray()).toEqual([7, 8])
    expect(runs()).toBe(before + 1)
    warn.mockRestore()
  })
})
