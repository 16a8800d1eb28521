/**
 * Article 004, fourth listing: all 1000 derivatives of a network's output by its inputs, in one reverse pass or in 1000
 * forward passes. What the article calls forward mode are central differences, two evaluations per input (2000, not
 * "1000 passes"); here it is forward mode, `jvp`. The gain is the number of inputs, not "exponential".
 */
import { jvp, oneHot, ones, type Tensor, tensor, vjp } from 'chainrule'
import { fixed, grouped } from './format.ts'
import { numpyRandom } from './numpy-random.ts'

const [inputs, hidden, outputs] = [1000, 500, 1]
const randn = numpyRandom(42)
const W1 = randn([hidden, inputs]).mul(0.01)
const W2 = randn([hidden, hidden]).mul(0.01)
const W3 = randn([outputs, hidden]).mul(0.01)
const x = randn([inputs])

const network = (x: Tensor): Tensor => W3.matmul(W2.matmul(W1.matmul(x).relu()).relu())

/** The derivative of the output by one input. */
function forwardMode(i: number): Tensor {
  const direction = oneHot(tensor(i, { dtype: 'int32' }), inputs).to('float64')
  const [, tangent] = jvp(network, [x], [direction])
  return tangent
}

/** The derivatives of the output by all inputs. */
function reverseMode(): Tensor {
  const [, pullback] = vjp(network, x)
  const [gradient] = pullback(ones([outputs], { dtype: 'float64' }))
  return gradient
}

function milliseconds(work: () => unknown, times: number): number {
  work() // the first run also compiles the kernels
  const start = performance.now()
  for (let i = 0; i < times; i++) work()
  return (performance.now() - start) / times
}

console.log(`Network: ${inputs} → ${hidden} → ${hidden} → ${outputs}`)
console.log(`Total parameters: ${grouped(W1.size + W2.size + W3.size)}`)
console.log(`Input dimensions: ${inputs}`)

const reverse = milliseconds(reverseMode, 5)
console.log(`\nReverse mode (one pass): ${fixed(reverse, 3)} ms`)
console.log(`  → Gets gradient for all ${inputs} input dimensions`)

const forward = milliseconds(() => forwardMode(0), 5)
console.log(`Forward mode (per input): ${fixed(forward, 3)} ms`)
console.log(`  → Would need ${inputs} passes = ${fixed(forward * inputs, 1)} ms total`)
console.log(`\nSpeedup from reverse mode: ${fixed((forward * inputs) / reverse, 0)}x`)

console.log('\nVerification (first 5 dimensions):')
const gradient = reverseMode()
for (let i = 0; i < 5; i++) {
  console.log(`  dim ${i}: forward=${fixed(forwardMode(i), 6)}, reverse=${fixed(gradient.at(i), 6)}`)
}
