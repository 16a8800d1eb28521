/**
 * Matrix products of compiled programs, every way there is: GFLOPS of one thread, best of many.
 *
 *     npm run build && node bench/products.mjs [path of the compiled library, ../dist] [part of a name]
 */
const [library = '../dist', only = ''] = process.argv.slice(2)
const at = (file) => import(new URL(`${library}/backends/${file}`, import.meta.url))
const { planProduct, emitProducts } = await at('wasm/gemm/plan.js')
const { ModuleBuilder } = await at('wasm/emit/module.js')
const { instantiate, hasRelaxedSimd } = await at('wasm/wasm.js')
const { build, codeOf, perform } = await at('wasm/threads/perform.js')
const { Heap } = await at('wasm/memory.js')
const { findNative } = await at('blas/blas.js')

const none = { sizes: [], strides: [[], [], []] }
/** x y in the layouts of the letters: n = rows lie together, t = columns do. */
function product(m, n, k, layout = 'nn', add = false) {
  const [a, b] = layout
  return {
    dtype: 'float32',
    batch: none,
    rows: { sizes: [m], strides: [[a === 'n' ? k : 1], [0], [n]] },
    columns: { sizes: [n], strides: [[0], [b === 'n' ? 1 : k], [1]] },
    summed: { sizes: [k], strides: [[a === 'n' ? 1 : m], [b === 'n' ? n : 1], [0]] },
    add,
  }
}
const layer = (batch, inputs, outputs) => ({
  [`${batch}x${inputs}x${outputs} x W'`]: product(batch, outputs, inputs, 'nt'),
  [`${batch}x${inputs}x${outputs} g W`]: product(batch, inputs, outputs, 'nn'),
  [`${batch}x${inputs}x${outputs} g' x`]: product(outputs, inputs, batch, 'tn'),
})
/** Attention of 16 examples with 4 heads that lie interleaved, 64 positions of 32 features each. */
const heads = (rows, columns, summed) => ({
  dtype: 'float32',
  batch: {
    sizes: [16, 4],
    strides: [
      [64 * 128, 32],
      [64 * 128, 32],
      [4 * 64 * 64, 64 * 64],
    ],
  },
  rows,
  columns,
  summed,
  add: false,
})
const scores = heads(
  { sizes: [64], strides: [[128], [0], [64]] },
  { sizes: [64], strides: [[0], [128], [1]] },
  { sizes: [32], strides: [[1], [1], [0]] },
)
const mixed = {
  ...heads(
    { sizes: [64], strides: [[64], [0], [128]] },
    { sizes: [32], strides: [[0], [1], [1]] },
    { sizes: [64], strides: [[1], [128], [0]] },
  ),
  batch: {
    sizes: [16, 4],
    strides: [
      [4 * 64 * 64, 64 * 64],
      [64 * 128, 32],
      [64 * 128, 32],
    ],
  },
}
/** 3 x 3 windows of 64 padded 16 x 16 images of 16 channels, 32 filters. */
const convolution = {
  dtype: 'float32',
  batch: none,
  rows: { sizes: [32], strides: [[144], [0], [196]] },
  columns: {
    sizes: [64, 14, 14],
    strides: [
      [0, 0, 0],
      [4096, 16, 1],
      [32 * 196, 14, 1],
    ],
  },
  summed: {
    sizes: [16, 3, 3],
    strides: [
      [9, 3, 1],
      [256, 16, 1],
      [0, 0, 0],
    ],
  },
  add: false,
}
const filters = {
  dtype: 'float32',
  batch: none,
  rows: { sizes: [32], strides: [[196], [0], [144]] },
  columns: {
    sizes: [16, 3, 3],
    strides: [
      [0, 0, 0],
      [256, 16, 1],
      [9, 3, 1],
    ],
  },
  summed: {
    sizes: [64, 14, 14],
    strides: [
      [32 * 196, 14, 1],
      [4096, 16, 1],
      [0, 0, 0],
    ],
  },
  add: false,
}
const cases = {
  ...layer(16, 32, 32),
  ...layer(64, 784, 256),
  ...layer(64, 256, 128),
  ...layer(64, 128, 10),
  ...layer(1024, 128, 384),
  ...layer(1024, 512, 128),
  256: product(256, 256, 256),
  512: product(512, 512, 512),
  1024: product(1024, 1024, 1024),
  'W x 500x1000': product(500, 1, 1000),
  "W'y 500x1000": product(1, 1000, 500),
  'W x 500x500': product(500, 1, 500),
  'scores 64 of 64x64x32': scores,
  'mixed 64 of 64x32x64': mixed,
  'convolution 32x(64x14x14)x144': convolution,
  'its filters': filters,
}

const heap = new Heap()
const relaxed = hasRelaxedSimd()
const native = findNative()
native?.setOneThread()
const products = native?.open(heap.memory)
const extent = (kernel, x) =>
  ['batch', 'rows', 'columns', 'summed'].reduce(
    (n, g) => kernel[g].sizes.reduce((m, s, d) => m + (s - 1) * kernel[g].strides[x][d], n),
    1,
  )

function best(run, flops) {
  const times = Math.max(1, Math.floor(2e6 / Math.max(flops, 1)))
  let least = Infinity
  const end = performance.now() + 400
  do {
    const start = performance.now()
    for (let i = 0; i < times; i++) run()
    least = Math.min(least, (performance.now() - start) / times)
  } while (performance.now() < end)
  return least
}

let compiling = 0
for (const [name, kernel] of Object.entries(cases)) {
  if (!name.includes(only)) continue
  const plan = planProduct(kernel, { relaxed, blas: native !== undefined })
  const places = [0, 1, 2].map((x) => heap.reserve(4 * extent(kernel, x)))
  for (const [x, p] of places.entries()) heap.float32.fill(0.5 + x, p / 4, p / 4 + extent(kernel, x))
  const results = plan.choices.map((way) => {
    const module = new ModuleBuilder()
    emitProducts(module, [way])
    const start = performance.now()
    const kernels = instantiate(module, heap)
    compiling += performance.now() - start
    const tables = heap.reserve(way.tables.byteLength)
    heap.int32.set(way.tables, tables / 4)
    const scratch = heap.reserve(way.scratchBytes)
    const [a, b, c] = places
    const calls = way.calls({ a, b, c }, 0, way.units, { tables, scratch })
    const run = build(codeOf(calls), { exports: kernels, base: 0, ...products }, perform)
    const time = best(run, plan.flops)
    return `${(plan.flops / time / 1e6).toFixed(1).padStart(6)} ${way.by}${way.name.replace(/^.*_/, ':')} (${(1000 * time).toFixed(1)} us)`
  })
  console.log(name.padEnd(30), results.join('  '))
}
console.log(`compiling ${compiling.toFixed(1)} ms, relaxed SIMD ${relaxed}`)
