/** Which products are done in WebAssembly, and that they leave nothing behind. */
import { afterEach, describe, expect, it } from 'vitest'
import { allocate } from '../../../ops/dtype.ts'
import { contiguousStrides, sizeOf } from '../../../ops/shape.ts'
import type { DType, Strided, TypedArray } from '../../../ops/value.ts'
import { runContract } from '../../js/contract.ts'
import { productOf } from '../../js/product.ts'
import { findWasm, wasmStatus } from '../wasm.ts'
import { forceWasm } from './mode.ts'
import { multiplyInWasm, wasmProducts } from './products.ts'

const available = findWasm() !== undefined
if (!available) console.warn(`SKIPPED: products in WebAssembly. ${JSON.stringify(wasmStatus())}`)

const filled = (shape: readonly number[], dtype: DType): Strided => ({
  buffer: allocate(dtype, sizeOf(shape)).map((_: number, i: number) => Math.sin(i + sizeOf(shape))) as TypedArray,
  shape,
  strides: contiguousStrides(shape),
  offset: 0,
  dtype,
})

/** m × k by k × n; undefined where it is left to others. */
function multiplied(m: number, k: number, n: number, dtype: DType): TypedArray | undefined {
  const out = allocate(dtype, m * n)
  const p = productOf(filled([m, k], dtype), filled([k, n], dtype), 'ij,jk->ik', out, [m, n])
  return multiplyInWasm(p, dtype) ? out : undefined
}

describe.skipIf(!available)('products in WebAssembly', () => {
  afterEach(() => forceWasm(undefined))

  it('are those that gain by it: not integers, lone sums, empty and small ones', () => {
    expect(multiplied(128, 128, 128, 'float32')).toBeDefined()
    expect(multiplied(128, 128, 128, 'float64')).toBeDefined()
    expect(multiplied(128, 128, 128, 'int32')).toBeUndefined()
    expect(multiplied(8, 8, 8, 'float32')).toBeUndefined()
    forceWasm('always')
    expect(multiplied(8, 8, 8, 'float32')).toBeDefined()
    expect(multiplied(1, 100_000, 1, 'float32')).toBeUndefined()
    expect(multiplied(3, 0, 4, 'float32')).toBeUndefined()
    expect(multiplied(0, 3, 4, 'float32')).toBeUndefined()
  })

  it('have a kernel made once they have cost as much as making it', () => {
    const results = Array.from({ length: 50 }, () => multiplied(40, 41, 42, 'float32'))
    const first = results.findIndex((result) => result !== undefined)
    expect(first).toBeGreaterThan(3)
    expect(results.slice(first).every((result) => result !== undefined)).toBe(true)
  })

  it('are done in parts where they are too large', () => {
    forceWasm('always')
    const whole = multiplied(60, 50, 70, 'float64')!
    wasmProducts.limit(8000)
    const parts = multiplied(60, 50, 70, 'float64')!
    wasmProducts.limit()
    for (const [i, x] of parts.entries()) expect(x).toBeCloseTo(whole[i], 12)
  })

  it('read what is in the memory already where it lies', () => {
    const heap = findWasm()!
    const [a, b] = [filled([130, 120], 'float32'), filled([120, 110], 'float32')]
    const product = (x: Strided): TypedArray => {
      const out = new Float32Array(130 * 110)
      expect(multiplyInWasm(productOf(x, b, 'ij,jk->ik', out, [130, 110]), 'float32')).toBe(true)
      return out
    }
    const moved = heap.array(heap.reserve(a.buffer.byteLength), 'float32', a.buffer.length)
    moved.set(a.buffer)
    const wanted = product(a)
    expect(product({ ...a, buffer: moved })).toEqual(wanted)
    heap.reserve(2 ** 24)
    expect(product({ ...a, buffer: moved })).toEqual(wanted)
  })

  it('include convolutions, for which BLAS would need copies', () => {
    const [images, filters] = [filled([4, 3, 12, 12], 'float32'), filled([8, 3, 3, 3], 'float32')]
    forceWasm('always')
    const windows = { ...images, shape: [4, 3, 10, 10, 3, 3], strides: [432, 144, 12, 1, 12, 1] }
    const [indices, shape] = ['nchwyx,ocyx->nohw', [4, 8, 10, 10]]
    const out = new Float32Array(sizeOf(shape))
    expect(multiplyInWasm(productOf(windows, filters, indices, out, shape), 'float32')).toBe(true)
    expect(runContract(windows, filters, { indices }, { shape, dtype: 'float32' })).toEqual(out)
  })

  it('are the same to the bit when done twice, whatever was multiplied in between', () => {
    forceWasm('always')
    const first = multiplied(33, 300, 21, 'float32')
    multiplied(50, 40, 70, 'float64')
    expect(multiplied(33, 300, 21, 'float32')).toEqual(first)
  })

  it('leave the memory as large as it was', () => {
    forceWasm('always')
    multiplied(70, 80, 90, 'float32')
    const { buffer } = findWasm()!.memory
    for (let i = 0; i < 100; i++) multiplied(70, 80, 90, 'float32')
    expect(findWasm()!.memory.buffer).toBe(buffer)
  })

  it('are left to JavaScript where the memory cannot grow', () => {
    const heap = findWasm()!
    try {
      Reflect.set(heap, 'tryGrow', () => false)
      expect(multiplied(2000, 30, 2000, 'float64')).toBeUndefined()
    } finally {
      Reflect.deleteProperty(heap, 'tryGrow')
    }
    expect(multiplied(400, 30, 400, 'float64')).toBeDefined()
  })
})
