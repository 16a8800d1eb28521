/** Whole networks: classification with cross entropy, embeddings, attention, convolutions, recurrence, compiled and eager. */
import { describe, it } from 'vitest'
import { compile, manualSeed, randint, randn, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'
import { expectNear } from './near.ts'

const dtype = 'float64' as const
const STEPS = 4

interface Task {
  readonly model: nn.Module
  loss(x: Tensor, y: Tensor): Tensor
  readonly batch: () => [Tensor, Tensor]
}

class Text extends nn.Module {
  embedding = new nn.Embedding(11, 8, { paddingIdx: 0 })
  block = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, dropout: 0.1 })
  head = new nn.Linear(8, 11)
  forward(x: Tensor): Tensor {
    return this.head.forward(this.block.forward(this.embedding.forward(x)) as Tensor)
  }
}

class Sequence extends nn.Module {
  cells = new nn.LSTM(3, 5, { batchFirst: true })
  head = new nn.Linear(5, 2)
  forward(x: Tensor): Tensor {
    const [outputs] = this.cells.forward(x) as [Tensor, unknown]
    return this.head.forward(outputs.select(1, -1))
  }
}

const classify = (model: nn.Module, x: Tensor, y: Tensor) => nn.crossEntropy(model.forward(x) as Tensor, y)

const tasks: Record<string, () => Task> = {
  'a convolutional network': () => {
    const model = new nn.Sequential(
      new nn.Conv2d(1, 3, 3, { padding: 1 }),
      new nn.BatchNorm2d(3),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(27, 4),
    )
    return {
      model,
      loss: (x, y) => classify(model, x, y),
      batch: () => [randn([5, 1, 6, 6], { dtype }), randint(4, [5])],
    }
  },
  'a transformer layer': () => {
    const model = new Text()
    return {
      model,
      loss: (x, y) => nn.crossEntropy((model.forward(x) as Tensor).reshape([-1, 11]), y.reshape([-1])),
      batch: () => [randint(11, [2, 5]), randint(11, [2, 5])],
    }
  },
  'a recurrent network': () => {
    const model = new Sequence()
    return { model, loss: (x, y) => classify(model, x, y), batch: () => [randn([4, 3, 3], { dtype }), randint(2, [4])] }
  },
}

function train(make: () => Task, compiled: boolean): number[] {
  manualSeed(2)
  const { model, loss, batch } = make()
  model.to(dtype)
  const opt = new optim.AdamW(model.parameters(), { lr: 0.01 })
  const step = (x: Tensor, y: Tensor) => {
    opt.zeroGrad()
    const value = loss(x, y)
    value.backward()
    optim.clipGradNorm(model.parameters(), 0.5)
    opt.step()
    return value
  }
  const call = compiled ? compile(step) : step
  const seen = Array.from({ length: STEPS }, () => call(...batch()).item())
  for (const x of [...model.parameters(), ...model.buffers()]) seen.push(...x.data)
  return seen
}

describe('compiled as eager', () => {
  for (const [name, make] of Object.entries(tasks)) {
    // Adam divides by roots of squares of gradients that may be rounding alone: a bias before a batch norm, a key bias.
    it(`trains ${name}`, () => expectNear(train(make, true), train(make, false), 1e-9))
  }
})
