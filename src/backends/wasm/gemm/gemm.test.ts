/** Products of compiled programs against a plain triple loop in float64: random sizes, layouts, batches, both dtypes. */
import { describe, expect, it } from 'vitest'
import { findNative } from '../../blas/blas.ts'
import type { Axes, ProductKernel } from '../../kernels.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { Heap } from '../memory.ts'
import { perform } from '../threads/perform.ts'
import { hasRelaxedSimd, instantiate, type Kernel } from '../wasm.ts'
import { emitProducts, planProduct } from './plan.ts'
import type { Operands, Way } from './way.ts'

const heap = new Heap()
const native = findNative()?.open(heap.memory)
if (!native) console.warn('SKIPPED: products by native BLAS (libopenblas0)')

let seed = 7
const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647
const integer = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1))
const pick = <T>(items: readonly T[]): T => items[integer(0, items.length - 1)]

/** Every combination of indices and the places of a, b and c there. */
function walk({ sizes, strides }: Axes, visit: (places: readonly number[]) => void): void {
  const total = sizes.reduce((n, s) => n * s, 1)
  for (let i = 0; i < total; i++) {
    let left = i
    const places = [0, 0, 0]
    for (let d = sizes.length - 1; d >= 0; d--) {
      const index = left % sizes[d]
      left = (left - index) / sizes[d]
      for (let x = 0; x < 3; x++) places[x] += index * strides[x][d]
    }
    visit(places)
  }
}

const addUp = (...places: readonly (readonly number[])[]): number[] =>
  [0, 1, 2].map((x) => places.reduce((sum, p) => sum + p[x], 0))

type Floats = Float32Array | Float64Array

/** C and how far from it rounding may lead. */
function reference(kernel: ProductKernel, a: Floats, b: Floats, c: Floats, at: Operands) {
  const values = new Map<number, { value: number; size: number }>()
  walk(kernel.batch, (p) => {
    walk(kernel.rows, (q) => {
      walk(kernel.columns, (r) => {
        const place = addUp(p, q, r)[2] + at.c
        const start = kernel.add ? c[place] : 0
        let [value, size] = [start, Math.abs(start)]
        walk(kernel.summed, (s) => {
          const [x, y] = addUp(p, q, r, s)
          value += a[x + at.a] * b[y + at.b]
          size += Math.abs(a[x + at.a] * b[y + at.b])
        })
        values.set(place, { value, size })
      })
    })
  })
  return values
}

const extent = (kernel: ProductKernel, x: number) => {
  let [low, high] = [0, 0]
  for (const { sizes, strides } of [kernel.batch, kernel.rows, kernel.columns, kernel.summed]) {
    sizes.forEach((n, d) => {
      const reach = (n - 1) * strides[x][d]
      if (reach < 0) low += reach
      else high += reach
    })
  }
  return { low, size: high - low + 1 }
}

/** Runs all units of the way, in the given number of parts. */
function compute(way: Way, kernels: Record<string, Kernel>, at: Operands, parts: number): void {
  const tables = heap.reserve(way.tables.byteLength)
  heap.int32.set(way.tables, tables / 4)
  const scratch = heap.reserve(way.scratchBytes)
  for (let p = 0; p < parts; p++) {
    const [from, to] = [p, p + 1].map((i) => Math.floor((i * way.units) / parts))
    perform(way.calls(at, from, to, { tables, scratch }), { exports: kernels, base: 0, ...native })
  }
  heap.release(tables)
  heap.release(scratch)
}

function check(kernel: ProductKernel): void {
  const size = kernel.dtype === 'float32' ? 4 : 8
  const view = (): Floats => (size === 4 ? heap.float32 : heap.float64)
  const extents = [0, 1, 2].map((x) => extent(kernel, x))
  const regions = extents.map((e) => heap.reserve(e.size * size))
  const plan = planProduct(kernel, { relaxed: hasRelaxedSimd(), blas: native !== undefined, wide: true })
  const module = new ModuleBuilder()
  emitProducts(module, plan.choices)
  const kernels = instantiate(module, heap)
  const [a, b, c] = extents.map((e, x) => {
    const data = view().subarray(regions[x] / size, regions[x] / size + e.size)
    for (let i = 0; i < data.length; i++) data[i] = random() - 0.5
    return data
  })
  const before = c.slice()
  const starts = { a: -extents[0].low, b: -extents[1].low, c: -extents[2].low }
  const expected = reference(kernel, a, b, c, starts)
  const at = {
    a: regions[0] + starts.a * size,
    b: regions[1] + starts.b * size,
    c: regions[2] + starts.c * size,
  }
  const unit = size === 4 ? 2 ** -24 : 2 ** -53
  const terms = kernel.summed.sizes.reduce((n, s) => n * s, 1) + 2
  for (const way of plan.choices) {
    let whole: Floats | undefined
    for (const parts of [1, 2, 3]) {
      const result = view().subarray(regions[2] / size, regions[2] / size + extents[2].size)
      result.set(before)
      compute(way, kernels, at, parts)
      if (whole) {
        expect(
          result.every((v, i) => Object.is(v, whole![i])),
          `${way.name} in ${parts} parts`,
        ).toBe(true)
        continue
      }
      whole = result.slice()
      for (let i = 0; i < whole.length; i++) {
        const e = expected.get(i) ?? { value: before[i], size: 0 }
        const off = Math.abs(whole[i] - e.value)
        if (!(off <= terms * unit * e.size + unit * Math.abs(e.value))) {
          expect.fail(`${way.name}: element ${i} is ${whole[i]}, not ${e.value}; ${JSON.stringify(kernel)}`)
        }
      }
    }
  }
  for (const r of regions) heap.release(r)
}

