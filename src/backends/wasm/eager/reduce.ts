/**
 * Reductions in eager mode, by the loop kernels of compiled programs. The array is copied into the memory as it lies,
 * unless a compiled function has moved it there, and walked there with its own strides. Sums run in float64 whatever the
 * dtype, as in JavaScript; what never rounds, as the largest element, runs in the array's own.
 */
import { DeviceError } from '../../../errors/index.ts'
import type { ReduceDefinition } from '../../../ops/kinds/reduce.ts'
import { contiguousStrides, sizeOf } from '../../../ops/shape.ts'
import type { Spec, Strided, TypedArray } from '../../../ops/value.ts'
import { arg, lower } from '../../../scalar/index.ts'
import type { LoopKernel } from '../../kernels.ts'
import { spanOf } from '../../span.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { formatOf } from '../format.ts'
import { emitLoop, type LoopCode } from '../loops/index.ts'
import type { Heap } from '../memory.ts'
import { findWasm, instantiate, type Kernel } from '../wasm.ts'
import { KernelCache } from './cache.ts'
import { from } from './mode.ts'
import { isExactCall } from './precision.ts'
import { mayDetach } from './staging.ts'
import { regions } from './tables.ts'

/** From so many elements on WebAssembly is faster (measured). */
const LEAST = 16384
/** So many elements take JavaScript as long as making a kernel. */
const MAKING = 2 ** 20
/** Bytes of the array that are copied at most. */
const BUDGET = 2 ** 26

interface Made {
  readonly code: LoopCode
  readonly kernel: Kernel
}

const kernels = new KernelCache<Made>(MAKING)

/** Writes the result into `out` and says true; or says false and has done nothing. */
export function reduceInWasm(
  op: ReduceDefinition,
  x: Strided,
  axes: readonly number[],
  { dtype }: Spec,
  out: TypedArray,
): boolean {
  const elements = sizeOf(x.shape)
  if (elements < from(LEAST) || elements === 0 || axes.length === 0 || dtype !== x.dtype) return false
  const format = formatOf(dtype)
  const heap = format && findWasm()
  if (!heap || mayDetach(heap, x.buffer)) return false
  const span = spanOf(x.shape, x.strides)
  const size = span.end - span.start
  const inside = heap.holds(x.buffer)
  if (!inside && (size > 2 * elements || size * format.size > BUDGET)) return false
  // JavaScript does it where the memory has no more room, or the engine none for one more kernel.
  try {
    const made = kernels.take(keyOf(op, x, axes), elements, () => make(op, x, axes, heap))
    if (!made) return false
    const [at, to, scratch] = regions(heap, [
      inside ? 0 : size * format.size,
      out.length * format.size,
      made.code.scratch,
    ])
    const memory = heap[format.dtype]
    const start = x.offset + span.start
    if (!inside) memory.set(x.buffer.subarray(start, start + size), at / format.size)
    const first = inside ? x.buffer.byteOffset + x.offset * format.size : at - span.start * format.size
    made.kernel(0, made.code.units, first, to, scratch)
    out.set(memory.subarray(to / format.size, to / format.size + out.length))
    return true
  } catch (error) {
    if (error instanceof DeviceError || error instanceof RangeError) return false
    throw error
  }
}

const numbers = new WeakMap<ReduceDefinition, number>()
let next = 0

function keyOf(op: ReduceDefinition, { shape, strides, dtype }: Strided, axes: readonly number[]): string {
  let number = numbers.get(op)
  if (number === undefined) numbers.set(op, (number = next++))
  return `${number} ${dtype} ${axes}:${shape}:${strides}`
}

function make(op: ReduceDefinition, x: Strided, axes: readonly number[], heap: Heap): Made {
  const module = new ModuleBuilder()
  const code = emitLoop(module, 'reduce', kernelOf(op, x, axes), heap)
  return { code, kernel: instantiate(module, heap)[code.name] }
}

function kernelOf(op: ReduceDefinition, { shape, strides, dtype }: Strided, axes: readonly number[]): LoopKernel {
  const kept = shape.map((_, d) => d).filter((d) => !axes.includes(d))
  const order = [...kept, ...axes]
  const exact = lower([op.combine], ['acc', 'x']).steps.every((step) => step.is !== 'call' || isExactCall(step.fn))
  return {
    sizes: order.map((d) => shape[d]),
    folded: axes.length,
    dtype: exact && dtype === 'float32' ? dtype : 'float64',
    reads: [{ dtype, strides: order.map((d) => strides[d]) }],
    steps: [{ is: 'fold', combine: op.combine, identity: op.identity, of: arg('r0') }],
    writes: [{ dtype, strides: contiguousStrides(kept.map((d) => shape[d])), step: 0 }],
  }
}
