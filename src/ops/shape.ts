/** Arithmetic of shapes: sizes, strides, axes and numpy's broadcasting. Every function names the op it speaks for. */
import { ArgumentError, IndexError, ShapeError } from '../errors/index.ts'
import { isOptions, shown } from './arguments.ts'
import type { Operand, Shape } from './value.ts'

export const SCALAR: Shape = Object.freeze([]) as Shape

export function sizeOf(shape: Shape): number {
  let size = 1
  for (let i = 0; i < shape.length; i++) size *= shape[i]
  return size
}

/** Row-major strides in elements. An empty dimension counts as 1, so that a stride of 0 always means repetition. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step
    step *= shape[i] || 1
  }
  return strides
}

export function isContiguous(shape: Shape, strides: readonly number[]): boolean {
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return false
    step *= shape[i] || 1
  }
  return true
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`

export const shapeOf = (operand: Operand): Shape => (typeof operand === 'number' ? SCALAR : operand.shape)

/** numpy's rule: align at the right; sizes must be equal or one of them 1. */
export function broadcastShapes(name: string, shapes: readonly Shape[]): Shape {
  let out = shapes[0]
  for (let k = 1; k < shapes.length; k++) {
    const next = shapes[k]
    if (sameShape(out, next) || next.length === 0) continue
    out = out.length === 0 ? next : broadcastPair(name, out, next, shapes)
  }
  return out
}

function broadcastPair(name: string, a: Shape, b: Shape, all: readonly Shape[]): Shape {
  const rank = Math.max(a.length, b.length)
  const out = new Array<number>(rank)
  for (let i = 1; i <= rank; i++) {
    const m = a[a.length - i] ?? 1
    const n = b[b.length - i] ?? 1
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${name}: shapes ${all.map(shapeText).join(' and ')} do not broadcast: ` +
          `sizes ${m} and ${n} at dimension ${-i} differ and neither is 1`,
      )
    }
    out[rank - i] = m === 1 ? n : m
  }
  return out
}

/** A dimension counted from either end, as a number from 0. */
export function normalizeAxis(name: string, axis: number, rank: number): number {
  const span = Math.max(rank, 1)
  if (!Number.isInteger(axis)) throw notADim(name, axis, 'an integer')
  if (axis < -span || axis >= span) {
    throw new IndexError(`${name}: dim ${axis} is out of range for ${rank} dimensions (${-span} to ${span - 1})`)
  }
  return axis < 0 ? axis + span : axis
}

function notADim(name: string, given: unknown, what: string): ArgumentError {
  const hint = isOptions(given) && 'dim' in given ? '; it comes in its place, not by name' : ''
  return new ArgumentError(`${name}: dim must be ${what}, got ${shown(given)}${hint}`)
}

/** Dimensions as a list, whatever one of the two forms they come in. */
export function axisList(name: string, dim: number | readonly number[]): readonly number[] {
  if (Array.isArray(dim)) return dim
  if (typeof dim === 'number') return [dim]
  throw notADim(name, dim, 'an integer or a list of them')
}

/** Sorted dimensions; undefined stands for all of them. */
export function normalizeAxes(
  name: string,
  dim: number | readonly number[] | undefined | null,
  rank: number,
): number[] {
  if (dim === undefined || dim === null) return Array.from({ length: rank }, (_, i) => i)
  const axes = axisList(name, dim).map((d) => normalizeAxis(name, d, rank))
  if (new Set(axes).size !== axes.length)
    throw new ArgumentError(`${name}: dim lists a dimension twice: [${axes.join(', ')}]`)
  return rank === 0 ? [] : axes.sort((a, b) => a - b)
}

/** A shape given as an array or as spread numbers: `zeros([2, 3])`, `zeros(2, 3)`. */
export function shapeArgument(name: string, args: readonly (number | readonly number[])[]): number[] {
  const [first] = args as readonly unknown[]
  const list = args.length === 1 && (Array.isArray(first) || ArrayBuffer.isView(first))
  const sizes: readonly unknown[] = list ? Array.from(first as ArrayLike<number>) : args
  for (const n of sizes) {
    if (Number.isInteger(n)) continue
    throw new ShapeError(`${name}: takes integers, spread or as one array, got ${sizes.map(shown).join(', ')}`)
  }
  return [...sizes] as number[]
}

/** As `shapeArgument`, for shapes in which every size must be given. */
export function fullShape(name: string, args: readonly (number | readonly number[])[]): number[] {
  const shape = shapeArgument(name, args)
  if (shape.some((n) => n < 0)) throw new ShapeError(`${name}: sizes must not be negative, got ${shapeText(shape)}`)
  if (sizeOf(shape) > 2 ** 31) {
    throw new ShapeError(
      `${name}: ${shapeText(shape)} has ${sizeOf(shape)} elements, more than the 2147483648 that fit`,
    )
  }
  return shape
}
