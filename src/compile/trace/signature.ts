/**
 * What a trace was made for: how the arguments are nested, what their tensors are, and every other value in them by
 * identity. A call is compared with it without making anything but the list of its tensors.
 */
import { ArgumentError } from '../../errors/index.ts'
import { isContiguous, sameShape } from '../../ops/shape.ts'
import type { DType, Shape } from '../../ops/value.ts'
import { type Storage, Tensor } from '../../tensor/index.ts'

export type Pattern = TensorPattern | ListPattern | RecordPattern | StaticPattern | SamePattern

export interface TensorPattern {
  readonly is: 'tensor'
  readonly shape: Shape
  readonly dtype: DType
  readonly tracked: boolean
  /** Whether it was computed from others, into which its derivative goes on. */
  readonly inner: boolean
  /** How its elements lie where that matters: because another argument shares them. */
  readonly layout: { readonly strides: readonly number[]; readonly offset: number; readonly size: number } | null
  readonly name: string | undefined
  /** What `.grad` holds. */
  readonly grad: TensorPattern | null
}

interface ListPattern {
  readonly is: 'list'
  readonly items: readonly Pattern[]
}

interface RecordPattern {
  readonly is: 'record'
  readonly keys: readonly string[]
  readonly items: readonly Pattern[]
}

interface StaticPattern {
  readonly is: 'static'
  readonly value: unknown
}

/** A tensor that the function also reads by itself: this very one. */
interface SamePattern {
  readonly is: 'same'
  readonly tensor: Tensor
}

export interface Signature {
  readonly pattern: Pattern
  /** Per tensor, the first one with the same storage. */
  readonly aliases: readonly number[]
}

/** An argument that contains itself has no end: deeper than this is taken for that. */
const DEEPEST = 500

/** Tensors of which no transform or hook knows something that a compiled function could not tell it. */
const isPlain = (x: Tensor): boolean => x.box === null && (x.hooks === null || x.hooks.size === 0)

/** The signature of the arguments and their tensors; null where they carry derivatives. `same` are those to be known by identity. */
export function describe(
  args: readonly unknown[],
  same: ReadonlySet<Storage>,
): { readonly signature: Signature; readonly tensors: Tensor[] } | null {
  const tensors: Tensor[] = []
  let plain = true
  const shared = sharedStorages(args)
  const tensor = (x: Tensor): TensorPattern => {
    if (!isPlain(x)) plain = false
    tensors.push(x)
    const { shape, dtype, tracked, strides, offset, storage, name } = x
    const layout = shared.has(storage) ? { strides, offset, size: storage.size } : null
    const inner = x.gradFn !== null
    return { is: 'tensor', shape, dtype, tracked, inner, layout, name, grad: tracked && x.grad ? tensor(x.grad) : null }
  }
  const walk = (x: unknown, depth: number): Pattern => {
    if (depth > DEEPEST) throw new ArgumentError(`compile: an argument is nested deeper than ${DEEPEST} levels`)
    if (x instanceof Tensor) return same.has(x.storage) ? { is: 'same', tensor: x } : tensor(x)
    if (Array.isArray(x)) return { is: 'list', items: x.map((child) => walk(child, depth + 1)) }
    if (isRecord(x)) {
      const keys = Object.keys(x)
      return { is: 'record', keys, items: keys.map((key) => walk(x[key], depth + 1)) }
    }
    if (ArrayBuffer.isView(x))
      throw new ArgumentError(
        'compile: an argument is an array of numbers, whose values would be taken once for all calls; pass tensor(data)',
      )
    return { is: 'static', value: x }
  }
  const pattern = walk(args, 0)
  return plain ? { signature: { pattern, aliases: aliasesOf(tensors) }, tensors } : null
}

function sharedStorages(args: readonly unknown[]): Set<Storage> {
  const seen = new Set<Storage>()
  const shared = new Set<Storage>()
  const visit = (x: Tensor) => {
    if (seen.has(x.storage)) shared.add(x.storage)
    seen.add(x.storage)
    if (x.tracked && x.grad) visit(x.grad)
  }
  const walk = (x: unknown, depth: number): void => {
    if (depth > DEEPEST) return
    if (x instanceof Tensor) visit(x)
    else if (Array.isArray(x)) for (const child of x) walk(child, depth + 1)
    else if (isRecord(x)) for (const child of Object.values(x)) walk(child, depth + 1)
  }
  walk(args, 0)
  return shared
}

