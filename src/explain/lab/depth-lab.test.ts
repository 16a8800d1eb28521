import { describe, expect, it } from 'vitest'
import { ArgumentError, GradError } from '../../errors/index.ts'
import { sum } from '../../functional/index.ts'
import { mul, relu } from '../../ops/elementwise/index.ts'
import { defaultGenerator, noGrad, tensor } from '../../tensor/index.ts'
import { compareDepth } from './compare-depth.ts'
import { type DepthLabOptions, depthLab } from './depth-lab.ts'

const seeds = Array.from({ length: 40 }, (_, i) => i)
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]

/** 10 → 32 → 32 → 32 → 1 with the default start and binary cross-entropy on logits. */
const article = (activation: string, seed: number) =>
  depthLab({ depth: 3, inputs: 10, loss: 'bce', activation, seed }).layers.map(({ gradient }) => gradient.norm)

describe('the article on tracing gradients', () => {
  const logistic = seeds.map((seed) => article('sigmoid', seed))
  const gate = seeds.map((seed) => article('relu', seed))

  it('has the norms that PyTorch has', () => {
    // Medians over 1000 seeds of PyTorch; here over 40, within a third.
    for (const [i, norm] of [0.0009748, 0.006152, 0.04234, 0.2954].entries()) {
      const found = median(logistic.map((norms) => norms[i]))
      expect(found / norm).toBeGreaterThan(2 / 3)
      expect(found / norm).toBeLessThan(1.5)
    }
    for (const [i, norm] of [0.02586, 0.04744, 0.04761, 0.05819].entries()) {
      const found = median(gate.map((norms) => norms[i]))
      expect(found / norm).toBeGreaterThan(2 / 3)
      expect(found / norm).toBeLessThan(1.5)
    }
  })

  it('shows sigmoid vanishing and relu not', () => {
    for (const seed of seeds) {
      const [s, r] = [logistic[seed], gate[seed]]
      expect(s[0] / s[3]).toBeLessThan(r[0] / r[3])
      expect(s[0]).toBeLessThan(0.0026)
      expect(r[0]).toBeGreaterThan(0.012)
      expect(s[0] < s[1] && s[1] < s[2] && s[2] < s[3]).toBe(true)
    }
  })
})

const verdict = (options: DepthLabOptions) => depthLab(options).verdict

