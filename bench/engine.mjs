/**
 * What the eager engine costs, measured against what the same work costs by hand: `node bench/engine.mjs`. Figures are the best
 * of several runs, since other work on the machine only ever adds to them.
 */
import { manualSeed, randn, tensor } from '../dist/index.js'
import * as nn from '../dist/nn/index.js'
import * as optim from '../dist/optim/index.js'

/** Microseconds per call, the best of `rounds` rounds. */
function best(calls, fn, rounds = 9) {
  for (let i = 0; i < calls; i++) fn()
  let least = Infinity
  for (let r = 0; r < rounds; r++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) fn()
    least = Math.min(least, performance.now() - start)
  }
  return (least / calls) * 1000
}

const show = (what, value, bound) => console.log(`${what.padEnd(66)} ${value.padStart(14)}   ${bound}`)
const us = (x) => `${x.toFixed(x < 10 ? 2 : 0)} µs`

function scalarNetwork() {
  const [w1, b1, w2, b2] = [0.5, 0.1, -0.3, 0.2].map((v) => tensor(v, { requiresGrad: true }))
  const [x, t] = [tensor(1.5), tensor(0.7)]
  const sgd = new optim.SGD([w1, b1, w2, b2], { lr: 0.01 })
  return () => {
    const loss = w1.mul(x).add(b1).relu().mul(w2).add(b2).sub(t).square()
    sgd.zeroGrad()
    loss.backward()
    sgd.step()
  }
}

function chain() {
  const x = tensor(1, { requiresGrad: true })
  const start = performance.now()
  let y = x
  for (let i = 0; i < 100_000; i++) y = y.add(1e-6)
  y.backward()
  return performance.now() - start
}

function perceptron() {
  manualSeed(0)
  const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10))
  const [x, y] = [randn([100, 784]), tensor(Int32Array.from({ length: 100 }, (_, i) => i % 10))]
  const forward = () => nn.crossEntropy(model.forward(x), y)
  const both = () => {
    for (const p of model.parameters()) p.grad = null
    forward().backward()
  }
  return { forward: best(20, forward), both: best(20, both) }
}

function memory() {
  const step = scalarNetwork()
  for (let i = 0; i < 5000; i++) step()
  const before = process.memoryUsage.rss()
  for (let i = 5000; i < 200_000; i++) step()
  return (process.memoryUsage.rss() - before) / 2 ** 20
}

/** Each kernel beside the function that one would write by hand, in turn; both make a new array. */
const byHand = {
  mul: (n, out, p, q) => {
    for (let i = 0; i < n; i++) out[i] = p[i] * q[i]
  },
  sigmoid: (n, out, p) => {
    for (let i = 0; i < n; i++) {
      const z = Math.exp(-Math.abs(p[i]))
      out[i] = p[i] < 0 ? z / (1 + z) : 1 / (1 + z)
    }
  },
  relu: (n, out, p) => {
    for (let i = 0; i < n; i++) out[i] = p[i] <= 0 ? 0 : p[i]
  },
  tanh: (n, out, p) => {
    for (let i = 0; i < n; i++) out[i] = Math.tanh(p[i])
  },
}

function kernels() {
  const n = 2 ** 16
  const [a, b] = [randn([n]), randn([n])]
  const [p, q] = [a.data, b.data]
  for (const [name, loop] of Object.entries(byHand)) {
    const hand = () => loop(n, new Float32Array(n), p, q)
    const ours = name === 'mul' ? () => a.mul(b) : () => a[name]()
    let [least, other] = [Infinity, Infinity]
    for (let r = 0; r < 5; r++) {
      least = Math.min(least, best(20, ours, 3))
      other = Math.min(other, best(20, hand, 3))
    }
    show(`${name} over 65,536 float32, against a loop by hand`, `${(least / other).toFixed(2)} x`, '<= 1.3 x')
  }
}

show('scalar network: forward, backward, SGD step', us(best(5000, scalarNetwork())), '<= 15 µs')
show(
  'chain of 100,000 operations: forward and backward',
  `${Math.min(chain(), chain(), chain()).toFixed(0)} ms`,
  '< 500 ms',
)
const { forward, both } = perceptron()
show('perceptron 784-128-10, batch 100: forward', us(forward), '')
show('  its backward over its forward', `${((both - forward) / forward).toFixed(2)} x`, '<= 3 x')
show('resident memory gained in steps 5,000 to 200,000 of a scalar loop', `${memory().toFixed(1)} MB`, 'flat')
kernels()
