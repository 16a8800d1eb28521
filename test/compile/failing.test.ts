/** Calls that fail while they run: the error is the eager one, parameters stay as they were, and the next call works. */
import { expect, it } from 'vitest'
import {
  ChainruleError,
  compile,
  IndexError,
  indexSelect,
  inverse,
  manualSeed,
  noGrad,
  select,
  Tensor,
  tensor,
} from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'
import { expectNear } from './near.ts'

const int = (data: number[]) => tensor(data, { dtype: 'int32' })

function setUp() {
  manualSeed(3)
  const model = new nn.Sequential(new nn.Embedding(5, 4), new nn.Linear(4, 3))
  const opt = new optim.SGD(model.parameters(), { lr: 0.1 })
  const step = (tokens: Tensor, targets: Tensor) => {
    opt.zeroGrad()
    const loss = nn.crossEntropy(model.forward(tokens) as Tensor, targets)
    loss.backward()
    opt.step()
    return loss
  }
  return { step, values: () => model.parameters().map((p) => p.toArray()) }
}

it('a token or a class that is not there', () => {
  const { step, values } = setUp()
  const run = compile(step)
  run(int([0, 1]), int([2, 0]))
  const before = values()
  for (const [tokens, targets] of [
    [
      [0, 5],
      [1, 1],
    ],
    [
      [0, 1],
      [1, 3],
    ],
  ]) {
    expect(() => run(int(tokens), int(targets))).toThrow(IndexError)
    expect(values()).toEqual(before)
  }
  run(int([3, 4]), int([1, 1]))
  const eager = setUp()
  eager.step(int([0, 1]), int([2, 0]))
  eager.step(int([3, 4]), int([1, 1]))
  expectNear(values(), eager.values(), 1e-5)
})

it('in the very first call', () => {
  const { step, values } = setUp()
  const run = compile(step)
  const before = values()
  expect(() => run(int([7, 1]), int([2, 0]))).toThrow(IndexError)
  expect(values()).toEqual(before)
  run(int([3, 4]), int([1, 1]))
  const eager = setUp()
  eager.step(int([3, 4]), int([1, 1]))
  expectNear(values(), eager.values(), 1e-5)
})

it('a shape that does not fit, while tracing', () => {
  const model = new nn.Linear(4, 2)
  const run = compile((x: Tensor) => noGrad(() => model.forward(x)))
  expect(() => run(tensor([[1, 2, 3]]))).toThrow(/linear|matmul|Linear/)
  expect(run(tensor([[1, 2, 3, 4]])).shape).toEqual([1, 2])
})

const plainly = (_: string, x: unknown) => (x instanceof Tensor ? x.toArray() : x)

function setUpAdam() {
  manualSeed(5)
  const model = new nn.Sequential(new nn.Embedding(5, 4), new nn.Dropout(0.5), new nn.Linear(4, 3))
  const opt = new optim.Adam(model.parameters(), { lr: 0.1 })
  const step = (tokens: Tensor, targets: Tensor, matrix: Tensor) => {
    opt.zeroGrad()
    const loss = nn.crossEntropy(model.forward(tokens) as Tensor, targets).add(inverse(matrix).sum())
    loss.backward()
    opt.step()
    return loss
  }
  return {
    run: compile(step),
    state: () => [model.parameters().map((p) => p.toArray()), JSON.stringify(opt.stateDict(), plainly)],
  }
}

it('counters of optimizers and random numbers do not move either', () => {
  const square = (data: number[]) => tensor(data).reshape(2, 2)
  const good = [int([0, 1]), int([2, 0]), square([1, 0, 0, 1])] as const
  const plain = setUpAdam()
  plain.run(...good)
  plain.run(...good)
  const expected = plain.state()
  for (const bad of [
    [int([0, 5]), good[1], good[2]],
    [good[0], int([0, 3]), good[2]],
    [good[0], good[1], square([0, 0, 0, 0])],
  ] as const) {
    const { run, state } = setUpAdam()
    run(...good)
    const before = state()
    expect(() => run(...bad)).toThrow(ChainruleError)
    expect(state()).toEqual(before)
    run(...good)
    expect(state()).toEqual(expected)
  }
})

it('numbers beside an index need not be in range', () => {
  const table = tensor([1, 2, 3, 4]).reshape(2, 2)
  const run = compile((both: Tensor) => indexSelect(table, 0, select(both, 1, 0)))
  expect(run(int([1, 9, 0, 7]).reshape(2, 2)).toArray()).toEqual([
    [3, 4],
    [1, 2],
  ])
  expect(() => run(int([2, 0, 0, 0]).reshape(2, 2))).toThrow(IndexError)
})
