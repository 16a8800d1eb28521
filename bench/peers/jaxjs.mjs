/**
 * jax-js in Node. A step (loss, gradient, update) is one jitted function. Arrays are owned: passing one to a function gives
 * it away, `.ref` keeps another hold on it.
 *
 * It runs its wasm kernels on one thread in Node, which has no global Worker. With `--workers N` web-worker.mjs supplies one,
 * and N threads share the kernels as they would in a browser. With `--tuned 1` the network of W2 has its convolutions
 * written as products: lax.convGeneralDilated is slow on this backend.
 */
import * as spec from '../shared/data.mjs'
import { main, readArguments } from '../shared/measure.mjs'

const options = readArguments({ workers: 0, tuned: 0 })
if (options.workers) (await import('./web-worker.mjs')).install(options.workers)
const {
  jit,
  jvp,
  vmap,
  grad,
  jacfwd,
  lax,
  nn,
  numpy: np,
  tree,
  valueAndGrad,
  init,
  defaultDevice,
} = await import('@jax-js/jax')
await init('wasm')
defaultDevice('wasm')

const array = (data, shape) => np.array(data, { shape })
const parameters = (params) => Object.fromEntries(params.map(({ name, shape, data }) => [name, array(data, shape)]))

// reading makes the whole jitted step run; what workers do can only be awaited
const read = options.workers ? async (a) => (await a.data())[0] : (a) => a.dataSync()[0]
const readAll = options.workers ? async (a) => spec.norm(await a.data()) : (a) => spec.norm(a.dataSync())

const crossEntropy = (logits, labels) => nn.logSoftmax(logits).mul(labels).sum(-1).mean().neg()

/** Calls update(parameter, gradient, ...state) for every name; gives the trees back. */
function eachName(update, ...trees) {
  const results = trees.slice(1).map(() => ({}))
  for (const name of Object.keys(trees[0])) {
    update(...trees.map((t) => t[name])).forEach((value, i) => {
      results[i][name] = value
    })
  }
  return results
}

function sgd(params, lossOf, data, lr) {
  const step = jit((p, ...inputs) => {
    const [loss, g] = valueAndGrad(lossOf)(tree.ref(p), ...inputs)
    const [next] = eachName((w, dw) => [w.sub(dw.mul(lr))], p, g)
    return [loss, next]
  })
  return () => {
    const [loss, next] = step(params, ...data.map((a) => a.ref))
    params = next
    return read(loss)
  }
}

/** Adam, or AdamW where `decay` is not 0. */
function adam(params, lossOf, data, lr, decay = 0) {
  const [b1, b2, eps] = [0.9, 0.999, 1e-8]
  const zeros = () => tree.map((a) => np.zeros(a.shape), params)
  let first = zeros(),
    second = zeros(),
    count = 0
  const step = jit((p, m, v, c1, c2, ...inputs) => {
    const [loss, g] = valueAndGrad(lossOf)(tree.ref(p), ...inputs)
    const moved = eachName(
      (w, dw, mw, vw) => {
        const nextM = mw.mul(b1).add(dw.ref.mul(1 - b1))
        const nextV = vw.mul(b2).add(dw.ref.mul(dw).mul(1 - b2))
        const update = nextM.ref.mul(c1.ref).div(np.sqrt(nextV.ref.mul(c2.ref)).add(eps))
        return [w.mul(1 - lr * decay).sub(update.mul(lr)), nextM, nextV]
      },
      p,
      g,
      m,
      v,
    )
    c1.dispose()
    c2.dispose()
    return [loss, ...moved]
  })
  return () => {
    count++
    const c1 = np.array([1 / (1 - b1 ** count)]),
      c2 = np.array([1 / (1 - b2 ** count)])
    const [loss, ...next] = step(params, first, second, c1, c2, ...data.map((a) => a.ref))
    ;[params, first, second] = next
    return read(loss)
  }
}

function scalarChain() {
  const { lr, x, t } = spec.chain
  const params = Object.fromEntries(['w1', 'b1', 'w2', 'b2'].map((k) => [k, array(Float32Array.of(spec.chain[k]), [])]))
  const lossOf = (p) => np.square(nn.relu(p.w1.mul(x).add(p.b1)).mul(p.w2).add(p.b2).sub(t))
  return { step: sgd(params, lossOf, [], lr) }
}

