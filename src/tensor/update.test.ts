/** Updates of several tensors at once: from old values, through any layout, with and without generated code. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Op } from '../ops/kinds/op.ts'
import type { Spec } from '../ops/value.ts'
import { permute } from '../ops/view/permute.ts'
import * as s from '../scalar/index.ts'
import { fromArray } from './apply.ts'
import { tensor } from './create.ts'
import type { Tensor } from './tensor.ts'
import { type Tracer, tracing } from './tracer.ts'
import { update, updateRule } from './update.ts'

const [a, b, g, rate] = ['a', 'b', 'g', 'rate'].map(s.arg)

/** a <- a - rate (a b + g), b <- a + g */
const source = {
  name: 'swing',
  targets: ['a', 'b'],
  reads: ['g'],
  scalars: ['rate'],
  formulas: [s.sub(a, s.mul(rate, s.add(s.mul(a, b), g))), s.add(a, g)],
}

afterEach(() => s.codeGeneration.force(undefined))

describe.each(['generate', 'compose'] as const)('an update in mode %s', (mode) => {
  const prepared = () => {
    s.codeGeneration.force(mode)
    return updateRule(source)
  }

  it('reads the old values of all targets, and counts as one change of each', () => {
    const [x, y] = [tensor([1, 2]), tensor([3, 4])]
    update('swing', prepared(), [x, y], [tensor([10, 20])], [0.5])
    expect([x.toArray(), y.toArray()]).toEqual([
      [1 - 0.5 * 13, 2 - 0.5 * 28],
      [11, 22],
    ])
    expect([x.version, y.version, x.storage.changedBy]).toEqual([1, 1, 'swing'])
  })

  it('goes through views that are not contiguous', () => {
    const base = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const y = tensor([
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    update('swing', prepared(), [permute(base, [1, 0]), y], [permute(base, [1, 0])], [1])
    expect(base.toArray()).toEqual([
      [-1, -2, -3],
      [-4, -5, -6],
    ])
    expect(y.toArray()).toEqual([
      [2, 8],
      [4, 10],
      [6, 12],
    ])
  })

  it('calculates in float64 and rounds where it stores', () => {
    const [x, y] = [tensor([0.1]), tensor([0.3], { dtype: 'float64' })]
    const old = x.item()
    update('swing', prepared(), [x, y], [tensor([0.7], { dtype: 'float64' })], [0.1])
    const read = Math.fround(0.7)
    expect([x.item(), y.item()]).toEqual([Math.fround(old - 0.1 * (old * 0.3 + read)), old + read])
  })
})

it('becomes one op per target while tracing, which reads the new values that its formula contains', () => {
  const next = s.add(s.mul(rate, b), g)
  const rule = updateRule({ ...source, name: 'roll', formulas: [s.sub(a, s.mul(rate, next)), next] })
  const [x, y, z] = [tensor([1]), tensor([2]), tensor([3])]
  const { applied, written } = traced(() => update('roll', rule, [x, y], [z], [0.5]))
  expect(applied.map(({ op }) => op.name)).toEqual(['roll.b', 'roll.a'])
  const names = new Map<unknown, string>([
    [x, 'a'],
    [y, 'b'],
    [z, 'g'],
    [applied[0].output, 'new b'],
    [applied[1].output, 'new a'],
  ])
  const named = (list: readonly unknown[]) => list.map((v) => names.get(v) ?? v)
  expect(applied.map(({ inputs }) => named(inputs))).toEqual([
    [0.5, 'b', 'g'],
    ['a', 0.5, 'new b'],
  ])
  expect(written.map(named)).toEqual([
    ['a', 'new a'],
    ['b', 'new b'],
  ])
})

/** What a tracer hears of fn. */
function traced(fn: () => void) {
  const applied: { op: Op; inputs: readonly (Tensor | number)[]; output: Tensor }[] = []
  const written: [Tensor, Tensor][] = []
  const tracer = {
    known: () => false,
    apply: (op: Op, inputs: readonly (Tensor | number)[], _: unknown, [{ shape, dtype }]: readonly Spec[]) => {
      const output = fromArray(new Float32Array(1), shape, dtype)
      applied.push({ op, inputs, output })
      return [output]
    },
    write: (_: string, target: Tensor, value: Tensor) => void written.push([target, value]),
  }
  tracing.tracer = tracer as unknown as Tracer
  try {
    fn()
  } finally {
    tracing.tracer = null
  }
  return { applied, written }
}
