/**
 * Chainrule's side of the benchmarks, written as a user would write it. `--mode compiled` puts `compile` around each step,
 * `--mode eager` runs it as it stands; nothing else differs.
 */
import * as chainrule from '../dist/index.js'
import * as nn from '../dist/nn/index.js'
import * as optim from '../dist/optim/index.js'
import * as data from './shared/data.mjs'
import { main, readArguments } from './shared/measure.mjs'

const { checkpoint, conv2d, embedding, eye, grad, jacrev, jvp, layerNorm, matmul, maxPool2d, tensor, vmap } = chainrule
const { scaledDotProductAttention } = chainrule
const options = readArguments({ mode: 'eager', threads: 1 })
const whole = (step) => (options.mode === 'compiled' ? chainrule.compile(step, { threads: options.threads }) : step)

const floats = (values, shape) => tensor(values).reshape(shape)
const constants = (params) => params.map((p) => floats(p.data, p.shape))

/** Leaves that learn, by name. */
function parameters(params) {
  return Object.fromEntries(params.map((p) => [p.name, new nn.Parameter(floats(p.data, p.shape))]))
}

/** One step of an optimizer; the loss is read outside of what is compiled. */
function trainer(optimizer, lossOf, ...inputs) {
  const step = whole((...given) => {
    optimizer.zeroGrad()
    const loss = lossOf(...given)
    loss.backward()
    optimizer.step()
    return loss
  })
  return { step: () => step(...inputs).item() }
}

/** A function of x, read as the norm of its result. */
function reader(fn, x) {
  const compiled = whole(fn)
  return { step: () => data.norm(compiled(x).data), note: 'the value is the norm of the result' }
}

function scalarNetwork() {
  const [w1, b1, w2, b2] = ['w1', 'b1', 'w2', 'b2'].map((k) => tensor(data.chain[k], { requiresGrad: true }))
  const sgd = new optim.SGD([w1, b1, w2, b2], { lr: data.chain.lr })
  const lossOf = (x, t) => w1.mul(x).add(b1).relu().mul(w2).add(b2).sub(t).square()
  return trainer(sgd, lossOf, tensor(data.chain.x), tensor(data.chain.t))
}

function mlp(batch) {
  const model = data.mlp(batch)
  const p = parameters(model.params)
  const lossOf = (x, y) => {
    const h1 = x.matmul(p.w0).add(p.b0).relu()
    const h2 = h1.matmul(p.w1).add(p.b1).relu()
    return nn.crossEntropy(h2.matmul(p.w2).add(p.b2), y)
  }
  const sgd = new optim.SGD(Object.values(p), { lr: model.lr })
  return trainer(sgd, lossOf, floats(model.x, [batch, 784]), tensor(model.labels))
}

function cnn() {
  const model = data.cnn()
  const p = parameters(model.params)
  const stage = (h, filter, bias) => maxPool2d(conv2d(h, filter, bias, { padding: 1 }).relu(), 2)
  const lossOf = (x, y) => {
    const h = stage(stage(x, p.f0, p.c0), p.f1, p.c1)
    return nn.crossEntropy(h.flatten(1).matmul(p.w).add(p.b), y)
  }
  const adam = new optim.Adam(Object.values(p), { lr: model.lr })
  return trainer(adam, lossOf, floats(model.x, [model.batch, 1, 28, 28]), tensor(model.labels))
}

function transformer(batch, remember = (fn, ...args) => fn(...args)) {
  const { vocab, ctx, d, heads, layers, lr, decay, ...model } = data.gpt(batch)
  const p = parameters(model.params)
  const split = (h) => h.reshape([batch, ctx, heads, d / heads]).transpose(1, 2)
  const block = (h, { g1, c1, wqkv, bqkv, wo, bo, g2, c2, wa, ba, wb, bb }) => {
    const [q, k, v] = layerNorm(h, d, g1, c1).matmul(wqkv).add(bqkv).chunk(3, 1).map(split)
    const mixed = scaledDotProductAttention(q, k, v, { isCausal: true })
      .transpose(1, 2)
      .reshape([batch * ctx, d])
    const after = h.add(mixed.matmul(wo).add(bo))
    const wide = layerNorm(after, d, g2, c2).matmul(wa).add(ba).gelu({ approximate: 'tanh' })
    return after.add(wide.matmul(wb).add(bb))
  }
  const names = ['g1', 'c1', 'wqkv', 'bqkv', 'wo', 'bo', 'g2', 'c2', 'wa', 'ba', 'wb', 'bb']
  const blocks = Array.from({ length: layers }, (_, n) => Object.fromEntries(names.map((k) => [k, p[`${n}.${k}`]])))
  const lossOf = (tokens, targets) => {
    let h = embedding(tokens, p.wte)
      .add(p.wpe)
      .reshape([batch * ctx, d])
    for (const weights of blocks) h = remember(block, h, weights)
    return nn.crossEntropy(layerNorm(h, d, p.g, p.c).matmul(p.head), targets)
  }
  const adam = new optim.AdamW(Object.values(p), { lr, weightDecay: decay })
  return trainer(adam, lossOf, tensor(model.tokens).reshape([batch, ctx]), tensor(model.targets))
}

function wideNet() {
  const model = data.wideNet()
  const [w0, w1, w2] = constants(model.params)
  return { f: (v) => matmul(w2, matmul(w1, matmul(w0, v).relu()).relu()).sum(), x: tensor(model.x) }
}

function reverseGradient() {
  const { f, x } = wideNet()
  return reader(grad(f), x)
}

function forwardGradient() {
  const { f, x } = wideNet()
  const directions = eye(1000)
  return reader((v) => vmap((direction) => jvp(f, [v], [direction])[1])(directions), x)
}

function jacobian() {
  const model = data.tanhNet()
  const [w0, b0, w1, b1] = constants(model.params)
  const f = (v) => v.matmul(w0).add(b0).tanh().matmul(w1).add(b1).tanh()
  return reader(jacrev(f), tensor(model.x))
}

function deepNet() {
  const model = data.deepNet()
  const p = parameters(model.params)
  const lossOf = (x, t) => {
    let h = x
    for (let n = 0; n < model.layers; n++) h = h.matmul(p[`w${n}`]).add(p[`b${n}`]).tanh()
    return nn.mseLoss(h, t)
  }
  const shape = [model.batch, model.width]
  const sgd = new optim.SGD(Object.values(p), { lr: model.lr })
  return trainer(sgd, lossOf, floats(model.x, shape), floats(model.t, shape))
}

function product(n) {
  const model = data.square(n)
  const [a, b] = [floats(model.a, [n, n]), floats(model.b, [n, n])]
  const step = whole((x, y) => matmul(x, y))
  return { step: () => step(a, b).at(0, 0).item(), note: 'the value is C[0, 0]' }
}

const workloads = {
  W0: scalarNetwork,
  'W1-b64': () => mlp(64),
  'W1-b512': () => mlp(512),
  W2: cnn,
  W3: () => transformer(16),
  'W4-grad': reverseGradient,
  'W4-jvp': forwardGradient,
  'W4-jac': jacobian,
  W5: deepNet,
  'W6-1024': () => product(1024),
  W7: () => transformer(64),
  'W7-ckpt': () => transformer(64, checkpoint),
}

await main(workloads, options)
