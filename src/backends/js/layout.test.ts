/** Copies, sums and reductions of any layout equal those element by element, with generated code and without. */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { allocate, dtypes } from '../../ops/dtype.ts'
import { amax, prod, sum } from '../../ops/reduce/index.ts'
import { contiguousStrides, sizeOf } from '../../ops/shape.ts'
import type { Strided } from '../../ops/value.ts'
import { codeGeneration } from '../../scalar/index.ts'
import { addInto, copyInto, toDense, walk } from './layout.ts'
import { runReduce } from './reduce.ts'

afterEach(() => codeGeneration.force(undefined))

const mode = fc.constantFrom(undefined, 'compose' as const)
const sizes = fc.array(fc.constantFrom(0, 1, 2, 3, 5, 17, 40), { maxLength: 3 })

/** A view of numbered elements: dimensions in any order, some walked backwards or expanded. */
const layouts = fc
  .record({ shape: sizes, seed: fc.nat(), dtype: fc.constantFrom(...dtypes), flip: fc.nat(7), expand: fc.nat(7) })
  .map(({ shape, seed, dtype, flip, expand }): Strided => {
    const order = shape.map((_, d) => d).sort((a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5))
    const dense = contiguousStrides(order.map((d) => shape[d]))
    const strides = shape.map((_, d) => dense[order.indexOf(d)] * (flip & (1 << d) ? -1 : 1))
    const offset = strides.reduce((at, s, d) => (s < 0 && shape[d] > 0 ? at - s * (shape[d] - 1) : at), 0)
    const buffer = allocate(dtype, sizeOf(shape)).map((_, i) => (dtype === 'bool' ? i % 2 : (i * 7) % 11))
    return { buffer, shape, strides: strides.map((s, d) => (expand & (1 << (d + 1)) ? 0 : s)), offset, dtype }
  })

const rowMajor = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>((all, n) => all.flatMap((at) => Array.from({ length: n }, (_, i) => [...at, i])), [[]])

const at = (x: Strided, index: readonly number[]): number => index.reduce((p, i, d) => p + i * x.strides[d], x.offset)
const elements = (x: Strided): number[] => rowMajor(x.shape).map((index) => x.buffer[at(x, index)])

describe('layouts', () => {
  it('are copied in row-major order', () => {
    fc.assert(
      fc.property(layouts, mode, (x, m) => {
        codeGeneration.force(m)
        expect([...toDense(x)]).toEqual(elements(x))
      }),
    )
  })

  it('are written to and added to', () => {
    fc.assert(
      fc.property(layouts, mode, (layout, m) => {
        codeGeneration.force(m)
        const target = { ...layout, dtype: 'float64' as const, buffer: new Float64Array(layout.buffer.length) }
        const data = Float32Array.from({ length: sizeOf(layout.shape) }, (_, i) => i + 1)
        const { shape } = layout
        const source: Strided = { buffer: data, shape, strides: contiguousStrides(shape), offset: 0, dtype: 'float32' }
        const expected = new Float64Array(layout.buffer.length)
        for (const [i, index] of rowMajor(shape).entries()) expected[at(layout, index)] += data[i]
        addInto(target, source)
        expect(target.buffer).toEqual(expected)
        if (layout.strides.includes(0)) return
        copyInto(target, source)
        expect(target.buffer).toEqual(expected)
      }),
    )
  })

  it("are walked along the target's smallest stride, the source's smallest around it", () => {
    const target = (shape: number[], strides: number[]): Strided => ({
      buffer: new Float32Array(0),
      shape,
      strides,
      offset: 0,
      dtype: 'float32',
    })
    expect(walk(target([8, 7, 6, 5], [210, 30, 5, 1]), [1, 8, 56, 336])).toEqual({
      sizes: [7, 6, 8, 5],
      strides: [
        [30, 5, 210, 1],
        [8, 56, 1, 336],
      ],
    })
    // windows of 3 x 3 that overlap: the long way along a row, not the short one across the window
    const windows = walk(target([2, 8, 8, 3, 3], [100, 10, 1, 10, 1]), [576, 72, 9, 3, 1])
    expect(windows.sizes).toEqual([2, 3, 8, 3, 8])
    expect(windows.strides[1]).toEqual([576, 3, 72, 1, 9])
  })

  it.each([sum, prod, amax])('are reduced over any dimensions: $name', (op) => {
    const start = op.identity ?? -Infinity
    const join = { [sum.name]: (a: number, b: number) => a + b, [prod.name]: (a: number, b: number) => a * b }
    fc.assert(
      fc.property(layouts, mode, fc.nat(7), (given, m, chosen) => {
        codeGeneration.force(m)
        const x = { ...given, dtype: 'float64' as const, buffer: Float64Array.from(given.buffer, (v) => v - 2) }
        const axes = x.shape.map((_, d) => d).filter((d) => chosen & (1 << d))
        if (op.identity === undefined && axes.some((d) => x.shape[d] === 0)) return
        const shape = x.shape.filter((_, d) => !axes.includes(d))
        const expected = new Float64Array(sizeOf(shape)).fill(start)
        const places = contiguousStrides(shape)
        for (const index of rowMajor(x.shape)) {
          const kept = index.filter((_, d) => !axes.includes(d))
          const place = kept.reduce((p, i, d) => p + i * places[d], 0)
          expected[place] = (join[op.name] ?? Math.max)(expected[place], x.buffer[at(x, index)])
        }
        const result = runReduce(op, x, { axes, keepdim: false }, { shape, dtype: 'float64' })
        for (const [i, v] of expected.entries()) {
          if (Number.isFinite(v)) expect(Math.abs(result[i] - v)).toBeLessThanOrEqual(1e-9 * Math.abs(v))
        }
        expect(result.length).toBe(expected.length)
      }),
    )
  })
})
