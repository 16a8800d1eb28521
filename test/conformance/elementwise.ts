/** What must hold of every elementwise op; all of it follows from the definition. */
import { expect, it } from 'vitest'
import { jvp } from '../../src/autodiff/index.ts'
import { allocate, dtypes, isFloating, promote, promoteFloating } from '../../src/ops/dtype.ts'
import type { ElementwiseDefinition } from '../../src/ops/kinds/elementwise.ts'
import { apply, type Op } from '../../src/ops/kinds/op.ts'
import { broadcastShapes, shapeOf } from '../../src/ops/shape.ts'
import type { DType } from '../../src/ops/value.ts'
import { reshape } from '../../src/ops/view/reshape.ts'
import { differentiate, evaluate, type Scalar } from '../../src/scalar/index.ts'
import { type Generator, ones, type Tensor, tensor } from '../../src/tensor/index.ts'
import type { Backend } from './backend.ts'
import * as modes from './modes.ts'
import { draw, expectNear, expectShape, isUlp, offset, randomness, repeated, strided } from './tools.ts'

type Operand = Tensor | number
type Call = (...xs: Operand[]) => Tensor

const callOf =
  (op: ElementwiseDefinition): Call =>
  (...xs) =>
    apply<Tensor>(op as Op, xs, {})

/** One operand among operands of shape [3, 4]. */
const forms: Record<string, (x: Tensor) => Operand> = {
  flat: (x) => x,
  strided,
  offset,
  repeated,
  row: (x) => reshape(tensor(x.data.slice(0, 4), { dtype: x.dtype }), [4]),
  column: (x) => strided(reshape(tensor(x.data.slice(0, 3), { dtype: x.dtype }), [3, 1])),
  scalar: (x) => reshape(tensor(x.data.slice(5, 6), { dtype: x.dtype }), []),
  number: (x) => x.data[7],
  larger: (x) => reshape(x, [1, 3, 4]),
}

/** Each form for all operands, and for each of them among flat ones and among numbers. */
function patternsOf(count: number): string[][] {
  const all = Object.keys(forms)
    .filter((form) => form !== 'number')
    .map((form) => new Array<string>(count).fill(form))
  if (count === 1) return all
  const among = (rest: string) =>
    Object.keys(forms).flatMap((form) =>
      Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, k) => (k === i ? form : rest))),
    )
  return [...all, ...among('flat'), ...among('number'), ...among('row')].filter((p) =>
    p.some((form) => form !== 'number'),
  )
}

/** All of one dtype, and any two beside each other. */
function dtypesOf(count: number): DType[][] {
  const equal = dtypes.map((d) => new Array<DType>(count).fill(d))
  if (count === 1) return equal
  const mixed = dtypes.map((_, k) => Array.from({ length: count }, (_, i) => dtypes[(k + i) % dtypes.length]))
  return [...equal, ...mixed]
}

const operandsOf = (
  op: ElementwiseDefinition,
  shape: readonly number[],
  types: readonly DType[],
  generator: Generator,
): Tensor[] => op.args.map((a, i) => draw(shape, types[i], generator, op.domain?.[a]))

const resultType = (op: ElementwiseDefinition, xs: readonly Operand[]): DType => {
  if (typeof op.dtype === 'function') return op.dtype(xs)
  return op.dtype === 'same' ? promote(xs) : op.dtype === 'float' ? promoteFloating(xs) : op.dtype
}

/** The element of an operand that meets element `at` of the result. */
function element(x: Operand, shape: readonly number[], at: number): number {
  if (typeof x === 'number') return x
  let [rest, place, step] = [at, 0, 1]
  for (let d = 1; d <= shape.length; d++) {
    const i = rest % shape[shape.length - d]
    rest = Math.floor(rest / shape[shape.length - d])
    const n = x.shape[x.ndim - d] ?? 1
    place += (n === 1 ? 0 : i) * step
    step *= n
  }
  return x.data[place]
}

const envOf = (op: ElementwiseDefinition, at: readonly number[]) =>
  Object.fromEntries(op.args.map((a, i) => [a, at[i]]))

