/** Recording a program: what is noted, how its steps are walked, and what the trace holds. */
import { describe, expect, it } from 'vitest'
import { explain, readTrace, record, startRecording } from '../../src/explain/index.ts'
import { checkpoint, noGrad, randn, type Tensor, tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'

const leaf = (data: Parameters<typeof tensor>[0], name: string): Tensor =>
  tensor(data, { dtype: 'float64', requiresGrad: true, name })

function line() {
  const [w, x, b] = [leaf(2, 'w'), tensor(3, { dtype: 'float64', name: 'x' }), leaf(1, 'b')]
  return record(() => {
    const L = w.mul(x).add(b).square()
    L.name = 'L'
    L.backward()
    return L
  })
}

describe('record', () => {
  it('has the values in the order of creation, with what backward brought', () => {
    const { nodes } = line()
    expect(nodes.map(({ name, op, kind }) => `${name} ${op ?? kind}`)).toEqual([
      'w parameter',
      'x constant',
      'v1 mul',
      'b parameter',
      'v2 add',
      'L square',
    ])
    expect(nodes.map((node) => node.value.item())).toEqual([2, 3, 6, 1, 7, 49])
    expect(nodes.map((node) => node.gradient()?.item() ?? null)).toEqual([42, null, 14, 14, 14, 1])
    expect(nodes[2].inputs.map((x) => typeof x !== 'number' && x.name)).toEqual(['w', 'x'])
    expect([nodes[2].local(0)?.item(), nodes[2].contribution(0)?.item()]).toEqual([3, 42])
    expect(nodes[5].source?.file).toMatch(/record\.test\.ts$/)
    expect(nodes[5].savedBytes).toBe(8)
  })

  it('walks forward and backward, and back again exactly', () => {
    const recording = line()
    expect(recording.steps.map(({ phase }) => phase)).toEqual([
      'leaves',
      'forward',
      'forward',
      'forward',
      'seed',
      'backward',
      'backward',
      'backward',
    ])
    expect(recording.steps[7].text).toBe('mul: v1 has the gradient 14; it sends 42 to w.')
    const gradients = (i: number) =>
      Object.fromEntries([...recording.stateAt(i).gradients].map(([node, g]) => [node.name, g.item()]))
    const values = (i: number) => [...recording.stateAt(i).values].map(({ name }) => name)
    expect(values(0)).toEqual(['w', 'x', 'b'])
    expect(values(2)).toEqual(['w', 'x', 'v1', 'b', 'v2'].sort((a, b) => values(7).indexOf(a) - values(7).indexOf(b)))
    const forth = [0, 1, 2, 3, 4, 5, 6, 7].map(gradients)
    expect(forth[3]).toEqual({})
    expect(forth[5]).toEqual({ L: 1, v2: 14 })
    expect(forth[7]).toEqual({ L: 1, v2: 14, v1: 14, b: 14, w: 42 })
    expect([7, 6, 5, 4].map(gradients)).toEqual([forth[7], forth[6], forth[5], forth[4]])
  })

  it('contributions of the edges add up to the gradient of the node', () => {
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Sigmoid(), new nn.Linear(4, 2)).to('float64')
    const { nodes } = record(() => {
      const h = model.forward(randn([5, 3], { dtype: 'float64' }))
      h.square().add(h.mul(h)).sum().backward()
    })
    for (const node of nodes) {
      const gradient = node.gradient()
      if (!gradient || node.uses.length === 0) continue
      const sent = node.uses.map(({ node: user, slot }) => user.contribution(slot)!.data)
      const total = sent.reduce((a, b) => a.map((v, i) => v + b[i]))
      gradient.data.forEach((g, i) => {
        expect(total[i]).toBeCloseTo(g, 12)
      })
    }
  })

  it('knows modules, functions and parameters by name', () => {
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(4, 2))
    const { nodes } = record(() =>
      nn.crossEntropy(model.forward(randn([5, 3])), tensor([0, 1, 0, 1, 1], { dtype: 'int32' })).backward(),
    )
    expect(nodes.filter(({ kind }) => kind === 'parameter').map(({ name }) => name)).toEqual([
      '0.weight',
      '0.bias',
      '2.weight',
      '2.bias',
    ])
    expect(nodes.find(({ op }) => op === 'relu')?.scope).toEqual(['Sequential', '1: ReLU'])
    expect(nodes.find(({ op }) => op === 'linear')?.scope).toEqual(['Sequential', '0: Linear', 'linear'])
    expect(nodes.find(({ op }) => op === 'exp')?.scope).toEqual(['crossEntropy', 'logSoftmax'])
  })

  it('keeps values that were changed afterwards', () => {
    const w = leaf([1, 2], 'w')
    const sgd = new optim.SGD([w], { lr: 1 })
    const { nodes } = record(() => {
      for (let i = 0; i < 2; i++) {
        sgd.zeroGrad()
        w.square().sum().backward()
        sgd.step()
      }
    })
    const squares = nodes.filter(({ op }) => op === 'square').map((node) => node.value.toArray())
    expect(squares).toEqual([
      [1, 4],
      [1, 4],
    ])
    const buffer = tensor([1, 2], { dtype: 'float64' })
    const later = record(() => {
      const y = w.mul(buffer)
      buffer.mul_(10)
      return y
    })
    expect(later.nodes[1].value.toArray()).toEqual([1, 2])
  })

  it('counts the calls of backward', () => {
    const w = leaf(3, 'w')
    const recording = record(() => {
      const L = w.square()
      L.backward(null, { retainGraph: true })
      L.backward()
    })
    expect(recording.nodes[0].calls.length).toBe(2)
    expect(recording.nodes[0].gradient()?.item()).toBe(12)
    expect(recording.nodes[0].gradient(recording.calls[0])?.item()).toBe(6)
    expect(recording.steps.map(({ phase, call }) => `${phase} ${call}`).slice(2)).toEqual([
      'seed 0',
      'backward 0',
      'seed 1',
      'backward 1',
    ])
  })

  it('leaves the program as it is: same gradients, same errors, nothing watched afterwards', async () => {
    const w = leaf(3, 'w')
    expect(() =>
      record(() => {
        w.square()
        throw new RangeError('mine')
      }),
    ).toThrow(RangeError)
    const { value } = await record(async () => {
      await Promise.resolve()
      w.square().backward()
      return w.grad!.item()
    })
    expect(value).toBe(6)
    const session = startRecording()
    expect(session.stop().nodes.length).toBe(0)
    noGrad(() => w.square())
    expect(record(() => checkpoint((x: Tensor) => x.sin().cos(), w).backward()).nodes.length).toBeGreaterThan(2)
  })

  it('stops keeping at maxNodes and says how many were left out', () => {
    const w = leaf(1, 'w')
    const recording = record(
      () => {
        let x = w
        for (let i = 0; i < 10; i++) x = x.mul(1.1)
        x.backward()
      },
      { maxNodes: 4 },
    )
    expect([recording.nodes.length, recording.dropped]).toEqual([5, 6])
    expect(recording.toText()).toContain('6 further ops were not kept')
    expect(() => record(() => 1, { maxNodes: 0 })).toThrow(/maxNodes is a positive number/)
  })

  it('does without places where it is told to, and is the same otherwise', () => {
    const program = () => leaf(2, 'w').square().tanh().backward()
    const [noted, bare] = [record(program), record(program, { places: false })]
    expect(noted.nodes[1].source?.file).toContain('record.test.ts')
    expect([bare.nodes.map(({ source }) => source), bare.lines]).toEqual([[undefined, undefined, undefined], []])
    const trace = noted.toTrace()
    expect(bare.toTrace()).toEqual({
      ...trace,
      lines: [],
      nodes: trace.nodes.map((node) => ({ ...node, source: null })),
    })
    expect(() => record(program, { places: 1 as never })).toThrow('record: places must be true or false, got 1')
  })

  it('says so where there is nothing to record', () => {
    const empty = record(() => tensor(1).mul(2))
    expect(empty.toText()).toContain('Nothing was recorded')
    expect(empty.toSvg()).toContain('<svg')
  })

  it('can be explained afterwards', () => {
    const w = leaf(2, 'w')
    const { value } = record(() => {
      const L = w.square()
      L.backward()
      return L
    })
    expect(explain(value, w).gradient).toBe(4)
  })
})

