import { beforeEach, describe, expect, it } from 'vitest'
import {
  checkpoint,
  defineFunction,
  gradients,
  manualSeed,
  noGrad,
  ones,
  randint,
  randn,
  type Tensor,
  tensor,
  vmap,
} from '../../index.ts'
import * as nn from '../../nn/index.ts'
import * as optim from '../../optim/index.ts'
import type { Finding } from './findings/finding.ts'
import { flow } from './flow.ts'
import type { Flow } from './flow-document.ts'

beforeEach(() => manualSeed(4))

const keysOf = ({ layers }: Flow) => layers.map(({ key }) => key)
const layerOf = ({ layers }: Flow, key: string) => layers.find((layer) => layer.key === key)!
const perceptron = () => new nn.Sequential(new nn.Linear(3, 5), new nn.Tanh(), new nn.Linear(5, 1))
const x = () => randn([8, 3])

describe('layers', () => {
  it('are modules in the order of the program, with their values and gradients', () => {
    const model = perceptron()
    const input = x()
    const found = flow(model, () => model.forward(input).square().sum())
    expect(keysOf(found)).toEqual(['0', '1', '2'])
    const hidden = model[0].forward(input).tanh().detach()
    hidden.requiresGrad = true
    const y = model[2].forward(hidden)
    y.square().sum().backward()
    const { activation, gradient, outputShape, kind, parameters } = layerOf(found, '1')
    expect({ kind, outputShape, parameters }).toEqual({ kind: 'Tanh', outputShape: [8, 5], parameters: [] })
    expect(activation.norm).toBeCloseTo(hidden.norm().item(), 5)
    expect(activation.max).toBeCloseTo(hidden.max().item(), 6)
    expect(gradient!.norm).toBeCloseTo(hidden.grad!.norm().item(), 5)
    const weight = layerOf(found, '2').parameters[0]
    expect(weight).toMatchObject({ key: '2.weight', shape: [1, 5], ratio: null })
    expect(weight.gradNorm).toBeCloseTo((model[2] as nn.Linear).weight.grad!.norm().item(), 5)
    expect(found.loss).toBeCloseTo(y.square().sum().item(), 4)
  })

  it('put all calls of a module together', () => {
    const layer = new nn.Linear(3, 3)
    const found = flow(layer, () => layer.forward(layer.forward(x()).tanh()).sum())
    expect(found.layers.map(({ key, calls }) => [key, calls])).toEqual([
      ['Linear', 2],
      ['Linear → tanh', 1],
    ])
    expect(layerOf(found, 'Linear').activation.size).toBe(48)
  })

  it('are functions between modules, and modules that read parameters besides calling others', () => {
    class Block extends nn.Module {
      scale = new nn.Parameter(ones([4]))
      fc = new nn.Linear(3, 4)
      forward(input: Tensor): Tensor {
        return this.fc.forward(input).relu().mul(this.scale)
      }
    }
    class Net extends nn.Module {
      block = new Block()
      out = new nn.Linear(4, 1)
      forward(input: Tensor): Tensor {
        return this.out.forward(this.block.forward(input).sigmoid().sub(0.5))
      }
    }
    const net = new Net()
    const found = flow(net, () => net.forward(x()).mean())
    expect(keysOf(found)).toEqual(['block.fc', 'block', 'block → sigmoid', 'out'])
    expect(layerOf(found, 'block').parameters.map(({ key }) => key)).toEqual(['block.scale'])
    expect(layerOf(found, 'block').dead).not.toBeNull()
    expect(layerOf(found, 'block → sigmoid')).toMatchObject({ kind: 'sigmoid', saturated: 0 })
  })

  it('are operations where there are no modules, calls of functions as one', () => {
    const [W, b] = [randn([3, 2], { requiresGrad: true, name: 'W' }), randn([2], { requiresGrad: true, name: 'b' })]
    const run = () => nn.crossEntropy(x().matmul(W).add(b).gelu(), randint(0, 2, [8]))
    for (const found of [flow(run), flow(run())]) {
      expect(keysOf(found)).toEqual(['matmul', 'add', 'gelu', 'crossEntropy'])
      expect(found.layers.map(({ parameters }) => parameters.map(({ key }) => key))).toEqual([['W'], ['b'], [], []])
    }
    expect(flow(run, { names: { weights: W } }).parameters.map(({ key }) => key)).toEqual(['weights', 'b'])
  })

  it('keep two networks apart', () => {
    const [a, b] = [perceptron(), perceptron()]
    const input = x()
    const found = flow(() => nn.mseLoss(a.forward(input), b.forward(input)))
    expect(keysOf(found)).toEqual(['Sequential', 'Sequential#2'].flatMap((net) => [0, 1, 2].map((k) => `${net}.${k}`)))
  })

  it('know the steps of a recurrent layer and the output of one that returns several tensors', () => {
    const rnn = new nn.LSTM(3, 4, { batchFirst: true })
    const found = flow(rnn, () => rnn.forward(randn([2, 6, 3]))[0].sum())
    expect(found.layers).toHaveLength(1)
    expect(found.layers[0]).toMatchObject({ key: 'LSTM', outputShape: [2, 6, 4] })
    expect(found.layers[0].parameters.map(({ key }) => key).sort()).toEqual([
      'bias_hh_l0',
      'bias_ih_l0',
      'weight_hh_l0',
      'weight_ih_l0',
    ])
  })
})

