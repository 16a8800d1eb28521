/**
 * Every intrinsic as vector code against its value: over the whole range of float32, at points of every size in
 * float64, and exactly where IEEE 754 says what it is. Stated bounds are for all arguments; those of float32 were found
 * by going through all 2³² of them, those of float64 with 160-bit arithmetic.
 */
import { describe, expect, it } from 'vitest'
import { arg, call, type Intrinsic, intrinsics, lower } from '../../../scalar/index.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { emitFormula } from '../formula.ts'
import { Lanes, type Precision, strandOf } from '../lanes.ts'
import { readVector, writeVector } from '../loops/elements.ts'
import { Heap } from '../memory.ts'
import { hasRelaxedSimd, instantiate } from '../wasm.ts'

type Floating = 'float32' | 'float64'

const names = Object.keys(intrinsics) as Intrinsic[]
const arity = (fn: Intrinsic): number => intrinsics[fn].value.length
const heap = new Heap()

/** How far float32 results may be off the float64 value, in units in the last place; 0.5 where nothing is said. */
const bounds: { readonly [F in Intrinsic]?: number } = {
  ...{ exp: 1, expm1: 1.5, log: 1, log1p: 1, cosh: 1.5, tanh: 1.5, erf: 1.5 },
  // Computed in float64 with 40 bits and more, and rounded.
  ...{
    sin: 0.501,
    cos: 0.501,
    asin: 0.501,
    acos: 0.501,
    atan2: 0.501,
    sinh: 0.501,
    erfc: 0.501,
    pow: 0.501,
  },
}

type Run = (...columns: (Float32Array | Float64Array)[]) => Float32Array | Float64Array

function vectorised(fn: Intrinsic, dtype: Floating, precision: Precision): Run {
  const args = ['a', 'b', 'c'].slice(0, arity(fn))
  const program = lower([call(fn, ...args.map(arg))], args)
  const module = new ModuleBuilder()
  const params = new Array<'i32'>(args.length + 2).fill('i32')
  const size = dtype === 'float32' ? 4 : 8
  module.function('kernel', params, 'none', (f, [n, out, ...from]) => {
    const l = new Lanes(precision, { module, heap, f, fused: hasRelaxedSimd() })
    f.repeat(n, l.count, () => {
      const operands = from.map((at) => l.let({ strands: [readVector(l, dtype, at, 0, 1, l.count)] }))
      writeVector(l, dtype, out, 0, 1, l.count, strandOf(emitFormula(l, program, operands), 0))
      for (const at of [out, ...from]) f.advance(at, size * l.count)
    })
  })
  const { kernel } = instantiate(module, heap)
  return (...columns) => {
    const n = columns[0].length
    const slot = Math.ceil((n * size) / 64) * 64 + 64
    const base = heap.scratch(slot * (columns.length + 1))
    const view = dtype === 'float32' ? heap.float32 : heap.float64
    for (const [i, column] of columns.entries()) view.set(column, (base + (i + 1) * slot) / size)
    kernel(n, base, ...columns.map((_, i) => base + (i + 1) * slot))
    return view.slice(base / size, base / size + n)
  }
}

/** The distance to the next number of that many bits. */
function spacing(x: number, bits: 24 | 53): number {
  const least = bits === 24 ? 2 ** -149 : 2 ** -1074
  const exponent = Math.floor(Math.log2(Math.abs(x)))
  return Number.isFinite(exponent) ? Math.max(2 ** (exponent - bits + 1), least) : least
}

/** Units in the last place; 0 where both are the same number, Infinity where one is none. */
function distance(got: number, wanted: number, bits: 24 | 53): number {
  const rounded = bits === 24 ? Math.fround(wanted) : wanted
  if (Object.is(got, rounded)) return 0
  if (!Number.isFinite(got) || !Number.isFinite(rounded) || (got === 0 && rounded === 0)) return Infinity
  return Math.abs(got - wanted) / spacing(wanted, bits)
}

/** The worst element, for the message. */
function worst(fn: Intrinsic, bits: 24 | 53, got: ArrayLike<number>, columns: readonly ArrayLike<number>[]) {
  let found = { distance: 0, at: [] as number[], got: 0, wanted: 0 }
  for (let i = 0; i < got.length; i++) {
    const at = columns.map((column) => column[i])
    const wanted = intrinsics[fn].value(...at)
    const d = distance(got[i], wanted, bits)
    if (d > found.distance) found = { distance: d, at, got: got[i], wanted }
  }
  return found
}

