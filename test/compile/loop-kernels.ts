/** Loop kernels run on arrays that their operands just fit into, in WebAssembly and in JavaScript, and compared. */
import { expect } from 'vitest'
import type { LoopKernel, Stream } from '../../src/backends/kernels.ts'
import { ModuleBuilder } from '../../src/backends/wasm/emit/module.ts'
import { emitLoop } from '../../src/backends/wasm/loops/index.ts'
import { Heap } from '../../src/backends/wasm/memory.ts'
import { instantiate } from '../../src/backends/wasm/wasm.ts'
import type { TypedArray } from '../../src/ops/value.ts'
import { runLoop } from './loop.ts'

export const heap = new Heap()

export interface Placed {
  readonly data: TypedArray
  readonly offset: number
}

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array }

/** An array that the stream just fits into, with a guard before and after it. */
export function room(sizes: readonly number[], { dtype, strides }: Stream, fill: (i: number) => number): Placed {
  const reach = sizes.map((n, d) => (n - 1) * (strides[d] ?? 0))
  const before = 1 + reach.filter((r) => r < 0).reduce((a, b) => a - b, 0)
  const after = 2 + reach.filter((r) => r > 0).reduce((a, b) => a + b, 0)
  const data = new arrays[dtype](before + after)
  for (let i = 0; i < data.length; i++) data[i] = fill(i)
  return { data, offset: before }
}

/** Runs the kernel in WebAssembly on copies of the arrays, and returns what the writes' arrays then hold. */
export function run(
  kernel: LoopKernel,
  reads: readonly Placed[],
  writes: readonly Placed[],
  cuts = [0, 1],
): TypedArray[] {
  const module = new ModuleBuilder()
  const code = emitLoop(module, 'loop', kernel, heap)
  const { loop } = instantiate(module, heap)
  const places = new Map<TypedArray, number>()
  const all = [...reads, ...writes]
  for (const { data } of all) if (!places.has(data)) places.set(data, heap.reserve(data.byteLength))
  for (const [data, at] of places) heap.bytes.set(new Uint8Array(data.buffer, 0, data.byteLength), at)
  const addresses = all.map(({ data, offset }) => places.get(data)! + offset * data.BYTES_PER_ELEMENT)
  const scratch = heap.scratch(code.scratch)
  const edges = cuts.map((cut) => Math.round(cut * code.units))
  for (let i = 1; i < edges.length; i++) loop(edges[i - 1], edges[i], ...addresses, scratch)
  const results = writes.map(({ data }) => {
    const copy = data.slice()
    new Uint8Array(copy.buffer).set(heap.bytes.subarray(places.get(data)!, places.get(data)! + copy.byteLength))
    return copy
  })
  for (const at of places.values()) heap.release(at)
  return results
}

/** What the kernel leaves in copies of the arrays by JavaScript. */
export function expected(kernel: LoopKernel, reads: readonly Placed[], writes: readonly Placed[]): TypedArray[] {
  const copies = new Map([...reads, ...writes].map(({ data }) => [data, data.slice()]))
  const copied = ({ data, offset }: Placed) => ({ data: copies.get(data)!, offset })
  runLoop(kernel, reads.map(copied), writes.map(copied))
  return writes.map(({ data }) => copies.get(data)!)
}

export function close(got: TypedArray, wanted: TypedArray, tolerance: number, what: string): void {
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i], wanted[i]]
    if (Object.is(a, b) || a === b) continue
    if (!(Math.abs(a - b) <= tolerance * (1 + Math.abs(b)))) expect.fail(`${what}: element ${i} is ${a}, not ${b}`)
  }
}

export function same(got: TypedArray, wanted: TypedArray, what: string): void {
  const at = wanted.findIndex((x, i) => !Object.is(x, got[i]))
  if (at >= 0) expect.fail(`${what}: element ${at} depends on how units are shared`)
}
