/**
 * Every op of the registry in compiled functions against eager ones where rounding is not the question: all dtypes and
 * layouts, no elements, the declared points with their partials, infinities, NaN and signed zeros, batches by vmap.
 * test/compile/ops.test.ts has their derivatives.
 */
import { describe, expect, it } from 'vitest'
import { compile, gradients, jvp, type Tensor, tensor, vmap } from '../../src/index.ts'
import { dtypes, isFloating } from '../../src/ops/dtype.ts'
import type { ElementwiseDefinition } from '../../src/ops/kinds/elementwise.ts'
import { apply, type Op } from '../../src/ops/kinds/op.ts'
import { registry } from '../../src/ops/registry.ts'
import type { DType } from '../../src/ops/value.ts'
import { type Sample, samples } from './samples/index.ts'
import { cast, draw, leavesOf, offset, randomness, repeated, strided } from './tools.ts'

type Run = (...xs: Tensor[]) => unknown

/** So small in float32 that bits are missing: engines may take it for 0. */
const SUBNORMAL = 2 ** -126

/** Sums of numbers around 1 are off by what is relative to those. */
const ORDINARY = 1

/**
 * Zeros have their sign, and NaN and infinities are exact; other numbers are as near as is usual for their size or
 * `scale`, whichever is larger.
 */
function expectSame(got: readonly Tensor[], wanted: readonly Tensor[], scale: number, what: string): void {
  expect(got.length, what).toBe(wanted.length)
  for (const [k, y] of got.entries()) {
    const w = wanted[k]
    expect([y.dtype, y.shape], `${what}: output ${k}`).toEqual([w.dtype, w.shape])
    const bound = y.dtype === 'float32' ? 1e-6 : y.dtype === 'float64' ? 1e-13 : 0
    const tiny = y.dtype === 'float32' ? SUBNORMAL : 0
    const [a, b] = [y.data, w.data]
    for (let i = 0; i < b.length; i++) {
      const near = bound * Math.max(Math.abs(b[i]), scale)
      if (Object.is(a[i], b[i]) || (a[i] !== b[i] && Math.abs(a[i] - b[i]) <= near + tiny)) continue
      expect.fail(`${what}: output ${k}, element ${i} is ${a[i]}, eagerly ${b[i]}`)
    }
  }
}

/** Compiled as eager, in a call that traces and in one that does not; what throws eagerly is no matter. */
function agree(run: Run, xs: readonly Tensor[], what: string, scale = ORDINARY): void {
  let wanted: Tensor[]
  try {
    wanted = leavesOf(run(...xs))
  } catch {
    return
  }
  const compiled = compile(run)
  for (let k = 0; k < 2; k++) expectSame(leavesOf(compiled(...xs)), wanted, scale, what)
}

const callOf =
  (op: Op): Run =>
  (...xs) =>
    apply<Tensor>(op, xs, {})

const layouts = { dense: (x: Tensor) => x, strided, offset, repeated }

/** Nothing so large that formulas overflow in between: eager ones compute in float64. */
const SPECIAL = [0, -0, 1, -1, 0.5, -2.5, NaN, Infinity, -Infinity, 1e-12, -1e-310, 1e12, -1e9, 20, -100]

function elementwise(op: ElementwiseDefinition & Op): void {
  const run = callOf(op)
  const drawn = (shape: readonly number[], types: readonly DType[]) => {
    const generator = randomness(31)
    return op.args.map((a, i) => draw(shape, types[i % types.length], generator, op.domain?.[a]))
  }

  it('in every dtype and layout, and with no elements', () => {
    for (const dtype of dtypes)
      for (const [name, layout] of Object.entries(layouts))
        agree(run, drawn([5, 7], [dtype]).map(layout), `${dtype} ${name}`)
    agree(run, drawn([5, 7], ['int32', 'float32', 'bool']), 'mixed')
    agree(run, drawn([5, 7], ['float32', 'float64', 'int32']), 'mixed')
    agree(run, drawn([3, 0], ['float64']), 'no elements')
    agree(run, drawn([], ['float32']), 'a scalar')
    agree(run, [drawn([5, 7], ['float64'])[0], ...drawn([7], ['float64']).slice(1)], 'a row')
    agree(run, [...drawn([7], ['float32']).slice(1), drawn([5, 1], ['float32'])[0]], 'a column')
  })

  it('at infinities, NaN, zeros of both signs and numbers at the limits', () => {
    const n = SPECIAL.length
    for (const dtype of ['float64', 'float32'] as const) {
      const values = tensor(SPECIAL, { dtype })
      const turns = [values.reshape([n, 1, 1]), values.reshape([n, 1]), values.reshape([n])]
      // Of three operands some cancel.
      agree(run, op.args.length === 1 ? [values] : turns.slice(0, op.args.length), dtype, op.args.length < 3 ? 0 : 1)
    }
  })

  it('at its declared points: value, gradient and tangent', () => {
    for (const { at } of op.points ?? []) {
      const xs = at.map((v) => tensor(v, { dtype: 'float64', requiresGrad: op.differentiable }))
      const whole: Run = (...ys) => {
        const y = run(...ys) as Tensor
        if (!y.requiresGrad) return [y]
        const slopes = gradients(y, ys, { retainGraph: true, allowUnused: true }).filter((g) => g !== null)
        const ones = ys.map(() => tensor(1, { dtype: 'float64' }))
        const plain = ys.map((x) => x.detach())
        return [y.detach(), ...slopes, jvp(run as (...zs: Tensor[]) => Tensor, plain, ones)[1]]
      }
      agree(whole, xs, `(${at.join(', ')})`)
    }
  })

  it('in batches', () => agree(vmap(run) as Run, drawn([4, 3], ['float64']), 'vmap'))
}

function structured(s: Sample, title: string): void {
  const operands = (dtype: DType) => {
    const generator = randomness(32)
    return s.of.map((x) =>
      Array.isArray(x)
        ? draw(x as number[], dtype, generator)
        : tensor(isFloating((x as Tensor).dtype) ? cast(x as Tensor, dtype) : (x as Tensor)),
    )
  }
  it(`in every dtype and layout, and in batches${title}`, () => {
    for (const dtype of dtypes)
      for (const [name, layout] of Object.entries({ dense: layouts.dense, strided, offset }))
        agree(s.run, operands(dtype).map(layout), `${dtype} ${name}`)
    const rows = operands('float64').map((x) => x.unsqueeze(0).expand([3, ...x.shape]))
    agree(vmap(s.run) as Run, rows, 'vmap')
  })
}

for (const op of registry.values()) {
  describe(`${op.name} compiled`, () => {
    if (op.kind === 'elementwise') elementwise(op)
    else (samples[op.name] ?? []).forEach((s, n) => void structured(s, ` (sample ${n})`))
  })
}
