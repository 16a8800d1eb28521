/** Parameter groups and the step itself: what is taken, what is refused, what a step may not touch. */
import { describe, expect, test } from 'vitest'
import { backward } from '../autodiff/index.ts'
import { DTypeError, GradError } from '../errors/index.ts'
import { square } from '../ops/elementwise/index.ts'
import { sum } from '../ops/reduce/sum.ts'
import type { DType } from '../ops/value.ts'
import { type Tensor, tensor } from '../tensor/index.ts'
import * as optim from './index.ts'

const parameter = (data: number[], dtype: DType = 'float32') => tensor(data, { dtype, requiresGrad: true })
const values = (params: readonly Tensor[]) => params.map((x) => [...x.data])

describe('groups', () => {
  test('hyperparameters per group; what is not given is the default', () => {
    const [x, y] = [parameter([1]), parameter([1])]
    const optimizer = new optim.SGD([{ params: [x], lr: 0.5 }, { params: y }], { lr: 0.1 })
    for (const p of [x, y]) p.grad = tensor([1])
    optimizer.step()
    expect(values([x, y])).toEqual([[0.5], [Math.fround(0.9)]])
    optimizer.paramGroups[1].lr = 0.4
    optimizer.step()
    expect(x.item()).toBe(0)
    expect(y.item()).toBeCloseTo(0.5)
  })

  test('parameters without a gradient are left alone, and so is their state', () => {
    const [x, y] = [parameter([1]), parameter([1])]
    const optimizer = new optim.Adam([x, y])
    y.grad = tensor([1])
    optimizer.step()
    expect(x.item()).toBe(1)
    expect(Object.keys(optimizer.stateDict().state)).toEqual(['1'])
  })

  test('names and iterables are taken, groups can be added', () => {
    const [x, y, z] = [parameter([1]), parameter([1]), parameter([1])]
    const optimizer = new optim.SGD(
      new Map([
        ['x', x],
        ['y', y],
      ]),
      { lr: 0.1 },
    )
    expect(optimizer.paramGroups[0].paramNames).toEqual(['x', 'y'])
    optimizer.addParamGroup({ params: [z], lr: 1 })
    expect(optimizer.stateDict().paramGroups.map((group) => group.params)).toEqual([[0, 1], [2]])
    expect(() => optimizer.addParamGroup({ params: [x] })).toThrow(/given before/)
    expect(() => optimizer.addParamGroup({ params: [parameter([1])], momentum: -1 })).toThrow(/SGD: momentum must be/)
    expect(optimizer.paramGroups).toHaveLength(2)
  })

  test('what cannot be optimized is refused', () => {
    const x = parameter([1])
    expect(() => new optim.SGD([])).toThrow(/no parameters/)
    expect(() => new optim.SGD(x as unknown as Tensor[])).toThrow(/array of parameters/)
    expect(() => new optim.SGD({ parameters: () => [] } as unknown as Tensor[])).toThrow(/pass module.parameters\(\)/)
    expect(() => new optim.SGD([3 as unknown as Tensor])).toThrow(/parameter 0 is not a tensor/)
    expect(() => new optim.SGD([x, x])).toThrow(/given before/)
    expect(() => new optim.SGD([square(x)])).toThrow(GradError)
    expect(() => new optim.SGD([tensor([1], { dtype: 'int32' })])).toThrow(DTypeError)
  })

  test.each([
    [() => new optim.SGD([parameter([1])], { nesterov: true }), /nesterov needs a momentum/],
    [() => new optim.SGD([parameter([1])], { momentum: -0.1 }), /SGD: momentum must be a finite number >= 0, got -0.1/],
    [
      () => new optim.Adam([parameter([1])], { betas: [0.9, 1] }),
      /Adam: betas must be two numbers of at least 0 and below 1, got \[0.9, 1\]/,
    ],
    [() => new optim.Adam([parameter([1])], { eps: Number.NaN }), /Adam: eps/],
    [
      () => new optim.Adam([parameter([1])], { amsgrad: 1 as unknown as boolean }),
      /Adam: amsgrad must be true or false/,
    ],
    [() => new optim.AdamW([parameter([1])], { weightDecay: -1 }), /AdamW: weightDecay/],
    [() => new optim.RMSprop([parameter([1])], { alpha: 2 }), /RMSprop: alpha must be a number from 0 to 1/],
    [() => new optim.LBFGS([parameter([1])], { historySize: 0 }), /LBFGS: historySize must be an integer >= 1/],
    [
      () => new optim.LBFGS([parameter([1])], { lineSearchFn: 'x' as 'strong_wolfe' }),
      /LBFGS: lineSearchFn must be 'strong_wolfe' or null/,
    ],
    [() => new optim.LBFGS([{ params: [parameter([1])] }, { params: [parameter([1])] }]), /only one parameter group/],
  ])('%s is refused', (make, message) => {
    expect(make).toThrow(message)
  })
})

describe('steps', () => {
  test('count as changes in place: a graph recorded before is not used after', () => {
    const x = parameter([1, 2])
    const loss = sum(square(x))
    x.grad = tensor([1, 1])
    new optim.SGD([x]).step()
    expect(() => backward(loss)).toThrow(/SGD.step changed it in place/)
  })

  test('zeroGrad forgets, or sets to zero', () => {
    const x = parameter([1, 2])
    const optimizer = new optim.SGD([x])
    x.grad = tensor([1, 1])
    const { grad } = x
    optimizer.zeroGrad({ setToNone: false })
    expect(x.grad).toBe(grad)
    expect([...grad.data]).toEqual([0, 0])
    optimizer.zeroGrad()
    expect(x.grad).toBeNull()
  })

  test('a gradient of another float type is converted, one of integers refused', () => {
    const x = parameter([1, 2])
    const optimizer = new optim.SGD([x], { lr: 0.5 })
    x.grad = tensor([1, 2], { dtype: 'float64' })
    optimizer.step()
    expect([...x.data]).toEqual([0.5, 1])
    x.grad = tensor([1, 2], { dtype: 'int32' })
    expect(() => optimizer.step()).toThrow(DTypeError)
  })

  test('the closure is called with recording on and its result returned; a promise is refused', () => {
    const x = parameter([1])
    const optimizer = new optim.SGD([x])
    expect(optimizer.step(() => 5)).toBe(5)
    expect(() => optimizer.step(async () => 5)).toThrow(/promise/)
    expect(optimizer.step()).toBeUndefined()
  })

  test('LBFGS restores parameters and state when the closure throws', () => {
    const x = parameter([1, 2], 'float64')
    const optimizer = new optim.LBFGS([x], { lr: 0.1 })
    let calls = 0
    const failing = () => {
      if (++calls === 3) throw new Error('no more')
      x.grad = tensor([1, 1], { dtype: 'float64' })
      return -calls
    }
    expect(() => optimizer.step(failing)).toThrow('no more')
    expect([...x.data]).toEqual([1, 2])
    expect(optimizer.state.size).toBe(0)
    expect(() => optimizer.step()).toThrow(/needs a closure/)
  })

  test('LBFGS with a line search backs away from a loss that is not a number', () => {
    const x = parameter([2], 'float64')
    const optimizer = new optim.LBFGS([x], { lr: 10, lineSearchFn: 'strong_wolfe' })
    // x - log x, with its minimum at 1; not a number for x < 0
    optimizer.step(() => {
      x.grad = tensor([1 - 1 / x.item()], { dtype: 'float64' })
      return x.item() - Math.log(x.item())
    })
    expect(x.item()).toBeCloseTo(1, 6)
  })
})
