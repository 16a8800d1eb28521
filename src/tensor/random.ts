/**
 * Random tensors from one counter-based generator: a seed and a position in its stream are all its state, so that the
 * same seed gives the same numbers everywhere.
 */
import { ArgumentError, checkOptions } from '../errors/index.ts'
import { shown } from '../ops/arguments.ts'
import { allocate, checkDType, requireFloating } from '../ops/dtype.ts'
import { fullShape, sizeOf } from '../ops/shape.ts'
import type { DType, TypedArray } from '../ops/value.ts'
import { fromArray } from './apply.ts'
import { finish, like, splitShape, type TensorOptions } from './create.ts'
import { fillIntegers, fillNormal, fillUniform, permutation } from './philox.ts'
import type { Tensor } from './tensor.ts'
import { tracing } from './tracer.ts'

export interface RandomState {
  readonly seed: number | bigint
  readonly offset: number
}

export class Generator {
  seed: number | bigint
  /** How many words of the stream have been used. */
  offset = 0

  constructor(seed: number | bigint = 0) {
    this.seed = seed
    // One that a compiled function makes starts anew at every call.
    tracing.tracer?.scalars('Generator', 0, () => {
      this.state = { seed, offset: 0 }
      return []
    })
  }

  get state(): RandomState {
    return { seed: this.seed, offset: this.offset }
  }

  set state({ seed, offset }: RandomState) {
    this.seed = seed
    this.offset = offset
  }
}

// A program that sets no seed starts from another one each time, as in PyTorch.
export const defaultGenerator = new Generator(Math.floor(Math.random() * 2 ** 48))

/** Starts the stream of random numbers anew: the same seed gives the same numbers. */
export function manualSeed(seed: number | bigint): void {
  if (typeof seed !== 'bigint' && !Number.isSafeInteger(seed)) {
    throw new ArgumentError(`manualSeed: the seed must be a safe integer or a bigint, got ${shown(seed)}`)
  }
  const start = () => {
    defaultGenerator.state = { seed, offset: 0 }
    return []
  }
  // A compiled function starts anew at every call.
  if (tracing.tracer) tracing.tracer.scalars('manualSeed', 0, start)
  else start()
}

export interface RandomOptions extends TensorOptions {
  /** Where the numbers come from; the generator that `manualSeed` sets unless given. */
  readonly generator?: Generator
}

type ShapeArgs = [shape: readonly number[], options?: RandomOptions] | (number | RandomOptions)[]
type Fill = (out: TypedArray, generator: Generator) => number

function draw(name: string, shape: readonly number[], given: RandomOptions, dtype: DType, fill: Fill): Tensor {
  checkOptions(name, given, ['dtype', 'requiresGrad', 'name', 'generator'])
  const { generator = defaultGenerator, ...options } = given
  const sizes = drawnShape(name, fullShape(name, [shape]))
  return finish(name, boxDrawn(filled(name, sizes, dtype, generator, fill)), options)
}

function filled(name: string, sizes: number[], dtype: DType, generator: Generator, fill: Fill): Tensor {
  const run = (out: TypedArray) => {
    if (drawing.used && !drawing.used.has(generator)) drawing.used.set(generator, generator.state)
    generator.offset = fill(out, generator)
  }
  if (tracing.tracer) {
    // Bad arguments are refused now, by drawing nothing.
    fill(allocate(dtype, 0), generator)
    return tracing.tracer.fill(name, sizes, dtype, run)
  }
  const out = allocate(dtype, sizeOf(sizes))
  run(out)
  return fromArray(out, sizes, dtype)
}

/** What transforms do to random numbers drawn inside of them; nothing outside. */
export interface Drawing {
  shape(name: string, shape: number[]): number[]
  box(x: Tensor): Tensor
  /** Where somebody keeps account: every generator that was drawn from, and where it started. */
  used: Map<Generator, RandomState> | null
}

export const drawing: Drawing = {
  shape: (_, shape) => shape,
  box: (x) => x,
  used: null,
}
const drawnShape = (name: string, shape: number[]) => drawing.shape(name, shape)
const boxDrawn = (x: Tensor) => drawing.box(x)

function drawFloats(name: string, args: readonly unknown[], fill: typeof fillUniform): Tensor {
  const [shape, options] = splitShape<RandomOptions>(args)
  const dtype = checkDType(name, options.dtype ?? 'float32')
  requireFloating(name, dtype)
  return draw(name, shape, options, dtype, (out, g) => fill(out as Float32Array | Float64Array, g.seed, g.offset))
}

/** Uniform numbers in [0, 1). */
export const rand = (...args: ShapeArgs): Tensor => drawFloats('rand', args, fillUniform)

/** Normal numbers with mean 0 and variance 1. */
export const randn = (...args: ShapeArgs): Tensor => drawFloats('randn', args, fillNormal)

/** Integers from low up to but not including high: `randint(10, [3])`, `randint(-5, 5, [3])`. */
export function randint(
  low: number,
  high: number | readonly number[],
  shape?: readonly number[] | RandomOptions,
  options?: RandomOptions,
): Tensor {
  const ranged = typeof high === 'number'
  const [from, to] = ranged ? [low, high] : [0, low]
  const sizes = (ranged ? shape : high) as readonly number[]
  const rest = ((ranged ? options : shape) ?? {}) as RandomOptions
  return draw('randint', sizes, rest, 'int32', (out, g) => fillIntegers(out as Int32Array, from, to, g.seed, g.offset))
}

/** The integers 0 to n - 1 in random order. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  return draw('randperm', [n], options, 'int32', (out, g) => {
    // Inside of vmap there may be several.
    let next = g.offset
    for (let at = 0; at < out.length; at += n, next += n) out.set(permutation(n, g.seed, next), at)
    return next
  })
}

export const randLike = (x: Tensor, options: RandomOptions = {}): Tensor => rand(...like('randLike', x, options))
export const randnLike = (x: Tensor, options: RandomOptions = {}): Tensor => randn(...like('randnLike', x, options))
