/** Kernels of whole formulas: every pattern of operands in every precision, at sizes around those of vectors and blocks. */
import { describe, expect, it } from 'vitest'
import * as s from '../../../scalar/index.ts'
import type { Precision } from '../lanes.ts'
import { Heap } from '../memory.ts'
import { mergeBranches, type Steps } from '../merge.ts'
import { instantiate } from '../wasm.ts'
import { elementwiseModule, type Floating, type OperandPattern, type Walk } from './kernel.ts'
import { precisionFor } from './precision.ts'
import { runStaged } from './staging.ts'

const heap = new Heap()
const [x, y, z] = ['x', 'y', 'z'].map(s.arg)
const { c } = s

/** x + y z where x < 1, else exp(y) - z: branches, a constant, a function. */
const formula = s.select(s.lt(x, c(1)), s.add(x, s.mul(y, z)), s.sub(s.exp(y), z))
const args = ['x', 'y', 'z']
const arrayOf = { float32: Float32Array, float64: Float64Array }

function check(
  walks: readonly Walk[],
  dtypes: readonly Floating[],
  dtype: Floating,
  precision: Precision,
  rows: number,
  columns: number,
) {
  const counts = { along: rows * columns, row: columns, column: rows, number: 1 }
  const operands = walks.map((walk, k) => {
    const data = new arrayOf[dtypes[k]](2 * counts[walk] + 3).map((_, i) => Math.sin(i + k) * 2)
    const [start, stride] = walk === 'column' ? [3, 2] : [2, columns]
    return { walk, value: Math.fround(0.3 + k), data, start, stride }
  })
  const at = (k: number, r: number, col: number): number => {
    const { walk, value, data, start, stride } = operands[k]
    if (walk === 'number') return value
    return data[start + (walk === 'along' ? r * columns + col : walk === 'row' ? col : r * stride)]
  }
  const patterns = walks.map((walk, k): OperandPattern => ({ walk, dtype: dtypes[k] }))
  const pattern = { operands: patterns, dtype, precision, strands: 2 }
  const { kernel } = instantiate(elementwiseModule(s.lower([formula], args), pattern, heap), heap)
  const out = new arrayOf[dtype](rows * columns)
  runStaged(kernel, heap, { rows, columns, operands }, out)
  const tolerance = dtype === 'float64' ? 1e-15 : precision === 'float32' ? 1e-6 : 1.2e-7
  for (let i = 0; i < out.length; i++) {
    const [r, col] = [Math.floor(i / columns), i % columns]
    const wanted = s.evaluate(formula, { x: at(0, r, col), y: at(1, r, col), z: at(2, r, col) })
    if (Math.abs(out[i] - wanted) > tolerance * 8) throw new Error(`[${r}, ${col}] is ${out[i]}, not ${wanted}`)
  }
}

const walks: readonly Walk[] = ['along', 'row', 'column', 'number']

describe('elementwise kernels', () => {
  it('read every pattern of operands', () => {
    for (const a of walks)
      for (const b of walks)
        for (const [rows, columns] of [
          [3, 5],
          [1, 1],
          [7, 8],
        ])
          check([a, b, 'along'], ['float32', 'float32', 'float32'], 'float32', 'float32', rows, columns)
  })

  it('compute in every precision, mixed dtypes included', () => {
    for (const [dtype, precision] of [
      ['float32', 'float32'],
      ['float32', 'narrow'],
      ['float32', 'float64'],
      ['float64', 'float64'],
    ] as const) {
      const kinds: Floating[] =
        precision === 'float32' ? ['float32', 'float32', 'float32'] : ['float64', 'float32', 'float64']
      for (const pattern of [
        ['along', 'row', 'column'],
        ['column', 'along', 'number'],
        ['row', 'number', 'along'],
      ] as const)
        check(pattern, kinds, dtype, precision, 4, 11)
    }
  })

  it('write every element at any size, over several blocks, and rows longer than one', () => {
    for (let n = 1; n <= 40; n++)
      check(['along', 'along', 'number'], ['float32', 'float32', 'float32'], 'float32', 'float32', 1, n)
    for (const [rows, columns] of [
      [1, 8191],
      [1, 8193],
      [1, 20000],
      [3, 8200],
      [900, 10],
      [8200, 1],
      [2, 8192],
    ])
      check(['along', 'row', 'column'], ['float32', 'float64', 'float32'], 'float32', 'narrow', rows, columns)
  })

  it('leave what lies behind the result as it is', () => {
    const program = s.lower([s.neg(x)], ['x'])
    const pattern = {
      operands: [{ walk: 'along', dtype: 'float32' }],
      dtype: 'float32',
      precision: 'float32',
      strands: 4,
    } as const
    const { kernel } = instantiate(elementwiseModule(program, pattern, heap), heap)
    const out = new Float32Array(10).fill(7)
    const operand = { walk: 'along', value: 0, data: Float32Array.of(1, 2, 3), start: 0, stride: 1 } as const
    runStaged(kernel, heap, { rows: 1, columns: 3, operands: [operand] }, out.subarray(2, 5))
    expect([...out]).toEqual([7, 7, -1, -2, -3, 7, 7, 7, 7, 7])
  })
})