describe('what a program may do', () => {
  const model = perceptron()
  const input = x()
  const loss = () => model.forward(input).square().mean()
  const expected = () => flow(model, loss).parameters.map(({ gradNorm }) => gradNorm!)
  const gradNorms = (run: () => unknown) => flow(model, run).parameters.map(({ gradNorm }) => gradNorm!)

  it.each<[string, () => unknown]>([
    ['call backward itself', () => loss().backward()],
    [
      'accumulate over parts of a batch',
      () => {
        for (let i = 0; i < 4; i++)
          model
            .forward(input.narrow(0, 2 * i, 2))
            .square()
            .mean()
            .div(4)
            .backward()
      },
    ],
    [
      'take a whole step and forget the gradients',
      () => {
        const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 })
        const l = loss()
        l.backward()
        optimizer.step()
        optimizer.zeroGrad()
        return l
      },
    ],
    [
      'use checkpoints',
      () =>
        checkpoint((h: Tensor) => model.forward(h), input)
          .square()
          .mean(),
    ],
    ['map over samples', () => vmap((row: Tensor) => model.forward(row).square().mean())(input).mean()],
    [
      'use a function with a derivative of its own',
      () => {
        const same = defineFunction({ name: 'same', forward: (_, a: Tensor) => a.mul(1), backward: (_, g) => g })
        return same(model.forward(input)).square().mean()
      },
    ],
  ])('%s', (_, run) => {
    gradNorms(run).forEach((norm, i) => {
      expect(norm).toBeCloseTo(expected()[i], 5)
    })
    expect(flow(model, run).findings).toEqual([])
  })

  it('differentiate a gradient', () => {
    const at = randn([8, 3], { requiresGrad: true })
    const found = flow(model, () => {
      const [g] = gradients(model.forward(at).sum(), at, { createGraph: true })
      return g.square().sum().add(loss())
    })
    expect(found.findings).toEqual([])
    for (const { gradNorm } of found.parameters) expect(gradNorm).toBeGreaterThan(0)
  })

  it('measures the step of an optimizer, and of plain descent', () => {
    const [first] = model.parameters()
    const l = loss()
    l.backward()
    const ratio = (0.5 * first.grad!.norm().item()) / first.norm().item()
    model.zeroGrad()
    expect(flow(model, loss, { lr: 0.5 }).parameters[0].ratio).toBeCloseTo(ratio, 5)
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 })
    expect(flow(model, loss, { optimizer }).parameters[0].ratio).toBeCloseTo(ratio, 5)
  })
})

