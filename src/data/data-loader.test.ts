/** Batches: their sizes and orders, iterators side by side, promises, and failures that name the item. */
import { describe, expect, test, vi } from 'vitest'
import { ArgumentError, ChainruleError } from '../errors/index.ts'
import { arange, manualSeed, type Tensor } from '../tensor/index.ts'
import { DataLoader, type DataLoaderOptions, type Dataset, TensorDataset } from './index.ts'

const tensors = (n: number) => new TensorDataset(arange(n))
const numbers = (n: number): Dataset<number> => ({ length: n, get: (i) => i })
const shown = (batches: Iterable<Tensor[]>) => Array.from(batches, ([x]) => [...x.data])
const order = (loader: DataLoader<Tensor[], Tensor[]>) => shown(loader).flat()

describe('batches', () => {
  test('are full but for the last, which can be dropped', () => {
    const loader = new DataLoader(tensors(5), { batchSize: 2 })
    expect([loader.length, shown(loader)]).toEqual([3, [[0, 1], [2, 3], [4]]])
    const dropping = new DataLoader(tensors(5), { batchSize: 2, dropLast: true })
    expect([dropping.length, shown(dropping)]).toEqual([
      2,
      [
        [0, 1],
        [2, 3],
      ],
    ])
    const none = new DataLoader(tensors(1), { batchSize: 2, dropLast: true })
    expect([none.length, shown(none)]).toEqual([0, []])
  })

  test('are collated from items, or by a function', () => {
    expect(Array.from(new DataLoader(numbers(3), { batchSize: 2 }), (x) => x.toArray())).toEqual([[0, 1], [2]])
    const sums = new DataLoader(numbers(4), { batchSize: 2, collate: (items) => items.reduce((a, b) => a + b, 0) })
    expect([...sums]).toEqual([1, 5])
    const rows = new DataLoader(tensors(2), { collate: (items: Tensor[][]) => items.length })
    expect([...rows]).toEqual([1, 1])
  })
})