describe('emitFormula', () => {
  it('keeps numbers numbers where they decide something as well', () => {
    const both = s.select(s.lt(x, y), x, y)
    const f = s.add(
      s.add(s.select(x, y, z), s.select(y, x, z)),
      s.add(s.mul(x, y), s.mul(s.lt(x, c(2)), s.le(z, both))),
    )
    const operands = args.map(() => ({ walk: 'number', dtype: 'float64' }) as const)
    const pattern = { operands, dtype: 'float64', precision: 'float64', strands: 1 } as const
    const { kernel } = instantiate(elementwiseModule(s.lower([f], args), pattern, heap), heap)
    for (const env of [
      [3, 4, 0],
      [0, 5, 6],
      [1, 2, -1],
    ]) {
      const at = heap.scratch(64)
      kernel(1, 1, at, ...env)
      expect(heap.float64[at / 8]).toBe(s.evaluate(f, { x: env[0], y: env[1], z: env[2] }))
    }
  })
})

describe('mergeBranches', () => {
  const steps = (f: s.Scalar): Steps => s.lower([f], args)
  const calls = ({ steps }: Steps): string[] => steps.flatMap((step) => (step.is === 'call' ? [step.fn] : []))
  const value = ({ steps, roots }: Steps, env: readonly number[]): number => {
    const values: number[] = []
    for (const step of steps) {
      if (step.is === 'const') values.push(step.value)
      else if (step.is === 'arg') values.push(env[step.at])
      else values.push(s.intrinsics[step.fn].value(...step.of.map((i) => values[i])))
    }
    return values[roots[0]]
  }
  const negative = s.lt(x, c(0))
  const softplus = s.select(negative, s.log1p(s.exp(x)), s.add(x, s.log1p(s.exp(s.neg(x)))))
  const silu = s.select(negative, s.div(s.exp(x), s.add(c(1), s.exp(x))), s.div(c(1), s.add(c(1), s.exp(s.neg(x)))))
  const nested = s.select(s.lt(c(9), x), x, s.select(negative, s.exp(y), s.select(s.lt(x, c(1)), s.exp(z), s.exp(x))))

  it('makes one call of two that exclude each other', () => {
    const count = (f: s.Scalar, fn: string) => calls(mergeBranches(steps(f))).filter((call) => call === fn).length
    expect(count(softplus, 'exp')).toBe(1)
    expect(count(softplus, 'log1p')).toBe(1)
    expect([count(silu, 'exp'), count(silu, 'div'), count(silu, 'add')]).toEqual([1, 1, 1])
    expect(count(nested, 'exp')).toBe(1)
  })

  it('leaves alone what both branches or others need', () => {
    const shared = s.add(s.select(negative, s.exp(x), s.exp(y)), s.exp(x))
    expect(calls(mergeBranches(steps(shared))).filter((fn) => fn === 'exp')).toHaveLength(2)
    const deciding = s.select(s.lt(s.exp(x), c(1)), s.exp(x), s.exp(y))
    expect(calls(mergeBranches(steps(deciding))).filter((fn) => fn === 'exp')).toHaveLength(2)
  })

  it('changes no value', () => {
    for (const f of [softplus, silu, nested, formula])
      for (const a of [-3, -0.5, 0, 0.5, 4, 20, Number.NaN])
        expect(value(mergeBranches(steps(f)), [a, 0.25, 2])).toBe(value(steps(f), [a, 0.25, 2]))
  })
})

describe('precisionFor', () => {
  const of = (f: s.Scalar, isSingle = true): Precision =>
    precisionFor(mergeBranches(s.lower([f], ['x', 'y', 'z'])), () => isSingle)

  it('is float32 where a value is rounded once', () => {
    expect(of(s.exp(x))).toBe('float32')
    expect(of(s.select(s.le(x, c(0)), c(0), x))).toBe('float32')
    expect(of(s.neg(s.mul(s.abs(x), y)))).toBe('float32')
    expect(of(s.select(negativeOf(x), s.tanh(x), s.mul(x, y)))).toBe('float32')
  })

  it('is narrow where nothing is lost again', () => {
    expect(of(s.div(c(1), s.add(c(1), s.exp(s.neg(x)))))).toBe('narrow')
    expect(of(s.mul(x, c(0.1)))).toBe('narrow')
    expect(of(s.exp(x), false)).toBe('narrow')
    expect(of(s.mul(s.sub(x, y), s.exp(z)))).toBe('narrow')
  })

  it('is float64 where sums may cancel, values decide or errors grow', () => {
    expect(of(s.sub(s.exp(x), s.exp(y)))).toBe('float64')
    expect(of(s.add(x, s.exp(y)))).toBe('float64')
    expect(of(s.log(s.exp(x)))).toBe('float64')
    expect(of(s.sin(s.mul(x, s.exp(y))))).toBe('float64')
    expect(of(s.select(s.lt(s.exp(x), y), s.mul(x, s.mul(y, z)), z))).toBe('float64')
  })
})

const negativeOf = (v: s.Scalar): s.Scalar => s.lt(v, c(0))
