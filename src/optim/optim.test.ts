/** Optimizers apart from their formulas (test/optim-fixtures.test.ts): groups, errors that change nothing, saving, layouts and dtypes. */
import { describe, expect, test } from 'vitest'
import { backward } from '../autodiff/index.ts'
import { ArgumentError, DTypeError } from '../errors/index.ts'
import { square, sub } from '../ops/elementwise/index.ts'
import { sum } from '../ops/reduce/sum.ts'
import type { DType } from '../ops/value.ts'
import { permute } from '../ops/view/permute.ts'
import { Tensor, tensor, zeros } from '../tensor/index.ts'
import * as optim from './index.ts'

type Make = (params: optim.ParamsInput, options?: object) => optim.Optimizer
const elementwise: Record<string, Make> = {
  SGD: (p, o) => new optim.SGD(p, o),
  'SGD with momentum': (p, o) => new optim.SGD(p, { momentum: 0.9, ...o }),
  Adam: (p, o) => new optim.Adam(p, o),
  'Adam, amsgrad': (p, o) => new optim.Adam(p, { amsgrad: true, ...o }),
  AdamW: (p, o) => new optim.AdamW(p, o),
  NAdam: (p, o) => new optim.NAdam(p, o),
  RAdam: (p, o) => new optim.RAdam(p, o),
  Adamax: (p, o) => new optim.Adamax(p, o),
  Adagrad: (p, o) => new optim.Adagrad(p, o),
  RMSprop: (p, o) => new optim.RMSprop(p, o),
  'RMSprop, all options': (p, o) => new optim.RMSprop(p, { momentum: 0.5, centered: true, ...o }),
  Lion: (p, o) => new optim.Lion(p, o),
}
const all: Record<string, Make> = {
  ...elementwise,
  LBFGS: (p, o) => new optim.LBFGS(p, { maxIter: 2, ...o }),
  'LBFGS, strong Wolfe': (p, o) => new optim.LBFGS(p, { maxIter: 2, lineSearchFn: 'strong_wolfe', ...o }),
}

const parameter = (data: number | number[] | number[][], dtype: DType = 'float32') =>
  tensor(data, { dtype, requiresGrad: true })

/** A step towards the minimum of Σ (x - 3)² over all parameters. */
function descend(optimizer: optim.Optimizer, params: readonly Tensor[]): number {
  const closure = () => {
    optimizer.zeroGrad()
    let loss = 0
    for (const x of params) {
      const part = sum(square(sub(x, 3)))
      backward(part)
      loss += part.item()
    }
    return loss
  }
  return optimizer.step(closure) as number
}

/** A state with arrays in the place of tensors, which can be compared. */
const plain = (state: unknown): unknown =>
  JSON.parse(JSON.stringify(state, (_, x) => (x instanceof Tensor ? [x.dtype, x.toArray()] : x)))
const values = (params: readonly Tensor[]) => params.map((x) => [...x.data])
const names = Object.keys(all)

