/**
 * What the checker finds and what it is silent on, with its defaults: mistakes of the kinds people make, at gradients
 * from 1e-30 to 1e10, in both dtypes and over several seeds; and right gradients of composites, over more of them.
 */
import { describe, expect, it } from 'vitest'
import { scaledDotProductAttention } from '../functional/attention.ts'
import { crossEntropy } from '../functional/losses/index.ts'
import { layerNorm } from '../functional/normalization.ts'
import { matmul } from '../functional/products/index.ts'
import { logSoftmax, mean, softmax, sum } from '../functional/reductions/index.ts'
import * as op from '../ops/elementwise/index.ts'
import { permute } from '../ops/view/permute.ts'
import { Generator, rand, randn, type Tensor, tensor } from '../tensor/index.ts'
import { checkGradients, defineFunction } from './index.ts'

type Float = 'float64' | 'float32'
const dtypes: Float[] = ['float64', 'float32']
const seeds = [1, 2, 3]
const N = 3

/** What makes of the right gradients of tanh(w (x + b)), gx for x and its sum over the rows for b, wrong ones. */
type Mistake = (gx: Tensor, slope: Tensor, w: Tensor) => [gx: Tensor, gb: Tensor]
const one = (at: number, size: number, v: number) => Array.from({ length: size }, (_, i) => (i === at ? v : 1))
const both = (gx: Tensor): [Tensor, Tensor] => [gx, sum(gx, 0)]
const mistakes: Record<string, Mistake> = {
  'off by 1 %': (gx) => both(op.mul(gx, 1.01)),
  'off by 2 % in one element': (gx) => both(op.mul(gx, tensor([one(0, N, 1), one(1, N, 1.02), one(0, N, 1)]))),
  'of the other sign': (gx) => both(op.neg(gx)),
  'without a factor of 2': (gx) => both(op.mul(gx, 0.5)),
  zero: (gx) => both(op.mul(gx, 0)),
  transposed: (_, slope, w) => both(matmul(w, slope)),
  'averaged over the broadcast': (gx) => [gx, mean(gx, 0)],
  'summed over the wrong axis': (gx) => [gx, sum(gx, 1)],
}

/** height · tanh(w (x + b) / width), whose gradients are of the size height / width. */
function layer(mistake: Mistake, dtype: Float, seed: number, width: number, height: number) {
  const generator = new Generator(seed)
  const draw = (shape: number[]) => randn(shape, { dtype, generator })
  const w = draw([N, N])
  const f = defineFunction({
    name: 'layer',
    forward: (ctx, x: Tensor, b: Tensor) => {
      const t = op.tanh(matmul(w, op.div(op.add(x, b), width)))
      ctx.saveForBackward(t)
      return op.mul(t, height)
    },
    backward: (ctx, g) => {
      const slope = op.div(op.mul(op.mul(g, op.sub(1, op.square(ctx.savedTensors[0]))), height), width)
      return mistake(matmul(permute(w, [1, 0]), slope), slope, w)
    },
  })
  const xs = [draw([N, N]), draw([N])].map((x) => op.mul(x, width).detach())
  return checkGradients(f, xs)
}

const scales: [width: number, height: number][] = [
  [1, 1e-30],
  [1, 1e-10],
  [1, 1],
  [1, 1e10],
  [1e-10, 1],
  [1e-5, 1e-5],
  [1e5, 1e-5],
  [1e10, 1],
]

