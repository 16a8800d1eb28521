/**
 * Loop kernels as WebAssembly against the same kernels in JavaScript: random sizes, strides, dtypes, folds, writes in
 * place, and units in random parts. Around every result lie guards that no kernel may touch.
 */
import { describe, expect, it } from 'vitest'
import { close, expected, heap, type Placed, room, run, same } from '../../../../test/compile/loop-kernels.ts'
import type { DType } from '../../../ops/value.ts'
import * as s from '../../../scalar/index.ts'
import type { LoopKernel, LoopStep, LoopWrite, Stream } from '../../kernels.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { emitLoop, loopKey } from './index.ts'

const { arg, c } = s

function generator(seed: number) {
  let state = seed * 2654435761
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 8; i++) next()
  const below = (n: number) => Math.floor(next() * n)
  return { next, below, pick: <T>(of: readonly T[]): T => of[below(of.length)] }
}

type Random = ReturnType<typeof generator>

/** Strides of a tensor whose dimensions stand in some order in memory, some of them reversed, with gaps or repeated. */
function strides({ below, next }: Random, sizes: readonly number[], repeats: boolean): number[] {
  const order = sizes.map((_, d) => d)
  if (next() < 0.4) order.sort(() => next() - 0.5)
  const result = sizes.map(() => 0)
  let step = next() < 0.15 ? 2 : 1
  for (const d of order.reverse()) {
    if (repeats && next() < 0.2) continue
    result[d] = next() < 0.1 ? -step : step
    step *= sizes[d] + (next() < 0.1 ? below(3) : 0)
  }
  return result
}

function formula({ below, pick, next }: Random, names: readonly string[]): s.Scalar {
  let f: s.Scalar = arg(pick(names))
  for (let i = below(4); i >= 0; i--) {
    const other = next() < 0.2 ? c(pick([0.5, -1, 2, 3])) : arg(pick(names))
    f = pick([
      () => s.add(f, other),
      () => s.mul(f, other),
      () => s.sub(other, f),
      () => s.max(f, other),
      () => s.tanh(f),
      () => s.exp(s.neg(s.abs(f))),
      () => s.select(s.lt(f, other), f, other),
      () => s.lt(other, f),
    ])()
  }
  return f
}

const sum = (a: s.Scalar, b: s.Scalar) => s.add(a, b)
const monoids: { combine: s.Scalar; identity: number | undefined }[] = [
  { combine: sum(arg('acc'), arg('x')), identity: 0 },
  { combine: s.max(arg('acc'), arg('x')), identity: undefined },
  { combine: s.min(arg('acc'), arg('x')), identity: undefined },
  { combine: s.select(s.eq(arg('x'), c(0)), c(0), arg('acc')), identity: 1 },
  { combine: s.select(s.eq(arg('x'), c(0)), arg('acc'), c(1)), identity: 0 },
]

interface Case {
  readonly kernel: LoopKernel
  readonly reads: Placed[]
  readonly writes: Placed[]
}

function randomCase(seed: number): Case {
  const random = generator(seed)
  const { below, pick, next } = random
  const sizes = Array.from({ length: 1 + below(3) }, () => pick([1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33, 70]))
  const folded = next() < 0.6 ? below(sizes.length + 1) : 0
  const dtypes: DType[] = ['float32', 'float32', 'float64', 'int32', 'bool']
  const reads = Array.from(
    { length: 1 + below(3) },
    (): Stream => ({ dtype: pick(dtypes), strides: strides(random, sizes, true) }),
  )
  const names = reads.map((_, i) => `r${i}`)
  const steps: LoopStep[] = []
  for (let i = below(4); i >= 0; i--) {
    const isFold = folded > 0 && next() < 0.5
    steps.push(
      isFold
        ? { is: 'fold', ...pick(monoids), of: formula(random, names) }
        : { is: 'map', formula: formula(random, names) },
    )
    names.push(`s${steps.length - 1}`)
  }
  const kept = sizes.length - folded
  const varies = stepsThatVary(steps, reads, kept)
  const writes = Array.from({ length: 1 + below(2) }, (): LoopWrite => {
    const step = next() < 0.7 ? steps.length - 1 : below(steps.length)
    const own = varies[step] ? sizes : sizes.slice(0, kept)
    const over = reads.findIndex((r) => r.dtype === 'float32' && covers(r, own, sizes))
    if (over >= 0 && next() < 0.3) return { step, dtype: 'float32', strides: reads[over].strides, over }
    const placed = strides(random, own, false)
    return { step, dtype: pick(dtypes), strides: sizes.map((_, d) => placed[d] ?? 0) }
  })
  const unique = writes.filter((w, i) => w.over === undefined || writes.findIndex((v) => v.over === w.over) === i)
  const kernel: LoopKernel = { sizes, folded, dtype: pick(['float32', 'float64']), reads, steps, writes: unique }
  const value = (dtype: DType) => () =>
    dtype === 'bool' ? below(2) : dtype === 'int32' ? below(7) - 3 : next() * 4 - 2
  const operands = reads.map((r) => room(sizes, r, value(r.dtype)))
  const results = unique.map((w) => (w.over === undefined ? room(sizes, w, () => 77) : operands[w.over]))
  return { kernel, reads: operands, writes: results }
}

