/** What a user gets wrong is said, with the remedy: options, missing arguments, modules in the wrong place. */
import { describe, expect, it, test } from 'vitest'
import { dropout, ones, type Tensor, tensor } from '../index.ts'
import * as nn from './index.ts'

type Loose = new (...args: unknown[]) => nn.Module
const make = (Layer: unknown, ...args: unknown[]) => new (Layer as Loose)(...args)
const call = (f: unknown, ...args: unknown[]) => (f as (...args: unknown[]) => unknown)(...args)

const wrong: [what: string, act: () => unknown, message: RegExp | string][] = [
  [
    'a stride',
    () => make(nn.Conv2d, 1, 2, 3, 2),
    'Conv2d: options come last as one object, as in { stride: 2 }; got 2',
  ],
  ['a bias', () => make(nn.Linear, 3, 1, false), /Linear: .* \{ bias: false \}; got false/],
  ['layers', () => make(nn.LSTM, 3, 4, 2), /LSTM: .* \{ numLayers: 2 \}/],
  ['padding', () => make(nn.Embedding, 4, 5, 0), /Embedding: .* \{ paddingIdx: 0 \}/],
  ['eps', () => make(nn.BatchNorm2d, 4, 0.1), /BatchNorm2d: .* \{ eps: 0\.1 \}/],
  ['null', () => make(nn.Linear, 3, 1, null), /\{ bias: \.\.\. \}; got null/],
  ['a tensor', () => make(nn.Linear, 3, 1, ones([2])), /\{ bias: \.\.\. \}; got a Tensor/],
  ['training', () => call(dropout, ones([2]), 0.5, true), /dropout: .* \{ training: true \}/],
  ['a reduction', () => call(nn.mseLoss, ones([2]), ones([2]), 'sum'), /mseLoss: .* \{ reduction: 'sum' \}; got 'sum'/],
  ['strict', () => call(nn.Linear.prototype.loadStateDict.bind(new nn.Linear(1, 1)), {}, false), /\{ strict: false \}/],
  ['persistent', () => new nn.ReLU().registerBuffer('a', null, false as never), /\{ persistent: false \}/],
  ['a mode', () => new nn.ReLU().train('eval' as never), "train: mode must be true or false, got 'eval'"],
  ['no kernel', () => make(nn.Conv2d, 1, 4), 'kernelSize must be a positive integer or 2 of them, got undefined'],
  ['a kernel too long', () => make(nn.Conv1d, 1, 4, [3, 3]), 'Conv1d: kernelSize has 1 sizes, got [3, 3]'],
  ['no window', () => make(nn.MaxPool2d), /MaxPool2d: kernelSize .* got undefined/],
  ['no output size', () => make(nn.AdaptiveAvgPool2d), /AdaptiveAvgPool2d: outputSize .* got undefined/],
  ['no shape', () => make(nn.LayerNorm), /LayerNorm: normalizedShape .* got undefined/],
  ['no sizes', () => make(nn.LSTM, 3), /hiddenSize must be a positive integer, got undefined/],
  ['flags as numbers', () => make(nn.Linear, 1, 1, { bias: 0 }), 'Linear: bias must be true or false, got 0'],
  ['eps as text', () => make(nn.LayerNorm, 2, { eps: '1e-5' }), "eps must be a finite number >= 0, got '1e-5'"],
  ['a slope as text', () => make(nn.LeakyReLU, { negativeSlope: '1' }), "negativeSlope must be a number, got '1'"],
  [
    'an array of layers',
    () => make(nn.Sequential, [new nn.ReLU()]),
    /as arguments: new nn\.Sequential\(\.\.\.layers\)/,
  ],
  ['a function', () => make(nn.Sequential, new nn.ReLU(), Math.abs), /element 1 is a function; use a module/],
  [
    'a class',
    () => make(nn.Sequential, new nn.ReLU(), nn.ReLU),
    'element 1 is the class ReLU; did you mean new nn.ReLU()?',
  ],
  ['no array', () => make(nn.ModuleList, new nn.ReLU()), /new nn\.ModuleList\(\[a, b\]\)/],
  [
    'JSON',
    () => new nn.Linear(1, 1).loadStateDict({ weight: { data: [1] }, bias: [1] } as never),
    /weight: an object instead of a tensor\n {2}bias: \[1\] instead/,
  ],
  [
    'logits',
    () => nn.bceLoss(tensor([1.5]), tensor([1])),
    /input must lie in \[0, 1\], it has 1\.5; for logits use bceWithLogits/,
  ],
  ['targets of -1', () => nn.bceLoss(tensor([0.5]), tensor([-1])), /target must lie in \[0, 1\], it has -1/],
]

test.each(wrong)('%s', (_, act, message) => {
  expect(act).toThrow(message)
})

describe('modules in properties', () => {
  abstract class Net extends nn.Module {
    forward(x: Tensor): Tensor {
      return x
    }
  }

  it('are found in objects and nested arrays', () => {
    class Nested extends Net {
      heads = { a: new nn.Linear(1, 1), bigOne: [new nn.ReLU(), { x: new nn.Parameter(ones([1])) }] }
      grid = [[new nn.Linear(1, 1)], [new nn.ReLU()]]
      settings = { sizes: [1, 2], self: null as unknown }
    }
    const net = new Nested()
    net.settings.self = net.settings
    expect(Object.keys(net.stateDict()).sort()).toEqual([
      'grid.0.0.bias',
      'grid.0.0.weight',
      'heads.a.bias',
      'heads.a.weight',
      'heads.big_one.1.x',
    ])
    expect(net.modules().length).toBe(5)
  })

  it('are refused in Maps and Sets, unless they are found elsewhere, too', () => {
    class Mapped extends Net {
      layers = new Map([['a', new nn.Linear(1, 1)]])
    }
    class Parameters extends Net {
      all = new Set([new nn.Parameter(ones([1]))])
    }
    class Indexed extends Net {
      layers = [new nn.Sequential(new nn.Linear(1, 1))]
      byName = new Map<string, unknown>([
        ['inner', this.layers[0][0]],
        ['constant', ones([1])],
      ])
    }
    expect(() => new Mapped().parameters()).toThrow(
      /Mapped: property 'layers' holds a module in a Map or Set.*ModuleList/,
    )
    expect(() => new Parameters().stateDict()).toThrow(/property 'all' holds a parameter/)
    expect(new Indexed().parameters().length).toBe(2)
  })
})

it('keeps what stateDict returned as it was', () => {
  const layer = new nn.Linear(2, 1)
  const best = layer.stateDict()
  const [weight] = layer.parameters()
  const before = weight.toArray()
  nn.init.zeros_(weight)
  expect(best.weight.toArray()).toEqual(before)
  layer.loadStateDict(best)
  expect(weight.toArray()).toEqual(before)
})

it('lets a module of any kind be called, and a layer with its types', () => {
  const any: nn.Module = new nn.LSTM(2, 3)
  const layer: nn.Layer = new nn.Linear(2, 3)
  const y: Tensor = layer.forward(ones([1, 2]))
  expect([(any.forward(ones([1, 1, 2])) as [Tensor, unknown])[0].shape, y.shape]).toEqual([
    [1, 1, 3],
    [1, 3],
  ])
})
