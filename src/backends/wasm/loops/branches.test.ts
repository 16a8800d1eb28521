/** What is computed only where it is needed, or once for many rows, against the same kernels in JavaScript. */
import { describe, expect, it } from 'vitest'
import { close, expected, room, run } from '../../../../test/compile/loop-kernels.ts'
import * as s from '../../../scalar/index.ts'
import type { LoopKernel, LoopStep, Stream } from '../../kernels.ts'
import { branchesOf } from './branches.ts'
import { layoutOf } from './layout.ts'
import { recipeOf } from './recipe.ts'

const { arg, c } = s
const map = (formula: s.Scalar): LoopStep => ({ is: 'map', formula })
const along = (...strides: number[]): Stream => ({ dtype: 'float32', strides })
const tail = (x: s.Scalar) => s.mul(s.exp(s.neg(s.abs(x))), arg('r1'))

function compare(kernel: LoopKernel, values: (i: number) => number, cuts?: number[]): void {
  const reads = kernel.reads.map((r, k) => room(kernel.sizes, r, (i) => (k === 0 ? values(i) : (i % 7) - 3)))
  const writes = kernel.writes.map((w) => room(kernel.sizes, w, () => 77))
  const wanted = expected(kernel, reads, writes)
  for (const [i, got] of run(kernel, reads, writes, cuts).entries()) close(got, wanted[i], 1e-6, `write ${i}`)
}

const line = (steps: LoopStep[]): LoopKernel => ({
  sizes: [53],
  folded: 0,
  dtype: 'float32',
  reads: [along(1), along(1)],
  steps,
  writes: steps.map((_, step) => ({ step, ...along(1) })),
})

const few = (i: number) => (i % 31 === 5 ? 2.5 : 0.25)

describe('branches that are expensive', () => {
  it('are computed where any lane, every lane or no lane takes them', () => {
    const near = s.lt(s.abs(arg('r0')), c(1))
    const kernels = [
      line([map(s.select(near, arg('r1'), tail(arg('r0'))))]),
      line([map(s.select(near, tail(arg('r0')), arg('r1')))]),
      line([map(s.select(near, s.select(s.lt(c(0), arg('r1')), arg('r0'), s.log(s.abs(arg('r1')))), tail(arg('r0'))))]),
    ]
    for (const kernel of kernels)
      for (const values of [few, () => 0, () => 9, () => Number.NaN, (i: number) => i / 20]) compare(kernel, values)
  })

  it('leave alone what others read', () => {
    const kernel = line([map(tail(arg('r0'))), map(s.select(s.lt(arg('r0'), c(1)), arg('r1'), tail(arg('r0'))))])
    const { steps, writes } = recipeOf(kernel)
    expect(branchesOf(steps, (i) => !writes.includes(i)).of.size).toBe(0)
    compare(kernel, few)
  })
})

describe('maps that repeat an expensive function in every row', () => {
  const kernel: LoopKernel = {
    sizes: [3, 70, 37],
    folded: 0,
    dtype: 'float32',
    reads: [along(37, 0, 1), along(70 * 37, 37, 1)],
    steps: [map(s.mul(s.exp(arg('r0')), arg('r1')))],
    writes: [{ step: 0, ...along(70 * 37, 37, 1) }],
  }

  it('are walked in columns, shared in any way', () => {
    expect(layoutOf(kernel, recipeOf(kernel), 4).kind).toBe('column')
    for (const cuts of [
      [0, 1],
      [0, 0.3, 0.8, 1],
    ])
      compare(kernel, (i) => (i % 11) / 4 - 1, cuts)
  })

  it('are walked in rows where nothing repeats, or columns would leave the cache', () => {
    const every = { ...kernel, reads: [along(70 * 37, 37, 1), along(70 * 37, 37, 1)] }
    expect(layoutOf(every, recipeOf(every), 4).kind).toBe('map')
    const large = { ...kernel, sizes: [3, 7000, 37] }
    expect(layoutOf(large, recipeOf(large), 4).kind).toBe('map')
  })
})
