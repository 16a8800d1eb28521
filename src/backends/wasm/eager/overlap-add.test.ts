/** Adding up windows in WebAssembly against the JavaScript loops, in every layout that convolutions make. */
import { describe, expect, it } from 'vitest'
import { allocate } from '../../../ops/dtype.ts'
import { contiguousStrides, sizeOf } from '../../../ops/shape.ts'
import type { Strided } from '../../../ops/value.ts'
import { addInto } from '../../js/layout.ts'
import { findWasm, wasmStatus } from '../wasm.ts'
import { addInWasm } from './overlap-add.ts'

const available = findWasm() !== undefined
if (!available) console.warn(`SKIPPED: windows in WebAssembly. ${JSON.stringify(wasmStatus())}`)

interface Windows {
  readonly images: number
  readonly channels: number
  readonly size: readonly [height: number, width: number]
  readonly kernel: number
  readonly stride?: number
  readonly dilation?: number
}

/** The windows' shape, and fresh zeros seen as the windows are. */
function windows({ images, channels, size, kernel, stride = 1, dilation = 1 }: Windows, dtype: 'float32' | 'float64') {
  const [high, wide] = size.map((n) => (n - 1) * stride + (kernel - 1) * dilation + 1)
  const shape = [images, channels, ...size, kernel, kernel]
  const plane = high * wide
  const strides = [channels * plane, plane, wide * stride, stride, wide * dilation, dilation]
  const target = (): Strided => ({
    buffer: allocate(dtype, images * channels * plane),
    shape,
    strides,
    offset: 0,
    dtype,
  })
  return { shape, target }
}

const random = (length: number, dtype: 'float32' | 'float64') => {
  const data = allocate(dtype, length)
  for (let i = 0; i < length; i++) data[i] = Math.sin(i * i + 1)
  return data
}

/** The same shape in other layouts: the kernel first, backwards, one value for all positions, a part of something. */
const layouts: Readonly<Record<string, (shape: readonly number[], dtype: 'float32' | 'float64') => Strided>> = {
  dense: (shape, dtype) => ({
    buffer: random(sizeOf(shape), dtype),
    shape,
    strides: contiguousStrides(shape),
    offset: 0,
    dtype,
  }),
  'kernel first': (shape, dtype) => {
    const [n, c, y, x, h, w] = shape
    const [sn, sc, sh, sw, sy, sx] = contiguousStrides([n, c, h, w, y, x])
    return { buffer: random(sizeOf(shape), dtype), shape, strides: [sn, sc, sy, sx, sh, sw], offset: 0, dtype }
  },
  backwards: (shape, dtype) => {
    const size = sizeOf(shape)
    return {
      buffer: random(size + 5, dtype),
      shape,
      strides: contiguousStrides(shape).map((s) => -s),
      offset: size + 1,
      dtype,
    }
  },
  'one per image': (shape, dtype) => ({
    buffer: random(shape[0] + 2, dtype),
    shape,
    strides: [1, 0, 0, 0, 0, 0],
    offset: 2,
    dtype,
  }),
  'every third': (shape, dtype) => ({
    buffer: random(3 * sizeOf(shape), dtype),
    shape,
    strides: contiguousStrides(shape).map((s) => 3 * s),
    offset: 1,
    dtype,
  }),
}

const cases: readonly Windows[] = [
  { images: 2, channels: 3, size: [9, 13], kernel: 3 },
  { images: 9, channels: 16, size: [14, 14], kernel: 3 },
  { images: 1, channels: 1, size: [40, 31], kernel: 2 },
  { images: 5, channels: 2, size: [8, 10], kernel: 5, stride: 2 },
  { images: 3, channels: 2, size: [12, 7], kernel: 4, dilation: 2 },
  { images: 1, channels: 2, size: [700, 9], kernel: 5 },
]

describe.skipIf(!available)('windows that overlap', () => {
  for (const dtype of ['float32', 'float64'] as const)
    for (const [name, layout] of Object.entries(layouts))
      it(`${dtype}, ${name}: add up as in JavaScript`, () => {
        for (const c of cases) {
          const { shape, target } = windows(c, dtype)
          const [source, ours, wanted] = [layout(shape, dtype), target(), target()]
          // what mostly spans gaps is not copied
          expect(addInWasm(ours, source), JSON.stringify(c)).toBe(name !== 'every third')
          if (name === 'every third') continue
          addInto(wanted, source)
          const tolerance = (dtype === 'float32' ? 2 ** -24 : 2 ** -53) * c.kernel ** 4
          const worst = Math.max(...Array.from(wanted.buffer, (x, i) => Math.abs(x - ours.buffer[i])))
          expect(worst, JSON.stringify(c)).toBeLessThanOrEqual(tolerance)
        }
      })

  it('few windows, windows side by side and integers are left to JavaScript', () => {
    const left = (c: Windows, dtype: 'float32' | 'int32') => {
      const { shape, target } = windows(c, 'float32')
      const source = { ...layouts.dense(shape, 'float32'), dtype }
      expect(addInWasm({ ...target(), dtype }, source)).toBe(false)
    }
    left({ images: 1, channels: 1, size: [5, 5], kernel: 3 }, 'float32')
    left({ images: 8, channels: 4, size: [20, 20], kernel: 2, stride: 2 }, 'float32')
    left({ images: 8, channels: 4, size: [20, 20], kernel: 3 }, 'int32')
  })
})
