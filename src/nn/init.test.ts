/** How parameters start, and dropout: random numbers judged by their statistics, from fixed seeds. */
import { beforeEach, describe, expect, it } from 'vitest'
import { dropout, gradients, manualSeed, ones, type Tensor, zeros } from '../index.ts'
import * as nn from './index.ts'

beforeEach(() => manualSeed(7))

const moments = (x: Tensor) => {
  const data = Array.from(x.data)
  const mean = data.reduce((a, b) => a + b, 0) / data.length
  const variance = data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length
  return { mean, std: Math.sqrt(variance), low: Math.min(...data), high: Math.max(...data) }
}

describe('parameters start as those of PyTorch', () => {
  it('Linear and convolutions: uniform in ±1 / √fanIn', () => {
    const cases: [nn.Module & { weight: Tensor; bias: Tensor | null }, number][] = [
      [new nn.Linear(100, 400), 100],
      [new nn.Conv2d(8, 64, 5, { groups: 2 }), 100],
      [new nn.ConvTranspose2d(64, 4, 5), 100],
      [new nn.Conv1d(20, 64, 5), 100],
    ]
    for (const [layer, fanIn] of cases) {
      for (const p of [layer.weight, layer.bias!]) {
        const { low, high } = moments(p)
        expect(Math.max(-low, high)).toBeLessThanOrEqual(1 / Math.sqrt(fanIn))
        expect(high - low).toBeGreaterThan(p.size > 100 ? 0.19 : 0)
      }
      expect(moments(layer.weight).std).toBeCloseTo(1 / Math.sqrt(3 * fanIn), 2)
    }
  })

  it('embeddings normal with a zero row for padding, recurrent layers in ±1 / √hidden, norms at one', () => {
    const table = new nn.Embedding(200, 50, { paddingIdx: -1 })
    expect(moments(table.weight).std).toBeCloseTo(1, 1)
    expect(Array.from(table.weight.data.slice(-50))).toEqual(new Array(50).fill(0))
    const gru = new nn.GRU(10, 64)
    for (const p of gru.parameters()) expect(Math.abs(moments(p).high - 0.125)).toBeLessThan(0.01)
    expect(new nn.LayerNorm(2).parameters().map((p) => p.toArray())).toEqual([
      [1, 1],
      [0, 0],
    ])
  })

  it('init', () => {
    const w = zeros([60, 40])
    expect(moments(nn.init.uniform_(w, -1, 3)).mean).toBeCloseTo(1, 0)
    expect(moments(nn.init.normal_(w, { mean: 2, std: 0.5 })).std).toBeCloseTo(0.5, 1)
    expect(moments(nn.init.xavierUniform_(w, { gain: 2 })).high).toBeCloseTo(2 * Math.sqrt(0.06), 2)
    expect(moments(nn.init.xavierNormal_(w)).std).toBeCloseTo(Math.sqrt(0.02), 2)
    expect(moments(nn.init.kaimingUniform_(w, { nonlinearity: 'relu' })).high).toBeCloseTo(Math.sqrt(6 / 40), 2)
    expect(moments(nn.init.kaimingNormal_(w, { mode: 'fanOut', nonlinearity: 'relu' })).std).toBeCloseTo(
      Math.sqrt(2 / 60),
      2,
    )
    const { low, high, std } = moments(nn.init.truncNormal_(w, { std: 0.5, a: -0.5, b: 0.5 }))
    expect([low >= -0.5, high <= 0.5]).toEqual([true, true])
    expect(std).toBeCloseTo(0.5 * 0.5397, 1)
    expect(nn.init.calculateGain('leakyRelu', 1)).toBe(1)
    expect(() => nn.init.calculateGain('gelu' as 'relu')).toThrow(/calculateGain/)
    expect(() => nn.init.xavierNormal_(zeros([3]))).toThrow(/two dimensions/)
    for (const shape of [
      [3, 5],
      [5, 3],
      [4, 2, 2],
    ]) {
      const q = nn.init.orthogonal_(zeros(shape, { dtype: 'float64' }), 2).reshape([shape[0], -1])
      const gram = q.shape[0] <= q.shape[1] ? q.matmul(q.T) : q.T.matmul(q)
      for (const [i, row] of (gram.toArray() as number[][]).entries())
        for (const [j, v] of row.entries()) expect(v).toBeCloseTo(i === j ? 4 : 0, 12)
    }
    const parameter = new nn.Linear(2, 2).weight
    expect(nn.init.ones_(parameter)).toBe(parameter)
    expect(parameter.requiresGrad).toBe(true)
  })
})

describe('dropout', () => {
  it('keeps the expectation, scales what it keeps, and is the identity in evaluation', () => {
    const x = ones([100, 100], { dtype: 'float64' })
    const y = dropout(x, 0.25)
    expect(new Set(y.data)).toEqual(new Set([0, 1 / 0.75]))
    expect(moments(y).mean).toBeCloseTo(1, 1)
    expect(dropout(x, 0.25, { training: false })).toBe(x)
    expect(moments(dropout(x, 1))).toEqual({ mean: 0, std: 0, low: 0, high: 0 })
    expect(new nn.Dropout(0.5).eval().forward(x)).toBe(x)
    manualSeed(1)
    const [a] = [dropout(x, 0.5).data]
    manualSeed(1)
    expect(dropout(x, 0.5).data).toEqual(a)
    const w = ones([8], { requiresGrad: true })
    const z = dropout(w, 0.5)
    expect(Array.from(gradients(z.sum(), w)[0].data)).toEqual(Array.from(z.data))
  })
})