/** Whether the operand has an element of its own for each point of the first sizes, and repeats along the others. */
const covers = ({ strides: found }: Stream, own: readonly number[], sizes: readonly number[]): boolean =>
  sizes.every((n, d) => (d < own.length ? n === 1 || found[d] !== 0 : found[d] === 0))

function stepsThatVary(steps: readonly LoopStep[], reads: readonly Stream[], kept: number): boolean[] {
  const varies: boolean[] = []
  for (const step of steps) {
    const names = step.is === 'map' ? s.freeArgs(step.formula) : []
    const of = (name: string) => {
      const i = Number(name.slice(1))
      return name.startsWith('s') ? varies[i] : reads[i].strides.slice(kept).some((stride) => stride !== 0)
    }
    varies.push(names.some(of))
  }
  return varies
}

const single = (at: readonly number[]): Stream => ({ dtype: 'float32', strides: at })
const add = { is: 'fold', combine: sum(arg('acc'), arg('x')), identity: 0 } as const
const most = { is: 'fold', combine: s.max(arg('acc'), arg('x')), identity: undefined } as const
const map = (formula: s.Scalar): LoopStep => ({ is: 'map', formula })

/** Runs a kernel whose first operand holds the values and whose one write has so many elements. */
function result(kernel: LoopKernel, values: readonly number[], size: number, cuts?: number[]): number[] {
  const operand = { data: Float32Array.from(values), offset: 0 }
  return [...run(kernel, [operand], [{ data: new Float32Array(size), offset: 0 }], cuts)[0]]
}

