/**
 * The same cases, explained: lists of factors, worked tables and recordings say what the articles work out by hand.
 */
import { describe, expect, test } from 'vitest'
import { explain, gradientTable, record } from '../../src/explain/index.ts'
import { type Tensor, tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { anchor } from './anchor.ts'
import { caseOf, close, float64, near } from './cases.ts'

/** Gives tensors the names they have in the object. */
function named<T extends Record<string, Tensor>>(values: T): T {
  for (const [name, value] of Object.entries(values)) value.name = name
  return values
}

/** The factors of the path with the largest product. */
const factors = (...args: Parameters<typeof explain>): number[] => {
  const explanation = explain(...args)
  expect(explanation.agrees).toBe(true)
  return explanation.paths[0].factors.map(({ value }) => value)
}

describe('s000-three-layer-relu', () => {
  const { x, W1, b1, W2, b2, W3, b3, y } = caseOf('s000-three-layer-relu').leaves()
  const a2 = x.matmul(W1).add(b1).relu().matmul(W2).add(b2).relu()
  const a3 = a2.matmul(W3).add(b3).relu()
  const L = a3.sub(y.detach()).square().sum()

  test('seven factors lead from the loss to a weight of the first layer', () => {
    const [, ...path] = factors(L, W1, [0, 2]) // the sum passes every error on as it is
    close(path, [-1.5, 1, -0.75, 1, 1.25, 1, 1])
  })

  test('the paths of both samples add up', () => {
    const explanation = explain(L, W1, [1, 2])
    expect(explanation.sum).toBe(-2.8125)
    expect(explanation.gradient).toBe(-2.8125)
    expect(explanation.pathCount).toBe(4n)
  })
})

describe('s001-chain-basic', () => {
  test('gears', () => {
    const { x } = caseOf('s001-chain-basic').leaves()
    expect(factors(x.mul(3).add(1).square(), x, [])).toEqual([14, 3])
  })
})

describe('s001-three-compositions', () => {
  test('one factor per function', () => {
    const subject = caseOf('s001-three-compositions')
    const { x } = subject.leaves()
    close(
      factors(x.mul(3).add(1).sin().square(), x, []),
      Object.values(subject.data.expected.other.factors!) as number[],
    )
  })
})

describe('s001-neuron-relu', () => {
  const { x, w, b, t } = caseOf('s001-neuron-relu').leaves()

  test('three factors', () => {
    expect(factors(w.mul(x).add(b).relu().sub(t).square(), w, [])).toEqual([-2, 1, 2])
  })

  test('a closed gate is a factor of 0', () => {
    for (const bias of [-3, -4]) {
      const loss = w.mul(x).add(bias).relu().sub(t).square()
      expect(factors(loss, w, [])).toEqual([-6, 0, 2])
    }
  })
})

describe('s001-two-layer', () => {
  const leaves = caseOf('s001-two-layer').leaves()
  const { x, w1, b1, w2, b2, t } = leaves
  const z1 = w1.mul(x).add(b1)
  const h = z1.relu()
  const y = w2.mul(h).add(b2)
  const loss = y.sub(t).pow(2)
  named({ z1, h, y, loss })

  test('four factors, or seven with those that are always 1', () => {
    expect(factors(loss, w1, [])).toEqual([-4, 2, 1, 3])
    expect(factors(loss, w1, [], { identities: true })).toEqual([-4, 1, 1, 2, 1, 1, 3])
  })

  test('the gradient grows from -4 to -24', () => {
    const { rows, product } = gradientTable(loss, w1, [])
    const running = rows.filter(({ step }) => step.text.startsWith('∂loss/')).map(({ result }) => result)
    expect(running).toEqual([-4, -8, -8, -24])
    expect(product).toBe(-24)
  })
})

describe('s001-two-layer-autograd', () => {
  test('the walk back', () => {
    const { x, w1, b1, w2, b2, t } = caseOf('s001-two-layer-autograd').leaves()
    const recording = record(() => w2.mul(w1.mul(x).add(b1).relu()).add(b2).sub(t).pow(2).backward())
    const walk = recording.steps.filter(({ phase }) => phase === 'backward').map(({ nodes }) => nodes[0].op)
    expect(walk).toEqual(['pow', 'sub', 'add', 'mul', 'relu', 'add', 'mul'])
  })
})

describe('s001-sum-over-paths', () => {
  test('a path for every neuron that h feeds', () => {
    const subject = caseOf('s001-sum-over-paths')
    const { h, W, b, t } = subject.leaves()
    const { gradient, pathCount, paths } = explain(h.mul(W).add(b).tanh().sub(t).square().sum(), h, [])
    const wanted = subject.data.expected.other.perPathContribution as number[]
    expect(pathCount).toBe(3n)
    close(
      paths.map(({ product }) => product),
      [...wanted].sort((a, b) => b - a),
    )
    expect(
      near(
        gradient,
        wanted.reduce((sum, part) => sum + part),
      ),
    ).toBe(true)
  })
})

describe('s002-wxb-squared', () => {
  const { w, x, b } = caseOf('s002-wxb-squared').leaves()
  const recording = record(() => {
    const z = w.mul(x)
    const h = z.add(b)
    const L = h.square()
    named({ z, h, L })
    L.backward()
    return L
  })
  const numbers = (found: ReadonlyMap<{ name: string }, Tensor>) =>
    Object.fromEntries([...found].map(([{ name }, g]) => [name, g.item()]))

  test('the factors', () => {
    expect(factors(recording.value, w, [])).toEqual([14, 3])
  })

  test('forward and backward, step by step in both directions', () => {
    const phases = ['leaves', 'forward', 'forward', 'forward', 'seed', 'backward', 'backward', 'backward']
    expect(recording.steps.map(({ phase }) => phase)).toEqual(phases)
    const arrived = recording.steps.map(({ index }) => numbers(recording.stateAt(index).gradients))
    expect(arrived.slice(3)).toEqual([
      {},
      { L: 1 },
      { L: 1, h: 14 },
      { L: 1, h: 14, z: 14, b: 14 },
      { L: 1, h: 14, z: 14, b: 14, w: 42, x: 28 },
    ])
    const back = recording.steps.toReversed().map(({ index }) => numbers(recording.stateAt(index).gradients))
    expect(back.toReversed()).toEqual(arrived)
  })
})

describe('the network of article 003', () => {
  const subject = caseOf('s003-anchor-w11-four-factors')
  const { y, ...leaves } = subject.leaves()
  const { W1, b1, W2, b2, x } = leaves
  const values = named(anchor({ ...leaves, y: y.detach() }))

  test('s003-anchor-w11-four-factors', () => {
    const z2 = W2.T.matmul(W1.matmul(x).add(b1).relu()).add(b2)
    const L = nn.bceWithLogits(z2, tensor([0], float64))
    close(factors(L, W1, [0, 0]), Object.values(subject.data.expected.other.factors!) as number[])
  })

  test('s003-ex2-w1-21', () => {
    const z2 = W2.T.matmul(W1.matmul(x).add(b1).relu()).add(b2)
    const L = nn.bceWithLogits(z2, tensor([0], float64))
    const wanted = caseOf('s003-ex2-w1-21').data.expected.other.factors!
    close(factors(L, W1, [1, 0]), Object.values(wanted) as number[])
  })

  test('s003-anchor-gradient-trace', () => {
    const { rows, gradient } = gradientTable(values.L, W1, [0, 0])
    const { trace } = caseOf('s003-anchor-gradient-trace').data.expected.other
    close(
      rows.map(({ result }) => result),
      Object.values(trace!) as number[],
    )
    expect(rows.map(({ step }) => step.text)).toEqual([
      '∂L/∂yhat',
      '∂L/∂z2',
      '∂z2/∂a1[0]',
      '∂L/∂a1[0]',
      '∂a1[0]/∂z1[0]',
      '∂L/∂z1[0]',
      '∂z1[0]/∂W1[0,0]',
      '∂L/∂W1[0,0]',
    ])
    expect(gradient.toFixed(3)).toBe('0.161')
  })
})

describe('s004-sigmoid-graph', () => {
  test('the factors along w1', () => {
    const subject = caseOf('s004-sigmoid-graph')
    const { x1, x2, w1, w2, t } = subject.leaves()
    const { dL_dy, dy_dz, dz1_dw1 } = subject.data.expected.other.local as Record<string, number>
    close(factors(w1.mul(x1).add(w2.mul(x2)).sigmoid().sub(t).square(), w1, []), [dL_dy, dy_dz, dz1_dw1])
  })
})

describe('fan-out', () => {
  test('s004-fan-out', () => {
    const subject = caseOf('s004-fan-out')
    const { x } = subject.leaves()
    const { paths, sum } = explain(x.square().mul(x.sin()).add(x), x, [])
    const wanted = subject.data.expected.other.perPath as number[]
    const bySize = (a: number, b: number) => Math.abs(b) - Math.abs(a)
    close(
      paths.map(({ product }) => product),
      [...wanted].sort(bySize),
    )
    expect(near(sum, subject.data.expected.gradients.x as number)).toBe(true)
  })

  test('s004-fan-out-same-operand', () => {
    const { x } = caseOf('s004-fan-out-same-operand').leaves()
    const { paths, sum } = explain(x.mul(x).add(x), x, [])
    expect(paths.map(({ product }) => product)).toEqual([3, 3, 1])
    expect(sum).toBe(7)
  })
})
