/** Vector code in eager mode: when it is used, that it changes nothing but the speed, and what happens without it. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { exp, logaddexp, mul, relu, softplus, tanh } from '../../../ops/elementwise/index.ts'
import { type ElementwiseDefinition, elementwise } from '../../../ops/kinds/elementwise.ts'
import type { Strided, TypedArray } from '../../../ops/value.ts'
import * as s from '../../../scalar/index.ts'
import { runElementwise } from '../../js/elementwise.ts'
import { findWasm, wasmStatus } from '../wasm.ts'
import { runOnWasm } from './elementwise.ts'
import { forceWasm, type WasmMode } from './mode.ts'

afterEach(() => {
  forceWasm(undefined)
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const vector = (n: number, seed = 1): Strided => {
  const buffer = Float32Array.from({ length: n }, (_, i) => 3 * Math.sin(i * i + seed))
  return { buffer, shape: [n], strides: [1], offset: 0, dtype: 'float32' }
}

const specOf = ({ shape, dtype }: Strided) => ({ shape, dtype })

function run(op: ElementwiseDefinition, inputs: readonly (Strided | number)[], mode?: WasmMode): TypedArray {
  forceWasm(mode)
  return runElementwise(op, inputs, specOf(inputs[0] as Strided))
}

/** Vector code of tanh is off by an ulp here and there, which tells the two apart. */
const isVectorised = (n: number): boolean =>
  run(tanh, [vector(n)]).some((v, i) => v !== run(tanh, [vector(n)], 'never')[i])

describe('runElementwise', () => {
  it('uses vector code from some size on, which is smaller where the formula is dearer', () => {
    expect(isVectorised(400)).toBe(false)
    expect(isVectorised(4000)).toBe(true)
    const out = new Float32Array(4000)
    forceWasm(undefined)
    const uses = (op: ElementwiseDefinition, ...more: (Strided | number)[]) =>
      runOnWasm(op, [vector(4000), ...more], specOf(vector(4000)), out)
    expect(uses(tanh)).toBe(true)
    expect(uses(softplus, 1, 20)).toBe(true)
    expect(uses(mul, 2)).toBe(false)
    const table = (columns: number): boolean => {
      const shape = [4096 / columns, columns]
      const x = { ...vector(4096), shape, strides: [columns, 1] }
      return runOnWasm(logaddexp, [x, { ...vector(columns), shape: [columns] }], specOf(x), new Float32Array(4096))
    }
    expect([table(8), table(64), table(4096)]).toEqual([false, true, true])
  })

  it('gives the bits of float64 arithmetic rounded once where JavaScript does', () => {
    for (const [op, ...more] of [[relu], [mul, vector(5000, 2)], [mul, 0.1], [softplus, 1, 20]] as const) {
      const inputs = [vector(5000), ...more]
      expect(run(op, inputs, 'always')).toEqual(run(op, inputs, 'never'))
    }
  })

  it('gives the same bits for the same numbers, wherever they stand', () => {
    const x = vector(5000)
    const whole = run(exp, [x])
    expect(run(exp, [x])).toEqual(whole)
    const inner = { ...x, shape: [4001], offset: 777 }
    expect(run(exp, [inner])).toEqual(whole.slice(777, 777 + 4001))
    const rows = { ...x, shape: [50, 100], strides: [100, 1] }
    expect(run(exp, [rows])).toEqual(whole)
  })

  it('takes the gradient of a sum, one number repeated, for that number', () => {
    const x = { ...vector(6000), shape: [60, 100], strides: [100, 1] }
    const g = { ...x, buffer: Float32Array.of(1.5), strides: [0, 0] }
    const { op, from } = tanh.pullback(0)
    const y = { ...x, buffer: run(tanh, [x], 'never') }
    const inputs = from.map((k) => (k >= 0 ? x : k === -1 ? y : g))
    forceWasm(undefined)
    expect(runOnWasm(op, inputs, specOf(x), new Float32Array(6000))).toBe(true)
    expect(run(op, inputs)).toEqual(run(op, inputs, 'never'))
  })

  it('writes into the array that it is given, operand or not', () => {
    const x = vector(20_000)
    const wanted = run(relu, [x], 'never')
    forceWasm('always')
    expect(runElementwise(relu, [x], specOf(x), x.buffer)).toBe(x.buffer)
    expect(x.buffer).toEqual(wanted)
  })

  it('keeps its memory however often it is called', () => {
    run(exp, [vector(20_000)], 'always')
    const { length } = findWasm()!.bytes
    const x = vector(600)
    const out = new Float32Array(600)
    for (let i = 0; i < 100_000; i++) runOnWasm(exp, [x], specOf(x), out)
    expect(findWasm()!.bytes.length).toBe(length)
  })

  it('leaves formulas of thousands of steps to JavaScript', () => {
    let f = s.arg('x')
    for (let i = 0; i < 3000; i++) f = s.add(s.mul(f, s.c(0.5)), s.c(i))
    const long = elementwise({ name: 'long', args: ['x'], formula: () => f })
    forceWasm('always')
    expect(runOnWasm(long, [vector(8)], specOf(vector(8)), new Float32Array(8))).toBe(false)
  })
})

describe('without WebAssembly', () => {
  const fresh = async () => {
    vi.resetModules()
    const [wasm, js] = [await import('../wasm.ts'), await import('../../js/elementwise.ts')]
    const x = vector(5000)
    const result = js.runElementwise(tanh, [x], specOf(x))
    expect(result).toEqual(run(tanh, [x], 'never'))
    return wasm.wasmStatus()
  }

  it('is asked for by CHAINRULE_WASM=off', async () => {
    vi.stubEnv('CHAINRULE_WASM', 'off')
    expect(await fresh()).toEqual({ missing: 'WebAssembly is switched off by CHAINRULE_WASM=off' })
  })

  it('JavaScript does it all: an engine that has none, a page that forbids it, no SIMD, no memory', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(await fresh()).toEqual({ missing: 'this JavaScript engine has no WebAssembly' })
    vi.unstubAllGlobals()
    const forbidden = class {
      constructor() {
        throw new EvalError('Refused by the Content-Security-Policy')
      }
    }
    vi.stubGlobal('WebAssembly', { ...all, Module: forbidden })
    expect(await fresh()).toEqual({
      missing: 'WebAssembly with SIMD cannot be used here: Refused by the Content-Security-Policy',
    })
  })

  it('falls back where the memory is full', async () => {
    const tight = class extends WebAssembly.Memory {
      constructor() {
        super({ initial: 1, maximum: 1 })
      }
    }
    vi.stubGlobal('WebAssembly', { ...all, Memory: tight })
    expect(await fresh()).toMatchObject({ name: 'WebAssembly' })
  })
})

/** WebAssembly's properties cannot be listed. */
const all = Object.fromEntries(Object.getOwnPropertyNames(WebAssembly).map((k) => [k, Reflect.get(WebAssembly, k)]))

it('says that it is there', () => {
  expect(wasmStatus()).toEqual({ name: 'WebAssembly', relaxedSimd: expect.any(Boolean), threads: expect.any(Number) })
})
