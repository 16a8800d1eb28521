/** Calls of compiled functions whose results have a history that no program could tell: they run as they are. */
import { describe, expect, it } from 'vitest'
import { add_, compile, type Tensor, tensor } from '../../src/index.ts'

const param = (data: number | number[]): Tensor => tensor(data, { requiresGrad: true, dtype: 'float64' })

const values = (x: Tensor | null) => x?.toArray()

describe('calls that are run as they are', () => {
  it('where the function changes what it has captured', () => {
    const state = tensor([0, 0], { dtype: 'float64' })
    const w = param([1, 2])
    const grow = compile((x: Tensor) => {
      add_(state, w.mul(x))
    })
    grow(tensor([1, 1], { dtype: 'float64' }))
    state.sum().backward()
    expect(values(w.grad)).toEqual([1, 1])
  })

  it('where the arguments change', () => {
    const w = param([1, 2])
    const f = compile((x: Tensor) => void add_(x, w))
    const x = tensor([1, 1], { dtype: 'float64' })
    f(x)
    x.sum().backward()
    expect(values(w.grad)).toEqual([1, 1])
  })

  it('where what they read from outside has a history', () => {
    const w = param([1, 2])
    const f = (x: Tensor) => x.mul(2).sum()
    const inner = w.square()
    const g = compile((x: Tensor) => f(inner.mul(x)))
    g(tensor([1, 1], { dtype: 'float64' })).backward(null, { retainGraph: true })
    g(tensor([1, 1], { dtype: 'float64' })).backward()
    expect(values(w.grad)).toEqual([8, 16])
  })
})
