/** The real digits, and every way in which their files can be missing or wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ArgumentError, DeviceError, FormatError } from '../errors/index.ts'
import { DataLoader, mnist } from './index.ts'

describe('the package', () => {
  test('70,000 digits, of which the first are known', () => {
    const { train, test } = mnist()
    expect([train.length, test.length]).toEqual([60000, 10000])
    const first = (set: typeof train) => [...set.batch(Int32Array.of(0, 1, 2, 3, 4))[1].data]
    expect([first(train), first(test)]).toEqual([
      [5, 0, 4, 1, 9],
      [7, 2, 1, 0, 4],
    ])
    const counts = Array(10).fill(0)
    for (const label of test.classes) counts[label]++
    expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    // the mean of all training pixels, as published
    const mean = train.pixels.reduce((a, b) => a + b, 0) / train.pixels.length / 255
    expect(mean).toBeCloseTo(0.1307, 4)
  })

  test('comes in batches of floats', () => {
    const loader = new DataLoader(mnist({ split: 'test' }), { batchSize: 1000, shuffle: true, seed: 1 })
    for (const [images, labels] of loader) {
      expect([images.shape, images.dtype, labels.shape, labels.dtype]).toEqual([
        [1000, 1, 28, 28],
        'float32',
        [1000],
        'int32',
      ])
      expect((images.data as Float32Array).reduce((a, b) => Math.max(a, b))).toBe(1)
      break
    }
  })
})

describe('files', () => {
  const root = mkdtempSync(join(tmpdir(), 'chainrule-mnist-'))
  afterAll(() => rmSync(root, { recursive: true }))

  const idx = (shape: number[], data: number[]) => {
    const header = shape.flatMap((n) => [0, 0, n >> 8, n & 255])
    return Uint8Array.from([0, 0, 8, shape.length, ...header, ...data])
  }
  const put = (images: Uint8Array, labels: Uint8Array) => {
    writeFileSync(join(root, 't10k-images-idx3-ubyte'), images)
    writeFileSync(join(root, 't10k-labels-idx1-ubyte'), labels)
  }
  const read = () => mnist({ root, split: 'test' })
  const blank = idx([2, 28, 28], Array(2 * 784).fill(9))

  test('another folder can be read, if its files are what they should be', () => {
    expect(read).toThrow(/cannot read .*t10k-images-idx3-ubyte/)
    put(blank, idx([2], [1, 2]))
    expect([...read().batch(Int32Array.of(1))[1].data]).toEqual([2])
  })

  test.each([
    ['truncated', blank.subarray(0, 900), idx([2], [1, 2]), /t10k-images-idx3-ubyte: truncated/],
    ['not IDX', Uint8Array.from([80, 75, 3, 4, 0, 0]), idx([2], [1, 2]), /not an IDX file/],
    ['labels for images', idx([2], [1, 2]), idx([2], [1, 2]), /expected an IDX file of rank 3, found rank 1/],
    ['another count', blank, idx([3], [1, 2, 3]), /as many labels as images, found 3 .* for 2/],
    ['another size', idx([2, 1, 1], [1, 2]), idx([2], [1, 2]), /28 × 28 pixels .*, found 1 × 1/],
    ['no digits', blank, idx([2], [1, 12]), /expected digits 0 to 9, found 12 at 1/],
  ])('%s', (_, images, labels, message) => {
    put(images, labels)
    expect(read).toThrow(FormatError)
    expect(read).toThrow(message)
  })

  test('options are checked', () => {
    expect(() => mnist({ split: 'valid' as 'test' })).toThrow(ArgumentError)
    expect(() => mnist({ part: 'test' } as object)).toThrow(/unknown option 'part'/)
  })

  test('where there are no files, it says so', () => {
    const { getBuiltinModule } = process
    try {
      Object.assign(process, { getBuiltinModule: undefined })
      expect(() => mnist()).toThrow(DeviceError)
    } finally {
      Object.assign(process, { getBuiltinModule })
    }
  })
})
