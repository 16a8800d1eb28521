/**
 * Random formulas of the intrinsics that IEEE 754 fixes to the bit: vector code, with branches merged and in the
 * precision that is chosen for it, equals the scalar formula bit for bit.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as s from '../../../scalar/index.ts'
import type { Precision } from '../lanes.ts'
import { Heap } from '../memory.ts'
import { mergeBranches } from '../merge.ts'
import { instantiate } from '../wasm.ts'
import { elementwiseModule, type Floating } from './kernel.ts'
import { precisionFor } from './precision.ts'

const args = ['x', 'y', 'z']
const heap = new Heap()

const unary = ['neg', 'abs', 'sign', 'floor', 'round', 'sqrt'] as const
const binary = ['add', 'sub', 'mul', 'div', 'min', 'max', 'fmod', 'eq', 'lt', 'le'] as const

const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.5, 2, 3, Infinity, -Infinity, NaN, 2 ** -149, 2 ** 127, -(2 ** -126)),
  fc.float({ noDefaultInfinity: true, noNaN: true }),
)

const { formula } = fc.letrec<{ formula: s.Scalar }>((tie) => {
  const f = tie('formula')
  return {
    formula: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom(...args).map(s.arg),
      numbers.map(s.c),
      fc.tuple(fc.constantFrom(...unary), f).map(([fn, a]) => s.call(fn, a)),
      fc.tuple(fc.constantFrom(...binary), f, f).map(([fn, a, b]) => s.call(fn, a, b)),
      fc
        .tuple(fc.constantFrom('eq', 'lt', 'le'), f, f, f, f)
        .map(([fn, a, b, t, e]) => s.select(s.call(fn as 'lt', a, b), t, e)),
      fc.tuple(f, f, f).map(([when, a, b]) => s.select(when, a, b)),
    ),
  }
})

const columns = fc.array(fc.tuple(numbers, numbers, numbers), { minLength: 1, maxLength: 9 })

function check(f: s.Scalar, rows: readonly (readonly number[])[], dtype: Floating, choose: 'narrow' | undefined): void {
  const steps = mergeBranches(s.lower([f], args))
  const precision: Precision = dtype === 'float64' ? dtype : (choose ?? precisionFor(steps, () => true))
  const operands = args.map(() => ({ walk: 'along', dtype }) as const)
  const { kernel } = instantiate(elementwiseModule(steps, { operands, dtype, precision, strands: 2 }, heap), heap)
  const base = heap.scratch(4 * 256)
  const [view, size] = dtype === 'float32' ? [heap.float32, 4] : [heap.float64, 8]
  const at = [1, 2, 3].map((k) => base + 256 * k)
  for (const [i, row] of rows.entries()) for (const [k, v] of row.entries()) view[at[k] / size + i] = v
  kernel(1, rows.length, base, ...at)
  for (const [i, [x, y, z]] of rows.entries()) {
    const value = s.evaluate(f, { x, y, z })
    const wanted = dtype === 'float32' ? Math.fround(value) : value
    const got = view[base / size + i]
    if (!Object.is(got, wanted))
      expect.fail(`${s.toText(f)} at (${x}, ${y}, ${z}) in ${precision}: ${got}, not ${wanted}`)
  }
}

it.each([
  ['float64', undefined],
  ['float32', undefined],
  ['float32', 'narrow'],
] as const)('equals the formula in %s (%s)', (dtype, choose) => {
  fc.assert(
    fc.property(formula, columns, (f, rows) => check(f, rows, dtype, choose)),
    { numRuns: 400 },
  )
})
