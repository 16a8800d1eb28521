/**
 * Article 004, last listing: how the product of 50 activation derivatives shrinks, over 100 trials with normal
 * pre-activations. The article's program crashes before it prints (its `relu_grad` calls `.astype` on a Python bool),
 * and its conclusions do not follow from its numbers: 0.25 is the largest factor of a sigmoid, not the usual one, and
 * ReLU is not "preserved on average": the product is 0 as soon as one of the units is off, so it shrinks by half per
 * layer on average, faster than tanh's. The last lines say what the numbers say.
 */
import { grad, type Tensor } from 'chainrule'
import { fixed, scientific } from './format.ts'
import { numpyRandom } from './numpy-random.ts'

const LAYERS = 50
const TRIALS = 100
const randn = numpyRandom(42)

/** The local derivatives at random pre-activations, one row per trial. */
function localGradients(activation: (z: Tensor) => Tensor): Tensor {
  const z = randn([TRIALS, LAYERS])
  return grad((z: Tensor) => activation(z).sum())(z)
}

const activations: Record<string, (z: Tensor) => Tensor> = {
  sigmoid: (z) => z.sigmoid(),
  tanh: (z) => z.tanh(),
  relu: (z) => z.relu(),
}
const names = Object.keys(activations)
const local = names.map((name) => localGradients(activations[name]))
const magnitudes = local.map((factors) => factors.cumprod(1).abs().mean(0)) // after each layer, averaged over the trials

const row = (first: string, cells: readonly string[]): string =>
  first.padEnd(10) + cells.map((cell) => cell.padEnd(15)).join('')
console.log(`Gradient magnitude after N layers (averaged over ${TRIALS} trials):`)
console.log(row('Layers', names))
for (const n of [10, 20, 30, 40, 50]) {
  console.log(
    row(
      String(n),
      magnitudes.map((magnitude) => scientific(magnitude.at(n - 1), 2)),
    ),
  )
}

const [sigmoid, tanh, relu] = local.map((factors) => fixed(factors.mean(), 2))
console.log('\nAnalysis:')
console.log(`- Sigmoid: Gradients vanish rapidly (mean factor ${sigmoid} per layer, at most 0.25)`)
console.log(`- Tanh: Gradients vanish, but slower than sigmoid (mean factor ${tanh} per layer)`)
console.log(`- ReLU: Gradients pass unchanged or not at all (mean factor ${relu} per layer, 1 when units are active)`)
console.log(
  '\nWhat keeps deep ReLU networks trainable is not this factor: it is initialisation, normalisation and residual paths.',
)
