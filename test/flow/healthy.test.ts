/**
 * No network that works is accused: random perceptrons, convolutional, recurrent and attention networks with any
 * activation, normalisation, loss and optimizer, looked at before training, at its start and after some steps.
 */
import { describe, expect, it } from 'vitest'
import { flow } from '../../src/explain/flow/index.ts'
import { manualSeed, randint, randn, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'

/** Choices that depend on the seed alone. */
class Chooser {
  #state: number

  constructor(seed: number) {
    this.#state = seed * 7919 + 13
    for (let i = 0; i < 3; i++) this.next()
  }

  next(): number {
    this.#state = (this.#state * 1103515245 + 12345) % 2147483648
    return this.#state / 2147483648
  }

  of<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]
  }

  count(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(share: number): boolean {
    return this.next() < share
  }
}

interface Subject {
  readonly name: string
  readonly model: nn.Module
  loss(): Tensor
}

const activations = {
  ReLU: nn.ReLU,
  Tanh: nn.Tanh,
  GELU: nn.GELU,
  SiLU: nn.SiLU,
  LeakyReLU: nn.LeakyReLU,
  ELU: nn.ELU,
  Sigmoid: nn.Sigmoid,
  Softplus: nn.Softplus,
  Hardtanh: nn.Hardtanh,
  ReLU6: nn.ReLU6,
  Hardswish: nn.Hardswish,
  Mish: nn.Mish,
  SELU: nn.SELU,
}
const norms = { LayerNorm: nn.LayerNorm, BatchNorm1d: nn.BatchNorm1d }
const recurrences = { RNN: nn.RNN, GRU: nn.GRU, LSTM: nn.LSTM }

function perceptron(choose: Chooser): Subject {
  const [width, batch] = [choose.of([16, 32, 64]), choose.of([16, 32, 64])]
  const [inputs, outputs] = [choose.count(2, 20), choose.count(1, 10)]
  const activation = choose.of(Object.keys(activations) as (keyof typeof activations)[])
  // More sigmoids than three do vanish at the start.
  const depth = choose.count(1, activation === 'Sigmoid' ? 3 : 6)
  const norm = choose.of(['none', 'LayerNorm', 'BatchNorm1d'] as const)
  const layers: nn.Layer[] = []
  for (let i = 0; i < depth; i++) {
    layers.push(new nn.Linear(i === 0 ? inputs : width, width))
    if (norm !== 'none') layers.push(new norms[norm](width))
    layers.push(new activations[activation]())
    if (choose.chance(0.2)) layers.push(new nn.Dropout(0.2))
  }
  const model = new nn.Sequential(...layers, new nn.Linear(width, outputs))
  const teacher = new nn.Sequential(new nn.Linear(inputs, 16), new nn.Tanh(), new nn.Linear(16, outputs))
  const classes = outputs > 1 && choose.chance(0.5)
  const loss = () => {
    const x = randn([batch, inputs])
    const target = teacher.forward(x).detach().mul(3)
    const y = model.forward(x)
    return classes ? nn.crossEntropy(y, target.argmax(1)) : nn.mseLoss(y, target)
  }
  return { name: `${depth} × ${width} ${activation} ${norm}`, model, loss }
}

function convolutional(choose: Chooser): Subject {
  const channels = choose.of([4, 8])
  const activation = choose.of(['ReLU', 'Tanh', 'GELU'] as const)
  const [depth, norm, pool] = [choose.count(1, 3), choose.chance(0.5), choose.chance(0.5)]
  const layers: nn.Layer[] = []
  for (let i = 0; i < depth; i++) {
    layers.push(new nn.Conv2d(i === 0 ? 1 : channels, channels, 3, { padding: 1 }))
    if (norm) layers.push(new nn.BatchNorm2d(channels))
    layers.push(new activations[activation]())
    if (i < 2) layers.push(pool ? new nn.MaxPool2d(2) : new nn.AvgPool2d(2))
  }
  const side = 12 / 2 ** Math.min(depth, 2)
  const model = new nn.Sequential(...layers, new nn.Flatten(), new nn.Linear(channels * side * side, 5))
  const loss = () => {
    const y = randint(0, 5, [16])
    const x = randn([16, 1, 12, 12]).add(y.reshape([16, 1, 1, 1]).toFloat32().sub(2))
    return nn.crossEntropy(model.forward(x), y)
  }
  return { name: `${depth} convolutions ${activation} ${norm ? 'BatchNorm2d' : ''}`, model, loss }
}

