/**
 * `at` and `set` against a reference that visits one element after the other: which source element does each element
 * of the result come from? Values, gradients and assignments must all agree with that.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { gradients } from '../src/autodiff/index.ts'
import { at, type Index, set } from '../src/functional/indexing/index.ts'
import { mul } from '../src/ops/elementwise/index.ts'
import { sum } from '../src/ops/reduce/sum.ts'
import { permute, reshape } from '../src/ops/view/index.ts'
import { arange, noGrad, type Tensor, tensor } from '../src/tensor/index.ts'

type Nested = number | boolean | Nested[]

/** A dimension of the result: how long it is and which index along source dimension `of` its i-th entry means. */
interface Kept {
  readonly size: number
  readonly of: number
  readonly indexOf: (i: number) => number
}

const shapeOf = (a: Nested): number[] => (Array.isArray(a) ? [a.length, ...(a.length > 0 ? shapeOf(a[0]) : [])] : [])
const read = (a: Nested, i: readonly number[]): Nested => i.reduce<Nested>((b, k) => (b as Nested[])[k], a)
const count = (shape: readonly number[]) => shape.reduce((n, s) => n * s, 1)
const coordinates = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>((all, n) => all.flatMap((c) => Array.from({ length: n }, (_, i) => [...c, i])), [[]])

function python(range: { start?: number; end?: number; step?: number }, n: number): number[] {
  const { step = 1 } = range
  const bound = (i: number) => Math.max(step > 0 ? 0 : -1, Math.min(step > 0 ? n : n - 1, i < 0 ? i + n : i))
  const start = range.start === undefined ? (step > 0 ? 0 : n - 1) : bound(range.start)
  const end = range.end === undefined ? (step > 0 ? n : -1) : bound(range.end)
  const found: number[] = []
  for (let i = start; step > 0 ? i < end : i > end; i += step) found.push(i)
  return found
}

const isMask = (i: unknown): i is Nested[] => Array.isArray(i) && typeof i.flat(9)[0] === 'boolean'

/** Shape of the result and, per element, the row-major place of its source. */
function reference(shape: readonly number[], indices: readonly Index[]): { shape: number[]; from: number[] } {
  const fixed = new Map<number, number>()
  const kept: (Kept | 'rows')[] = []
  const rows: { of: number; array: Nested }[] = []
  let d = 0
  const consumed = (i: Index) => (i === null || i === '...' ? 0 : isMask(i) ? shapeOf(i).length : 1)
  const total = indices.reduce<number>((n, i) => n + consumed(i), 0)
  const all = indices.includes('...') ? indices : [...indices, '...' as const]
  for (const index of all) {
    if (index === '...') {
      for (let k = total; k < shape.length; k++, d++) kept.push({ size: shape[d], of: d, indexOf: (i: number) => i })
    } else if (index === null) kept.push({ size: 1, of: -1, indexOf: () => 0 })
    else if (typeof index === 'number') {
      fixed.set(d, index < 0 ? index + shape[d] : index)
      d++
    } else if (isMask(index)) {
      const mask = index
      const hits = coordinates(shapeOf(mask)).filter((c) => read(mask, c) === true)
      for (let k = 0; k < shapeOf(mask).length; k++) {
        kept.push('rows')
        rows.push({ of: d++, array: hits.map((c) => c[k]) })
      }
    } else if (Array.isArray(index)) {
      kept.push('rows')
      rows.push({ of: d++, array: index as Nested })
    } else {
      const list = python(index as { start?: number }, shape[d])
      kept.push({ size: list.length, of: d++, indexOf: (i: number) => list[i] })
    }
  }
  const shapes = rows.map((r) => shapeOf(r.array))
  const rank = Math.max(0, ...shapes.map((s) => s.length))
  const broadcast = Array.from({ length: rank }, (_, k) => {
    const sizes = shapes.map((s) => s[k - rank + s.length] ?? 1)
    return sizes.find((n) => n !== 1) ?? 1
  })
  const first = kept.indexOf('rows')
  const neighbours = kept.slice(first, first + rows.length).every((k) => k === 'rows')
  const place = first < 0 ? 0 : neighbours ? first : 0
  const others = kept.filter((k): k is Kept => k !== 'rows')
  const result = [...others.slice(0, place).map((k) => k.size), ...broadcast, ...others.slice(place).map((k) => k.size)]
  const from = coordinates(result).map((c) => {
    const source = shape.map((_, k) => fixed.get(k) ?? 0)
    others.forEach((k, i) => {
      if (k.of >= 0) source[k.of] = k.indexOf(c[i < place ? i : i + rank])
    })
    rows.forEach((r, k) => {
      const own = shapes[k].map((n, j) => (n === 1 ? 0 : c[place + rank - shapes[k].length + j]))
      const i = read(r.array, own) as number
      source[r.of] = i < 0 ? i + shape[r.of] : i
    })
    return source.reduce((p, i, k) => p * shape[k] + i, 0)
  })
  return { shape: result, from }
}

