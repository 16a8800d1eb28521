/** Reductions in WebAssembly against the loops in JavaScript: every layout, exact where nothing rounds. */
import { afterEach, describe, expect, it } from 'vitest'
import { allocate } from '../../../ops/dtype.ts'
import type { ReduceDefinition } from '../../../ops/kinds/reduce.ts'
import { amax, amin, prod, sum } from '../../../ops/reduce/index.ts'
import { contiguousStrides, sizeOf } from '../../../ops/shape.ts'
import type { DType, Strided, TypedArray } from '../../../ops/value.ts'
import { runReduce } from '../../js/reduce.ts'
import { findWasm, wasmStatus } from '../wasm.ts'
import { forceWasm } from './mode.ts'
import { reduceInWasm } from './reduce.ts'

const available = findWasm() !== undefined
if (!available) console.warn(`SKIPPED: reductions in WebAssembly. ${JSON.stringify(wasmStatus())}`)

const filled = (shape: readonly number[], dtype: DType): Strided => {
  const buffer = allocate(dtype, sizeOf(shape) + 3)
  for (let i = 0; i < buffer.length; i++) buffer[i] = 1 + Math.sin(i * i + 1) / 4
  return { buffer, shape, strides: contiguousStrides(shape), offset: 3, dtype }
}

const turned = (x: Strided): Strided => ({ ...x, shape: x.shape.toReversed(), strides: x.strides.toReversed() })
const backwards = (x: Strided): Strided => ({
  ...x,
  offset: x.buffer.length - 1,
  strides: x.strides.map((stride) => -stride),
})

function reduced(op: ReduceDefinition, x: Strided, axes: readonly number[]): TypedArray {
  const shape = x.shape.filter((_, d) => !axes.includes(d))
  return runReduce(op, x, { axes, keepdim: false }, { shape, dtype: x.dtype })
}

describe.skipIf(!available)('reductions in WebAssembly', () => {
  afterEach(() => forceWasm(undefined))

  it.each([sum, prod, amax, amin])('equal those in JavaScript: $name', (op) => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const layout of [(x: Strided) => x, turned, backwards]) {
        const x = layout(filled([7, 12, 9], dtype))
        for (const axes of [[0], [1], [2], [0, 2], [1, 2], [0, 1, 2]]) {
          forceWasm('never')
          const wanted = reduced(op, x, axes)
          forceWasm('always')
          const got = reduced(op, x, axes)
          const units = op === amax || op === amin ? 0 : dtype === 'float32' ? 1 : 64
          const epsilon = dtype === 'float32' ? 2 ** -23 : Number.EPSILON
          wanted.forEach((y, i) => {
            expect(Math.abs(got[i] - y), `${dtype} [${x.shape}] over ${axes}`).toBeLessThanOrEqual(units * epsilon * y)
          })
        }
      }
    }
  })

  it('let NaN win', () => {
    forceWasm('always')
    const x = filled([40, 50], 'float32')
    x.buffer[3 + 7 * 50 + 11] = Number.NaN
    expect([...reduced(amax, x, [1])].flatMap((y, i) => (Number.isNaN(y) ? [i] : []))).toEqual([7])
    expect([...reduced(amin, x, [0])].flatMap((y, i) => (Number.isNaN(y) ? [i] : []))).toEqual([11])
  })

  it('are left to JavaScript where they are small, integers, or mostly gaps', () => {
    const run = (x: Strided) => reduceInWasm(sum, x, [0], { shape: [], dtype: x.dtype }, allocate(x.dtype, 1))
    expect(run(filled([1000], 'float32'))).toBe(false)
    expect(run(filled([2 ** 20], 'float32'))).toBe(true)
    expect(run(filled([2 ** 20], 'int32'))).toBe(false)
    expect(run({ ...filled([2 ** 21], 'float32'), shape: [2 ** 18], strides: [8] })).toBe(false)
  })
})