describe.each(names)('%s', (name) => {
  const make = all[name]

  test('the loss of a parabola falls, in float32 as in float64', () => {
    const ends = (['float32', 'float64'] as const).map((dtype) => {
      const params = [parameter([1, -2, 0.5], dtype), parameter(4, dtype)]
      const optimizer = make(params, { lr: 0.05 })
      const first = descend(optimizer, params)
      for (let i = 0; i < 20; i++) descend(optimizer, params)
      expect(descend(optimizer, params)).toBeLessThan(first)
      for (const state of optimizer.state.values()) {
        for (const part of Object.values(state)) if (part instanceof Tensor) expect(part.dtype).toBe(dtype)
      }
      return values(params).flat()
    })
    ends[0].forEach((v, i) => {
      expect(v).toBeCloseTo(ends[1][i], 4)
    })
  })

  test('saved in the middle of training and loaded elsewhere, it goes on identically', () => {
    const params = [parameter([1, -2, 0.5]), parameter([[4, 5]])]
    const optimizer = make(params, { lr: 0.03 })
    for (let i = 0; i < 3; i++) descend(optimizer, params)
    const copies = params.map((x) => tensor(x, { requiresGrad: true }))
    const other = make(copies, { lr: 1 })
    const saved = optimizer.stateDict()
    for (let i = 0; i < 3; i++) descend(optimizer, params)
    other.loadStateDict(saved)
    expect(other.paramGroups[0].lr).toBe(0.03)
    for (let i = 0; i < 3; i++) descend(other, copies)
    expect(values(copies)).toEqual(values(params))
    expect(plain(other.stateDict())).toEqual(plain(optimizer.stateDict()))
  })

  test('parameters that are not contiguous are changed like others', () => {
    const base = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const turned = permute(base, [1, 0]).detach()
    turned.requiresGrad = true
    const plain = parameter([
      [1, 4],
      [2, 5],
      [3, 6],
    ])
    for (const x of [turned, plain]) {
      const optimizer = make([x], { lr: 0.05 })
      for (let i = 0; i < 3; i++) descend(optimizer, [x])
    }
    expect(turned.toArray()).toEqual(plain.toArray())
    expect(base.toArray()).toEqual(permute(plain, [1, 0]).toArray())
  })

  test('a bad hyperparameter is refused at the start and at the step, and nothing changes', () => {
    const x = parameter([1, 2])
    for (const lr of [-1, Number.NaN, Infinity, '0.1' as unknown as number])
      expect(() => make([x], { lr })).toThrow(/^\w+: lr must be/)
    expect(() => make([x], { learningRate: 1 })).toThrow(/unknown option 'learningRate'; it takes \{ lr, /)
    const optimizer = make([x], { lr: 0.05 })
    optimizer.paramGroups[0].lr = Number.NaN
    expect(() => descend(optimizer, [x])).toThrow(ArgumentError)
    expect([...x.data]).toEqual([1, 2])
    expect(optimizer.state.size).toBe(0)
  })
})

describe.each(Object.keys(elementwise))('%s', (name) => {
  const make = elementwise[name]

  test('a gradient that does not fit is refused before the parameters before it change', () => {
    const [x, y] = [parameter([1, 2]), parameter([3])]
    const optimizer = make([
      ['first', x],
      ['second', y],
    ])
    x.grad = tensor([1, 1])
    y.grad = tensor([1], { dtype: 'int32' })
    expect(() => optimizer.step()).toThrow(/gradient of parameter 1 'second' is int32/)
    expect(() => optimizer.step()).toThrow(DTypeError)
    expect(() => {
      y.grad = tensor([1, 1])
    }).toThrow(/gradient \[2\]/)
    expect(values([x, y])).toEqual([[1, 2], [3]])
    expect(optimizer.state.size).toBe(0)
  })

  test('maximize ascends', () => {
    const [x, y] = [parameter([1, 2]), parameter([1, 2])]
    x.grad = tensor([1, -0.5])
    y.grad = tensor([-1, 0.5])
    make([x], { weightDecay: 0 }).step()
    make([y], { maximize: true, weightDecay: 0 }).step()
    expect([...x.data]).toEqual([...y.data])
  })
})

describe('loadStateDict refuses, with nothing changed', () => {
  const trained = (optimizer: optim.Optimizer, x: Tensor) => {
    descend(optimizer, [x])
    return optimizer.stateDict()
  }
  const x = parameter([1, 2])
  const other = parameter([1, 2, 3])
  const adam = new optim.Adam([x])
  const before = trained(adam, x)

  test.each([
    [
      'another optimizer',
      () => trained(new optim.SGD([x], { momentum: 0.9 }), x),
      /was saved with the option 'momentum'/,
    ],
    [
      'another shape',
      () => trained(new optim.Adam([other]), other),
      /'expAvg' was saved for a parameter \[3\], here it is \[2\]/,
    ],
    [
      'more groups',
      () => new optim.Adam([{ params: [x] }, { params: [other] }]).stateDict(),
      /saved were 2 parameter groups, here are 1/,
    ],
    [
      'more parameters',
      () => new optim.Adam([x, other]).stateDict(),
      /group 0 was saved with 2 parameters, here it has 1/,
    ],
    ['a bad hyperparameter', () => ({ ...before, paramGroups: [{ ...before.paramGroups[0], lr: -1 }] }), /Adam: lr/],
    ['a missing entry', () => ({ ...before, state: { 0: { step: 1 } } }), /needs 'expAvg', a tensor/],
    ['a stranger', () => ({}) as optim.OptimizerState, /what stateDict\(\) returned/],
  ])('%s', (_, make, message) => {
    expect(() => adam.loadStateDict(make())).toThrow(message)
    expect(plain(adam.stateDict())).toEqual(plain(before))
  })

  test('copies: what is loaded or saved shares nothing', () => {
    const saved = adam.stateDict()
    adam.loadStateDict(saved)
    const text = plain(saved)
    descend(adam, [x])
    expect(plain(saved)).toEqual(text)
    expect(plain(adam.stateDict())).not.toEqual(text)
  })

  test('empty tensors are taken along', () => {
    const none = zeros([0, 3], { requiresGrad: true })
    none.grad = zeros([0, 3])
    new optim.Adam([none]).step()
    expect(none.size).toBe(0)
  })
})
