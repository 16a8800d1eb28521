/**
 * Getting operands into the memory of WebAssembly and results out of it: block by block, each small enough to stay in
 * the processor's cache, through the same scratch region for all calls. Nothing is allocated but views.
 */
import type { TypedArray } from '../../../ops/value.ts'
import type { Heap } from '../memory.ts'
import type { Kernel } from '../wasm.ts'
import type { Layout, Staged } from './operands.ts'

/** How many elements a block has. */
const BLOCK = 8192
/** The room for a block, and a little more: regions a power of two apart would share the cache's few places for them. */
const SLOT = 8 * BLOCK + 320

/** Whether an array would be lost if the memory had to grow for the op: then it is left to JavaScript. */
export const mayDetach = (heap: Heap, ...arrays: readonly TypedArray[]): boolean =>
  !heap.shared && arrays.some((array) => heap.holds(array))

/** Runs the kernel over rows × columns, writing every element of `out`. */
export function runStaged(kernel: Kernel, heap: Heap, { rows, columns, operands }: Layout, out: TypedArray): void {
  const base = heap.scratch((operands.length + 1) * SLOT)
  const given = operands.map(({ walk, value }, i) => (walk === 'number' ? value : base + (i + 1) * SLOT))
  const inside = operands.map(({ walk, data }) => walk === 'along' && heap.holds(data))
  const width = Math.min(columns, BLOCK)
  const height = width < columns ? 1 : Math.min(rows, Math.floor(BLOCK / width))
  for (let c = 0; c < columns; c += width) {
    const wide = Math.min(width, columns - c)
    for (let i = 0; i < operands.length; i++)
      if (operands[i].walk === 'row') copyIn(heap, operands[i], c, wide, given[i])
    for (let r = 0; r < rows; r += height) {
      const high = Math.min(height, rows - r)
      for (let i = 0; i < operands.length; i++) {
        const { walk } = operands[i]
        if (inside[i]) given[i] = addressOf(operands[i], r * columns + c)
        else if (walk === 'along') copyIn(heap, operands[i], r * columns + c, high * wide, given[i])
        else if (walk === 'column') gather(heap, operands[i], r, high, given[i])
      }
      kernel(high, wide, base, ...given)
      const view = viewFor(heap, out)
      const from = base / view.BYTES_PER_ELEMENT
      out.set(view.subarray(from, from + high * wide), r * columns + c)
    }
  }
}

/** Of an element that is in the memory already, as a compiled function has moved it there. */
const addressOf = ({ data, start }: Staged, from: number): number =>
  data.byteOffset + (start + from) * data.BYTES_PER_ELEMENT

const viewFor = (heap: Heap, like: TypedArray): Float32Array | Float64Array =>
  like instanceof Float32Array ? heap.float32 : heap.float64

function copyIn(heap: Heap, { data, start }: Staged, from: number, count: number, address: number): void {
  const view = viewFor(heap, data)
  const at = start + from
  const part = at === 0 && count === data.length ? data : data.subarray(at, at + count)
  view.set(part, address / view.BYTES_PER_ELEMENT)
}

function gather(heap: Heap, { data, start, stride }: Staged, from: number, count: number, address: number): void {
  const view = viewFor(heap, data)
  const to = address / view.BYTES_PER_ELEMENT
  for (let i = 0; i < count; i++) view[to + i] = data[start + (from + i) * stride]
}
