/**
 * The native product against the JavaScript one: every layout that contractions make, in random sizes. Without koffi
 * or a BLAS these tests skip and say what to install.
 */
import { afterEach, describe, expect, it } from 'vitest'
import type { TypedArray } from '../../ops/value.ts'
import { type Factor, multiply } from '../js/gemm.ts'
import { blasStatus, createBlas, findBlas } from './blas.ts'
import type { CblasGemm, Floats } from './cblas.ts'
import { createGemm } from './gemm.ts'
import { openLibrary } from './library.ts'

const opened = openLibrary(process.env.CHAINRULE_BLAS)
const library = 'missing' in opened ? undefined : opened
if ('missing' in opened) console.warn(`SKIPPED: the tests of native BLAS (libopenblas0). ${opened.missing}`)

let seed = 1
const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647
const integer = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1))
const table = (n: number, step: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i * step)
const fill = <T extends TypedArray>(data: T): T => {
  for (let i = 0; i < data.length; i++) data[i] = data instanceof Int32Array ? integer(-9, 9) : random() - 0.5
  return data
}

type Kind = typeof Float32Array | typeof Float64Array | typeof Int32Array
type Layout = (kind: Kind, rows: number, columns: number) => Factor

const sized = (kind: Kind, offset: number, outer: Int32Array, inner: Int32Array): Factor => {
  const span = [outer, inner].map((t) => (t.length > 0 ? Math.max(...t) : 0))
  return { data: fill(new kind(offset + span[0] + span[1] + 1)), offset, outer, inner }
}

const layouts: Record<string, Layout> = {
  'row-major': (kind, r, c) => sized(kind, 0, table(r, c), table(c, 1)),
  'column-major': (kind, r, c) => sized(kind, 0, table(r, 1), table(c, r)),
  'part of wider rows': (kind, r, c) => sized(kind, 5, table(r, c + 3), table(c, 1)),
  'part of longer columns': (kind, r, c) => sized(kind, 7, table(r, 1), table(c, r + 2)),
  'every third': (kind, r, c) => sized(kind, 2, table(r, 3 * c), table(c, 3)),
  backwards: (kind, r, c) => sized(kind, (c - 1) * r, table(r, 1), table(c, -r)),
  'two images': (kind, r, c) =>
    sized(
      kind,
      1,
      table(r, 1).map((i) => i + 40 * (i & 1)),
      table(c, r + 50),
    ),
}
const readOnly: Record<string, Layout> = {
  'overlapping windows': (kind, r, c) => sized(kind, 3, table(r, 1), table(c, 1)),
  'windows with gaps': (kind, r, c) =>
    sized(
      kind,
      0,
      table(r, 2),
      table(c, 1).map((j) => (j % 3) + 11 * Math.floor(j / 3)),
    ),
  'one row repeated': (kind, r, c) => sized(kind, 0, table(r, 0), table(c, 1)),
  'one value': (kind, r, c) => sized(kind, 4, table(r, 0), table(c, 0)),
}

const shapes = [
  [1, 1, 1],
  [1, 7, 5],
  [6, 1, 5],
  [6, 7, 1],
  [1, 1, 9],
  [1, 8, 1],
  [2, 3, 4],
  [5, 4, 3],
  [33, 17, 29],
  [64, 10, 128],
]

/** Compares element by element, and what lies between C's elements must be as it was. */
function compare(gemm: typeof multiply, a: Factor, b: Factor, c: Factor, name: string): void {
  const expected: Factor = { ...c, data: c.data.slice() }
  multiply(a, b, expected)
  gemm(a, b, c)
  const tolerance = (c.data instanceof Float32Array ? 1e-6 : 1e-14) * (1 + a.inner.length)
  const scale = a.data instanceof Int32Array || b.data instanceof Int32Array ? 100 : 1
  let worst = 0
  for (let i = 0; i < c.data.length; i++) {
    const difference = Math.abs(c.data[i] - expected.data[i])
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference)
  }
  expect(worst, name).toBeLessThan(tolerance * scale)
}