const integer = (n: number) => fc.integer({ min: -n, max: n - 1 })

const range = (n: number) =>
  fc.record(
    {
      start: fc.integer({ min: -n - 2, max: n + 2 }),
      end: fc.integer({ min: -n - 2, max: n + 2 }),
      step: fc.constantFrom(1, 2, 3, -1, -2),
    },
    { requiredKeys: [] },
  )

/** Index arrays of one call broadcast against each other: their shapes come from the same [a, b]. */
const array = (n: number, [a, b]: readonly number[]) => {
  const row = (length: number) => fc.array(integer(n), { minLength: length, maxLength: length })
  const table = (rows: number, columns: number) => fc.array(row(columns), { minLength: rows, maxLength: rows })
  return fc.oneof(row(b), row(1), table(a, b), table(a, 1), table(1, b))
}

const flags = (n: number) => fc.array(fc.boolean(), { minLength: n, maxLength: n })

type Call = { shape: number[]; indices: Index[] }

const calls: fc.Arbitrary<Call> = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    common: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    used: fc.integer({ min: 0, max: 4 }),
    dots: fc.option(fc.nat(6)),
    axes: fc.array(fc.nat(6), { maxLength: 2 }),
    masked: fc.option(fc.nat(3), { freq: 3 }),
  })
  .chain(({ shape, common, used, dots, axes, masked }) => {
    const n = Math.min(used, shape.length)
    const mask = masked !== null && masked < n
    // Where the dots stand, the indices behind them count from the end.
    const split = dots === null ? n : Math.min(dots, n)
    const sizes = Array.from({ length: n }, (_, i) => (i < split ? shape[i] : shape[shape.length - n + i]))
    const entry = (size: number, i: number): fc.Arbitrary<Index> => {
      const plain = fc.oneof(integer(size) as fc.Arbitrary<Index>, range(size) as fc.Arbitrary<Index>)
      if (mask) return i === masked ? (flags(size) as fc.Arbitrary<Index>) : plain
      return fc.oneof(plain, array(size, common) as fc.Arbitrary<Index>)
    }
    return fc.tuple(...sizes.map(entry)).map((entries) => {
      const indices: Index[] = [...entries]
      if (dots !== null) indices.splice(split, 0, '...')
      for (const a of axes) indices.splice(Math.min(a, indices.length), 0, null)
      return { shape, indices }
    })
  })

/** 0, 1, 2, ... in a layout of its own: some inputs are transposed views. */
function numbered(shape: readonly number[], turned: boolean): Tensor {
  const x = arange(0, count(shape), 1, { dtype: 'float64' })
  if (!turned) return reshape(x, shape)
  const order = shape.map((_, d) => shape.length - 1 - d)
  return permute(tensor(permute(reshape(x, shape), order)), order)
}

const runs = { numRuns: 600, interruptAfterTimeLimit: 1500 }

it('at() takes every element from where the reference does, values and gradients', () => {
  fc.assert(
    fc.property(calls, fc.boolean(), ({ shape, indices }, turned) => {
      const x = numbered(shape, turned)
      x.requiresGrad = true
      const expected = reference(shape, indices)
      const y = at(x, ...indices)
      expect(y.shape).toEqual(expected.shape)
      expect([...y.data]).toEqual(expected.from)
      const weight = reshape(arange(1, y.size + 1, 1, { dtype: 'float64' }), y.shape)
      const [g] = gradients(sum(mul(y, weight)), x)
      const sums = new Array<number>(count(shape)).fill(0)
      expected.from.forEach((p, i) => {
        sums[p] += i + 1
      })
      expect([...g.data]).toEqual(sums)
    }),
    runs,
  )
})

it('set() writes every element to where at() reads it, recorded or not', () => {
  fc.assert(
    fc.property(calls, fc.boolean(), ({ shape, indices }, turned) => {
      const { shape: selected, from } = reference(shape, indices)
      const expected = Array.from({ length: count(shape) }, (_, i) => i)
      const winner = new Map<number, number>()
      from.forEach((p, i) => {
        expected[p] = -1 - i
        winner.set(p, i)
      })
      const value = reshape(arange(-1, -1 - from.length, -1, { dtype: 'float64' }), selected)
      const plain = numbered(shape, turned)
      const version = plain.version
      noGrad(() => set(plain, indices, value))
      expect([...plain.data]).toEqual(expected)
      expect(plain.version).toBe(version + 1)
      value.requiresGrad = true
      const recorded = tensor(numbered(shape, turned))
      set(recorded, indices, value)
      expect([...recorded.data]).toEqual(expected)
      const [g] = gradients(sum(recorded), value)
      expect([...g.data]).toEqual(from.map((p, i) => Number(winner.get(p) === i)))
    }),
    { ...runs, numRuns: 300 },
  )
})
