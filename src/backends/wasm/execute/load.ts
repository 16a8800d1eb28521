/**
 * Programs made ready to run: every instruction becomes calls of one WebAssembly module, over regions of the heap. Runs
 * are shared among threads where that is faster (`sharing.ts`); results do not depend on it. Runs allocate nothing.
 */
import { checkOptions, DeviceError } from '../../../errors/index.ts'
import type { DType, TypedArray } from '../../../ops/value.ts'
import { codeGeneration } from '../../../scalar/index.ts'
import { findNative } from '../../blas/blas.ts'
import type { Native } from '../../blas/library.ts'
import { type NativeProducts, nativeSource } from '../../blas/native.ts'
import type { Program } from '../../kernels.ts'
import { ModuleBuilder } from '../emit/module.ts'
import type { Heap } from '../memory.ts'
import { threadCount } from '../threads/count.ts'
import type { Callees } from '../threads/perform.ts'
import { isPortable } from '../threads/worker.ts'
import { compileModule, findWasm, wasmStatus } from '../wasm.ts'
import { joinKernels } from './alone.ts'
import { median } from './choose.ts'
import { placeRegions } from './place.ts'
import { type Prepared, Resources, Sharing, single } from './sharing.ts'
import { waysOf, worksOf } from './work.ts'

export interface LoadOptions {
  /** How many threads at most, from 1 to 16. */
  readonly threads?: number
  /** Per region its address in the heap if it is placed already, as state is. */
  readonly addresses?: readonly (number | undefined)[]
  /** Whether the system's BLAS may be used; true unless given. */
  readonly native?: boolean
}

/** What an instruction took. */
export interface InstructionTime {
  readonly label: string
  readonly flops: number
  readonly bytes: number
  readonly seconds: number
  /** How many threads shared it. */
  readonly threads: number
}

const forgotten = new FinalizationRegistry<Resources>((resources) => resources.release())

/**
 * Makes a program ready to run. Regions that are not placed already are given memory, which is zero.
 * @throws DeviceError where there is no WebAssembly, or the heap has no more room; everything stays as it was then.
 */
export function load(program: Program, options: LoadOptions = {}): Loaded {
  checkOptions('load', options, ['threads', 'addresses', 'native'])
  const { addresses = [], native = true } = options
  const threads = threadCount(options.threads)
  const heap = findWasm()
  if (!heap) throw new DeviceError(`load: ${(wasmStatus() as { missing: string }).missing}`)
  const resources = new Resources(heap)
  try {
    return prepare(program, addresses, threads, native ? findLibrary(heap) : undefined, heap, resources)
  } catch (error) {
    resources.release()
    throw error
  }
}

function prepare(
  program: Program,
  placed: readonly (number | undefined)[],
  asked: number,
  library: Native | undefined,
  heap: Heap,
  resources: Resources,
): Loaded {
  const { reservation } = resources
  const builder = new ModuleBuilder()
  const products = library && productsOf(library, heap)
  // Trying products out takes memory for a moment, which the regions then get.
  const ways = waysOf(program, heap, products)
  const addresses = placeRegions(program, placed, heap, reservation)
  const { works, native } = worksOf({ program, addresses, heap, reservation, module: builder, ways })
  const imports = builder.imports()
  const module = compileModule(builder, heap)
  const { exports } = new WebAssembly.Instance(module, { host: { memory: heap.memory, ...imports } })
  const callees: Callees = { exports: exports as Callees['exports'], base: 0, ...products }
  const most = Math.max(0, ...works.map((work) => ('run' in work ? 0 : work.scratch)))
  const names = Object.keys(imports)
  const threads = heap.shared && names.every((name) => isPortable(name, imports[name])) ? asked : 1
  const scratch = reservation.reserve(most)
  const used = native ? library : undefined
  const sent = used && { open: nativeSource, data: used.library }
  const shareable = { heap, module, imports: names, native: sent, works, callees, scratch: [scratch] }
  return new Loaded({ program, addresses, threads, shareable, scratchBytes: most, resources, library: used })
}

/** BLAS is told addresses: they must stay, and its declarations are code from strings. */
const findLibrary = (heap: Heap): Native | undefined =>
  heap.shared && codeGeneration.allowed() ? findNative() : undefined

const opened = new WeakMap<Heap, NativeProducts>()

function productsOf(library: Native, heap: Heap): NativeProducts {
  const products = opened.get(heap) ?? library.open(heap.memory)
  opened.set(heap, products)
  return products
}

/** A program that is ready to run. */
export class Loaded {
  /** How many threads there are for it; a run uses several only where that is faster. */
  readonly threads: number
  private readonly prepared: Prepared
  private readonly sharing: Sharing
  private released = false

  constructor(prepared: Prepared) {
    this.prepared = prepared
    this.threads = prepared.threads
    const { works, scratch, callees } = prepared.shareable
    this.sharing = new Sharing(prepared, joinKernels(works, scratch[0], callees))
    forgotten.register(this, prepared.resources, prepared.resources)
  }

  /** The address of a region in the heap. */
  address(region: number): number {
    return this.prepared.addresses[region]
  }

  /** So many first elements of a region. Where memory is not shared, growth of the heap detaches it: see `Heap.onGrow`. */
  array(region: number, dtype: DType, length: number): TypedArray {
    return this.prepared.shareable.heap.array(this.address(region), dtype, length)
  }

  /** Whether runs are shared among threads at present. */
  get together(): boolean {
    return this.sharing.together !== undefined
  }

  /**
   * Runs all instructions once.
   * @throws DeviceError if a worker died in the middle of it: results are incomplete; later runs do without that worker.
   */
  run(): void {
    if (this.released) throw new DeviceError('run: the program has been released; load it again')
    this.prepared.library?.setOneThread()
    this.sharing.run()
  }

  /** Gives back all memory of its own, but regions at the addresses `kept`, which the caller gives back later. */
  release(kept?: ReadonlySet<number>): void {
    forgotten.unregister(this.prepared.resources)
    this.prepared.resources.release(kept)
    this.released = true
  }

  /**
   * Runs the program that often, timing every instruction; the median is what it took. Regions that are kept have the
   * contents of before in the end; what host instructions do elsewhere is done.
   */
  profile(runs: number): InstructionTime[] {
    const { shareable } = this.prepared
    const { heap, works } = shareable
    const { regions, instructions } = this.prepared.program
    const kept = regions.flatMap(({ is, bytes }, i) => {
      const at = this.address(i)
      return is === 'kept' ? [{ at, content: heap.bytes.slice(at, at + bytes) }] : []
    })
    const shared = this.sharing.together?.singles()
    const functions = works.map((_, i) => shared?.[i] ?? single(shareable, i))
    const times = instructions.map((): number[] => [])
    for (let run = 0; run < runs; run++) {
      for (let i = 0; i < functions.length; i++) {
        const start = performance.now()
        functions[i]()
        times[i].push((performance.now() - start) / 1000)
      }
    }
    for (const { at, content } of kept) heap.bytes.set(content, at)
    return instructions.map(({ label, flops, bytes }, i) => {
      return { label, flops, bytes, seconds: median(times[i]), threads: shared?.[i] ? this.threads : 1 }
    })
  }
}
