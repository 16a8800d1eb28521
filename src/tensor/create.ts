/** Making tensors from data and from rules. Data is copied: a tensor owns its elements. */
import { ArgumentError, checkOptions, DTypeError, ShapeError } from '../errors/index.ts'
import { allocate, checkDType, isFloating } from '../ops/dtype.ts'
import { castTo } from '../ops/elementwise/castTo.ts'
import { clone } from '../ops/elementwise/clone.ts'
import { eq } from '../ops/elementwise/eq.ts'
import { fullShape, sizeOf } from '../ops/shape.ts'
import type { DType, Shape, TypedArray } from '../ops/value.ts'
import { reshape } from '../ops/view/reshape.ts'
import { fromArray } from './apply.ts'
import { requireTensor } from './require.ts'
import { withoutRecording } from './scope.ts'
import { type NestedArray, Tensor } from './tensor.ts'
import { tracing } from './tracer.ts'

export interface TensorOptions {
  /** 'float32' unless the data says otherwise: booleans make 'bool', typed arrays keep their type. */
  readonly dtype?: DType
  /** Whether `backward` is to accumulate a gradient here. */
  readonly requiresGrad?: boolean
  /** A name for messages, explanations and pictures. */
  readonly name?: string
}

const KNOWN = ['dtype', 'requiresGrad', 'name']

export type TensorData = NestedArray | readonly NestedArray[] | TypedArray | Tensor

/**
 * A tensor of the given numbers: one number, nested arrays of equal lengths, a typed array or another tensor.
 * @param data is copied.
 * @throws ShapeError where nested arrays differ in length, DTypeError where elements are no numbers.
 * @example tensor([[1, 2], [3, 4]]).sum() // 10
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  checkOptions('tensor', options, KNOWN)
  const made = data instanceof Tensor ? copyOf(data, options.dtype) : fromData('tensor', data, options.dtype)
  return finish('tensor', made, options)
}

function copyOf(x: Tensor, dtype: DType = x.dtype): Tensor {
  if (tracing.tracer?.hides(x)) return withoutRecording(() => clone(castTo(x.detach(), checkDType('tensor', dtype))))
  const out = allocate(checkDType('tensor', dtype), x.size)
  out.set(dtype === 'bool' ? x.data.map((v) => Number(v !== 0)) : x.data)
  return fromArray(out, x.shape, dtype)
}

const typedDType = (data: TypedArray): DType =>
  data instanceof Float32Array ? 'float32' : data instanceof Float64Array ? 'float64' : 'int32'

function fromData(name: string, data: NestedArray | readonly NestedArray[] | TypedArray, asked?: DType): Tensor {
  if (ArrayBuffer.isView(data)) {
    const array = data as TypedArray
    const dtype = asked === undefined ? typedDType(array) : checkDType(name, asked)
    const out = allocate(dtype, array.length)
    for (let i = 0; i < array.length; i++) out[i] = element(name, array[i], dtype)
    return fromArray(out, [array.length], dtype)
  }
  const shape = shapeOfNested(name, data)
  const first = firstElement(data)
  const dtype = asked === undefined ? (typeof first === 'boolean' ? 'bool' : 'float32') : checkDType(name, asked)
  const out = allocate(dtype, sizeOf(shape))
  let at = 0
  const fill = (x: unknown, depth: number): void => {
    if (depth < shape.length) {
      if (!Array.isArray(x) || x.length !== shape[depth]) throw ragged(name, shape, depth, x)
      for (const row of x) fill(row, depth + 1)
    } else if (typeof x === 'number' || typeof x === 'boolean') out[at++] = element(name, Number(x), dtype)
    else throw notANumber(name, x, shape, depth)
  }
  fill(data, 0)
  return fromArray(out, shape, dtype)
}

/** A number as the dtype holds it; int32 cuts fractions off, but has no place for NaN and what lies beyond its range. */
function element(name: string, x: number, dtype: DType): number {
  if (dtype === 'bool') return Number(x !== 0)
  if (dtype === 'int32' && !(x > -(2 ** 31) - 1 && x < 2 ** 31))
    throw new DTypeError(`${name}: ${x} does not fit into int32`)
  return x
}

