/**
 * Printing against texts written out by hand in PyTorch's layout, and against its promises: 80 columns, one width for
 * all elements, no work for elements that are not shown.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate } from '../ops/dtype.ts'
import { contiguousStrides } from '../ops/shape.ts'
import type { DType } from '../ops/value.ts'
import { type Printable, printTensor } from './print.ts'

function make(values: number[], shape: number[] = [values.length], dtype: DType = 'float32'): Printable {
  const buffer = allocate(dtype, values.length)
  buffer.set(values)
  return { buffer, shape, strides: contiguousStrides(shape), offset: 0, dtype }
}

const lines = (...text: string[]): string => text.join('\n')

describe('elements', () => {
  test.each<[string, Printable]>([
    ['tensor(2.5000)', make([2.5], [])],
    ['tensor(3.)', make([3], [])],
    ['tensor([1., 2., 3.])', make([1, 2, 3])],
    ['tensor([ 0.5000, -1.2500])', make([0.5, -1.25])],
    ['tensor([ 0., -0.])', make([0, -0])],
    ['tensor([    nan, -0.5000,     inf,    -inf])', make([Number.NaN, -0.5, Infinity, -Infinity])],
    ['tensor([ nan,  inf, -inf])', make([Number.NaN, Infinity, -Infinity])],
    ['tensor([  1., -inf])', make([1, -Infinity])],
    ['tensor([1.0000e-30], dtype=float64)', make([1e-30], [1], 'float64')],
    ['tensor([1.0000e+00, 2.0010e+03])', make([1, 2001])],
    ['tensor([   1., 1000.])', make([1, 1000])],
    ['tensor([0.0000e+00, 1.0000e-05,        inf], dtype=float64)', make([0, 1e-5, Infinity], [3], 'float64')],
    ['tensor([1.0000e+300], dtype=float64)', make([1e300], [1], 'float64')],
    ['tensor([ -1, 200])', make([-1, 200], [2], 'int32')],
    ['tensor([-2147483648,           7])', make([-(2 ** 31), 7], [2], 'int32')],
    ['tensor([ true, false])', make([1, 0], [2], 'bool')],
    ['tensor([])', make([])],
    ['tensor([], shape=[0, 3])', make([], [0, 3])],
    ['tensor([], shape=[2, 0], dtype=bool)', make([], [2, 0], 'bool')],
  ])('%s', (text, tensor) => expect(printTensor(tensor)).toBe(text))
})

describe('layout', () => {
  test('rows align and higher dimensions are set apart', () => {
    expect(printTensor(make([1, 2, 3, 40], [2, 2]))).toBe(lines('tensor([[ 1.,  2.],', '        [ 3., 40.]])'))
    expect(printTensor(make([1, 2, 3, 4], [2, 2, 1], 'int32'))).toBe(
      lines('tensor([[[1],', '         [2]],', '', '        [[3],', '         [4]]])'),
    )
  })

  test('views are read through their strides', () => {
    const transposed = { ...make([9, 1, 2, 3, 4], [2, 2], 'int32'), strides: [1, 2], offset: 1 }
    expect(printTensor(transposed)).toBe(lines('tensor([[1, 3],', '        [2, 4]])'))
    const flipped = { ...make([1, 2, 3], [3], 'int32'), strides: [-1], offset: 2 }
    expect(printTensor(flipped)).toBe('tensor([3, 2, 1])')
  })

  test('long rows wrap', () => {
    const row = Array.from({ length: 11 }, (_, i) => i + 0.5)
    expect(printTensor(make(row))).toBe(
      lines(
        'tensor([ 0.5000,  1.5000,  2.5000,  3.5000,  4.5000,  5.5000,  6.5000,  7.5000,',
        '         8.5000,  9.5000, 10.5000])',
      ),
    )
  })

  test('more than 1000 elements show their corners', () => {
    const count = Array.from({ length: 1001 }, (_, i) => i)
    expect(printTensor(make(count, [1001], 'int32'))).toBe('tensor([   0,    1,    2, ...,  998,  999, 1000])')
    expect(printTensor(make(count.slice(1), [1000], 'int32'))).not.toContain('...')
    expect(
      printTensor(
        make(
          Array.from({ length: 1400 }, (_, i) => i % 7),
          [200, 7],
          'int32',
        ),
      ),
    ).toBe(
      lines(
        'tensor([[0, 1, 2, ..., 4, 5, 6],',
        '        [0, 1, 2, ..., 4, 5, 6],',
        '        [0, 1, 2, ..., 4, 5, 6],',
        '        ...,',
        '        [0, 1, 2, ..., 4, 5, 6],',
        '        [0, 1, 2, ..., 4, 5, 6],',
        '        [0, 1, 2, ..., 4, 5, 6]])',
      ),
    )
  })

  test('only shown elements are read, and they alone choose the notation', () => {
    const values = new Array<number>(2000).fill(0.5)
    values[1000] = 1e30
    expect(printTensor(make(values))).toBe('tensor([0.5000, 0.5000, 0.5000, ..., 0.5000, 0.5000, 0.5000])')
  })

  test.each([
    ['a billion elements', new Array<number>(3).fill(1000)],
    ['thirty dimensions', new Array<number>(30).fill(2)],
    ['twelve long dimensions', new Array<number>(12).fill(50)],
  ])('%s take little time and text', (_, shape) => {
    const started = performance.now()
    const text = printTensor({ ...make([0.25], []), shape, strides: shape.map(() => 0) })
    expect(performance.now() - started).toBeLessThan(200)
    expect(text).toContain('...')
    expect(text.length).toBeLessThan(200_000)
  })

  test('no line is longer than 80 columns', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 })
    const elements = fc.oneof(fc.double(), fc.integer(), fc.constant(0.5))
    fc.assert(
      fc.property(shapes, elements, elements, fc.boolean(), (shape, a, b, requiresGrad) => {
        const size = shape.reduce((x, y) => x * y, 1)
        fc.pre(size <= 100_000)
        const base = make([a, b], [2], 'float64')
        const strides = shape.map((_, d) => (d === shape.length - 1 && shape[d] <= 2 ? 1 : 0))
        const text = printTensor({ ...base, shape, strides, requiresGrad })
        expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
      }),
    )
  })
})

describe('suffixes', () => {
  const one = make([1.5])

  test('the history, else the wish for a gradient', () => {
    expect(printTensor({ ...one, requiresGrad: true })).toBe('tensor([1.5000], requiresGrad=true)')
    expect(printTensor({ ...one, requiresGrad: true, gradFn: { name: 'mul' } })).toBe('tensor([1.5000], gradFn=mul)')
    expect(printTensor({ ...one, gradFn: null, requiresGrad: false })).toBe('tensor([1.5000])')
  })

  test('names are escaped', () => {
    expect(printTensor({ ...one, name: 'fc1.weight' })).toBe('tensor([1.5000], name="fc1.weight")')
    const hostile = 'a"\n\u001b[31m\u009b\u202e'
    expect(printTensor({ ...one, name: hostile })).toBe('tensor([1.5000], name="a\\"\\n\\u001b[31m\\u009b\\u202e")')
  })

  test('a suffix that does not fit starts a line', () => {
    const row = { ...make(new Array<number>(8).fill(0.5)), requiresGrad: true }
    expect(printTensor(row)).toBe(lines(`tensor([${'0.5000, '.repeat(7)}0.5000],`, '       requiresGrad=true)'))
  })
})