describe('the trace', () => {
  it('survives JSON with NaN and infinities, and is read back', () => {
    const w = leaf([0, -1], 'w')
    const recording = record(() => w.log().sum().backward())
    const trace = readTrace(JSON.stringify(recording))
    expect(trace.nodes[1].value.data).toEqual(['-Infinity', 'NaN'])
    expect(trace.nodes[1].local?.[0]?.data).toEqual(['Infinity', -1])
    expect(trace.steps.length).toBe(recording.steps.length)
    expect(trace).toEqual(JSON.parse(JSON.stringify(recording.toTrace())))
  })

  it('sums large tensors up', () => {
    const w = leaf([1, 2, 3, 4], 'w')
    const trace = record(() => w.square().sum().backward()).toTrace({ maxElements: 2 })
    expect(trace.nodes[0].value).toEqual({
      shape: [4],
      dtype: 'float64',
      data: null,
      summary: { min: 1, max: 4, mean: 2.5, norm: Math.sqrt(30), zeros: 0, nonFinite: 0 },
    })
  })

  it('sums the largest tensors up until the rest is few numbers', () => {
    const recording = record(() => {
      const small = leaf([1, 2], 'small').square().sum()
      leaf([1, 2, 3], 'large').sum().mul(small).backward()
    })
    const listed = (maxNumbers: number) =>
      recording.toTrace({ maxNumbers }).nodes.flatMap(({ name, value }) => (value.data ? [name] : []))
    const all = recording.nodes.map(({ name }) => name)
    expect(listed(10)).toEqual(all)
    expect(listed(9)).toEqual(all.filter((name) => name !== 'large'))
    expect(listed(0)).toEqual([])
  })

  it.each([
    ['', /not JSON/],
    ['{"format":"chainrule-trace","version":1', /not JSON/],
    ['{}', /no trace/],
    ['null', /no trace/],
    ['{"format":"chainrule-trace","version":2}', /later than 1/],
    ['{"format":"chainrule-trace","version":"x"}', /later than 1/],
    ['{"format":"chainrule-trace","version":1}', /'nodes' is missing/],
    [
      '{"format":"chainrule-trace","version":1,"nodes":[{"id":0,"inputs":[{"node":0}]}],"calls":[],"steps":[],"lines":[]}',
      /does not come before/,
    ],
  ])('refuses %s', (text, message) => {
    expect(() => readTrace(text)).toThrow(message)
  })
})