/** Dense operands in random orders of their dimensions, with gaps and runs backwards. */
function randomKernel(dtype: 'float32' | 'float64', largest: number): ProductKernel {
  const groups = ['batch', 'rows', 'columns', 'summed'] as const
  const inOperand: Record<(typeof groups)[number], readonly boolean[]> = {
    batch: [true, true, true],
    rows: [true, false, true],
    columns: [false, true, true],
    summed: [true, true, false],
  }
  const dims = groups.flatMap((group) =>
    Array.from({ length: pick(group === 'batch' ? [0, 0, 1, 2] : [1, 1, 1, 2, 0]) }, () => ({
      group,
      size: group === 'batch' ? integer(1, 5) : integer(1, largest),
      strides: [0, 0, 0],
    })),
  )
  for (let x = 0; x < 3; x++) {
    const mine = dims.filter((d) => inOperand[d.group][x])
    // in order, as often as not: loops that merge
    const order =
      random() < 0.4
        ? mine
        : mine
            .map((d) => ({ d, at: random() }))
            .sort((p, q) => p.at - q.at)
            .map((p) => p.d)
    let stride = pick([1, 1, 1, 2])
    for (const d of [...order].reverse()) {
      d.strides[x] = stride
      stride *= d.size
      if (random() < 0.2) stride += integer(1, 3)
      if (random() < 0.1) d.strides[x] *= -1
    }
    // a broadcast operand, and windows that overlap
    if (x < 2 && mine.length > 0 && random() < 0.1) pick(mine).strides[x] = 0
    if (x < 2 && mine.length > 1 && random() < 0.15) pick(mine).strides[x] = 1
  }
  const axes = (group: (typeof groups)[number]): Axes => {
    const mine = dims.filter((d) => d.group === group)
    return { sizes: mine.map((d) => d.size), strides: [0, 1, 2].map((x) => mine.map((d) => d.strides[x])) }
  }
  const [batch, rows, columns, summed] = groups.map(axes)
  return { dtype, batch, rows, columns, summed, add: random() < 0.4 }
}

const matrix = (
  dtype: 'float32' | 'float64',
  [m, n, k]: readonly number[],
  [ta, tb, tc]: readonly boolean[],
  add: boolean,
): ProductKernel => ({
  dtype,
  batch: { sizes: [], strides: [[], [], []] },
  rows: { sizes: [m], strides: [[ta ? 1 : k], [0], [tc ? 1 : n]] },
  columns: { sizes: [n], strides: [[0], [tb ? k : 1], [tc ? m : 1]] },
  summed: { sizes: [k], strides: [[ta ? m : 1], [tb ? 1 : n], [0]] },
  add,
})

describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
  it.each([
    [1, 1, 1],
    [4, 8, 1],
    [5, 9, 3],
    [16, 32, 32],
    [1, 50, 33],
    [37, 1, 18],
    [3, 10, 65],
    [130, 70, 41],
    [13, 11, 700],
    [7, 1100, 5],
  ])('computes %i x %i x %i in every layout', (...sizes) => {
    const flags = [false, true]
    for (const ta of flags)
      for (const tb of flags)
        for (const tc of flags) for (const add of flags) check(matrix(dtype, sizes, [ta, tb, tc], add))
  })

  it('computes what convolutions are made of', () => {
    // images, channels in and out, height and width of the result; windows of 3 x 3
    const [n, ci, co, h, w] = [3, 5, 32, 10, 7]
    const padded = (h + 2) * (w + 2)
    const out = { sizes: [n, h, w], strides: [co * h * w, w, 1] }
    const windows = [ci * padded, w + 2, 1]
    const weights = { sizes: [ci, 3, 3], inImage: [padded, w + 2, 1], own: [9, 3, 1] }
    const batch = { sizes: [], strides: [[], [], []] }
    const none = [0, 0, 0]
    for (const add of [false, true]) {
      check({
        dtype,
        batch,
        rows: { sizes: out.sizes, strides: [windows, none, out.strides] },
        columns: { sizes: [co], strides: [[0], [ci * 9], [h * w]] },
        summed: { sizes: weights.sizes, strides: [weights.inImage, weights.own, none] },
        add,
      })
      check({
        dtype,
        batch,
        rows: { sizes: [co], strides: [[h * w], [0], [ci * 9]] },
        columns: { sizes: weights.sizes, strides: [none, weights.inImage, weights.own] },
        summed: { sizes: out.sizes, strides: [out.strides, windows, none] },
        add,
      })
    }
  })

  it('sums products of pairs of matrices', () => {
    for (const turned of [false, true]) {
      const [pairs, m, n, k] = [3, 9, 17, 70]
      const far = [m * k + 3, n * k + 5, 0]
      check({
        dtype,
        batch: { sizes: [], strides: [[], [], []] },
        rows: { sizes: [m], strides: [[k], [0], [n]] },
        columns: { sizes: [n], strides: [[0], [turned ? k : 1], [1]] },
        summed: { sizes: [pairs, k], strides: [0, 1, 2].map((x) => [far[x], [1, turned ? 1 : n, 0][x]]) },
        add: false,
      })
    }
  })

  it('computes products of random loops', () => {
    for (let i = 0; i < 150; i++) check(randomKernel(dtype, pick([3, 6, 9])))
    for (let i = 0; i < 15; i++) check(randomKernel(dtype, 20))
  })
})
