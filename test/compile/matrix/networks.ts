/** Larger programs: every kind of kernel with enough work for several threads, and whole training steps. */
import {
  add_,
  conv2d,
  dropout,
  gradients,
  manualSeed,
  matmul,
  maxPool2d,
  noGrad,
  randint,
  randn,
  scaledDotProductAttention,
  softmax,
  type Tensor,
  zeros,
} from 'chainrule'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import type { Program } from './fixtures.ts'

type Float = 'float32' | 'float64'

/** A function of tensors of these shapes; prime sizes leave something over everywhere. */
const of = (name: string, dtype: Float, shapes: readonly number[][], f: (...xs: Tensor[]) => Tensor[]): Program => ({
  name: `${name} in ${dtype}`,
  bound: dtype === 'float64' ? 1e-11 : 2e-4,
  make: () => {
    manualSeed(5)
    const args = shapes.map((shape) => randn(shape, { dtype }))
    for (const x of args) x.requiresGrad = true
    return { args, run: (...xs) => f(...xs).map((y) => y.detach()) }
  },
})

const slopes = (y: Tensor, xs: Tensor[]): Tensor[] => gradients(y.sum(), xs) as Tensor[]

const kernels = (dtype: Float): Program[] => [
  of('elementwise', dtype, [[211, 199], [199]], (x, b) => [
    x.mul(b).tanh().add(x.exp().log1p()),
    ...slopes(x.sin().mul(b), [x, b]),
  ]),
  of('reductions', dtype, [[211, 199]], (x) => [
    x.sum(0),
    x.mean(1),
    x.sum(),
    x.amax(0),
    x.logsumexp(1),
    x.T.cumsum(0),
  ]),
  of('softmax', dtype, [[211, 199]], (x) => [softmax(x, 1), softmax(x, 0), ...slopes(softmax(x, 1).square(), [x])]),
  of('products', dtype, [[131, 257], [257, 127], [127]], (a, b, c) => [
    matmul(a, b).add(c).relu(),
    matmul(b.T, a.T),
    ...slopes(matmul(a, b).tanh(), [a, b]),
  ]),
  of(
    'products in batches',
    dtype,
    [
      [7, 43, 29],
      [7, 29, 37],
    ],
    (a, b) => [matmul(a, b), ...slopes(matmul(a, b).sin(), [a, b])],
  ),
  of('convolutions', dtype, [[5, 3, 17, 19], [11, 3, 3, 3], [11]], (x, w, b) => [
    maxPool2d(conv2d(x, w, b, { padding: 1 }).relu(), 2),
    ...slopes(conv2d(x, w, b, { stride: 2 }).tanh(), [x, w, b]),
  ]),
  of(
    'attention',
    dtype,
    [
      [3, 37, 16],
      [3, 41, 16],
      [3, 41, 13],
    ],
    (q, k, v) => [
      scaledDotProductAttention(q, k, v),
      ...slopes(scaledDotProductAttention(q, k, v).square(), [q, k, v]),
    ],
  ),
  of('views and changes in place', dtype, [[151, 157]], (x) => {
    const s = zeros([157, 151], { dtype })
    noGrad(() => {
      add_(s.T, x.detach())
      add_(s.narrow(0, 1, 90), s.narrow(0, 60, 90))
    })
    return [s, s.flip(1).at('...', { start: 0, step: 3 })]
  }),
  of('noise', dtype, [[101, 103]], (x) => [dropout(x, 0.3).add(randn([103], { dtype }))]),
]

const classifier = (): nn.Module =>
  new nn.Sequential(new nn.Linear(97, 61), new nn.ReLU(), new nn.Dropout(0.1), new nn.Linear(61, 10))

const pictures = (): nn.Module =>
  new nn.Sequential(
    // A bias before a batch norm has gradients that are rounding alone, which AdamW makes large.
    new nn.Conv2d(1, 7, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(7),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(7 * 25, 10),
  )

const encoder = (): nn.Module =>
  new nn.Sequential(new nn.TransformerEncoderLayer(24, 4, { dimFeedforward: 40, dropout: 0.1 }), new nn.Linear(24, 10))

/** A training step with state of its own; what it gives is the loss and a fingerprint of the parameters. */
function training(name: string, dtype: Float, model: () => nn.Module, shape: readonly number[]): Program {
  const make = () => {
    manualSeed(9)
    const network = model().to(dtype)
    const opt = new optim.AdamW(network.parameters(), { lr: 0.003 })
    const run = (x: Tensor, y: Tensor) => {
      opt.zeroGrad()
      const scores = network.forward(x) as Tensor
      const loss = nn.crossEntropy(scores.reshape([-1, 10]), y)
      loss.backward()
      optim.clipGradNorm(network.parameters(), 1)
      opt.step()
      return [loss.detach(), ...network.buffers().map((b) => b.mul(1))]
    }
    const rows = shape.length === 3 ? shape[0] * shape[1] : shape[0]
    return { args: [randn(shape, { dtype }), randint(10, [rows])], run }
  }
  return { name: `training ${name} in ${dtype}`, bound: dtype === 'float64' ? 1e-8 : 1e-3, make }
}

export const largePrograms = (): Program[] =>
  (['float64', 'float32'] as const).flatMap((dtype) => [
    ...kernels(dtype),
    training('a perceptron', dtype, classifier, [53, 97]),
    training('a convolutional network', dtype, pictures, [23, 1, 10, 10]),
    training('a transformer', dtype, encoder, [7, 19, 24]),
  ])
