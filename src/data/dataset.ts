/** What a data set is: numbered items. Those that can put a batch together faster than item by item say so. */
import { toDense } from '../backends/js/layout.ts'
import { ArgumentError, IndexError, ShapeError } from '../errors/index.ts'
import { shapeText } from '../ops/shape.ts'
import { fromArray, Tensor } from '../tensor/index.ts'
import { gatherRows, rowOf } from './rows.ts'

export interface Dataset<T> {
  /** How many items there are. */
  readonly length: number
  /** Item i, 0 <= i < length, or a promise of it. */
  get(i: number): T | Promise<T>
}

/** A data set that makes whole batches; a DataLoader without a `collate` of its own uses it. */
export interface BatchedDataset<T, B> extends Dataset<T> {
  batch(indices: Int32Array): B
}

export const canBatch = <T>(dataset: Dataset<T>): dataset is BatchedDataset<T, unknown> =>
  typeof (dataset as Partial<BatchedDataset<T, unknown>>).batch === 'function'

export function checkIndex(name: string, i: number, length: number): void {
  if (!(Number.isInteger(i) && i >= 0 && i < length))
    throw new IndexError(`${name}: item ${i} of ${length}; items are numbered 0 to ${length - 1}`)
}

/**
 * The items of an array, which is not copied. A DataLoader makes one of an array that it is given.
 * @example new data.ListDataset(['a', 'b']).length // 2
 */
export class ListDataset<T> implements Dataset<T> {
  readonly items: readonly (T | Promise<T>)[]

  constructor(items: readonly (T | Promise<T>)[]) {
    if (!Array.isArray(items)) throw new ArgumentError('ListDataset: takes an array of items')
    this.items = items
  }

  get length(): number {
    return this.items.length
  }

  get(i: number): T | Promise<T> {
    checkIndex('ListDataset', i, this.length)
    return this.items[i]
  }

  toString(): string {
    return `ListDataset(length=${this.length})`
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * Tensors whose first dimension counts the items: item i is [x[i], y[i], ...], a batch gathers these rows.
 * @param tensors of shapes [length, ...].
 * @throws ArgumentError without tensors, ShapeError where their first sizes differ.
 * @example new data.TensorDataset(tensor([[1, 2], [3, 4]]), tensor([5, 6])).get(1) // [[3, 4], 6]
 */
export class TensorDataset implements BatchedDataset<Tensor[], Tensor[]> {
  readonly tensors: readonly Tensor[]
  readonly length: number

  constructor(...tensors: Tensor[]) {
    if (tensors.length === 0) throw new ArgumentError('TensorDataset: takes at least one tensor')
    tensors.forEach((x, i) => {
      if (!(x instanceof Tensor))
        throw new ArgumentError(`TensorDataset: argument ${i} is not a tensor; wrap data with tensor(...)`)
    })
    if (tensors.some((x) => x.shape.length === 0 || x.shape[0] !== tensors[0].shape[0])) {
      throw new ShapeError(
        `TensorDataset: tensors must have the same first size, got ${tensors.map((x) => shapeText(x.shape)).join(', ')}`,
      )
    }
    this.tensors = tensors
    this.length = tensors[0].shape[0]
  }

  get(i: number): Tensor[] {
    checkIndex('TensorDataset', i, this.length)
    return this.tensors.map((x) => rowOf(x, i))
  }

  batch(indices: Int32Array): Tensor[] {
    for (const i of indices) checkIndex('TensorDataset', i, this.length)
    return this.tensors.map((x) => gatherRows(x, indices))
  }

  toString(): string {
    return `TensorDataset(length=${this.length}, shapes=${this.tensors.map((x) => shapeText(x.shape)).join(', ')})`
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * Grey images of one byte per pixel with a class each. They stay bytes; what is handed out is float32 in [0, 1] and int32.
 * Item i is [image, label] of shapes [1, height, width] and []; a batch has shapes [n, 1, height, width] and [n].
 */
export class ImageDataset implements BatchedDataset<[Tensor, Tensor], [images: Tensor, labels: Tensor]> {
  readonly length: number
  readonly height: number
  readonly width: number
  readonly pixels: Uint8Array
  readonly classes: Uint8Array

  constructor(pixels: Uint8Array, classes: Uint8Array, height: number, width: number) {
    if (pixels.length !== classes.length * height * width) {
      throw new ShapeError(
        `ImageDataset: ${classes.length} images of ${height} × ${width} need ${classes.length * height * width} bytes, got ${pixels.length}`,
      )
    }
    this.pixels = pixels
    this.classes = classes
    this.height = height
    this.width = width
    this.length = classes.length
  }

  get(i: number): [Tensor, Tensor] {
    checkIndex('ImageDataset', i, this.length)
    const [images, labels] = this.batch(Int32Array.of(i))
    return [
      fromArray(toDense(images), [1, this.height, this.width], 'float32'),
      fromArray(toDense(labels), [], 'int32'),
    ]
  }

  batch(indices: Int32Array): [images: Tensor, labels: Tensor] {
    const size = this.height * this.width
    const images = new Float32Array(indices.length * size)
    const labels = new Int32Array(indices.length)
    for (let k = 0; k < indices.length; k++) {
      checkIndex('ImageDataset', indices[k], this.length)
      labels[k] = this.classes[indices[k]]
      const from = indices[k] * size
      for (let i = 0, to = k * size; i < size; i++) images[to + i] = this.pixels[from + i] / 255
    }
    const shape = [indices.length, 1, this.height, this.width]
    return [fromArray(images, shape, 'float32'), fromArray(labels, [indices.length], 'int32')]
  }

  /** All images at once, [length, 1, height, width]: made anew at every call, four times the size of the bytes. */
  get images(): Tensor {
    return this.batch(Int32Array.from({ length: this.length }, (_, i) => i))[0]
  }

  /** All classes, [length], int32: made anew at every call. */
  get labels(): Tensor {
    return fromArray(Int32Array.from(this.classes), [this.length], 'int32')
  }
  toString(): string {
    return `ImageDataset(length=${this.length}, height=${this.height}, width=${this.width})`
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}