describe.skipIf(!library)('native BLAS (needs koffi and libopenblas0)', () => {
  const native = (kind: typeof Float32Array | typeof Float64Array) =>
    createGemm(kind === Float32Array ? library!.sgemm : library!.dgemm, kind)

  for (const kind of [Float32Array, Float64Array] as const) {
    const inputs = Object.entries({ ...layouts, ...readOnly })
    for (const [left, layoutA] of inputs) {
      it(`${kind.name}: ${left} times every layout into every layout`, () => {
        const gemm = native(kind)
        for (const [right, layoutB] of inputs)
          for (const [out, layoutC] of Object.entries(layouts)) {
            const [m, n, k] = shapes[integer(0, shapes.length - 1)]
            compare(
              gemm,
              layoutA(kind, m, k),
              layoutB(kind, n, k),
              layoutC(kind, m, n),
              `${right} ${out} ${m} ${n} ${k}`,
            )
          }
      })
    }

    it(`${kind.name}: all four transposes in all shapes`, () => {
      const gemm = native(kind)
      const four = [layouts['row-major'], layouts['column-major']]
      for (const [m, n, k] of shapes)
        for (const layoutA of four)
          for (const layoutB of four)
            for (const layoutC of four)
              compare(gemm, layoutA(kind, m, k), layoutB(kind, n, k), layoutC(kind, m, n), `${m} ${n} ${k}`)
    })

    it(`${kind.name}: nothing to sum gives zeros, and empty results stay empty`, () => {
      const gemm = native(kind)
      const rows = layouts['row-major']
      for (const [m, n, k] of [
        [3, 4, 0],
        [0, 4, 2],
        [3, 0, 2],
      ]) {
        const c = rows(kind, m, n)
        compare(gemm, rows(kind, m, k), rows(kind, n, k), c, `${m} ${n} ${k}`)
        if (k === 0) expect([...c.data].slice(0, m * n)).toEqual(new Array(m * n).fill(0))
      }
    })

    it(`${kind.name}: products larger than a block of scratch memory`, () => {
      const gemm = native(kind)
      const rows = layouts['row-major']
      const strided = layouts['every third']
      for (const [m, n, k] of [
        [600, 5, 7],
        [5, 600, 7],
        [5, 7, 1300],
        [530, 520, 515],
      ])
        for (const [la, lb, lc] of [
          [strided, rows, rows],
          [rows, strided, rows],
          [rows, rows, strided],
          [strided, strided, strided],
        ])
          compare(gemm, la(kind, m, k), lb(kind, n, k), lc(kind, m, n), `${m} ${n} ${k}`)
    })

    it(`${kind.name}: operands of other dtypes`, () => {
      const gemm = native(kind)
      const other = kind === Float32Array ? Float64Array : Float32Array
      for (const x of [Int32Array, other])
        for (const layout of Object.values(layouts)) {
          compare(gemm, layout(x, 9, 8), layouts['row-major'](kind, 7, 8), layout(kind, 9, 7), x.name)
          compare(gemm, layout(kind, 9, 8), layout(x, 7, 8), layout(kind, 9, 7), x.name)
        }
    })

    it(`${kind.name}: what C held before, NaN or infinite, does not matter`, () => {
      for (const layout of Object.values(layouts)) {
        const c = layout(kind, 6, 5)
        for (const i of c.outer)
          for (const j of c.inner) c.data[c.offset + i + j] = i & 1 ? Number.NaN : Number.POSITIVE_INFINITY
        compare(native(kind), layout(kind, 6, 4), layout(kind, 5, 4), c, 'NaN')
      }
    })
  }

  it('is found once, and names itself', () => {
    expect(findBlas()).toBe(findBlas())
    expect(blasStatus()).toMatchObject({ name: expect.stringMatching(/./) })
  })

  it('leaves small products, dot products and integers to JavaScript', () => {
    const blas = createBlas(library!)
    expect(blas.gemm('float32', 4, 4, 4)).toBeUndefined()
    expect(blas.gemm('float32', 1, 1, 100_000)).toBeUndefined()
    expect(blas.gemm('float64', 5, 5, 0)).toBeUndefined()
    expect(blas.gemm('int32', 64, 64, 64)).toBeUndefined()
    expect(blas.gemm('float32', 8, 8, 8)).toBe(blas.gemm('float32', 64, 64, 64))
    expect(blas.gemm('float64', 8, 8, 8)).not.toBe(blas.gemm('float32', 8, 8, 8))
  })

  it('goes on to the usual names when the wanted library is missing', () => {
    expect(openLibrary('libnosuchblas.so')).toMatchObject({ name: expect.stringMatching(/./) })
  })

  it('leaves the environment as it was', () => {
    const before = { ...process.env }
    openLibrary()
    expect({ ...process.env }).toEqual(before)
  })
})