/** Zeros, infinities, NaN, the ends of the normal and subnormal numbers, and where functions turn. */
const special = [0, 1, 0.5, 2, 3, 2.5, 4, 1e-5, 2 ** -126, 2 ** -149, 2 ** -1022, 5e-324, 2 ** 24, 2 ** 53, 1e30, 1e300]
const edges = [Number.MAX_VALUE, 3.4028234663852886e38, 88.73, 104, 709.79, 745.2, 1e10, Math.PI, Math.PI / 2, 1e6]
const points = [...special, ...edges, Infinity].flatMap((x) => [x, -x]).concat(NaN)

/** All tuples of the special points. */
function grid(n: number): number[][] {
  if (n === 1) return [points]
  const pairs = points.flatMap((a) => points.map((b) => [a, b]))
  const columns = [0, 1].map((k) => pairs.map((pair) => pair[k]))
  return n === 2 ? columns : [columns[0].map((_, i) => [1, 0, NaN][i % 3]), ...columns]
}

describe.each(names)('%s', (fn) => {
  it('is right over the whole range of float32', () => {
    const run = vectorised(fn, 'float32', 'float32')
    const count = 2 ** 17
    const columns = Array.from({ length: arity(fn) }, (_, k) => {
      const bits = new Uint32Array(count)
      // Every exponent, every 2^15th significand; the second operand in another order.
      for (let i = 0; i < count; i++) bits[i] = k === 0 ? i * 32768 + (i % 32768) : i * 2654435761
      return new Float32Array(bits.buffer)
    })
    const found = worst(fn, 24, run(...columns), columns)
    expect(found.distance, `${fn}(${found.at}) is ${found.got}, not ${found.wanted}`).toBeLessThanOrEqual(
      bounds[fn] ?? 0.5,
    )
  })

  it('is right for float64 of every size', () => {
    const run = vectorised(fn, 'float64', 'float64')
    const sizes = [-1074, -300, -60, -20, -4, -1, 0, 1, 3, 8, 9.4, 20, 60, 1023]
    const count = 20_000
    let seed = 1
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647
    const columns = Array.from({ length: arity(fn) }, () =>
      Float64Array.from({ length: count }, (_, i) => {
        const at = i % (sizes.length - 1)
        const exponent = sizes[at] + (sizes[at + 1] - sizes[at]) * random()
        return (random() < 0.5 ? -1 : 1) * 2 ** exponent
      }),
    )
    const found = worst(fn, 53, run(...columns), columns)
    // The value that it is compared with is itself off by as much.
    const bound = intrinsics[fn].ulp <= 0.5 ? 0 : 2 * intrinsics[fn].ulp
    expect(found.distance, `${fn}(${found.at}) is ${found.got}, not ${found.wanted}`).toBeLessThanOrEqual(bound)
  })

  it('is what IEEE 754 says at zeros, infinities, NaN and the ends of the range', () => {
    const columns = grid(arity(fn)).map((column) => Float64Array.from(column))
    const single = columns.map((column) => Float32Array.from(column))
    const double = worst(fn, 53, vectorised(fn, 'float64', 'float64')(...columns), columns)
    expect(double.distance, `${fn}(${double.at}) is ${double.got}, not ${double.wanted}`).toBeLessThanOrEqual(
      intrinsics[fn].ulp <= 0.5 ? 0 : 2 * intrinsics[fn].ulp,
    )
    const float = worst(fn, 24, vectorised(fn, 'float32', 'float32')(...single), single)
    expect(float.distance, `${fn}(${float.at}) is ${float.got}, not ${float.wanted}`).toBeLessThanOrEqual(
      bounds[fn] ?? 0.5,
    )
    const narrow = worst(fn, 24, vectorised(fn, 'float32', 'narrow')(...single), single)
    expect(narrow.distance, `${fn}(${narrow.at}) is ${narrow.got}, not ${narrow.wanted}`).toBeLessThanOrEqual(0.501)
  })

  it('does not depend on where in the array an element stands', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const columns = Array.from({ length: arity(fn) }, (_, k) => {
        const values = Array.from({ length: 23 }, (_, i) => Math.cos(i * (k + 1)) * 3)
        return dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values)
      })
      const run = vectorised(fn, dtype, dtype)
      const whole = run(...columns)
      for (let i = 0; i < 23; i++) {
        const [alone] = run(...columns.map((column) => column.slice(i, i + 1)))
        expect(Object.is(alone, whole[i])).toBe(true)
      }
    }
  })
})
