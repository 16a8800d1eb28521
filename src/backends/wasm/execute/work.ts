/**
 * Instructions as work for threads: how many units there are, and the calls for a range of them. Kernels of one structure
 * share a function in the program's module.
 */
import { bytesPerElement } from '../../../ops/dtype.ts'
import type { TypedArray } from '../../../ops/value.ts'
import type { NativeProducts } from '../../blas/native.ts'
import type { Instruction, Place, Program } from '../../kernels.ts'
import type { Call } from '../calls.ts'
import type { ModuleBuilder } from '../emit/module.ts'
import { emitProducts, planProduct } from '../gemm/plan.ts'
import { tune } from '../gemm/tune.ts'
import type { Way } from '../gemm/way.ts'
import { emitLoop, type LoopCode, loopKey } from '../loops/index.ts'
import type { Heap } from '../memory.ts'
import { hasRelaxedSimd } from '../wasm.ts'
import { addressOf, type Reservation } from './place.ts'

/** What threads can share. Any split of the units gives the same bits. */
export interface KernelWork {
  readonly units: number
  /** So many neighbouring units belong together. */
  readonly grain: number
  /** Bytes of memory that each thread needs for itself. */
  readonly scratch: number
  calls(from: number, to: number, scratch: number): Call[]
}

/** What the main thread runs in JavaScript. */
export interface HostWork {
  readonly run: () => void
}

export type Work = KernelWork | HostWork

interface Site {
  readonly program: Program
  readonly addresses: readonly number[]
  readonly heap: Heap
  readonly reservation: Reservation
  readonly module: ModuleBuilder
  /** From `waysOf`. */
  readonly ways: ReadonlyMap<Of<'product'>, Way>
}

interface Works {
  readonly works: Work[]
  /** Whether any product is computed by BLAS. */
  readonly native: boolean
}

/** Writes the code of all instructions into the module. */
export function worksOf(site: Site): Works {
  const loops = new Map<string, LoopCode>()
  const tables = new Map<string, number>()
  const works = site.program.instructions.map((instruction): Work => {
    if (instruction.is === 'loop') return loopWork(site, instruction, loops)
    if (instruction.is === 'product') return productWork(site, instruction, site.ways.get(instruction)!, tables)
    return hostWork(site, instruction)
  })
  const all = [...site.ways.values()]
  emitProducts(site.module, all)
  return { works, native: all.some((way) => way.by === 'blas') }
}

type Of<K extends Instruction['is']> = Extract<Instruction, { is: K }>

function loopWork({ addresses, heap, module }: Site, loop: Of<'loop'>, known: Map<string, LoopCode>): Work {
  const key = loopKey(loop.kernel)
  const code = known.get(key) ?? emitLoop(module, `loop${known.size}`, loop.kernel, heap)
  known.set(key, code)
  const { name, units, grain, scratch } = code
  const operands = [...loop.reads, ...loop.writes].map((place) => addressOf(addresses, place))
  const calls = (from: number, to: number, at: number): Call[] => [
    { is: 'wasm', name, args: [from, to, ...operands, at] },
  ]
  return { units, grain, scratch, calls }
}

/** The fastest way for each product, with those of the system's BLAS if there is one. */
export function waysOf(program: Program, heap: Heap, products: NativeProducts | undefined): Map<Of<'product'>, Way> {
  const all = program.instructions.filter((instruction) => instruction.is === 'product')
  const environment = { relaxed: hasRelaxedSimd(), blas: products !== undefined }
  const plans = all.map(({ kernel }) => planProduct(kernel, environment))
  const ways = tune(plans, heap, products)
  return new Map(all.map((product, i) => [product, ways[i]]))
}

function productWork(site: Site, product: Of<'product'>, way: Way, tables: Map<string, number>): Work {
  const { addresses, heap, reservation } = site
  if (!tables.has(way.name)) {
    const at = way.tables.length > 0 ? reservation.reserve(way.tables.byteLength) : 0
    heap.int32.set(way.tables, at / 4)
    tables.set(way.name, at)
  }
  const [a, b, c] = [product.a, product.b, product.c].map((place) => addressOf(addresses, place))
  const at = tables.get(way.name)!
  const calls = (from: number, to: number, scratch: number) => way.calls({ a, b, c }, from, to, { tables: at, scratch })
  return { units: way.units, grain: 1, scratch: way.scratchBytes, calls }
}

function hostWork({ program, addresses, heap }: Site, host: Of<'host'>): HostWork {
  const whole = (place: Place): TypedArray => {
    const { bytes } = program.regions[place.region]
    const length = Math.floor(bytes / bytesPerElement[place.dtype]) - place.offset
    return heap.array(addressOf(addresses, place), place.dtype, length)
  }
  let buffer: ArrayBufferLike | undefined
  let reads: TypedArray[] = []
  let writes: TypedArray[] = []
  const run = () => {
    // Where memory is not shared, growth has detached the arrays.
    if (buffer !== heap.memory.buffer) {
      buffer = heap.memory.buffer
      reads = host.reads.map(whole)
      writes = host.writes.map(whole)
    }
    host.run(reads, writes)
  }
  return { run }
}
