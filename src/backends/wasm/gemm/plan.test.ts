/** Which ways there are to compute a product, which is taken, and what a module of many weighs. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findNative } from '../../blas/blas.ts'
import type { ProductKernel } from '../../kernels.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { Heap } from '../memory.ts'
import { instantiate } from '../wasm.ts'
import { emitProducts, planProduct } from './plan.ts'
import { tune } from './tune.ts'

const product = (m: number, n: number, k: number, batch = 1): ProductKernel => ({
  dtype: 'float32',
  batch: { sizes: [batch], strides: [[m * k], [k * n], [m * n]] },
  rows: { sizes: [m], strides: [[k], [0], [n]] },
  columns: { sizes: [n], strides: [[0], [1], [1]] },
  summed: { sizes: [k], strides: [[1], [n], [0]] },
  add: false,
})
const alone = { relaxed: false, blas: false }

afterEach(() => vi.unstubAllEnvs())

describe('planProduct', () => {
  it('gives equal products the same ways, which are emitted once', () => {
    const [one, other] = [planProduct(product(5, 6, 7), alone), planProduct(product(5, 6, 7), alone)]
    expect(other.key).toBe(one.key)
    const module = new ModuleBuilder()
    emitProducts(module, [one.choices[0], other.choices[0]])
    expect(module.toText().match(/\(func \$product_/g)).toHaveLength(1)
    expect(planProduct(product(5, 6, 8), alone).key).not.toBe(one.key)
  })

  it('counts operations, of every product of a batch', () => {
    expect(planProduct(product(2, 3, 4, 5), alone).flops).toBe(240)
  })

  it('shares out whole products of a batch, and parts of a single one', () => {
    expect(planProduct(product(8, 8, 8, 12), alone).choices[0].units).toBe(12)
    expect(planProduct(product(64, 256, 8), alone).choices[0].units).toBe(32)
    expect(planProduct(product(256, 64, 8), alone).choices[0].units).toBe(64)
  })

  it('has no work where there are no elements, and zeros where nothing is summed', () => {
    expect(planProduct(product(0, 3, 4), alone).choices[0].units).toBe(0)
    const heap = new Heap()
    const [way] = planProduct(product(2, 3, 0), alone).choices
    const module = new ModuleBuilder()
    emitProducts(module, [way])
    const kernels = instantiate(module, heap)
    const c = heap.reserve(24)
    heap.float32.fill(7, c / 4, c / 4 + 6)
    for (const call of way.calls({ a: 0, b: 0, c }, 0, way.units, { tables: 0, scratch: 0 })) {
      if (call.is === 'wasm') kernels[call.name](...call.args)
    }
    expect([...heap.float32.subarray(c / 4, c / 4 + 7)]).toEqual([0, 0, 0, 0, 0, 0, 0])
  })

  it('offers BLAS where it can be called, first for products that are not tiny', () => {
    const blas = { relaxed: false, blas: true }
    expect(planProduct(product(64, 64, 64), blas).choices[0].by).toBe('blas')
    expect(planProduct(product(2, 3, 4), blas).choices[0].by).toBe('wasm')
    expect(planProduct(product(64, 64, 64), alone).choices.every((way) => way.by === 'wasm')).toBe(true)
  })
})

describe('tune', () => {
  it('takes the first of each plan if it is off', () => {
    vi.stubEnv('CHAINRULE_TUNE', 'off')
    const plan = planProduct(product(31, 17, 65), { relaxed: false, blas: true })
    expect(tune([plan], new Heap(), undefined)).toEqual([plan.choices[0]])
  })

  it('gives back the memory it tries on, and remembers what was faster', () => {
    const heap = new Heap()
    const native = findNative()
    native?.setOneThread()
    const before = heap.reserve(64)
    heap.release(before)
    const plan = planProduct(product(33, 17, 65), { relaxed: false, blas: native !== undefined })
    const [way] = tune([plan], heap, native?.open(heap.memory))
    expect(plan.choices).toContain(way)
    expect(heap.reserve(64)).toBe(before)
    expect(tune([plan], heap, undefined)).toEqual([way])
  })
})
