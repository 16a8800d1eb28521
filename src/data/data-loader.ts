/**
 * Batches of a data set, in order or shuffled. The order of an epoch is a function of the seed and the number of the
 * epoch alone; every iterator keeps its own order and position, so that several may be under way.
 */
import { ArgumentError, ChainruleError, checkOptions } from '../errors/index.ts'
import { defaultGenerator } from '../tensor/index.ts'
import { permutation } from '../tensor/philox.ts'
import { type Collated, collate as collateItems } from './collate.ts'
import { type BatchedDataset, canBatch, type Dataset, ListDataset } from './dataset.ts'

export interface DataLoaderOptions<T, B> {
  /** Items per batch; 1 unless given. */
  readonly batchSize?: number
  /** Whether every epoch has an order of its own. */
  readonly shuffle?: boolean
  /** Fixes the orders; unless given, they come from the generator that `manualSeed` sets. */
  readonly seed?: number | bigint
  /** Whether to leave out a last batch that is not full. */
  readonly dropLast?: boolean
  /** How many batches are asked for ahead of time in `for await`, where items are promises; 2 unless given. */
  readonly prefetch?: number
  /** Makes a batch of a list of items; `collate` unless given. */
  readonly collate?: (items: T[]) => B
}

const KNOWN = ['batchSize', 'shuffle', 'seed', 'dropLast', 'prefetch', 'collate']
const isPromise = (x: unknown): x is PromiseLike<unknown> =>
  typeof (x as PromiseLike<unknown> | null | undefined)?.then === 'function'

/**
 * Batches of a data set or an array of items: `for (const [x, y] of loader)`, or `for await` where items are promises.
 * @throws ArgumentError where the data set is empty or an option is unknown or out of range.
 * @example const items = new data.TensorDataset(tensor([1, 2, 3])); [...new data.DataLoader(items, { batchSize: 2 })] // [[[1, 2]], [[3]]]
 */
export class DataLoader<T, B = Collated<T>> implements Iterable<B>, AsyncIterable<B> {
  readonly dataset: Dataset<T>
  readonly batchSize: number
  readonly shuffle: boolean
  readonly dropLast: boolean
  readonly prefetch: number
  /** The number of the next epoch to be started. With a seed, setting it repeats or skips epochs. */
  epoch = 0
  private readonly seed: number | bigint | undefined
  private readonly assemble: ((items: T[]) => B) | undefined

  constructor(dataset: BatchedDataset<T, B>, options?: DataLoaderOptions<T, B> & { readonly collate?: undefined })
  constructor(dataset: Dataset<T> | readonly (T | Promise<T>)[], options?: DataLoaderOptions<T, B>)
  constructor(items: Dataset<T> | readonly (T | Promise<T>)[], options: DataLoaderOptions<T, B> = {}) {
    const dataset = Array.isArray(items) ? new ListDataset<T>(items) : (items as Dataset<T>)
    checkLoader(dataset, options)
    const { batchSize = 1, shuffle = false, seed, dropLast = false, prefetch = 2, collate } = options
    this.dataset = dataset
    this.batchSize = batchSize
    this.shuffle = shuffle
    this.dropLast = dropLast
    this.prefetch = prefetch
    this.seed = seed
    this.assemble = collate
  }

  /** How many batches an epoch has. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches)
  }

  toString(): string {
    const { dataset, batchSize, shuffle, dropLast } = this
    const name = dataset.constructor?.name
    const own = name && name !== 'Object' ? name : 'data set'
    return `DataLoader(${own} of ${dataset.length}, batchSize=${batchSize}, shuffle=${shuffle}, dropLast=${dropLast})`
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  *[Symbol.iterator](): Generator<B, undefined> {
    for (const indices of this.batches()) {
      const batch = this.load(indices)
      if (isPromise(batch)) {
        batch.then(undefined, () => {})
        throw new ArgumentError(
          'DataLoader: the items of this data set are promises; use `for await (const batch of loader)`',
        )
      }
      yield batch
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<B, undefined> {
    const batches = this.batches()
    const started: (B | PromiseLike<B>)[] = []
    for (;;) {
      // Items that are there at once are not worth holding in advance.
      do {
        const next = batches.next()
        if (next.done) break
        started.push(this.begin(next.value))
      } while (started.length <= this.prefetch && isPromise(started[0]))
      if (started.length === 0) return
      yield await (started.shift() as B | PromiseLike<B>)
    }
  }

  /** As `load`; a failure waits until its batch is asked for, and is forgotten if it never is. */
  private begin(indices: Int32Array): B | PromiseLike<B> {
    try {
      const batch = this.load(indices)
      if (isPromise(batch)) batch.then(undefined, () => {})
      return batch
    } catch (error) {
      const failed = Promise.reject(error)
      failed.catch(() => {})
      return failed
    }
  }