function shapeOfNested(name: string, data: unknown): number[] {
  const shape: number[] = []
  for (let at = data; Array.isArray(at); at = at[0]) {
    shape.push(at.length)
    if (shape.length > 64) throw new ShapeError(`${name}: arrays nested deeper than 64`)
  }
  return shape
}

function firstElement(data: unknown): unknown {
  let at = data
  while (Array.isArray(at)) at = at[0]
  return at
}

function ragged(name: string, shape: Shape, depth: number, x: unknown): ShapeError {
  const found = Array.isArray(x) ? `an array of ${x.length}` : x instanceof Tensor ? 'a tensor' : `a ${typeof x}`
  const wanted = shape[depth] === undefined ? 'a number' : `an array of ${shape[depth]}`
  return new ShapeError(
    `${name}: nested arrays must have equal lengths: expected ${wanted} at depth ${depth}, found ${found}`,
  )
}

function notANumber(name: string, x: unknown, shape: Shape, depth: number): Error {
  if (Array.isArray(x)) return ragged(name, shape, depth, x)
  if (x instanceof Tensor)
    return new DTypeError(`${name}: elements are numbers or booleans, found a tensor; join tensors with stack()`)
  const hint = typeof x === 'bigint' ? '; convert it with Number(...)' : ''
  return new DTypeError(`${name}: elements are numbers or booleans, found ${x === null ? 'null' : typeof x}${hint}`)
}

export function finish(name: string, x: Tensor, options: TensorOptions): Tensor {
  checkOptions(name, options, KNOWN)
  if (options.requiresGrad) x.requiresGrad = true
  if (options.name !== undefined) x.name = options.name
  return x
}

function make(
  name: string,
  shape: readonly number[],
  options: TensorOptions,
  write?: (out: TypedArray) => void,
): Tensor {
  checkOptions(name, options, KNOWN)
  const dtype = checkDType(name, options.dtype ?? 'float32')
  const sizes = fullShape(name, [shape])
  const out = allocate(dtype, sizeOf(sizes))
  write?.(out)
  return finish(name, fromArray(out, sizes, dtype), options)
}

type ShapeArgs = [shape: readonly number[], options?: TensorOptions] | (number | TensorOptions)[]

/** Separates `zeros([2, 3], { dtype })` and `zeros(2, 3, { dtype })` into shape and options. */
export function splitShape<O extends object>(args: readonly unknown[]): [number[], O] {
  const last = args.at(-1)
  const hasOptions = typeof last === 'object' && last !== null && !Array.isArray(last)
  const sizes = hasOptions ? args.slice(0, -1) : args
  const shape = sizes.length === 1 && Array.isArray(sizes[0]) ? sizes[0] : sizes
  return [shape as number[], (hasOptions ? last : {}) as O]
}

/** @example zeros([2, 2]) // [[0, 0], [0, 0]] */
export function zeros(...args: ShapeArgs): Tensor {
  const [shape, options] = splitShape<TensorOptions>(args)
  return make('zeros', shape, options)
}

/** @example ones([3]) // [1, 1, 1] */
export function ones(...args: ShapeArgs): Tensor {
  const [shape, options] = splitShape<TensorOptions>(args)
  return make('ones', shape, options, (out) => out.fill(1))
}

/** @example full([2], 7) // [7, 7] */
export function full(shape: readonly number[], value: number, options: TensorOptions = {}): Tensor {
  if (typeof value !== 'number') throw new ArgumentError(`full: the value must be a number, got ${typeof value}`)
  return make('full', shape, options, (out) => out.fill(options?.dtype === 'bool' ? Number(value !== 0) : value))
}

/** The shape and dtype of x, for makers of its kind. */
export function like<O extends TensorOptions>(name: string, x: Tensor, options: O): [Shape, O] {
  requireTensor(name, x)
  checkOptions(name, options, ['dtype', 'requiresGrad', 'name', 'generator'])
  return [x.shape, { dtype: x.dtype, ...options }]
}