describe('loop kernels', () => {
  it('are what JavaScript computes, whatever the strides, dtypes, folds and writes', () => {
    for (let seed = 1; seed <= 600; seed++) {
      const { kernel, reads, writes } = randomCase(seed)
      const tolerance = kernel.dtype === 'float32' ? 3e-5 : 1e-12
      const wanted = expected(kernel, reads, writes)
      const got = run(kernel, reads, writes)
      const what = `seed ${seed}: ${JSON.stringify(kernel)}`
      for (const [i, result] of got.entries()) close(result, wanted[i], tolerance, what)
      // However units are shared, bit by bit the same.
      for (const [i, again] of run(kernel, reads, writes, [0, 0.3, 0.31, 0.8, 1]).entries()) same(again, got[i], what)
    }
  })

  it('sum float32 to within 3 units of rounding of Σ|x|, however many there are', () => {
    for (const [sizes, strides] of [
      [
        [1, 100_003],
        [0, 1],
      ],
      [
        [5, 20_001],
        [1, 5],
      ],
    ]) {
      const kernel: LoopKernel = {
        ...{ sizes, folded: 1, dtype: 'float32', reads: [single(strides)], steps: [{ ...add, of: arg('r0') }] },
        writes: [{ ...single([1, 0]), step: 0 }],
      }
      const values = Float32Array.from({ length: sizes[0] * sizes[1] }, (_, i) => Math.sin(i * i) + 0.3)
      const got = result(kernel, [...values], sizes[0])
      for (let r = 0; r < sizes[0]; r++) {
        const own = values.filter((_, i) => i % sizes[0] === r)
        const exact = own.reduce((a, b) => a + b, 0)
        const bound = 3 * 2 ** -24 * own.reduce((a, b) => a + Math.abs(b), 0)
        expect(Math.abs(got[r] - exact)).toBeLessThanOrEqual(bound)
      }
    }
  })

  it('replace an operand only when no later pass reads it', () => {
    const kernel: LoopKernel = {
      ...{ sizes: [3, 37], folded: 1, dtype: 'float32', reads: [single([37, 1])] },
      steps: [map(s.mul(c(2), arg('r0'))), { ...most, of: arg('r0') }, map(s.sub(arg('r0'), arg('s1')))],
      writes: [
        { ...single([37, 1]), step: 0, over: 0 },
        { ...single([37, 1]), step: 2 },
      ],
    }
    const values = Float32Array.from({ length: 111 }, (_, i) => Math.cos(i))
    const operand = { data: values, offset: 0 }
    const [doubled, rest] = run(kernel, [operand], [operand, { data: new Float32Array(111), offset: 0 }])
    expect(doubled).toEqual(values.map((x) => 2 * x))
    for (let r = 0; r < 3; r++) {
      const row = values.slice(37 * r, 37 * r + 37)
      expect(rest.slice(37 * r, 37 * r + 37)).toEqual(row.map((x) => x - Math.max(...row)))
    }
  })

  it('let NaN win in extremes, and fold nothing to the identity', () => {
    const reads = [single([9, 1])]
    const kernel: LoopKernel = {
      ...{ sizes: [3, 9], folded: 1, dtype: 'float32', reads, steps: [{ ...most, of: arg('r0') }] },
      writes: [{ ...single([1]), step: 0 }],
    }
    const values = Array.from({ length: 27 }, (_, i) => (i === 4 ? NaN : i === 10 ? Infinity : -i))
    expect(result(kernel, values, 3)).toEqual([NaN, Infinity, -18])
    expect(result(kernel, new Array(27).fill(-Infinity), 3)).toEqual([-Infinity, -Infinity, -Infinity])
    const empty: LoopKernel = { ...kernel, sizes: [3, 0], steps: [{ ...add, of: arg('r0') }] }
    expect(result(empty, [1], 3)).toEqual([0, 0, 0])
    expect(result({ ...kernel, sizes: [0, 9] }, [1], 3)).toEqual([0, 0, 0])
  })

  it('read across an operand in tiles, at every edge', () => {
    for (const [rows, columns] of [
      [16, 16],
      [17, 5],
      [35, 18],
      [4, 4],
      [50, 3],
      [64, 7],
    ]) {
      const kernel: LoopKernel = {
        ...{ sizes: [rows, columns], folded: 0, dtype: 'float32', reads: [single([1, rows]), single([0, 1])] },
        steps: [map(s.add(arg('r0'), arg('r1')))],
        writes: [{ ...single([columns, 1]), step: 0 }],
      }
      const operands = kernel.reads.map((read) => room(kernel.sizes, read, Math.cos))
      const target = [room(kernel.sizes, kernel.writes[0], () => 77)]
      for (const cuts of [
        [0, 1],
        [0, 0.3, 1],
      ]) {
        close(run(kernel, operands, target, cuts)[0], expected(kernel, operands, target)[0], 1e-6, `${kernel.sizes}`)
      }
    }
  })

  it('compute one point without loops', () => {
    const kernel: LoopKernel = {
      ...{ sizes: [], folded: 0, dtype: 'float32', reads: [single([])], steps: [map(s.exp(arg('r0')))] },
      writes: [{ ...single([]), step: 0 }],
    }
    const module = new ModuleBuilder()
    emitLoop(module, 'loop', kernel, heap)
    expect(module.toText()).not.toContain('loop $')
    expect(result(kernel, [1], 1)[0]).toBeCloseTo(Math.E, 6)
  })

  it('have one key if one function can serve both', () => {
    const { kernel } = randomCase(7)
    expect(loopKey({ ...kernel, steps: structuredClone(kernel.steps) })).toBe(loopKey(kernel))
    const [a, b] = [0, -0].map((value) => ({ ...kernel, steps: [map(c(value))], writes: [{ ...single([]), step: 0 }] }))
    expect(loopKey(a)).not.toBe(loopKey(b))
  })

  it('say which folds need an identity', () => {
    const steps: LoopStep[] = [{ ...add, identity: undefined, of: arg('r0') }]
    const kernel: LoopKernel = {
      ...{ sizes: [3], folded: 1, dtype: 'float32', reads: [single([1])], steps },
      writes: [{ ...single([0]), step: 0 }],
    }
    expect(() => emitLoop(new ModuleBuilder(), 'loop', kernel, heap)).toThrow('must be a maximum or a minimum')
  })
})
