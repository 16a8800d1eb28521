/** What an explanation says, on programs small enough to be worked out by hand. */
import { describe, expect, it } from 'vitest'
import { explain, gradientTable, record } from '../../src/explain/index.ts'
import { checkpoint, defineFunction, gradients, manualSeed, randn, type Tensor, tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'

type Data = Parameters<typeof tensor>[0]
const leaf = (data: Data, name: string): Tensor => tensor(data, { dtype: 'float64', requiresGrad: true, name })
const given = (data: Data, name: string): Tensor => tensor(data, { dtype: 'float64', name })
const named = (name: string, x: Tensor): Tensor => Object.assign(x, { name })

/** The 2-2-1 network of "Chain Rule of Derivatives". */
function anchor() {
  const W1 = leaf(
    [
      [0.5, -0.2],
      [0.3, 0.8],
    ],
    'W1',
  )
  const [b1, W2, b2] = [leaf([0.1, -0.1], 'b1'), leaf([[0.6], [-0.4]], 'W2'), leaf([0], 'b2')]
  const z1 = named('z1', W1.matmul(given([0.5, 0.1], 'x')).add(b1))
  const a1 = named('a1', z1.relu())
  const z2 = named('z2', W2.T.matmul(a1).add(b2))
  return { W1, W2, z2, y: given([0], 'y') }
}

describe('explain', () => {
  it('tells the derivative by one weight as four factors', () => {
    const { W1, z2, y } = anchor()
    const e = explain(nn.bceWithLogits(z2, y), W1, [0, 0])
    expect(e.pathCount).toBe(1n)
    const [{ factors, product }] = e.paths
    expect(factors.map((f) => f.value)).toEqual([0.5364353017406441, 0.6, 1, 0.5])
    expect(factors.map((f) => `${f.of} by ${f.wrt}`)).toEqual([
      'L by z2',
      'z2 by a1[0]',
      'a1[0] by z1[0]',
      'z1[0] by W1[0,0]',
    ])
    expect(factors.map((f) => f.formula)).toEqual(['1/(1 + exp(-z2)) - y', 'W2[0,0]', '0 if z1[0] ≤ 0, else 1', 'x[0]'])
    expect(product).toBeCloseTo(0.16093059052219325, 15)
    expect([e.gradient, e.sum]).toEqual([0.16093059052219325, product])
    expect(e.numeric).toBeCloseTo(e.gradient, 9)
    expect(e.agrees).toBe(true)
  })

  it('has every op and every identity where they are asked for', () => {
    const { W1, z2, y } = anchor()
    const e = explain(nn.bceWithLogits(z2, y), W1, [0, 0], { detail: 'op', identities: true })
    expect(e.paths[0].factors.map((f) => f.op)).toEqual([
      'div',
      'sum',
      'logitEntropy',
      'add',
      'matmul',
      'relu',
      'add',
      'matmul',
    ])
  })

  it('adds up over paths', () => {
    const h = leaf(1.5, 'h')
    const L = h.mul(2).square().add(h.mul(-3).square()).add(h)
    const e = explain(L, h)
    expect(e.paths.map((path) => path.product)).toEqual([27, 12, 1])
    expect([e.sum, e.gradient, e.pathCount]).toEqual([40, 40, 3n])
  })

  it('keeps two slots of one op apart', () => {
    const x = leaf(3, 'x')
    const e = explain(x.mul(x), x)
    expect(e.pathCount).toBe(2n)
    expect(e.paths.map((path) => path.product)).toEqual([3, 3])
  })

  it('counts paths exactly and lists the largest without enumerating the others', () => {
    const first = leaf(1, 'a')
    let a = first
    for (let i = 0; i < 100; i++) a = a.add(a)
    const start = performance.now()
    const e = explain(a, first)
    expect(performance.now() - start).toBeLessThan(1000)
    expect(e.pathCount).toBe(1267650600228229401496703205376n)
    expect(e.rest.count).toBe(1267650600228229401496703205364n)
    expect([e.paths.length, e.sum]).toEqual([12, 2 ** 100])
  })

  it('finds the K largest products of a random lattice', () => {
    const first = leaf(1, 'a')
    let layer: Tensor[] = [first]
    for (let depth = 0; depth < 5; depth++)
      layer = [0, 1, 2].map(() => layer.map((x) => x.mul(Math.random() * 2 - 1)).reduce((a, b) => a.add(b)))
    const output = layer.reduce((a, b) => a.add(b))
    const all = explain(output, first, [], { paths: 1000 }).paths.map((path) => path.product)
    expect(all.length).toBe(243)
    const sorted = [...all].sort((a, b) => Math.abs(b) - Math.abs(a))
    expect(all.map(Math.abs)).toEqual(sorted.map(Math.abs))
    const few = explain(output, first, [], { paths: 20 }).paths.map((path) => path.product)
    expect(few).toEqual(all.slice(0, 20))
  })

  it('takes the element with the largest gradient unless one is asked for', () => {
    const w = leaf([1, -4, 2], 'w')
    expect(explain(w.square().sum(), w).input).toBe('w[1]')
    expect(explain(w.square().sum(), w, [-1]).input).toBe('w[2]')
  })

  it('says so at a kink', () => {
    const x = leaf(0, 'x')
    const e = explain(x.relu(), x)
    expect([e.gradient, e.kink, e.agrees]).toEqual([0, true, true])
    expect(e.toText()).toContain('kink')
    expect(explain(x.square(), x).kink).toBe(false)
  })

  it('shows a closed gate and an infinite factor as they are', () => {
    const w = leaf(-1, 'w')
    expect(explain(w.relu().mul(5), w).paths[0].factors.map((f) => f.value)).toEqual([5, 0])
    const z = leaf(0, 'z')
    const e = explain(z.sqrt().mul(2), z)
    expect([e.gradient, e.paths[0].product]).toEqual([Infinity, Infinity])
  })

  it('explains second derivatives like any other value', () => {
    const x = leaf(2, 'x')
    const [slope] = gradients(x.square().mul(x), x, { createGraph: true })
    const e = explain(slope, x)
    expect([e.gradient, e.agrees]).toEqual([12, true])
  })

  it('looks into checkpoints and functions with a derivative of their own', () => {
    const w = leaf(2, 'w')
    const cube = defineFunction({
      name: 'cube',
      forward(ctx, x: Tensor) {
        ctx.saveForBackward(x)
        return x.mul(x).mul(x)
      },
      backward: (ctx, g) => ctx.savedTensors[0].square().mul(3).mul(g),
    })
    const e = explain(
      checkpoint((x: Tensor) => cube(x).sin(), w),
      w,
    )
    expect(e.paths[0].factors.map((f) => f.op)).toEqual(['sin', 'cube'])
    expect(e.paths[0].factors[1].value).toBe(12)
    expect(e.agrees).toBe(true)
  })

  it('follows a value through changes in place', () => {
    const w = leaf(3, 'w')
    const x = w.mul(2)
    const before = x.mul(5)
    x.add_(1)
    const e = explain(before.add(x.square()), w)
    expect([e.gradient, e.sum, e.pathCount]).toEqual([2 * 5 + 2 * 7 * 2, 38, 2n])
  })

  it('explains by a value in between', () => {
    const w = leaf(3, 'w')
    const h = named('h', w.mul(2))
    const e = explain(h.square(), h)
    expect([e.input, e.gradient]).toEqual(['h', 12])
    expect(explain(h, h).gradient).toBe(1)
  })

  it('takes names from a module', () => {
    const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1))
    const e = explain(model.forward(randn([1, 3])).sum(), model.parameters()[0], [1, 2], { names: model })
    expect(e.input).toBe('0.weight[1,2]')
    expect(e.paths[0].factors.map((f) => f.op)).toEqual(['linear', 'tanh', 'linear'])
    expect(e.paths[0].factors[0].formula).toBe('2.weight[0,1]')
  })

  it('is free of what names contain', () => {
    const evil = leaf(3, '<img src=x onerror=alert(1)>')
    const e = explain(evil.square(), evil)
    expect(e.toHtml()).not.toContain('<img')
    expect(e.toSvg()).not.toContain('<img')
    for (const text of [e.toTex(), e.toMarkdown(), e.toDot(), JSON.stringify(e)]) expect(text).toContain('onerror')
  })
})