/** Element by element by the formula, stored in the result's dtype. */
function byFormula(op: ElementwiseDefinition, f: Scalar, xs: readonly Operand[]) {
  const shape = broadcastShapes(op.name, xs.map(shapeOf))
  const dtype = resultType(op, xs)
  const out = allocate(
    dtype,
    shape.reduce((n, m) => n * m, 1),
  )
  for (let i = 0; i < out.length; i++) {
    const value = evaluate(
      f,
      envOf(
        op,
        xs.map((x) => element(x, shape, i)),
      ),
    )
    out[i] = dtype === 'bool' ? Number(value !== 0) : value
  }
  return { shape, dtype, out }
}

function expectFormula(op: ElementwiseDefinition, xs: readonly Operand[], backend: Backend, what: string): void {
  const { shape, dtype, out } = byFormula(op, op.formula, xs)
  const got = callOf(op)(...xs)
  expectShape(got, shape, dtype, what)
  const data = got.data
  const epsilon = dtype === 'float32' ? 2 ** -23 : Number.EPSILON
  const ulp = dtype === 'float64' ? (backend.float64Ulp ?? backend.ulp) : backend.ulp
  const bad = out.findIndex((v: number, i: number) => !isUlp(data[i], v, ulp, epsilon))
  expect(bad, `${what}: element ${bad} is ${data[bad]}, the formula gives ${out[bad]}`).toBe(-1)
}

export function elementwiseValues(op: ElementwiseDefinition, backend: Backend): void {
  it('equals its formula for every dtype and every pattern of operands', () => {
    const generator = randomness(1)
    for (const types of dtypesOf(op.args.length)) {
      for (const pattern of patternsOf(op.args.length)) {
        const xs = operandsOf(op, [3, 4], types, generator).map((x, i) => forms[pattern[i]](x))
        expectFormula(op, xs, backend, `${op.name}(${pattern.map((form, i) => `${types[i]} ${form}`).join(', ')})`)
      }
    }
  })

  it('equals its formula for no elements, many and higher ranks', () => {
    const generator = randomness(2)
    for (const shape of [[0], [2, 0, 3], [1], [1, 1], [257], [2, 3, 2, 2]]) {
      const xs = operandsOf(
        op,
        shape,
        op.args.map(() => 'float64'),
        generator,
      )
      expectFormula(op, xs, backend, `${op.name}, [${shape}]`)
      const last = xs.map((x, i) => (i === 0 ? strided(x) : x))
      expectFormula(op, last, backend, `${op.name}, strided [${shape}]`)
    }
  })

  it('leaves its operands as they are', () => {
    const xs = operandsOf(
      op,
      [3, 4],
      op.args.map(() => 'float64'),
      randomness(3),
    )
    modes.expectUntouched(callOf(op) as modes.Fn, xs, false)
  })

  it('is the loop over samples under vmap', () => {
    const generator = randomness(4)
    const shapes = [[2, 3], [3], []]
    const make = () => op.args.map((a, i) => draw(shapes[i % 3], 'float64', generator, op.domain?.[a]))
    modes.expectSameBatch(callOf(op) as modes.Fn, make, (backend.float64Ulp ?? 0) * Number.EPSILON)
  })
}

/** Shapes of operands that meet in [2, 2], the first one turning. */
const meeting = (count: number): number[][][] =>
  count === 1
    ? [[[4]]]
    : [
        [
          [2, 2],
          [2, 2],
          [2, 2],
        ],
        [[2], [2, 1], [2, 2]],
        [[2, 2], [], [1, 2]],
      ].map((s) => s.slice(0, count))

/** What explanations show must be what is computed, where neither form has lost digits. */
function textbookDerivatives(op: ElementwiseDefinition): void {
  for (const [arg, written] of Object.entries(op.textbook)) {
    it(`writes its derivative by ${arg} as textbooks do`, () => {
      const generator = randomness(15)
      const xs = op.args.map((a) => draw([64], 'float64', generator, op.domain?.[a]).data)
      for (let i = 0; i < 64; i++) {
        const env = Object.fromEntries(op.args.map((a, k) => [a, xs[k][i]]))
        const all = { ...env, y: evaluate(op.formula, env) }
        const computed = evaluate(op.partials[op.args.indexOf(arg)], all)
        expect(Math.abs(evaluate(written, all) - computed)).toBeLessThan(1e-9 * (1 + Math.abs(computed)))
      }
    })
  }
}

