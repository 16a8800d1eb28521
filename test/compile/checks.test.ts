/** Values that functions check: where they cannot be read yet, a bad one is found at the call, or gives NaN as documented. */
import { describe, expect, it } from 'vitest'
import { compile, embedding, IndexError, type Tensor, tensor, zeros } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'

const ints = (data: number[] | number[][]) => tensor(data, { dtype: 'int32' })
const logits = tensor([
  [1, 2, 0.5],
  [0, -1, 3],
])

describe('classes', () => {
  const options = [
    {},
    { reduction: 'sum' },
    { reduction: 'none' },
    { labelSmoothing: 0.1 },
    { ignoreIndex: 1 },
  ] as const

  it.each(options)('cross entropy with %o', (given) => {
    const loss = (x: Tensor, t: Tensor) => nn.crossEntropy(x, t, given)
    const compiled = compile(loss)
    for (const classes of [
      [0, 2],
      [1, 1],
      [2, 1],
    ]) {
      const target = ints(classes)
      const [a, b] = [compiled(logits, target), loss(logits, target)]
      expect([...a.data]).toEqual([...b.data].map((v) => (Number.isNaN(v) ? v : expect.closeTo(v, 6))))
    }
  })

  it.each([3, -1, 100])('%i is refused when the function is called', (bad) => {
    const compiled = compile((t: Tensor) => nn.crossEntropy(logits, t))
    expect(compiled(ints([0, 1])).item()).toBeCloseTo(2.7, 0)
    expect(() => compiled(ints([0, bad]))).toThrow(IndexError)
    expect(compiled(ints([0, 1])).item()).toBeCloseTo(2.7, 0)
  })
})

describe('indices', () => {
  it('tokens of an embedding', () => {
    const weight = tensor([
      [1, 2],
      [3, 4],
    ])
    const look = compile((t: Tensor) => embedding(t, weight, { paddingIdx: 0 }))
    expect(look(ints([1, 0])).toArray()).toEqual([
      [3, 4],
      [1, 2],
    ])
    for (const bad of [2, -1]) expect(() => look(ints([0, bad]))).toThrow(IndexError)
  })

  it('index arrays may be negative, and never mean another row', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const pick = compile((i: Tensor, j: Tensor) => x.at(i, j))
    expect(pick(ints([0, -1]), ints([-1, 0])).toArray()).toEqual([3, 4])
    expect(() => pick(ints([0, 0]), ints([3, 0]))).toThrow(IndexError)
    expect(() => pick(ints([1, 0]), ints([-4, 0]))).toThrow(IndexError)
    expect(() => compile((i: Tensor) => x.at(i))(ints([-3]))).toThrow(IndexError)
  })

  it('assignments', () => {
    const write = compile((i: Tensor) => {
      const x = zeros([3])
      x.set(i, 5)
      return x
    })
    expect(write(ints([-1, 0])).toArray()).toEqual([5, 0, 5])
    expect(() => write(ints([3]))).toThrow(IndexError)
  })
})

it('probabilities out of range make the loss NaN', () => {
  const loss = compile((p: Tensor) => nn.bceLoss(p, tensor([1, 0])))
  expect(loss(tensor([0.5, 0.25])).item()).toBeCloseTo(0.4904, 4)
  expect(loss(tensor([1.5, 0.25])).item()).toBeNaN()
  expect(loss(tensor([0.5, -0.25])).item()).toBeNaN()
})

describe('layers with statistics', () => {
  it.each([0.1, null])('batch norm with momentum %o counts its batches', (momentum) => {
    const run = (compiled: boolean) => {
      const norm = new nn.BatchNorm1d(2, { momentum })
      const forward = (x: Tensor) => norm.forward(x)
      const call = compiled ? compile(forward) : forward
      const last = [1, 2, 3].map((k) =>
        call(
          tensor([
            [k, 2],
            [3, -k],
            [0, 1],
          ]),
        ),
      )[2]
      return [last, norm.runningMean!, norm.runningVar!, norm.numBatchesTracked!].flatMap((x) => [...x.data])
    }
    expect(run(true)).toEqual(run(false).map((v) => expect.closeTo(v, 5)))
  })
})
