/**
 * Matrix products in eager mode, by the kernels of compiled programs. A kernel is made for one product: its sizes and
 * strides are written into it. That pays once products like it have taken as long in JavaScript as making it takes.
 * Operands that lie on the JavaScript heap are copied into the memory as they are and the result is copied out; what a
 * compiled function has moved into the memory is read where it lies. Products that need more than 64 MB are done in parts.
 */
import { DeviceError } from '../../../errors/index.ts'
import { sizeOf } from '../../../ops/shape.ts'
import type { DType } from '../../../ops/value.ts'
import type { Loops } from '../../js/layout.ts'
import type { Place, Product } from '../../js/product.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { type FloatFormat, formatOf } from '../format.ts'
import { emitProducts, planProduct } from '../gemm/plan.ts'
import type { Operands, Way } from '../gemm/way.ts'
import type { Heap } from '../memory.ts'
import { findWasm, hasRelaxedSimd, instantiate, type Kernel } from '../wasm.ts'
import { KernelCache } from './cache.ts'
import { from } from './mode.ts'
import { mayDetach } from './staging.ts'
import { copyIn, copyOut, GROUPS, type Group, type Staging, stagingOf } from './stagings.ts'
import { regions } from './tables.ts'

/** Bytes of operands and result that are in the memory at once. */
const BUDGET = 2 ** 26
/** From this many multiply-adds on WebAssembly is faster than JavaScript (measured). */
const WORTH = 2048
/** So many multiply-adds take JavaScript as long as making a kernel. */
const MAKING = 2 ** 20

let budget = BUDGET

export const wasmProducts = {
  /** For tests: products in parts of so many bytes; without, what was measured. */
  limit(bytes = BUDGET): void {
    budget = bytes
  },
} as const

/** Writes the product into c; false where JavaScript is as fast, or WebAssembly or memory for it is missing. */
export function multiplyInWasm(p: Product, dtype: DType): boolean {
  const [m, n] = [sizeOf(p.rows.sizes), sizeOf(p.columns.sizes)]
  const work = sizeOf(p.batch.sizes) * m * n * sizeOf(p.summed.sizes)
  // a lone dot product is read once, so copying it first gains nothing
  if (work < from(WORTH) || work === 0 || m * n === 1) return false
  const format = formatOf(dtype)
  const heap = format && findWasm()
  if (!heap || mayDetach(heap, p.a.data, p.b.data)) return false
  // JavaScript does it where the memory has no more room, or the engine none for one more kernel.
  try {
    return multiplyParts({ heap, format }, p, work, false)
  } catch (error) {
    if (error instanceof DeviceError || error instanceof RangeError) return false
    throw error
  }
}

interface Target {
  readonly heap: Heap
  readonly format: FloatFormat
}

/** In halves of one loop as long as there is too much for the memory. */
function multiplyParts(target: Target, p: Product, work: number, add: boolean): boolean {
  const stagings = stagingsOf(p, target)
  if (bytesOf(stagings, target) <= budget) {
    const made = kernelFor(target, p, stagings, work, add)
    if (made) multiplyWhole(target, p, stagings, made, add)
    return made !== undefined
  }
  const ways = GROUPS.flatMap((group) => p[group].sizes.flatMap((n, d) => (n > 1 ? [halve(p, group, d)] : [])))
  const cost = ways.map(({ first }) => bytesOf(stagingsOf(first, target), target))
  const { first, second, summed } = ways[cost.indexOf(Math.min(...cost))]
  const done = multiplyParts(target, first, work / 2, add)
  return multiplyParts(target, second, work / 2, add || summed) && done
}

type Stagings = readonly [a: Staging | undefined, b: Staging | undefined, c: Staging]

/** Undefined for what is in the memory already. */
function stagingsOf(p: Product, { heap, format }: Target): Stagings {
  const inside = ({ data }: Place) => heap.holds(data) && data.constructor === heap[format.dtype].constructor
  return [inside(p.a) ? undefined : stagingOf(p, 0), inside(p.b) ? undefined : stagingOf(p, 1), stagingOf(p, 2)]
}

const bytesOf = (stagings: Stagings, { format }: Target): number =>
  stagings.reduce((sum, staging) => sum + (staging?.size ?? 0), 0) * format.size

function halve(p: Product, group: Group, d: number): { first: Product; second: Product; summed: boolean } {
  const { sizes, strides } = p[group]
  const half = Math.ceil(sizes[d] / 2)
  const part = (n: number, from: number): Product => {
    const [a, b, c] = [p.a, p.b, p.c].map(({ data, offset }, x) => ({ data, offset: offset + from * strides[x][d] }))
    return { ...p, a, b, c, [group]: { sizes: sizes.with(d, n), strides } }
  }
  return { first: part(half, 0), second: part(sizes[d] - half, half), summed: group === 'summed' }
}

interface Made {
  readonly way: Way
  readonly exports: Record<string, Kernel>
  readonly tables: number
  readonly heap: Heap
}

const kernels = new KernelCache<Made>(MAKING, ({ heap, tables }) => heap.release(tables))

/** The kernel for the product; undefined where it has not been worth making one yet. */
function kernelFor(target: Target, p: Product, stagings: Stagings, work: number, add: boolean): Made | undefined {
  const loops = GROUPS.map((group) => {
    const { sizes, strides } = p[group]
    return { sizes, strides: strides.map((own, x) => stagings[x]?.strides[group] ?? own) }
  })
  const key = loops.reduce((text, { sizes, strides }) => `${text};${sizes}:${strides.join('|')}`, keyOf(target, add))
  return kernels.take(key, work, () => make(target, loops, add))
}

const keyOf = ({ format }: Target, add: boolean): string => (add ? `+${format.dtype}` : format.dtype)

function make({ heap, format }: Target, [batch, rows, columns, summed]: readonly Loops[], add: boolean): Made {
  const kernel = { dtype: format.dtype, batch, rows, columns, summed, add }
  const [way] = planProduct(kernel, { relaxed: hasRelaxedSimd(), blas: false }).choices
  const module = new ModuleBuilder()
  emitProducts(module, [way])
  const tables = heap.reserve(way.tables.byteLength)
  heap.int32.set(way.tables, tables / 4)
  return { way, exports: instantiate(module, heap), tables, heap }
}

function multiplyWhole({ heap, format }: Target, p: Product, stagings: Stagings, made: Made, add: boolean): void {
  const { size, dtype } = format
  const { way, exports, tables } = made
  const sizes = stagings.map((staging) => (staging?.size ?? 0) * size)
  const [a, b, c, scratch] = regions(heap, [...sizes, way.scratchBytes])
  const memory = heap[dtype]
  const places = [p.a, p.b, p.c]
  const [first, second, to] = [a, b, c].map((at, x) => {
    const [{ data, offset }, staging] = [places[x], stagings[x]]
    if (!staging) return data.byteOffset + offset * size
    if (x < 2 || add) copyIn(places[x], staging, memory, at / size)
    return at + staging.start * size
  })
  const operands: Operands = { a: first, b: second, c: to }
  for (const call of way.calls(operands, 0, way.units, { tables, scratch })) {
    if (call.is === 'wasm') exports[call.name](...call.args)
  }
  copyOut(p.c, stagings[2], memory, c / size)
}