describe.each(dtypes)('%s gradients', (dtype) => {
  it.each(Object.entries(mistakes))('%s are found', (_, mistake) => {
    for (const [width, height] of scales) {
      for (const seed of seeds)
        expect(layer(mistake, dtype, seed, width, height).ok, `${width}, ${height}, ${seed}`).toBe(false)
    }
  })

  it('that are right are right at every scale', () => {
    for (const [width, height] of scales) {
      for (let seed = 0; seed < 10; seed++) {
        const { ok, inputs } = layer(both, dtype, seed, width, height)
        expect([ok, ...inputs.map((x) => x.kinks)], `${width}, ${height}, ${seed}`).toEqual([true, 0, 0])
      }
    }
  })

  const classes = tensor([0, 2, 1], { dtype: 'int32' })
  const composites: Record<string, [f: (...xs: Tensor[]) => Tensor, shapes: number[][], scale: number]> = {
    layerNorm: [(x, w, b) => layerNorm(x, 4, w, b), [[3, 4], [4], [4]], 1],
    'layerNorm of large numbers': [(x) => layerNorm(x, 4), [[3, 4]], 50],
    attention: [
      (q, k, v) => scaledDotProductAttention(q, k, v),
      [
        [3, 4],
        [3, 4],
        [3, 4],
      ],
      1,
    ],
    softmax: [(x) => softmax(x, 1), [[3, 4]], 1],
    // At p = 1 large numbers cancel: log(p) and its gradient are rounding.
    'logSoftmax of large numbers': [(x) => logSoftmax(x, 1), [[3, 4]], 5],
    crossEntropy: [(x) => crossEntropy(x, classes), [[3, 4]], 3],
    'relu with kinks close by': [(x) => op.sin(op.relu(x)), [[20]], 0.05],
    'sums of squares': [(x) => sum(op.square(x)), [[20]], 10],
    'sin far out': [op.sin, [[6]], 100],
  }
  it.each(Object.entries(composites))('of %s give no false alarm, and 1 %% more one', (_, [f, shapes, scale]) => {
    const off = defineFunction({
      name: 'off',
      forward: (_, x: Tensor) => op.mul(x, 1),
      backward: (_, g) => op.mul(g, 1.01),
    })
    for (let seed = 0; seed < 20; seed++) {
      const generator = new Generator(seed)
      const xs = shapes.map((shape) => op.mul(randn(shape, { dtype, generator }), scale).detach())
      expect(checkGradients(f, xs, { throws: true }).ok, `seed ${seed}`).toBe(true)
      expect(checkGradients((...xs) => f(...xs.map((x) => off(x) as Tensor)), xs).ok, `seed ${seed}`).toBe(false)
    }
  })

  it('of roots next to 0, where steps must shrink', () => {
    for (const scale of [1e-2, 1e-5, 1e-8]) {
      const x = op.mul(rand([10], { dtype, generator: new Generator(5) }), scale).detach()
      const report = checkGradients((x) => op.sqrt(x), [x], { throws: true })
      expect(report.inputs[0]).toMatchObject({ ok: true, kinks: 0 })
      const half = (x: Tensor) => op.mul(op.sqrt(x), op.sqrt(op.add(1, op.mul(op.sub(x, x.detach()), 1e-2 / scale))))
      expect(checkGradients(half, [x]).ok).toBe(false)
    }
  })
})

it('calls no rounding a kink: a bias that a batch norm takes away has derivatives of nothing else', () => {
  for (let seed = 0; seed < 12; seed++) {
    const generator = new Generator(seed)
    const draw = (shape: number[]) => randn(shape, { dtype: 'float64', generator })
    const [x, w, b, v] = [draw([3, 3]), draw([3, 4]), draw([4]), draw([4, 1])]
    const f = (w: Tensor, b: Tensor) => {
      const h = op.add(matmul(x, w), b)
      const centred = op.sub(h, mean(h, 0))
      return matmul(op.relu(op.div(centred, op.sqrt(op.add(mean(op.square(centred), 0), 1e-5)))), v)
    }
    const { ok, inputs } = checkGradients(f, [w, b], { order: 2 })
    expect([ok, ...inputs.map(({ kinks }) => kinks)], `seed ${seed}`).toEqual([true, 0, 0])
  }
})

it('takes a given atol and rtol at their word', () => {
  const x = tensor([0.3, 1], { dtype: 'float64' })
  const small = (factor: number) => (x: Tensor) =>
    op.add(op.mul(op.sin(x), 1e-8), op.mul(op.sub(x, x.detach()), factor * 1e-8))
  expect(checkGradients(small(1), [x]).ok).toBe(false)
  expect(checkGradients(small(1), [x], { atol: 1e-5 }).ok).toBe(true)
  expect(checkGradients(small(1e-4), [x]).ok).toBe(true)
  expect(checkGradients(small(1e-4), [x], { rtol: 1e-6 }).ok).toBe(false)
})
