/** From a list of items to a batch: what is nested alike stays nested, and the leaves are stacked. */
import { ArgumentError } from '../errors/index.ts'
import { Tensor, tensor } from '../tensor/index.ts'
import { stack } from './rows.ts'

/** What becomes of an item of type T: tensors, numbers and booleans are stacked, texts are listed. */
export type Collated<T> = T extends Tensor | number | boolean
  ? Tensor
  : T extends string
    ? string[]
    : T extends readonly unknown[]
      ? { -readonly [K in keyof T]: Collated<T[K]> }
      : T extends object
        ? { -readonly [K in keyof T]: Collated<T[K]> }
        : T[]

/**
 * One batch of the items: tensors are stacked along a new first dimension, numbers become float32 and booleans bool
 * tensors (as `tensor` makes them), arrays and plain objects are taken apart, everything else is listed.
 * @throws ShapeError or DTypeError where tensors differ, ArgumentError where nestings do.
 * @example data.collate([{ x: tensor([1, 2]), y: 3 }, { x: tensor([4, 5]), y: 6 }]).x // [[1, 2], [4, 5]]
 */
export const collate = <T>(items: readonly T[]): Collated<T> => collateAny(items) as Collated<T>

function collateAny(items: readonly unknown[]): unknown {
  const [first] = items
  const all = (test: (x: unknown) => boolean) => items.every(test)
  if (first instanceof Tensor) return all((x) => x instanceof Tensor) ? stack(items as Tensor[]) : refuse('a tensor')
  if (typeof first === 'number' || typeof first === 'boolean') {
    return all((x) => typeof x === typeof first) ? tensor(items as number[]) : refuse(`a ${typeof first}`)
  }
  if (Array.isArray(first)) {
    const rows = items as unknown[][]
    if (!all((x) => Array.isArray(x) && x.length === first.length)) refuse(`an array of ${first.length}`)
    return first.map((_, k) => collateAny(rows.map((row) => row[k])))
  }
  if (!isRecord(first)) return [...items]
  const keys = Object.keys(first)
  const alike = (x: unknown) => isRecord(x) && keys.length === Object.keys(x).length && keys.every((key) => key in x)
  if (!all(alike)) refuse(`an object of { ${keys.join(', ')} }`)
  const columns = keys.map((key) => [key, collateAny(items.map((x) => (x as Record<string, unknown>)[key]))])
  return Object.fromEntries(columns)
}

function isRecord(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null) return false
  const prototype = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}

function refuse(what: string): never {
  throw new ArgumentError(
    `DataLoader: the first item of the batch is or has ${what} where another one has something else; pass a collate function`,
  )
}