  private load(indices: Int32Array): B | PromiseLike<B> {
    const { dataset, assemble = collateItems as unknown as (items: T[]) => B } = this
    if (canBatch(dataset) && !this.assemble) return dataset.batch(indices) as B
    const items: (T | PromiseLike<T>)[] = []
    for (const i of indices) {
      try {
        const item = dataset.get(i)
        items.push(
          isPromise(item)
            ? (item as PromiseLike<T>).then(undefined, (error) => Promise.reject(failure(i, error)))
            : (item as T),
        )
      } catch (error) {
        // Those that are under way are not waited for: their failures would be nobody's.
        for (const item of items) if (isPromise(item)) item.then(undefined, () => {})
        throw failure(i, error)
      }
    }
    return items.some(isPromise) ? Promise.all(items).then((all) => assemble(all as T[])) : assemble(items as T[])
  }

  /** The indices of one epoch, batch by batch. */
  private *batches(): Generator<Int32Array, undefined> {
    const order = this.order(this.epoch++)
    const end = this.length * this.batchSize
    for (let at = 0; at < Math.min(end, order.length); at += this.batchSize)
      yield order.subarray(at, at + this.batchSize)
  }

  private order(epoch: number): Int32Array {
    const n = this.dataset.length
    if (!this.shuffle) return Int32Array.from({ length: n }, (_, i) => i)
    // A permutation uses one word of the stream per item: epochs follow one another in it.
    if (this.seed !== undefined) return permutation(n, this.seed, epoch * n)
    const { seed, offset } = defaultGenerator
    defaultGenerator.offset = offset + n
    return permutation(n, seed, offset)
  }
}

function failure(i: number, error: unknown): ChainruleError {
  const message = error instanceof Error ? error.message : String(error)
  return new ChainruleError(`DataLoader: item ${i} of the data set failed: ${message}`, { cause: error })
}

function checkLoader<T, B>(dataset: Dataset<T>, options: DataLoaderOptions<T, B>): void {
  if (typeof dataset?.get !== 'function' || !Number.isInteger(dataset.length)) {
    throw new ArgumentError(
      'DataLoader: takes an array of items or a data set, which has a length and get(i); for tensors use new TensorDataset(x, y)',
    )
  }
  if (dataset.length <= 0) throw new ArgumentError('DataLoader: the data set is empty')
  checkOptions('DataLoader', options, KNOWN)
  const { batchSize = 1, prefetch = 2, seed, collate } = options
  if (!Number.isSafeInteger(batchSize) || batchSize < 1)
    throw new ArgumentError(`DataLoader: batchSize must be a positive integer, got ${batchSize}`)
  if (!Number.isSafeInteger(prefetch) || prefetch < 0)
    throw new ArgumentError(`DataLoader: prefetch must be an integer >= 0, got ${prefetch}`)
  if (seed !== undefined && typeof seed !== 'bigint' && !Number.isSafeInteger(seed)) {
    throw new ArgumentError(`DataLoader: seed must be a safe integer or a bigint, got ${seed}`)
  }
  for (const key of ['shuffle', 'dropLast'] as const) {
    if (options[key] !== undefined && typeof options[key] !== 'boolean')
      throw new ArgumentError(`DataLoader: ${key} must be true or false, got ${options[key]}`)
  }
  if (collate !== undefined && typeof collate !== 'function')
    throw new ArgumentError('DataLoader: collate must be a function')
}
