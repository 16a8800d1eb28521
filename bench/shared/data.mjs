/**
 * The workloads' shapes, initial weights and data, the same for every participant: JavaScript imports them from here, and
 * peers/pytorch.py makes them bit for bit equal by the same counter-based hash. Weights are stored [inputs, outputs] unless it
 * says otherwise, filters [outputs, inputs, height, width], images [batch, channels, height, width].
 */

const DATA = 101,
  TARGET = 102 // seeds; parameter number k of a model has seed k + 1

/** Calls visit(i, h) with n 32-bit values of a counter-based hash. */
function hashed(seed, n, visit) {
  const start = Math.imul(seed, 0x9e3779b9)
  for (let i = 0; i < n; i++) {
    let x = (start + i) >>> 0
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
    visit(i, (x ^ (x >>> 16)) >>> 0)
  }
}

const count = (shape) => shape.reduce((a, b) => a * b, 1)

/** float32 values in [-scale, scale). */
export function uniform(seed, shape, scale) {
  const data = new Float32Array(count(shape))
  hashed(seed, data.length, (i, h) => {
    data[i] = ((h >>> 8) * 2 ** -23 - 1) * scale
  })
  return data
}

export function integers(seed, shape, bound) {
  const data = new Int32Array(count(shape))
  hashed(seed, data.length, (i, h) => {
    data[i] = h % bound
  })
  return data
}

/** Fill in the `data` of each {name, shape, init}; init is a scale, 'ones' or 'zeros'. */
function initialised(specs) {
  return specs.map((spec, k) => ({
    ...spec,
    data:
      typeof spec.init === 'number'
        ? uniform(k + 1, spec.shape, spec.init)
        : new Float32Array(count(spec.shape)).fill(spec.init === 'ones' ? 1 : 0),
  }))
}

export const chain = { w1: 0.7, b1: 0.1, w2: -0.4, b2: 0.2, x: 1.5, t: 1, lr: 0.01 }

export function mlp(batch) {
  const sizes = [784, 256, 128, 10]
  const specs = []
  for (let k = 0; k < 3; k++) {
    const init = sizes[k] ** -0.5
    specs.push({ name: `w${k}`, shape: [sizes[k], sizes[k + 1]], init })
    specs.push({ name: `b${k}`, shape: [sizes[k + 1]], init })
  }
  return {
    batch,
    classes: 10,
    lr: 0.1,
    params: initialised(specs),
    x: uniform(DATA, [batch, 784], 1),
    labels: integers(TARGET, [batch], 10),
  }
}

export function cnn(batch = 64) {
  return {
    batch,
    classes: 10,
    lr: 1e-3,
    params: initialised([
      { name: 'f0', shape: [16, 1, 3, 3], init: 9 ** -0.5 },
      { name: 'c0', shape: [16], init: 9 ** -0.5 },
      { name: 'f1', shape: [32, 16, 3, 3], init: 144 ** -0.5 },
      { name: 'c1', shape: [32], init: 144 ** -0.5 },
      { name: 'w', shape: [1568, 10], init: 1568 ** -0.5 },
      { name: 'b', shape: [10], init: 1568 ** -0.5 },
    ]),
    x: uniform(DATA, [batch, 1, 28, 28], 1),
    labels: integers(TARGET, [batch], 10),
  }
}

export function gpt(batch) {
  const vocab = 65,
    ctx = 64,
    d = 128,
    heads = 4,
    layers = 4,
    std = 0.02 * 3 ** 0.5
  const specs = [
    { name: 'wte', shape: [vocab, d], init: std },
    { name: 'wpe', shape: [ctx, d], init: std },
  ]
  for (let n = 0; n < layers; n++) {
    const p = (name, shape, init) => specs.push({ name: `${n}.${name}`, shape, init })
    p('g1', [d], 'ones')
    p('c1', [d], 'zeros')
    p('wqkv', [d, 3 * d], std)
    p('bqkv', [3 * d], 'zeros')
    p('wo', [d, d], std)
    p('bo', [d], 'zeros')
    p('g2', [d], 'ones')
    p('c2', [d], 'zeros')
    p('wa', [d, 4 * d], std)
    p('ba', [4 * d], 'zeros')
    p('wb', [4 * d, d], std)
    p('bb', [d], 'zeros')
  }
  specs.push({ name: 'g', shape: [d], init: 'ones' }, { name: 'c', shape: [d], init: 'zeros' })
  specs.push({ name: 'head', shape: [d, vocab], init: std })
  const stream = integers(DATA, [batch, ctx + 1], vocab)
  const tokens = new Int32Array(batch * ctx),
    targets = new Int32Array(batch * ctx)
  for (let b = 0; b < batch; b++) {
    tokens.set(stream.subarray(b * (ctx + 1), b * (ctx + 1) + ctx), b * ctx)
    targets.set(stream.subarray(b * (ctx + 1) + 1, (b + 1) * (ctx + 1)), b * ctx)
  }
  return {
    batch,
    vocab,
    ctx,
    d,
    heads,
    layers,
    lr: 1e-3,
    decay: 0.01,
    eps: 1e-5,
    params: initialised(specs),
    tokens,
    targets,
  }
}

/** y = w2 @ relu(w1 @ relu(w0 @ x)); here the weights are [outputs, inputs]. */
export function wideNet() {
  return {
    params: initialised([
      { name: 'w0', shape: [500, 1000], init: 1000 ** -0.5 },
      { name: 'w1', shape: [500, 500], init: 500 ** -0.5 },
      { name: 'w2', shape: [1, 500], init: 500 ** -0.5 },
    ]),
    x: uniform(DATA, [1000], 1),
  }
}

/** y = tanh(tanh(x @ w0 + b0) @ w1 + b1) */
export function tanhNet() {
  return {
    params: initialised([
      { name: 'w0', shape: [64, 64], init: 0.125 },
      { name: 'b0', shape: [64], init: 0.125 },
      { name: 'w1', shape: [64, 64], init: 0.125 },
      { name: 'b1', shape: [64], init: 0.125 },
    ]),
    x: uniform(DATA, [64], 1),
  }
}

export function deepNet() {
  const layers = 50,
    width = 32,
    batch = 16,
    init = (6 / (2 * width)) ** 0.5
  const specs = []
  for (let n = 0; n < layers; n++) {
    specs.push({ name: `w${n}`, shape: [width, width], init }, { name: `b${n}`, shape: [width], init: 'zeros' })
  }
  return {
    layers,
    width,
    batch,
    lr: 0.01,
    params: initialised(specs),
    x: uniform(DATA, [batch, width], 1),
    t: uniform(TARGET, [batch, width], 0.5),
  }
}

export function square(n) {
  return { n, a: uniform(DATA, [n, n], 1), b: uniform(TARGET, [n, n], 1) }
}

export function oneHot(labels, classes) {
  const data = new Float32Array(labels.length * classes)
  labels.forEach((label, i) => {
    data[i * classes + label] = 1
  })
  return data
}

export function norm(values) {
  let sum = 0
  // By index: an iterator would take longer than the products that are timed.
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
  return Math.sqrt(sum)
}