describe('depthLab', () => {
  it('sees gradients vanish, explode and stay', () => {
    expect(verdict({ depth: 30 }).is).toBe('vanishing')
    expect(verdict({ depth: 30, activation: 'relu', init: 'kaimingNormal' }).is).toBe('steady')
    expect(verdict({ depth: 30, activation: 'linear', init: 'orthogonal' }).ratio).toBeGreaterThan(0.2)
    expect(verdict({ depth: 30, activation: 'linear', init: 'orthogonal' }).ratio).toBeLessThan(5)
    expect(verdict({ depth: 30, activation: 'tanh', residual: true }).is).toBe('steady')
    expect(verdict({ depth: 30, activation: 'sigmoid', normalization: 'batchNorm' }).ratio).toBeGreaterThan(0.1)
    expect(verdict({ depth: 30, activation: 'linear', init: 0.5 }).is).not.toBe('vanishing')
    const tenfold = depthLab({ depth: 10, activation: 'sigmoid', init: 'xavierUniform' })
    expect(Math.log10(tenfold.verdict.ratio)).toBeGreaterThan(-7.5)
    expect(Math.log10(tenfold.verdict.ratio)).toBeLessThan(-4)
  })

  it('sees a gradient that arrives as 0', () => {
    const dead = depthLab({ depth: 4, activation: (x) => relu(mul(x, 0)) })
    expect(dead.verdict).toMatchObject({ is: 'zero', text: 'no hidden layer receives any gradient: it is exactly 0' })
    expect(dead.layers[0].activation!.dead).toBe(1)
    expect(dead.toText()).toContain('NaN')
    const small = { depth: 40, activation: 'sigmoid', init: 0.01 } as const
    expect(verdict({ ...small, dtype: 'float32' }).is).toBe('zero')
    expect(verdict(small).is).toBe('vanishing')
    expect(verdict(small).text).toContain('in float32 it would be exactly 0')
  })

  it('sees what is out of range', () => {
    const wild = { depth: 40, activation: 'linear', init: 1e10, dtype: 'float32' } as const
    expect(verdict(wild).is).toBe('not finite')
  })

  it('reports a network of its own size', () => {
    const { layers, settings } = depthLab({ depth: 2, width: 6, inputs: 3, outputs: 4, batch: 5 })
    expect(layers.map(({ name, shape }) => [name, shape])).toEqual([
      ['layer 1', [6, 3]],
      ['layer 2', [6, 6]],
      ['output', [4, 6]],
    ])
    expect(layers[1].ratio).toBe(1)
    expect(layers[2].activation).toBeNull()
    expect(settings).toMatchObject({ width: 6, loss: 'mse', activation: 'sigmoid', dtype: 'float64' })
    expect(verdict({ depth: 1 }).text).toContain('no other to compare')
  })

  it('measures activations', () => {
    const { activation } = depthLab({ depth: 1, width: 200, batch: 200, activation: 'relu', init: 'kaimingNormal' })
      .layers[0]
    // relu of N(0, 2): mean 1 / √π, half of it closed.
    expect(activation!.mean).toBeCloseTo(1 / Math.sqrt(Math.PI), 1)
    expect(activation!.saturated).toBeCloseTo(0.5, 1)
    const wide = depthLab({ depth: 2, activation: 'tanh', init: 5 }).layers[1].activation!
    expect(wide.saturated).toBeGreaterThan(0.8)
    expect(wide.dead).toBe(0)
  })

  it('depends on nothing but its settings', () => {
    const state = defaultGenerator.state
    const first = depthLab({ seed: 3 }).toJSON()
    expect(defaultGenerator.state).toEqual(state)
    expect(noGrad(() => depthLab({ seed: 3 }).toJSON())).toEqual(first)
    expect(depthLab({ seed: 4 }).loss).not.toBe(first.loss)
  })

  it('takes a loss, and only one that depends on the output', () => {
    expect(depthLab({ loss: (y) => sum(y) }).layers[9].gradient.norm).toBeGreaterThan(0)
    expect(() => depthLab({ loss: (y) => y })).toThrow(GradError)
    expect(() => depthLab({ loss: () => tensor(1) })).toThrow(GradError)
  })

  it('refuses', () => {
    const wrong: [object, string][] = [
      [{ depth: 0 }, 'depth must be a positive integer'],
      [{ width: 1.5 }, 'width'],
      [{ width: 10_000 }, 'weights'],
      [{ activation: 'softmax' }, 'one of linear'],
      [{ init: 'he' }, "got 'he'"],
      [{ init: -1 }, 'above 0'],
      [{ normalization: 'groupNorm' }, 'one of none, layerNorm, batchNorm, rmsNorm'],
      [{ normalization: 'batchNorm', batch: 1 }, 'at least 2'],
      [{ residual: 1 }, 'true or false'],
      [{ loss: 'l1' }, "'mse', 'bce'"],
      [{ dtype: 'int32' }, 'float32'],
      [{ layers: 3 }, "unknown option 'layers'"],
    ]
    for (const [options, message] of wrong) {
      expect(() => depthLab(options)).toThrow(ArgumentError)
      expect(() => depthLab(options)).toThrow(message)
    }
  })
})

describe('compareDepth', () => {
  it('calls studies by what sets them apart', () => {
    const names = (...settings: DepthLabOptions[]) => compareDepth(settings).names
    expect(names({ activation: 'tanh' }, { activation: 'relu', init: 'kaimingNormal' })).toEqual([
      ...['tanh, default init', 'relu, kaimingNormal'],
    ])
    expect(names({ depth: 2 }, { depth: 3 })).toEqual(['depth 2', 'depth 3'])
    expect(names({ residual: true }, {})).toEqual(['residual', 'sigmoid'])
    expect(names({}, {})).toEqual(['sigmoid (1)', 'sigmoid (2)'])
  })

  it('compares on the same data', () => {
    const { studies } = compareDepth([
      { depth: 1, init: 'kaimingNormal' },
      { depth: 1, init: 'kaimingNormal' },
    ])
    expect(studies[0].toJSON()).toEqual(studies[1].toJSON())
  })

  it('refuses nothing to compare', () => {
    expect(() => compareDepth([])).toThrow(ArgumentError)
    expect(() => compareDepth([{ depth: -1 }])).toThrow('depth')
  })
})