export const zerosLike = (x: Tensor, options: TensorOptions = {}): Tensor => zeros(...like('zerosLike', x, options))
export const onesLike = (x: Tensor, options: TensorOptions = {}): Tensor => ones(...like('onesLike', x, options))
export const fullLike = (x: Tensor, value: number, options: TensorOptions = {}): Tensor => {
  const [shape, rest] = like('fullLike', x, options)
  return full(shape, value, rest)
}

/** The identity matrix, or the part of it that fits n × m. @example eye(2) // [[1, 0], [0, 1]] */
export function eye(n: number, m: number | TensorOptions = n, options: TensorOptions = {}): Tensor {
  const [columns, rest] = typeof m === 'number' ? [m, options] : [n, m]
  return make('eye', [n, columns], rest, (out) => {
    for (let i = 0; i < Math.min(n, columns); i++) out[i * columns + i] = 1
  })
}

/**
 * start, start + step, ... up to but not including end; int32 where all three are integers and no dtype is given.
 * @example arange(3) // [0, 1, 2]
 */
export function arange(
  start: number,
  end?: number | TensorOptions,
  step?: number | TensorOptions,
  options?: TensorOptions,
): Tensor {
  const numbers = [start, end, step].filter((x) => typeof x === 'number')
  const rest = [end, step, options].find((x) => typeof x === 'object') ?? {}
  const [from, to, by] = numbers.length === 1 ? [0, start, 1] : [start, numbers[1], numbers[2] ?? 1]
  if (![from, to, by].every(Number.isFinite) || by === 0) {
    throw new ArgumentError(`arange: start, end and step must be finite and step not 0, got (${from}, ${to}, ${by})`)
  }
  const dtype = rest.dtype ?? ([from, to, by].every(Number.isInteger) ? 'int32' : 'float32')
  return make('arange', [Math.max(0, Math.ceil((to - from) / by))], { ...rest, dtype }, (out) => {
    for (let i = 0; i < out.length; i++) out[i] = from + i * by
  })
}

/** `steps` numbers at equal distances, both ends included. @example linspace(0, 1, 3) // [0, 0.5, 1] */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  if (!Number.isFinite(start) || !Number.isFinite(end))
    throw new ArgumentError(`linspace: ends must be finite, got (${start}, ${end})`)
  return make('linspace', [steps], options, (out) => {
    // From both ends, so that each is met exactly.
    const by = (end - start) / Math.max(1, steps - 1)
    for (let i = 0; i < steps; i++) out[i] = i < steps / 2 ? start + i * by : end - (steps - 1 - i) * by
  })
}

/** Ones where the class is, zeros elsewhere: [...] becomes [..., classes]. @example oneHot(tensor([1, 0], { dtype: 'int32' }), 2) // [[0, 1], [1, 0]] */
export function oneHot(labels: Tensor, classes?: number, options: TensorOptions = {}): Tensor {
  requireTensor('oneHot', labels, 'labels')
  if (isFloating(labels.dtype))
    throw new DTypeError(`oneHot: labels must be integers, got ${labels.dtype}; use to('int32')`)
  if (classes !== undefined && tracing.tracer?.hides(labels)) return hotByComparing(labels, classes, options)
  const flat = labels.data
  let largest = -1
  for (const k of flat) if (k > largest) largest = k
  const n = classes ?? largest + 1
  const bad = flat.find((k) => k < 0 || k >= n)
  if (bad !== undefined) throw new ArgumentError(`oneHot: label ${bad} is not one of the ${n} classes 0 to ${n - 1}`)
  return make('oneHot', [...labels.shape, n], { dtype: 'int32', ...options }, (out) => {
    for (let i = 0; i < flat.length; i++) out[i * n + flat[i]] = 1
  })
}

/** As oneHot, where the labels cannot be read: one that is no class has no 1. */
function hotByComparing(labels: Tensor, classes: number, options: TensorOptions): Tensor {
  const column = reshape(labels.detach(), [...labels.shape, 1])
  const hot = withoutRecording(() => eq(column, arange(classes)))
  return finish('oneHot', castTo(hot, checkDType('oneHot', options.dtype ?? 'int32')), options)
}
