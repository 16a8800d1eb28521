/** What modules promise beside numbers: names, conversion, loading all or nothing, printing. */
import { beforeEach, describe, expect, it } from 'vitest'
import { embedding, grad, jvp, manualSeed, ones, rand, type Tensor, tensor, vmap, zeros } from '../index.ts'
import * as nn from './index.ts'

beforeEach(() => manualSeed(7))

class Net extends nn.Module {
  convLayer = new nn.Conv2d(1, 2, 3, { padding: 1 })
  blocks = [new nn.Linear(2, 2), new nn.Linear(2, 2)]
  scale = new nn.Parameter(ones([2]))
  head: nn.Linear

  constructor() {
    super()
    this.head = this.blocks[1]
    this.registerBuffer('meanSeen', zeros([2]))
    this.registerBuffer('scratch', zeros([1]), { persistent: false })
  }

  forward(x: Tensor): Tensor {
    return x
  }
}

describe('modules', () => {
  it('find parameters, buffers and modules among their properties', () => {
    const net = new Net()
    expect(net.namedParameters().map(([key]) => key)).toEqual(
      [
        'scale',
        'conv_layer.weight',
        'conv_layer.bias',
        'blocks.0.weight',
        'blocks.0.bias',
        'blocks.1.weight',
        'blocks.1.bias',
      ].sort((a, b) => (a === 'scale' ? -1 : b === 'scale' ? 1 : 0)),
    )
    expect(net.namedBuffers().map(([key]) => key)).toEqual(['mean_seen', 'scratch'])
    expect(Object.keys(net.stateDict())).toContain('head.weight')
    expect(Object.keys(net.stateDict())).not.toContain('scratch')
    expect(net.namedModules().map(([key]) => key)).toEqual(['', 'conv_layer', 'blocks.0', 'blocks.1'])
    expect(net.modules().length).toBe(4)
    expect(net.children().length).toBe(3)
  })

  it('take leaves that require a gradient for parameters, and frozen parameters still', () => {
    class Own extends nn.Module {
      w = tensor([1], { requiresGrad: true })
      frozen = new nn.Parameter(ones([1]), { requiresGrad: false })
      constant = ones([1])
      forward() {}
    }
    expect(new Own().namedParameters().map(([key]) => key)).toEqual(['w', 'frozen'])
    const layer = new nn.Linear(2, 2).requiresGrad_(false)
    expect(layer.parameters().map((p) => p.requiresGrad)).toEqual([false, false])
    expect(Object.keys(layer.stateDict())).toEqual(['weight', 'bias'])
  })

  it('refuse to contain themselves and two properties with one key', () => {
    class Loop extends nn.Module {
      self: nn.Module | null = null
      forward() {}
    }
    const loop = new Loop()
    loop.self = loop
    expect(() => loop.parameters()).toThrow(/cannot contain itself/)
    class Twice extends nn.Module {
      aB = new nn.Linear(1, 1)
      a_b = new nn.Linear(1, 1)
      forward() {}
    }
    expect(() => new Twice().parameters()).toThrow(/same key 'a_b'/)
  })

  it('convert in place, keeping identity, gradient and requiresGrad', () => {
    const model = new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2))
    const [weight, bias] = model.parameters()
    bias.requiresGrad = false
    model
      .forward(rand([4, 2]))
      .sum()
      .backward()
    const before = weight.toArray()
    expect(model.to('float64')).toBe(model)
    expect(model.parameters()[0]).toBe(weight)
    expect([weight.dtype, weight.grad?.dtype, bias.requiresGrad]).toEqual(['float64', 'float64', false])
    expect(weight.toArray()).toEqual(before)
    expect(model.buffers().map((b) => b.dtype)).toEqual(['float64', 'float64', 'int32'])
    expect(model.forward(rand([4, 2], { dtype: 'float64' })).dtype).toBe('float64')
    expect(() => model.to('int32')).toThrow(/floating/)
    expect(() => model.to('half' as 'float32')).toThrow(/unknown dtype/)
  })

  it('do not let a derivative read what a conversion replaced', () => {
    const layer = new nn.Linear(2, 1)
    const x = ones([1, 2], { requiresGrad: true })
    const y = layer.forward(x).sum()
    layer.to('float64')
    expect(() => y.backward()).toThrow(/changed|to/)
  })

  it('load all or nothing', () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3))
    const before = JSON.stringify(Object.values(model.stateDict()).map((x) => x.toArray()))
    const bad = { ...model.stateDict(), '0.weight': zeros([2, 3]), extra: ones([1]) } as nn.StateDict
    delete bad['0.bias']
    bad['1.num_batches_tracked'] = tensor(0.5)
    bad['1.weight'] = zeros([3])
    expect(() => model.loadStateDict(bad)).toThrow(
      /0\.weight: shape \[2, 3\] instead of \[3, 2\].*num_batches_tracked.*missing keys: 0\.bias.*unexpected keys: extra/s,
    )
    expect(() => model.loadStateDict(bad, { strict: false })).toThrow(/0\.weight/)
    expect(JSON.stringify(Object.values(model.stateDict()).map((x) => x.toArray()))).toBe(before)
    const result = model.loadStateDict(
      { '0.bias': tensor([1, 2, 3], { dtype: 'float64' }), other: ones([1]) },
      { strict: false },
    )
    expect(result.unexpectedKeys).toEqual(['other'])
    expect(result.missingKeys.length).toBe(6)
    expect(model.stateDict()['0.bias'].toArray()).toEqual([1, 2, 3])
    expect(model.parameters()[1].dtype).toBe('float32')
    expect(() => model.loadStateDict({}, { strikt: true } as object)).toThrow(/unknown option/)
  })

  it('load values that share elements with other targets', () => {
    const model = new nn.Sequential(new nn.Linear(1, 1), new nn.Linear(1, 1))
    const { '0.weight': _, '1.weight': __, ...rest } = model.stateDict()
    const [a, b] = [model.parameters()[0].detach(), model.parameters()[2].detach()]
    const [first, second] = [a.item(), b.item()]
    model.loadStateDict({ ...rest, '0.weight': b, '1.weight': a })
    expect(
      model
        .parameters()
        .filter((_, i) => i % 2 === 0)
        .map((p) => p.item()),
    ).toEqual([second, first])
  })

  it('print the tree of modules', () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Sequential(new nn.ReLU(), new nn.Dropout(0.1)))
    expect(String(model)).toBe(
      'Sequential(\n  (0): Linear(inFeatures=2, outFeatures=3, bias=true)\n  (1): Sequential(\n    (0): ReLU()\n    (1): Dropout(p=0.1)\n  )\n)',
    )
  })

  it('reject unknown options and impossible sizes', () => {
    expect(() => new nn.Linear(2, 3, { biass: false } as object)).toThrow(/unknown option 'biass'/)
    expect(() => new nn.Linear(0, 3)).toThrow(/inFeatures/)
    expect(() => new nn.Conv2d(3, 2, 3, { groups: 2 })).toThrow(/groups/)
    expect(() => new nn.MultiheadAttention(5, 2)).toThrow(/heads/)
    expect(() => new nn.LeakyReLU({ slope: 1 } as object)).toThrow(/unknown option/)
    expect(() => new nn.Dropout(1.5)).toThrow(/p must/)
    expect(() => new nn.Embedding(3, 2, { paddingIdx: 3 })).toThrow(/paddingIdx/)
    expect(() => new nn.CrossEntropyLoss({ reductoin: 'sum' } as object)).toThrow(/unknown option/)
    expect(() => new nn.BatchNorm2d(2).forward(ones([2, 3, 1, 1]))).toThrow(/BatchNorm2d/)
    expect(() => new nn.BatchNorm1d(2).forward(ones([1, 2]))).toThrow(/more than one value/)
    expect(() => new nn.LSTM(2, 3).forward(ones([4, 1, 2]), [ones([1, 1, 3]), ones([1, 1, 2])])).toThrow(
      /state must be \[1, 1, 3\]/,
    )
    expect(() => new nn.Embedding(3, 2).forward(tensor([3], { dtype: 'int32' }))).toThrow(/token 3/)
  })

  it('keep options that are tensors as buffers', () => {
    const loss = new nn.CrossEntropyLoss({ weight: tensor([1, 3]), reduction: 'sum' })
    expect(Object.keys(loss.stateDict())).toEqual(['weight'])
    loss.to('float64')
    const y = loss.forward(zeros([2, 2], { dtype: 'float64' }), tensor([0, 1], { dtype: 'int32' }))
    expect(y.item()).toBeCloseTo(4 * Math.log(2), 14)
    expect(String(loss)).toBe('CrossEntropyLoss(reduction="sum")')
  })

  it('look up a batch of tables, and leave padding out of every gradient', () => {
    const tokens = tensor([0, 2, 2], { dtype: 'int32' })
    const look = (table: Tensor) => embedding(tokens, table, { paddingIdx: 0 })
    const tables = rand([4, 3, 2])
    expect(vmap(look)(tables).shape).toEqual([4, 3, 2])
    const slopes = vmap(grad((table: Tensor) => look(table).sum()))(tables)
    expect(slopes.select(0, 3).toArray()).toEqual([
      [0, 0],
      [0, 0],
      [2, 2],
    ])
    expect(jvp(look, [tables.select(0, 0)], [ones([3, 2])])[1].toArray()).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
    ])
  })

  it('treat a sequence without a batch like one of a batch of one', () => {
    const lstm = new nn.LSTM(3, 2, { numLayers: 2, bidirectional: true })
    const x = rand([5, 3])
    const [alone, [hn]] = lstm.forward(x)
    const [batch, [hb]] = lstm.forward(x.unsqueeze(1))
    expect(alone.toArray()).toEqual(batch.squeeze(1).toArray())
    expect(hn.toArray()).toEqual(hb.squeeze(1).toArray())
    const attention = new nn.MultiheadAttention(4, 2)
    const q = rand([3, 4])
    const [y, w] = attention.forward(q, q, q)
    expect([y.shape, w!.shape]).toEqual([
      [3, 4],
      [3, 3],
    ])
  })
})