const isRecord = (x: unknown): x is Record<string, unknown> => {
  if (typeof x !== 'object' || x === null || x instanceof Tensor) return false
  const prototype = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}

function aliasesOf(tensors: readonly Tensor[]): number[] {
  const first = new Map<Storage, number>()
  return tensors.map(({ storage }, i) => {
    if (!first.has(storage)) first.set(storage, i)
    return first.get(storage)!
  })
}

/** Where the next tensor is put that is found. */
let next = 0

/** Whether the arguments fit; their tensors are put into `found`. */
export function matches({ pattern, aliases }: Signature, args: readonly unknown[], found: Tensor[]): boolean {
  next = 0
  if (!fits(pattern, args, found)) return false
  // Setting a length costs more than all else here.
  if (found.length !== next) found.length = next
  return next === aliases.length && sameAliases(found, aliases)
}

function fits(pattern: Pattern, x: unknown, found: Tensor[]): boolean {
  switch (pattern.is) {
    case 'tensor':
      return x instanceof Tensor && fitsTensor(pattern, x, found)
    case 'list':
      return Array.isArray(x) && x.length === pattern.items.length && fitsList(pattern.items, x, found)
    case 'record': {
      const { keys, items } = pattern
      if (!isRecord(x)) return false
      let n = 0
      for (const key in x) if (keys[n++] !== key) return false
      return n === keys.length && items.every((p, i) => fits(p, x[keys[i]], found))
    }
    case 'static':
      return Object.is(x, pattern.value) && !(x instanceof Tensor)
    case 'same':
      return x === pattern.tensor
  }
}

function fitsList(patterns: readonly Pattern[], xs: readonly unknown[], found: Tensor[]): boolean {
  for (let i = 0; i < patterns.length; i++) if (!fits(patterns[i], xs[i], found)) return false
  return true
}

function fitsTensor(pattern: TensorPattern, x: Tensor, found: Tensor[]): boolean {
  if (x.dtype !== pattern.dtype || x.tracked !== pattern.tracked || !sameShape(x.shape, pattern.shape)) return false
  if (!isPlain(x) || x.name !== pattern.name || (x.gradFn !== null) !== pattern.inner) return false
  const { layout } = pattern
  if (layout && (x.offset !== layout.offset || x.storage.size !== layout.size || !sameShape(x.strides, layout.strides)))
    return false
  found[next++] = x
  if (!pattern.tracked) return true
  return pattern.grad ? x.grad !== null && fitsTensor(pattern.grad, x.grad, found) : x.grad === null
}

function sameAliases(tensors: readonly Tensor[], aliases: readonly number[]): boolean {
  if (tensors.length > 8) return aliasesOf(tensors).every((first, i) => first === aliases[i])
  for (let i = 0; i < tensors.length; i++) {
    let first = i
    for (let j = 0; j < i && first === i; j++) if (tensors[j].storage === tensors[i].storage) first = j
    if (first !== aliases[i]) return false
  }
  return true
}

/** Whether the elements of x are all there are in its storage, in row-major order. */
export const isWhole = (x: Tensor): boolean =>
  x.offset === 0 && x.storage.size === x.size && isContiguous(x.shape, x.strides)

/** The arguments again, with other tensors in the place of theirs. `next` is asked in the order in which they were found. */
export function substitute(pattern: Pattern, x: unknown, next: (pattern: TensorPattern, x: Tensor) => Tensor): unknown {
  switch (pattern.is) {
    case 'tensor':
      return next(pattern, x as Tensor)
    case 'list':
      return pattern.items.map((p, i) => substitute(p, (x as unknown[])[i], next))
    case 'record': {
      const record = x as Record<string, unknown>
      return Object.fromEntries(pattern.keys.map((key, i) => [key, substitute(pattern.items[i], record[key], next)]))
    }
    default:
      return x
  }
}