function mlp(batch) {
  const model = spec.mlp(batch)
  const data = [array(model.x, [batch, 784]), array(spec.oneHot(model.labels, 10), [batch, 10])]
  const lossOf = (p, x, labels) => {
    const h = nn.relu(np.matmul(x, p.w0).add(p.b0))
    const h2 = nn.relu(np.matmul(h, p.w1).add(p.b1))
    return crossEntropy(np.matmul(h2, p.w2).add(p.b2), labels)
  }
  return { step: sgd(parameters(model.params), lossOf, data, model.lr) }
}

function cnn() {
  const model = spec.cnn(),
    { batch } = model
  const data = [array(model.x, [batch, 1, 28, 28]), array(spec.oneHot(model.labels, 10), [batch, 10])]
  const stage = (h, f, c) => {
    const z = lax.convGeneralDilated(h, f, [1, 1], 'SAME').add(c.reshape([-1, 1, 1]))
    return lax.reduceWindow(nn.relu(z), np.max, [2, 2], [2, 2])
  }
  const lossOf = (p, x, labels) => {
    const h = stage(stage(x, p.f0, p.c0), p.f1, p.c1).reshape([batch, 1568])
    return crossEntropy(np.matmul(h, p.w).add(p.b), labels)
  }
  return { step: adam(parameters(model.params), lossOf, data, model.lr) }
}

/** The same network with convolutions written as products of 3x3 patches, images NHWC. */
function patchCnn() {
  const model = spec.cnn(),
    { batch } = model
  const data = [array(model.x, [batch, 28, 28, 1]), array(spec.oneHot(model.labels, 10), [batch, 10])]
  const { f0, f1, w, ...rest } = parameters(model.params)
  const asMatrix = (f) => {
    const [o, i] = f.shape
    return f.transpose([2, 3, 1, 0]).reshape([9 * i, o])
  }
  const params = {
    ...rest,
    f0: asMatrix(f0),
    f1: asMatrix(f1),
    w: w.reshape([32, 7, 7, 10]).transpose([1, 2, 0, 3]).reshape([1568, 10]),
  }
  const stage = (h, f, c) => {
    const [b, height, width, channels] = h.shape
    const padded = np.pad(h, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ])
    const shifted = []
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) shifted.push(padded.ref.slice([], [i, i + height], [j, j + width], []))
    }
    padded.dispose()
    const patches = np.concatenate(shifted, 3).reshape([b * height * width, 9 * channels])
    const z = nn.relu(np.matmul(patches, f).add(c))
    return np.max(z.reshape([b, height / 2, 2, width / 2, 2, -1]), [2, 4])
  }
  const lossOf = (p, x, labels) => {
    const h = stage(stage(x, p.f0, p.c0), p.f1, p.c1).reshape([batch, 1568])
    return crossEntropy(np.matmul(h, p.w).add(p.b), labels)
  }
  return { step: adam(params, lossOf, data, model.lr), note: 'convolutions written as products of patches' }
}

function gpt(batch) {
  const model = spec.gpt(batch),
    { vocab, ctx, d, heads, layers, eps } = model
  const data = [
    array(spec.oneHot(model.tokens, vocab), [batch * ctx, vocab]),
    array(spec.oneHot(model.targets, vocab), [batch * ctx, vocab]),
  ]
  const normalise = (h, g, c) => {
    const centred = h.ref.sub(h.mean(-1, { keepdims: true }))
    const variance = np.square(centred.ref).mean(-1, { keepdims: true })
    return centred
      .div(np.sqrt(variance.add(eps)))
      .mul(g)
      .add(c)
  }
  const block = (h, q) => {
    const qkv = np.matmul(normalise(h.ref, q('g1'), q('c1')), q('wqkv')).add(q('bqkv'))
    const [query, key, value] = np
      .split(qkv, 3, 1)
      .map((a) => a.reshape([batch, ctx, heads, d / heads]).transpose([0, 2, 1, 3]))
    const scores = np.matmul(query, key.transpose([0, 1, 3, 2])).mul((d / heads) ** -0.5)
    const weights = nn.softmax(np.where(np.tri(ctx, ctx, 0, { dtype: np.bool }), scores, -Infinity))
    const mixed = np
      .matmul(weights, value)
      .transpose([0, 2, 1, 3])
      .reshape([batch * ctx, d])
    const after = h.add(np.matmul(mixed, q('wo')).add(q('bo')))
    const wide = nn.gelu(np.matmul(normalise(after.ref, q('g2'), q('c2')), q('wa')).add(q('ba')))
    return after.add(np.matmul(wide, q('wb')).add(q('bb')))
  }
  const lossOf = (p, hot, labels) => {
    let h = np
      .matmul(hot, p.wte)
      .reshape([batch, ctx, d])
      .add(p.wpe)
      .reshape([batch * ctx, d])
    for (let n = 0; n < layers; n++) h = block(h, (name) => p[`${n}.${name}`])
    return crossEntropy(np.matmul(normalise(h, p.g, p.c), p.head), labels)
  }
  return {
    step: adam(parameters(model.params), lossOf, data, model.lr, model.decay),
    note: 'embedding by a one-hot product',
  }
}

