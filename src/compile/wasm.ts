/**
 * Graphs as WebAssembly programs. State moves into the heap that programs work in, once, and stays there: its storage's
 * buffer is from then on a view of the heap, so that eager code and all programs see the same elements. It moves out
 * of memory when its storage does.
 */
import { type Loaded, load } from '../backends/wasm/execute/index.ts'
import type { Heap } from '../backends/wasm/memory.ts'
import { findWasm } from '../backends/wasm/wasm.ts'
import { dtypeOf } from '../ops/dtype.ts'
import type { TypedArray } from '../ops/value.ts'
import { Storage } from '../tensor/index.ts'
import type { BuildOptions, Built } from './built.ts'
import type { Graph, ValueId } from './graph/graph.ts'
import { optimise } from './passes/index.ts'
import { describe, type Plan } from './plan/describe.ts'
import { lower } from './plan/lower.ts'
import type { Lowered } from './plan/lowered.ts'
import { type Profile, profile } from './report/profile.ts'

/** Null where there is no WebAssembly. @throws DeviceError where memory does not suffice. */
export function buildWasm(graph: Graph, states: readonly Storage[], options: BuildOptions): Built | null {
  const heap = findWasm()
  if (!heap) return null
  const { device, threads } = options
  const lowered = lower(optimise(graph))
  const { program, constants } = lowered
  const addresses = new Array<number | undefined>(program.regions.length)
  states.forEach((storage, i) => {
    addresses[lowered.states[i]] = move(storage, heap)
  })
  const how = { addresses, native: device !== 'wasm' }
  const loaded = load(program, threads === undefined ? how : { ...how, threads })
  for (const { region, data } of constants) {
    loaded.array(region, dtypeOf(data), data.length).set(data)
  }
  return new WasmProgram(graph, states, lowered, loaded, heap)
}

class WasmProgram implements Built {
  inputs: readonly TypedArray[] = []
  results: readonly TypedArray[] = []
  readonly lowered: Lowered
  readonly loaded: Loaded
  private readonly heap: Heap
  private readonly states: readonly Storage[]
  private readonly held: [result: number, storage: Storage][] = []

  constructor(graph: Graph, states: readonly Storage[], lowered: Lowered, loaded: Loaded, heap: Heap) {
    this.heap = heap
    this.states = states
    for (const storage of states) {
      const home = homes.get(storage)
      if (home) home.users++
    }
    this.lowered = lowered
    this.loaded = loaded
    const { held } = this
    const look = () => {
      const { values } = graph
      const given: ValueId[] = []
      for (const [id, { origin }] of values.entries()) if (origin.is === 'input') given[origin.index] = id
      const view = (id: ValueId, region: number): TypedArray =>
        region < 0
          ? heap.array(0, values[id].dtype, 0)
          : owned(loaded, loaded.array(region, values[id].dtype, values[id].size))
      this.inputs = given.map((id, i) => view(id, lowered.inputs[i] ?? -1))
      this.results = graph.results.map((id, i) => view(id, lowered.results[i]))
      for (const [result, storage] of held) storage.buffer = this.results[result]
    }
    look()
    if (!heap.shared) {
      const self = new WeakRef(look)
      this.renew = look
      const stop = heap.onGrow(() => (self.deref() ?? stop)())
    }
  }

  /** Keeps what a growing memory calls alive as long as this is. */
  private renew: (() => void) | undefined

  hold(result: number): Storage {
    const storage = new Storage(this.results[result])
    this.held.push([result, storage])
    if (this.renew) followers.set(storage, this.renew)
    return storage
  }

  run(): void {
    this.loaded.run()
  }

  plan(): Plan {
    return describe(this.lowered)
  }

  profile(runs: number): Profile {
    return profile(this.lowered, this.loaded, runs)
  }

  /** Gradients may still look at their part of its memory, which is given back when they are garbage. */
  release(): void {
    const { heap, held, loaded } = this
    const users = new Map<number, number>()
    for (const [, { buffer }] of held) users.set(buffer.byteOffset, (users.get(buffer.byteOffset) ?? 0) + 1)
    for (const [, storage] of held) {
      const at = storage.buffer.byteOffset
      abandoned.register(storage, () => {
        users.set(at, users.get(at)! - 1)
        if (users.get(at) === 0) heap.release(at)
      })
    }
    loaded.release(new Set(users.keys()))
    for (const storage of this.states) {
      const home = homes.get(storage)
      if (home && --home.users === 0) home.leave()
    }
  }
}

/** What keeps the buffers of storages up to date, as long as these are. */
const followers = new WeakMap<Storage, () => void>()

/** Views of a program's regions keep the program. */
const owners = new WeakMap<TypedArray, Loaded>()

function owned(loaded: Loaded, array: TypedArray): TypedArray {
  owners.set(array, loaded)
  return array
}

const abandoned = new FinalizationRegistry<() => void>((release) => release())

/** Where a storage has moved to. */
interface Home {
  /** Programs that use it and were not released. */
  users: number
  /** Moves the elements out of the heap again. */
  leave(): void
}

const homes = new WeakMap<Storage, Home>()

/** The address of a storage's elements, which are moved into the heap if they are not there yet. */
function move(storage: Storage, heap: Heap): number {
  const { buffer } = storage
  if (heap.holds(buffer)) return buffer.byteOffset
  const dtype = dtypeOf(buffer)
  const address = heap.reserve(buffer.byteLength)
  const home = heap.array(address, dtype, buffer.length)
  home.set(buffer)
  storage.buffer = home
  const stop = heap.shared ? () => {} : followGrowth(storage, heap, address)
  const release = () => {
    stop()
    heap.release(address)
  }
  const self = new WeakRef(storage)
  const leave = () => {
    const known = self.deref()!
    abandoned.unregister(known)
    homes.delete(known)
    known.buffer = known.buffer.slice()
    release()
  }
  homes.set(storage, { users: 0, leave })
  abandoned.register(storage, release, storage)
  return address
}

function followGrowth(storage: Storage, heap: Heap, address: number): () => void {
  const self = new WeakRef(storage)
  const { buffer } = storage
  const [dtype, { length }] = [dtypeOf(buffer), buffer]
  return heap.onGrow(() => {
    const known = self.deref()
    if (known) known.buffer = heap.array(address, dtype, length)
  })
}