describe('documents', () => {
  const found = () => {
    const model = perceptron()
    noGrad(() => (model[0] as nn.Linear).weight.mul_(1e4))
    return flow(model, () => model.forward(x()).mean(), { lr: 0.1 })
  }

  it('fit 80 columns and say what was found before the tables', () => {
    const text = found().toText()
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(text.indexOf('Saturated activations.')).toBeGreaterThan(0)
    expect(text.indexOf('Saturated activations.')).toBeLessThan(text.indexOf('Layer by layer'))
    const model = perceptron()
    expect(flow(model, () => model.forward(x()).mean()).toText()).toContain('✓ Nothing stands out')
  })

  it('are drawn, and exist in every format', () => {
    const each = found()
    expect(each.toSvg({ theme: 'dark' })).toContain('0 Linear')
    expect(each.toHtml()).toContain('data:image/svg+xml')
    expect(each.toMarkdown()).toContain('| layer |')
    expect(each.toTex()).toContain('\\begin{document}')
  })

  it('are plain data with the numbers behind the words', () => {
    const data = JSON.parse(JSON.stringify(found()))
    expect(data).toMatchObject({ format: 'chainrule-flow', version: 1, firstNonFinite: null })
    expect(data.layers[0]).not.toHaveProperty('gates')
    const saturation = data.findings.find((each: Finding) => each.diagnosis === 'saturation')
    expect(saturation).toMatchObject({ severity: 'problem', where: { layers: ['1'] } })
    expect(saturation.data.saturated).toBeGreaterThan(0.9)
  })

  it('write names as text, whatever is in them', () => {
    const w = tensor([0, 1], { requiresGrad: true, name: '<b>|w\u202e' })
    const bad = flow(() => w.log().sum())
    expect(bad.toHtml()).not.toContain('<b>|')
    expect(bad.toText()).toContain('<b>|w\\u202e = 0')
  })

  it('stay short for a long tape', () => {
    let y = tensor([1], { requiresGrad: true }).mul(1)
    for (let i = 0; i < 3000; i++) y = y.mul(1.0001)
    const long = flow(y.sum())
    expect(long.layers).toHaveLength(3002)
    expect(long.toText().split('\n').length).toBeLessThan(200)
    expect(long.toSvg().length).toBeLessThan(100_000)
  })
})

describe('mistakes', () => {
  const w = tensor([1, 2], { requiresGrad: true })
  it.each<[string, () => unknown, string]>([
    ['no loss', () => flow(() => undefined), 'must return the loss'],
    ['too many losses', () => flow(() => w), 'the function returned [2]; reduce it with mean() or sum()'],
    ['a promise', () => flow(async () => w.sum()), 'takes a synchronous function'],
    [
      'a module without a function',
      () => (flow as unknown as (m: nn.Module) => Flow)(new nn.Linear(1, 1)),
      'takes a function',
    ],
    ['an unknown option', () => flow(() => w.sum(), { rate: 1 } as never), "unknown option 'rate'"],
    ['a learning rate that is none', () => flow(() => w.sum(), { lr: -1 }), 'lr must be a finite number > 0'],
    ['no optimizer', () => flow(() => w.sum(), { optimizer: {} as never }), 'must be an optimizer'],
    [
      'both',
      () => flow(() => w.sum(), { lr: 1, optimizer: new optim.SGD([w], { lr: 1 }) }),
      'give one of optimizer and lr',
    ],
    ['a step from a tape', () => flow(w.sum(), { lr: 1 }), 'the loss must be computed again'],
    [
      'a transform around it',
      () => vmap((row: Tensor) => tensor(flow(() => row.sum()).loss))(x()),
      'call flow outside',
    ],
    ['a loss without a history', () => flow(ones([])), 'the loss requires no gradient'],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message)
  })

  it('a loss whose tape is used up', () => {
    const loss = w.square().sum()
    loss.backward()
    expect(() => flow(loss)).toThrow('call flow(loss) before backward()')
  })
})