export function elementwiseDerivatives(op: ElementwiseDefinition): void {
  textbookDerivatives(op)
  const call = callOf(op)
  const f = (...xs: Tensor[]): Tensor[] => [call(...xs)]
  const draws = (generator: Generator) =>
    meeting(op.args.length).map((shapes) =>
      op.args.map((a, i) => draw(shapes[i % shapes.length], 'float64', generator, op.domain?.[a])),
    )

  it('has derivatives that agree: both modes, the tape, second order either way', () => {
    const generator = randomness(5)
    for (const xs of draws(generator)) {
      modes.expectAdjoint(f, xs, generator)
      modes.expectAdjoint(f, xs.map(strided), generator)
      modes.expectSameTape(f, xs, generator)
      modes.expectSameHessian(f, xs, generator)
    }
  })

  it('has derivatives in float32, and where dtypes meet', () => {
    const generator = randomness(6)
    for (const dtype of ['float32', 'float64'] as const) {
      const xs = op.args.map((a, i) => draw([2, 2], i === 0 ? 'float32' : dtype, generator, op.domain?.[a]))
      modes.expectAdjoint(f, xs, generator)
    }
  })

  it('has derivatives that equal central differences, to order 2', () => {
    const generator = randomness(7)
    for (const xs of draws(generator).slice(0, 2)) modes.expectDifferences(call as (...xs: Tensor[]) => Tensor, xs)
  })

  it('has partials, written by hand or not, that equal the derived ones', () => {
    const xs = operandsOf(
      op,
      [40],
      op.args.map(() => 'float64'),
      randomness(8),
    )
    op.args.forEach((a, i) => {
      const { out } = byFormula(op, differentiate(op.formula, a), xs)
      const [, slope] = jvp(
        call as (...xs: Tensor[]) => Tensor,
        xs,
        xs.map((x, k) => (k === i ? ones(x.shape, { dtype: 'float64' }) : tensor(x.data.map(() => 0)))),
      )
      expectNear(slope, out, 1e-9, `d ${op.name} / d ${a}`)
    })
  })
}

/** The declared points, through the engine: value, gradient and tangent. */
export function elementwisePoints(op: ElementwiseDefinition): void {
  it('has the declared values, gradients and tangents at its points', () => {
    const call = callOf(op)
    for (const { at, y, partials } of op.points ?? []) {
      const what = `${op.name}(${at.join(', ')})`
      const xs = at.map((v) =>
        tensor(v, { dtype: 'float64', requiresGrad: partials !== undefined && op.differentiable }),
      )
      const got = call(...xs)
      expect(isUlp(got.item(), y, 4), `${what} is ${got.item()}, not ${y}`).toBe(true)
      partials?.forEach((wanted, i) => {
        if (!isFloating(got.dtype)) return
        const [, slope] = jvp(
          (x: Tensor) => call(...xs.map((z, k) => (k === i ? x : z.detach()))),
          [xs[i].detach()],
          [tensor(1, { dtype: 'float64' })],
        )
        expect(isUlp(slope.item(), wanted, 4), `d ${what} / d ${op.args[i]} is ${slope.item()}, not ${wanted}`).toBe(
          true,
        )
      })
      if (got.requiresGrad) expectGradients(op, got, xs, partials!, what)
    }
  })
}

function expectGradients(
  op: ElementwiseDefinition,
  y: Tensor,
  xs: readonly Tensor[],
  partials: readonly number[],
  what: string,
): void {
  modes.gradientsOf(y, xs).forEach((g, i) => {
    expect(isUlp(g, partials[i], 4), `the gradient of ${what} in ${op.args[i]} is ${g}, not ${partials[i]}`).toBe(true)
  })
}