describe('shuffling', () => {
  test('are taken from an array of items', async () => {
    const loader = new DataLoader([1, 2, 3], { batchSize: 2 })
    expect(Array.from(loader, (x) => x.toArray())).toEqual([[1, 2], [3]])
    const pairs = new DataLoader([{ x: [1, 2], name: 'a' }])
    expect([...pairs][0].name).toEqual(['a'])
    const late: unknown[] = []
    for await (const x of new DataLoader([Promise.resolve(4)])) late.push(x.toArray())
    expect(late).toEqual([[4]])
    expect(String(loader)).toBe('DataLoader(ListDataset of 3, batchSize=2, shuffle=false, dropLast=false)')
    expect(String(new DataLoader(numbers(2)))).toMatch(/^DataLoader\(data set of 2, /)
    expect(String(tensors(2))).toBe('TensorDataset(length=2, shapes=[2])')
  })

  test('every epoch has its own order, which the seed fixes', () => {
    const epochs = (seed: number) => {
      const loader = new DataLoader(tensors(50), { batchSize: 7, shuffle: true, seed })
      return [order(loader), order(loader), order(loader)]
    }
    const made = epochs(5)
    expect(made).toEqual(epochs(5))
    expect(new Set([...made, ...epochs(6)].map(String)).size).toBe(6)
    for (const one of made) expect([...one].sort((a, b) => a - b)).toEqual([...Array(50).keys()])
  })

  test('epochs can be repeated', () => {
    const loader = new DataLoader(tensors(50), { shuffle: true, seed: 1 })
    order(loader)
    const second = order(loader)
    loader.epoch = 1
    expect(order(loader)).toEqual(second)
  })

  test('without a seed the order comes from manualSeed', () => {
    const two = () => {
      manualSeed(3)
      const loader = new DataLoader(tensors(20), { shuffle: true })
      return [order(loader), order(loader)]
    }
    const [first, second] = two()
    expect(two()).toEqual([first, second])
    expect(first).not.toEqual(second)
  })

  test('iterators side by side do not disturb each other; a loop can be left', () => {
    const make = () => new DataLoader(tensors(6), { batchSize: 2, shuffle: true, seed: 9 })
    const alone = make()
    const expected = [shown(alone), shown(alone)]
    const loader = make()
    const [a, b] = [loader[Symbol.iterator](), loader[Symbol.iterator]()]
    const found: number[][][] = [[], []]
    for (let k = 0; k < 6; k++) found[k % 2].push([...((k % 2 ? b : a).next().value as Tensor[])[0].data])
    expect(found).toEqual(expected)
    for (const _ of loader) break
    expect(loader.epoch).toBe(3)
  })
})

describe('promises', () => {
  const later = (n: number, log: string[] = []): Dataset<number> => ({
    length: n,
    async get(i) {
      log.push(`ask ${i}`)
      await new Promise((resolve) => setTimeout(resolve, 1))
      return i
    },
  })

  test('batches arrive in order, and the next ones are asked for ahead', async () => {
    const log: string[] = []
    for await (const x of new DataLoader(later(5, log), { prefetch: 2 })) log.push(`batch ${x.toArray()}`)
    expect(log.slice(0, 4)).toEqual(['ask 0', 'ask 1', 'ask 2', 'batch 0'])
    expect(log.filter((line) => line.startsWith('batch'))).toEqual([0, 1, 2, 3, 4].map((i) => `batch ${i}`))
  })

  test('without prefetch one at a time; items at hand are never taken in advance', async () => {
    const log: string[] = []
    for await (const x of new DataLoader(later(2, log), { prefetch: 0 })) log.push(`batch ${x.toArray()}`)
    expect(log).toEqual(['ask 0', 'batch 0', 'ask 1', 'batch 1'])
    const get = vi.fn((i: number) => i)
    for await (const _ of new DataLoader({ length: 9, get })) break
    expect(get).toHaveBeenCalledTimes(1)
  })

  test('a plain loop says what to use', () => {
    expect(() => [...new DataLoader(later(2))]).toThrow(/for await/)
  })

  test('a failure waits for its turn and is forgotten if that never comes', async () => {
    const stray: unknown[] = []
    const note = (error: unknown) => void stray.push(error)
    process.on('unhandledRejection', note)
    const set: Dataset<number> = { length: 4, get: async (i) => (i < 2 ? i : Promise.reject(new Error(`no ${i}`))) }
    for await (const _ of new DataLoader(set, { prefetch: 3 })) break
    const seen: unknown[] = []
    const all = async () => {
      for await (const x of new DataLoader(set)) seen.push(x.toArray())
    }
    await expect(all()).rejects.toThrow('DataLoader: item 2 of the data set failed: no 2')
    expect(seen).toEqual([[0], [1]])
    const mixed: Dataset<number> = {
      length: 2,
      get(i) {
        if (i === 1) throw new Error('at once')
        return Promise.reject(new Error('later'))
      },
    }
    expect(() => [...new DataLoader(mixed, { batchSize: 2 })]).toThrow('item 1 of the data set failed: at once')
    await new Promise((resolve) => setTimeout(resolve, 5))
    process.off('unhandledRejection', note)
    expect(stray).toEqual([])
  })
})

describe('errors', () => {
  test('an item that throws is named, with the cause', () => {
    const cause = new TypeError('broken')
    const set: Dataset<number> = {
      length: 3,
      get(i) {
        if (i === 1) throw cause
        return i
      },
    }
    const it = new DataLoader(set)[Symbol.iterator]()
    it.next()
    let error: unknown
    try {
      it.next()
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(ChainruleError)
    expect(error).toMatchObject({ message: 'DataLoader: item 1 of the data set failed: broken', cause })
  })

  test.each([
    [numbers(0), {}, /the data set is empty/],
    [{} as Dataset<number>, {}, /a length and get\(i\)/],
    [numbers(2), 3 as never, /DataLoader: options come last as one object, as in \{ batchSize: 3 \}; got 3/],
    [[] as unknown as Dataset<number>, {}, /the data set is empty/],
    [numbers(2), { batchSize: 0 }, /batchSize must be a positive integer, got 0/],
    [numbers(2), { batchSize: 1.5 }, /batchSize/],
    [numbers(2), { prefetch: -1 }, /prefetch must be an integer >= 0/],
    [numbers(2), { seed: 0.5 }, /seed must be a safe integer/],
    [numbers(2), { shuffle: 1 as unknown as boolean }, /shuffle must be true or false/],
    [numbers(2), { batch: 3 } as object, /unknown option 'batch'; it takes \{ batchSize, /],
  ] as [Dataset<number>, DataLoaderOptions<number, Tensor>, RegExp][])('%o %o is refused', (set, options, message) => {
    expect(() => new DataLoader(set, options)).toThrow(message)
    expect(() => new DataLoader(set, options)).toThrow(ArgumentError)
  })
})
