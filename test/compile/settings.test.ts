/** Settings that are not tensors: attributes of modules are looked at before every call; generators that fn makes start anew. */
import { describe, expect, it } from 'vitest'
import { compile, Generator, rand, randn, type Tensor, tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'

describe('settings of modules', () => {
  it('are noticed when they change, in lists too', () => {
    class Scaled extends nn.Module {
      t = 2
      mode: 'plus' | 'minus' = 'plus'
      options = { shift: [1, 2] }
      calls = 0
      forward(x: Tensor): Tensor {
        this.calls++
        const y = x.mul(this.t).add(this.options.shift[1])
        return this.mode === 'plus' ? y : y.neg()
      }
    }
    const scaled = new Scaled()
    let runs = 0
    const call = compile((x: Tensor) => {
      runs++
      return scaled.forward(x).sum()
    })
    const x = tensor([1, 1])
    expect(call(x).item()).toBe(8)
    scaled.t = 4
    expect(call(x).item()).toBe(12)
    scaled.mode = 'minus'
    expect(call(x).item()).toBe(-12)
    scaled.options.shift[1] = 0
    expect(call(x).item()).toBe(-8)
    expect(runs).toBe(4)
    scaled.forward(x)
    expect(call(x).item()).toBe(-8)
    expect(runs).toBe(4)
  })

  it('of layers: the rate of dropout, the momentum of batch norms', () => {
    const [dropout, norm] = [new nn.Dropout(0), new nn.BatchNorm1d(2)]
    const f = compile((x: Tensor) => dropout.forward(norm.forward(x)))
    const x = tensor([
      [1, 2],
      [3, 6],
    ])
    f(x)
    const mean = norm.runningMean!.toArray()
    Object.assign(norm, { momentum: 0 })
    Object.assign(dropout, { p: 1 })
    expect(f(x).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(norm.runningMean!.toArray()).toEqual(mean)
  })
})

describe('generators made in the function', () => {
  it('start anew at every call', () => {
    const draw = () => {
      const generator = new Generator(3)
      const first = randn([4], { generator })
      return [first, rand([2], { generator })]
    }
    const compiled = compile(draw)
    const expected = draw().map((x) => x.toArray())
    for (let k = 0; k < 3; k++) expect(compiled().map((x) => x.toArray())).toEqual(expected)
  })
})
