/** What must hold of an op that is more than a formula, checked on its sample calls. */
import { expect, it } from 'vitest'
import { DTypeError } from '../../src/errors/index.ts'
import { allocate, isFloating } from '../../src/ops/dtype.ts'
import type { Op } from '../../src/ops/kinds/op.ts'
import type { DType } from '../../src/ops/value.ts'
import { type Generator, Tensor, tensor } from '../../src/tensor/index.ts'
import * as modes from './modes.ts'
import { getter, type Table } from './reference.ts'
import { type Sample, samples } from './samples/index.ts'
import { cast, draw, expectNear, leavesOf, offset, randomness, strided } from './tools.ts'

/** Fresh operands: shapes become random numbers of the dtype, given ones are cast to it unless they are indices. */
const operands = ({ of }: Sample, dtype: DType, generator: Generator): Tensor[] =>
  of.map((x) => {
    if (!(x instanceof Tensor)) return draw(x, dtype, generator)
    return tensor(isFloating(x.dtype) ? cast(x, dtype) : x)
  })

const listOf = (tables: Table | Table[]): Table[] => (Array.isArray(tables) ? tables : [tables])

/** The numbers of a table as a dtype stores them. */
function stored({ data }: Table, dtype: DType) {
  const out = allocate(dtype, data.length)
  out.set(dtype === 'bool' ? data.map((v) => Number(v !== 0)) : data)
  return out
}

function expectReference(s: Sample, xs: readonly Tensor[], tolerance: number, what: string): void {
  const got = leavesOf(s.run(...xs))
  const wanted = listOf(s.is(...xs.map(getter)))
  expect(got.length, `${what}: the number of outputs`).toBe(wanted.length)
  got.forEach((y, k) => {
    expect(y.shape, `${what}: the shape of output ${k}`).toEqual(wanted[k].shape)
    expectNear(y, stored(wanted[k], y.dtype), tolerance, what)
  })
}

export function structured(op: Op): void {
  const table = samples[op.name] ?? []
  it('has a sample call', () => {
    expect(
      table.length,
      `${op.name} is not in test/conformance/samples: add a line { ${op.name}: [sample(operands, call, reference)] }`,
    ).toBeGreaterThan(0)
  })
  table.forEach((s, n) => {
    values(op, s, ` (sample ${n})`)
    if (op.differentiable) derivatives(op, s, ` (sample ${n})`)
  })
}

function values(op: Op, s: Sample, title: string): void {
  it(`equals plain loops, in every layout${title}`, () => {
    const xs = operands(s, 'float64', randomness(11))
    for (const layout of [(x: Tensor) => x, strided, offset]) expectReference(s, xs.map(layout), 1e-13, 'float64')
    expectReference(s, operands(s, 'float32', randomness(12)), 1e-5, 'float32')
  })

  it(`computes with int32 and bool, or says that it does not${title}`, () => {
    for (const dtype of ['int32', 'bool'] as const) {
      const xs = operands(s, dtype, randomness(13))
      try {
        s.run(...xs)
      } catch (error) {
        expect(error).toBeInstanceOf(DTypeError)
        continue
      }
      expectReference(s, xs, 0, dtype)
      expectReference(s, xs.map(strided), 0, `strided ${dtype}`)
    }
  })

  it(`leaves its operands as they are, and is the loop over samples under vmap${title}`, () => {
    const generator = randomness(14)
    modes.expectUntouched(s.run, operands(s, 'float64', generator), op.kind === 'view' && !op.scatter)
    modes.expectSameBatch(s.run, () => operands(s, 'float64', generator))
  })
}

function derivatives(op: Op, s: Sample, title: string): void {
  it(`has derivatives that agree: both modes, the tape, second order either way${title}`, () => {
    const generator = randomness(15)
    for (const dtype of ['float64', 'float32'] as const) {
      const { f, of } = modes.overFloats(s.run, operands(s, dtype, generator))
      modes.expectAdjoint(f, of, generator)
      modes.expectAdjoint(f, of.map(strided), generator)
      if (dtype === 'float32') continue
      modes.expectSameTape(f, of, generator)
      modes.expectSameHessian(f, of, generator)
    }
  })

  it(`has derivatives that equal central differences, to order 2${title}`, () => {
    const { f, of } = modes.overFloats(s.run, operands(s, 'float64', randomness(16)))
    if (of.every((x) => x.size > 0) || op.kind === 'routine') modes.expectDifferences(f, of)
  })
}