describe('explain after the fact', () => {
  it('works after backward inside of a recording, with the weights as they were', () => {
    manualSeed(0)
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1)).to('float64')
    const [w] = model.parameters()
    const sgd = new optim.SGD(model.parameters(), { lr: 0.5 })
    const before = w.toArray()
    const recording = record(() => {
      const loss = nn.mseLoss(model.forward(given([[1, 2]], 'x')), given([[0.3]], 't'))
      loss.backward()
      sgd.step()
      return loss
    })
    expect(w.toArray()).not.toEqual(before)
    const e = explain(recording.value, w, undefined, { names: model })
    expect(e.at).toBe((before as number[][]).flat()[Number(e.input.at(-2)) + 2 * Number(e.input.at(-4))])
    expect(e.agrees).toBe(true)
    expect(e.gradient).toBeCloseTo(e.sum, 14)
  })

  it('says what to do where the values are gone', () => {
    const w = leaf(3, 'w')
    const L = w.square()
    L.backward()
    expect(() => explain(L, w)).toThrow(/freed by backward; call explain before backward.*retainGraph.*record/)
  })
})

describe('what explain refuses', () => {
  const w = leaf([1, 2], 'w')
  const L = w.square().sum()
  it.each([
    [() => explain(w.square(), w), /the output is \[2\]; pick one with at/],
    [() => explain(L, leaf(1, 'u')), /does not depend on the input/],
    [() => explain(L, given(1, 'u')), /does not require a gradient/],
    [() => explain(given(1, 'u'), w), /was not computed from a tensor that requires a gradient/],
    [() => explain(L, w, [2]), /index 2 is outside of dimension 0 of \[2\]/],
    [() => explain(L, w, [0, 0]), /needs an index of 1 integers/],
    [() => explain(L, w, [0.5]), /index 0.5 is outside/],
    [() => explain(L, w, [0], { path: 3 } as never), /path/],
    [() => explain(L, w, [0], { paths: -1 }), /paths is a whole number/],
    [() => explain(3 as never, w), /the output must be a tensor/],
  ])('%s', (call, message) => {
    expect(call).toThrow(message)
  })
})

describe('gradientTable', () => {
  it('works a weight out in the eight lines of the article', () => {
    const { W1, z2, y } = anchor()
    const table = gradientTable(nn.bceLoss(named('p', z2.sigmoid()), y), W1, [0, 0])
    expect(table.rows.map(({ step }) => step.text)).toEqual([
      '∂L/∂p',
      '∂L/∂z2',
      '∂z2/∂a1[0]',
      '∂L/∂a1[0]',
      '∂a1[0]/∂z1[0]',
      '∂L/∂z1[0]',
      '∂z1[0]/∂W1[0,0]',
      '∂L/∂W1[0,0]',
    ])
    const results = [2.157196188050796, 0.5364353017406441, 0.6, 0.3218611810443865, 1, 0.3218611810443865, 0.5]
    table.rows.slice(0, 7).forEach(({ result }, i) => {
      expect(result).toBeCloseTo(results[i], 14)
    })
    expect(table.product).toBeCloseTo(0.16093059052219325, 15)
  })
})