describe('how factors reach BLAS', () => {
  const calls: Parameters<CblasGemm>[] = []
  const record: CblasGemm = (...args) => void calls.push(args)
  const gemm = createGemm(record, Float32Array)
  afterEach(() => void (calls.length = 0))
  const run = (a: string, b: string, c: string) => {
    const factors = [layouts[a](Float32Array, 6, 4), layouts[b](Float32Array, 5, 4), layouts[c](Float32Array, 6, 5)]
    gemm(factors[0], factors[1], factors[2])
    const [, transA, transB, , , , , x, , y, , , z] = calls[0]
    const inPlace = [x, y, z].map((data: Floats) => factors.some((f) => f.data.buffer === data.buffer))
    return { calls: calls.length, transposed: [transA === 112, transB === 112], inPlace }
  }

  it('dense factors are passed where they lie, as they are or transposed', () => {
    const inPlace = [true, true, true]
    expect(run('row-major', 'row-major', 'row-major')).toEqual({ calls: 1, transposed: [false, true], inPlace })
    calls.length = 0
    expect(run('column-major', 'column-major', 'row-major')).toEqual({ calls: 1, transposed: [true, false], inPlace })
    calls.length = 0
    expect(run('part of wider rows', 'part of longer columns', 'column-major')).toEqual({
      calls: 1,
      transposed: [true, true],
      inPlace,
    })
  })

  it('others are copied', () => {
    expect(run('every third', 'row-major', 'row-major').inPlace).toEqual([false, true, true])
    calls.length = 0
    expect(run('row-major', 'backwards', 'every third').inPlace.filter(Boolean)).toHaveLength(1)
  })

  it('the number of threads is chosen before the call, by its multiply-adds', () => {
    const order: (string | number)[] = []
    const threaded = createGemm(
      () => order.push('product'),
      Float32Array,
      (work) => order.push(work),
    )
    const rows = layouts['row-major']
    threaded(rows(Float32Array, 6, 4), rows(Float32Array, 5, 4), rows(Float32Array, 6, 5))
    expect(order).toEqual([120, 'product'])
  })

  it('offsets outside the data never reach native code', () => {
    const a: Factor = { data: new Float32Array(10), offset: 0, outer: table(4, 5), inner: table(5, 1) }
    const c: Factor = { data: new Float32Array(16), offset: 0, outer: table(4, 4), inner: table(4, 1) }
    gemm(a, { ...a, data: new Float32Array(20) }, c)
    expect(calls[0][7].buffer).not.toBe(a.data.buffer)
  })
})

describe('without BLAS', () => {
  it('CHAINRULE_BLAS=off switches it off', () => {
    expect(openLibrary('off')).toEqual({ missing: 'native BLAS is switched off by CHAINRULE_BLAS=off' })
  })

  it('where there are no Node modules it is missing in one line', () => {
    const { process } = globalThis
    try {
      Reflect.set(globalThis, 'process', undefined)
      expect(openLibrary()).toEqual({ missing: expect.stringMatching(/browsers/) })
    } finally {
      Reflect.set(globalThis, 'process', process)
    }
  })
})
