/**
 * TensorFlow.js in Node, on its wasm backend with one thread: its own check for threads answers false there.
 *
 * The gradient of its matMul multiplies by transposed operands, for which the wasm backend has only a naive loop. With
 * `--tuned 1` products have a gradient that calls tf.transpose instead, as an informed user might write.
 */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as spec from '../shared/data.mjs'
import { main, readArguments } from '../shared/measure.mjs'

const options = readArguments({ tuned: 0 })
const require = createRequire(import.meta.url)
const tf = require('@tensorflow/tfjs-core')
require('@tensorflow/tfjs-backend-wasm').setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`)
require('@tensorflow/tfjs-layers') // for its side effect: it registers the gradients
await tf.setBackend('wasm')
await tf.ready()

const has = (kernel) => tf.getKernel(kernel, 'wasm') !== undefined

/** Trainable variables by name. */
function variables(params) {
  return Object.fromEntries(params.map(({ name, shape, data }) => [name, tf.variable(tf.tensor(data, shape))]))
}

const crossEntropy = (labels, logits) => tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1)))

const flip = (h) => tf.transpose(h, [...Array(h.rank - 2).keys(), h.rank - 1, h.rank - 2])
const tunedProduct = tf.customGrad((a, b, save) => {
  save([a, b])
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy, [savedA, savedB]) => [tf.matMul(dy, flip(savedB)), tf.matMul(flip(savedA), dy)],
  }
})
const product = options.tuned ? tunedProduct : (a, b) => tf.matMul(a, b)
const productWithTransposed = options.tuned
  ? (a, b) => tunedProduct(a, flip(b))
  : (a, b) => tf.matMul(a, b, false, true)

/** act(x @ w + b), where `activation` is 'linear' or 'relu'. */
function linear(x, w, b, activation = 'linear') {
  if (!options.tuned) return tf.fused.matMul({ a: x, b: w, bias: b, activation })
  const sum = tf.add(tunedProduct(x, w), b)
  return activation === 'relu' ? tf.relu(sum) : sum
}

/** One step of `optimizer`: forward, backward, update; the loss as a number. */
function trainer(optimizer, lossOf) {
  return () => {
    const loss = optimizer.minimize(lossOf, true)
    const value = loss.dataSync()[0]
    loss.dispose()
    return value
  }
}

function scalarChain() {
  const { lr } = spec.chain
  const [w1, b1, w2, b2] = ['w1', 'b1', 'w2', 'b2'].map((k) => tf.variable(tf.scalar(spec.chain[k])))
  const x = tf.scalar(spec.chain.x),
    t = tf.scalar(spec.chain.t)
  const hidden = () => tf.relu(tf.add(tf.mul(w1, x), b1))
  return { step: trainer(tf.train.sgd(lr), () => tf.square(tf.sub(tf.add(tf.mul(hidden(), w2), b2), t))) }
}

function mlp(batch) {
  const model = spec.mlp(batch),
    p = variables(model.params)
  const x = tf.tensor(model.x, [batch, 784])
  const labels = tf.tensor(spec.oneHot(model.labels, 10), [batch, 10])
  return {
    step: trainer(tf.train.sgd(model.lr), () => {
      const h = linear(linear(x, p.w0, p.b0, 'relu'), p.w1, p.b1, 'relu')
      return crossEntropy(labels, linear(h, p.w2, p.b2))
    }),
  }
}

/**
 * conv2d, stride 1, with the filter's gradient made of a forward convolution:
 * the wasm backend has no kernel for that gradient.  Channels and batch change
 * places, so the sum over batch and positions is what a convolution computes.
 */
const convolveWithoutFilterKernel = tf.customGrad((x, filter, save) => {
  save([x, filter])
  return {
    value: tf.conv2d(x, filter, 1, 'same'),
    gradFunc: (dy, [savedX, savedFilter]) => [
      tf.conv2dTranspose(dy, savedFilter, savedX.shape, 1, 'same'),
      tf.tidy(() =>
        tf.transpose(tf.conv2d(tf.transpose(savedX, [3, 1, 2, 0]), tf.transpose(dy, [1, 2, 0, 3]), 1, 1), [1, 2, 0, 3]),
      ),
    ],
  }
})

function cnn() {
  const model = spec.cnn(),
    { batch } = model
  // To this library's layouts: filters HWIO, images NHWC, and so for the
  // inputs of the last layer too.
  const own = model.params.map((q) => {
    if (q.name.startsWith('f')) {
      const moved = tf.transpose(tf.tensor(q.data, q.shape), [2, 3, 1, 0])
      return { ...q, shape: moved.shape, data: moved.dataSync() }
    }
    if (q.name === 'w') {
      return { ...q, data: tf.transpose(tf.tensor(q.data, [32, 7, 7, 10]), [1, 2, 0, 3]).dataSync() }
    }
    return q
  })
  const p = variables(own)
  const x = tf.tensor(model.x, [batch, 28, 28, 1])
  const labels = tf.tensor(spec.oneHot(model.labels, 10), [batch, 10])
  const convolve = has('Conv2DBackpropFilter') ? (h, f) => tf.conv2d(h, f, 1, 'same') : convolveWithoutFilterKernel
  const stage = (h, f, c) => tf.maxPool(tf.relu(tf.add(convolve(h, f), c)), 2, 2, 'valid')
  return {
    step: trainer(tf.train.adam(model.lr), () => {
      const h = stage(stage(x, p.f0, p.c0), p.f1, p.c1)
      return crossEntropy(labels, linear(tf.reshape(h, [batch, 1568]), p.w, p.b))
    }),
    note: has('Conv2DBackpropFilter')
      ? ''
      : 'no Conv2DBackpropFilter kernel: its gradient is written as a conv2d in a customGrad',
  }
}

function gpt(batch) {
  const model = spec.gpt(batch),
    { vocab, ctx, d, heads, layers, eps } = model
  const p = variables(model.params)
  const hot = tf.tensor(spec.oneHot(model.tokens, vocab), [batch * ctx, vocab])
  const tokens = tf.tensor(model.tokens, [batch * ctx], 'int32')
  const labels = tf.tensor(spec.oneHot(model.targets, vocab), [batch * ctx, vocab])
  const future = tf.tensor(
    Float32Array.from({ length: ctx * ctx }, (_, i) => (i % ctx > Math.floor(i / ctx) ? -1e9 : 0)),
    [ctx, ctx],
  )
  // The gradient of gather needs UnsortedSegmentSum; without it, a product
  // with one-hot rows does the same.
  const embed = has('UnsortedSegmentSum') ? () => tf.gather(p.wte, tokens) : () => product(hot, p.wte)

  const normalise = (h, g, c) => {
    const centred = tf.sub(h, tf.mean(h, -1, true))
    const variance = tf.mean(tf.square(centred), -1, true)
    return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, eps))), g), c)
  }
  const gelu = (h) => {
    const inner = tf.mul(tf.mul(h, tf.add(tf.mul(tf.square(h), 0.044715), 1)), Math.sqrt(2 / Math.PI))
    return tf.mul(tf.mul(h, 0.5), tf.add(tf.tanh(inner), 1))
  }
  const split = (h) => tf.transpose(tf.reshape(h, [batch, ctx, heads, d / heads]), [0, 2, 1, 3])
  const block = (h, n) => {
    const q = (name) => p[`${n}.${name}`]
    const qkv = linear(normalise(h, q('g1'), q('c1')), q('wqkv'), q('bqkv'))
    const [query, key, value] = tf.split(qkv, 3, 1).map(split)
    const scores = tf.mul(productWithTransposed(query, key), (d / heads) ** -0.5)
    const mixed = product(tf.softmax(tf.add(scores, future)), value)
    const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * ctx, d])
    const after = tf.add(h, linear(joined, q('wo'), q('bo')))
    const wide = gelu(linear(normalise(after, q('g2'), q('c2')), q('wa'), q('ba')))
    return tf.add(after, linear(wide, q('wb'), q('bb')))
  }
  const lossOf = () => {
    let h = tf.reshape(tf.add(tf.reshape(embed(), [batch, ctx, d]), p.wpe), [batch * ctx, d])
    for (let n = 0; n < layers; n++) h = block(h, n)
    return crossEntropy(labels, product(normalise(h, p.g, p.c), p.head))
  }
  // There is no AdamW: decay the weights first, then let Adam step.  (The
  // gradient must not see the decayed weights, so it is taken before.)
  const adam = tf.train.adam(model.lr)
  const step = () => {
    const { value, grads } = tf.variableGrads(lossOf)
    tf.tidy(() => {
      for (const v of Object.values(p)) v.assign(tf.mul(v, 1 - model.lr * model.decay))
    })
    adam.applyGradients(grads)
    const loss = value.dataSync()[0]
    tf.dispose([value, grads])
    return loss
  }
  return { step, note: has('UnsortedSegmentSum') ? '' : 'no UnsortedSegmentSum kernel: embedding by a one-hot product' }
}

function reverseGradient() {
  const model = spec.wideNet()
  const [w0, w1, w2] = model.params.map(({ data, shape }) => tf.tensor(data, shape))
  const x = tf.tensor(model.x, [1000, 1])
  const gradient = tf.grad((v) => tf.sum(tf.matMul(w2, tf.relu(tf.matMul(w1, tf.relu(tf.matMul(w0, v)))))))
  const step = () => {
    const g = gradient(x),
      value = spec.norm(g.dataSync())
    g.dispose()
    return value
  }
  return { step, note: 'value is the norm of the gradient' }
}

function deepNet() {
  const model = spec.deepNet(),
    { layers, width, batch } = model,
    p = variables(model.params)
  const x = tf.tensor(model.x, [batch, width]),
    t = tf.tensor(model.t, [batch, width])
  return {
    step: trainer(tf.train.sgd(model.lr), () => {
      let h = x
      for (let n = 0; n < layers; n++) h = tf.tanh(linear(h, p[`w${n}`], p[`b${n}`]))
      return tf.mean(tf.square(tf.sub(h, t)))
    }),
  }
}

function matmul(n) {
  const model = spec.square(n)
  const a = tf.tensor(model.a, [n, n]),
    b = tf.tensor(model.b, [n, n])
  const step = () => {
    const c = tf.matMul(a, b),
      value = c.dataSync()[0]
    c.dispose()
    return value
  }
  return { step, note: 'value is C[0,0]' }
}

const workloads = {
  W0: scalarChain,
  'W1-b64': () => mlp(64),
  'W1-b512': () => mlp(512),
  W2: cnn,
  W3: () => gpt(16),
  'W4-grad': reverseGradient,
  W5: deepNet,
  'W6-1024': () => matmul(1024),
  W7: () => gpt(64),
}

await main(workloads, options)