class Attention extends nn.Module {
  embedding = new nn.Embedding(10, 16)
  layers: nn.TransformerEncoderLayer[]
  out = new nn.Linear(16, 10)

  constructor(choose: Chooser) {
    super()
    const options = { dimFeedforward: 32, batchFirst: true, normFirst: choose.chance(0.5) }
    const layer = () => new nn.TransformerEncoderLayer(16, 4, { ...options, activation: choose.of(['relu', 'gelu']) })
    this.layers = Array.from({ length: choose.count(1, 3) }, layer)
  }

  forward(x: Tensor): Tensor {
    return this.out.forward(this.layers.reduce((h, layer) => layer.forward(h), this.embedding.forward(x)))
  }
}

function attention(choose: Chooser): Subject {
  const model = new Attention(choose)
  const loss = () => {
    const x = randint(0, 10, [8, 6])
    return nn.crossEntropy(model.forward(x).reshape([48, 10]), x.flip(1).reshape([48]))
  }
  return { name: `${model.layers.length} transformer layers`, model, loss }
}

class Recurrent extends nn.Module {
  rnn: nn.RNN | nn.GRU | nn.LSTM
  out: nn.Linear

  constructor(kind: 'RNN' | 'GRU' | 'LSTM', numLayers: number, bidirectional: boolean) {
    super()
    this.rnn = new recurrences[kind](3, 16, { batchFirst: true, numLayers, bidirectional })
    this.out = new nn.Linear(bidirectional ? 32 : 16, 2)
  }

  forward(x: Tensor): Tensor {
    return this.out.forward(this.rnn.forward(x)[0])
  }
}

function recurrent(choose: Chooser): Subject {
  const [kind, length] = [choose.of(['RNN', 'GRU', 'LSTM'] as const), choose.count(4, 12)]
  const model = new Recurrent(kind, choose.count(1, 2), choose.chance(0.3))
  const every = choose.chance(0.5)
  const loss = () => {
    const x = randn([16, length, 3])
    const [y, target] = [
      model.forward(x),
      x
        .cumsum(1)
        .div(length ** 0.5)
        .narrow(-1, 0, 2),
    ]
    return every ? nn.mseLoss(y, target) : nn.mseLoss(y.select(1, length - 1), target.select(1, length - 1))
  }
  return { name: `${kind} over ${length} steps`, model, loss }
}

const STEPS = 12

/** What is said of a network on its way. */
function accusations(seed: number): string[] {
  const choose = new Chooser(seed)
  manualSeed(seed)
  const { name, model, loss } = choose.of([perceptron, perceptron, convolutional, attention, recurrent])(choose)
  const optimizer = choose.chance(0.6)
    ? new optim.Adam(model.parameters(), { lr: 3e-3 })
    : new optim.SGD(model.parameters(), { lr: 0.02, momentum: 0.9 })
  const said: string[] = []
  for (let step = 0; step <= STEPS; step++) {
    if (step === 0 || step === 5 || step === STEPS)
      for (const { title, evidence } of flow(model, loss, { optimizer }).findings)
        said.push(`${seed}, ${name}, step ${step}: ${title}. ${evidence}`)
    optimizer.zeroGrad()
    loss().backward()
    optimizer.step()
  }
  return said
}

describe('healthy networks', () => {
  const groups = Array.from({ length: 12 }, (_, i) => 10 * i)
  it.each(groups)('ten from seed %d', { timeout: 30_000 }, (first) => {
    const seeds = Array.from({ length: 10 }, (_, i) => first + i)
    expect(seeds.flatMap(accusations)).toEqual([])
  })
})
