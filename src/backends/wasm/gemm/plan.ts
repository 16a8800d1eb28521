/**
 * Matrix products of compiled programs: for a kernel the ways to compute it here, each with the functions it needs in
 * the program's module and the calls for a part of the work. Whoever runs a program does, per product:
 *
 *     const plan = planProduct(kernel, { relaxed, blas })        // plan.choices: the likely best first
 *     const [way] = tune([plan], heap, products)                 // or plan.choices[0]
 *     emitProducts(module, [way, ...])                           // once per module, with all of its ways
 *     const tables = ...                                         // way.tables copied into memory once, shared by threads
 *     way.calls({ a, b, c }, from, to, { tables, scratch })      // for units from..to of way.units, per thread
 *
 * Whatever the units are split into, the result has the same bits: the summed loops are never split.
 */
import type { ProductKernel } from '../../kernels.ts'
import type { ModuleBuilder } from '../emit/module.ts'
import { revectorizes } from '../engine.ts'
import { blockedWay, readable } from './blocked.ts'
import { count, type Form, formOf, strideOf } from './form.ts'
import { nativeWay } from './native.ts'
import type { Packing } from './nest.ts'
import { vectorWay } from './vector.ts'
import type { Shared, Way } from './way.ts'

export interface ProductEnvironment {
  /** Whether the module may use relaxed SIMD. */
  readonly relaxed: boolean
  /** Whether `BlasCall`s can be made. */
  readonly blas: boolean
  /** Whether engines may take two vectors as one; as `CHAINRULE_V8` says if it is left out. */
  readonly wide?: boolean
}

export interface ProductPlan {
  /** Products of the same key have the same ways. */
  readonly key: string
  readonly kernel: ProductKernel
  readonly flops: number
  /** Rows and columns of each product of a batch, and how many products an element is the sum of. */
  readonly sizes: { readonly m: number; readonly n: number; readonly k: number }
  /** At least one; the likely best first. */
  readonly choices: readonly Way[]
}

/** Adds the functions of the ways to the module, each once. */
export function emitProducts(module: ModuleBuilder, ways: readonly Way[]): void {
  const made = new Map<string, unknown>()
  const shared: Shared = <T>(name: string, make: () => T): T => {
    if (!made.has(name)) made.set(name, make())
    return made.get(name) as T
  }
  for (const way of ways) if (way.emit) shared(way.name, () => way.emit?.(module, shared))
}

export function planProduct(kernel: ProductKernel, environment: ProductEnvironment): ProductPlan {
  const { relaxed, blas, wide = revectorizes() } = environment
  const form = formOf(kernel)
  const key = JSON.stringify({ ...form, format: kernel.dtype, relaxed, blas, wide })
  const name = nameOf(form, key)
  const wasm = wasmWays(form, relaxed, wide, name)
  const native = blas ? nativeWay(form, `${name}N`) : undefined
  const { m, n, k } = form
  const large = m * n * k >= SMALL
  const choices = !native ? wasm : large ? [native, ...wasm] : [...wasm, native]
  return { key, kernel, flops: 2 * count(form.batch) * m * n * k, sizes: { m, n, k }, choices }
}

/** Up to this many multiply-adds a call of BLAS costs more than it saves. */
const SMALL = 4096
/** From so many on, a factor that is read across its rows is better packed. */
const LARGE = 2 ** 21

/** The likely best first. */
function wasmWays(form: Form, relaxed: boolean, wide: boolean, name: string): Way[] {
  const { a, m, n, k } = form
  const free = readable(form)
  const vector = vectorWay(form, relaxed, `${name}V`)
  if (vector) return [vector]
  const packings: Packing[] = [{ a: !free.a, b: !free.b }]
  // What is read again and again is better packed, at least if it is large.
  if (free.b && m >= 32) packings.push({ a: !free.a, b: true })
  const across = free.a && m > 1 && strideOf(a.inner) !== 1 && k > 1
  if (across) packings.push({ a: true, b: true })
  if (m * n * k >= LARGE && (across || n * k >= LARGE / 8)) packings.reverse()
  const waysOf = (isWide: boolean) =>
    packings.map((p) => blockedWay(form, p, { relaxed, wide: isWide }, `${name}${p.a ? 'A' : ''}${p.b ? 'B' : ''}`))
  return wide ? [...waysOf(false), ...waysOf(true)] : waysOf(false)
}

const numbers = new Map<string, number>()

/** A name that tells the sizes, and a number for the layout. */
function nameOf({ m, n, k, format }: Form, key: string): string {
  if (!numbers.has(key)) numbers.set(key, numbers.size)
  return `product_${m}x${n}x${k}_f${8 * format.size}_${numbers.get(key)}`
}