function wideNet() {
  const model = spec.wideNet()
  const weights = model.params.map(({ data, shape }) => array(data, shape))
  const f = (v, w0, w1, w2) => np.matmul(w2, nn.relu(np.matmul(w1, nn.relu(np.matmul(w0, v))))).sum()
  return { f, x: array(model.x, [1000]), weights }
}

function reverseGradient() {
  const { f, x, weights } = wideNet()
  const gradient = jit(grad(f))
  return { step: () => readAll(gradient(x.ref, ...tree.ref(weights))), note: 'value is the norm of the gradient' }
}

function forwardGradient() {
  const { f, x, weights } = wideNet()
  const gradient = jit((v, ...w) => {
    const along = (direction) => jvp((u) => f(u, ...tree.ref(w)), [v.ref], [direction])[1]
    const result = vmap(along)(np.eye(1000))
    tree.dispose([v, ...w])
    return result
  })
  return {
    step: () => readAll(gradient(x.ref, ...tree.ref(weights))),
    note: 'jit of vmap of jvp; value is the norm of the gradient',
  }
}

function tanhNet() {
  const model = spec.tanhNet()
  const weights = model.params.map(({ data, shape }) => array(data, shape))
  const f = (v, w0, b0, w1, b1) => np.tanh(np.matmul(np.tanh(np.matmul(v, w0).add(b0)), w1).add(b1))
  return { f, x: array(model.x, [64]), weights }
}

function jacobian() {
  const { f, x, weights } = tanhNet()
  const full = jit((v, ...w) => {
    const result = jacfwd((u) => f(u, ...tree.ref(w)))(v)
    tree.dispose(w)
    return result
  })
  return {
    step: () => readAll(full(x.ref, ...tree.ref(weights))),
    note: 'jit of jacfwd (jacrev takes about 20 times as long); value is the norm of the Jacobian',
  }
}

function deepNet() {
  const model = spec.deepNet(),
    { layers, width, batch } = model
  const data = [array(model.x, [batch, width]), array(model.t, [batch, width])]
  const lossOf = (p, x, t) => {
    let h = x
    for (let n = 0; n < layers; n++) h = np.tanh(np.matmul(h, p[`w${n}`]).add(p[`b${n}`]))
    return np.square(h.sub(t)).mean()
  }
  return { step: sgd(parameters(model.params), lossOf, data, model.lr) }
}

function matmul(n) {
  const model = spec.square(n)
  const a = array(model.a, [n, n]),
    b = array(model.b, [n, n])
  const product = jit((x, y) => np.matmul(x, y))
  const first = options.workers ? async (c) => (await c.slice(0, 0).data())[0] : (c) => c.slice(0, 0).dataSync()[0]
  return { step: () => first(product(a.ref, b.ref)), note: 'value is C[0,0]' }
}

const workloads = {
  W0: scalarChain,
  'W1-b64': () => mlp(64),
  'W1-b512': () => mlp(512),
  W2: options.tuned ? patchCnn : cnn,
  W3: () => gpt(16),
  'W4-grad': reverseGradient,
  'W4-jvp': forwardGradient,
  'W4-jac': jacobian,
  W5: deepNet,
  'W6-1024': () => matmul(1024),
  W7: () => gpt(64),
}

await main(workloads, options)
process.exit(0) // its workers would keep the process alive
