/** Folds of columns in windows and in stripes, and choices around folds, against the same kernels in JavaScript. */
import { describe, it } from 'vitest'
import { close, expected, room, run, same } from '../../../../test/compile/loop-kernels.ts'
import * as s from '../../../scalar/index.ts'
import type { LoopKernel, LoopStep, Stream } from '../../kernels.ts'

const { arg, c } = s
const add = { is: 'fold', combine: s.add(arg('acc'), arg('x')), identity: 0 } as const
const most = { is: 'fold', combine: s.max(arg('acc'), arg('x')), identity: undefined } as const
const map = (formula: s.Scalar): LoopStep => ({ is: 'map', formula })

describe('loop kernels', () => {
  it('fold windows without reading them again, whose flags and gradients are as JavaScript has them', () => {
    const [rows, columns] = [9, 7]
    const image: Stream = { dtype: 'float32', strides: [4 * columns, 2, 2 * columns, 1] }
    for (const [dtype, lanes] of [
      ['bool', [4 * columns, 4, 2, 1]],
      ['bool', [4 * columns, 2, 2 * columns, 1]],
      ['float32', [4 * columns, 4, 2, 1]],
    ] as const) {
      const kernel: LoopKernel = {
        sizes: [rows, columns, 2, 2],
        folded: 2,
        dtype: 'float32',
        reads: [image, { dtype: 'float32', strides: [0, 0, 2, 1] }],
        steps: [
          { ...most, of: arg('r0') },
          map(s.eq(arg('r0'), arg('s0'))),
          { ...most, of: s.select(arg('s1'), arg('r1'), c(-1)) },
          map(s.eq(s.select(arg('s1'), arg('r1'), c(-1)), arg('s2'))),
          { ...add, of: s.mul(arg('r0'), s.tanh(arg('s3'))) },
        ],
        writes: [
          { step: 3, dtype, strides: lanes },
          { step: 4, dtype: 'float32', strides: [columns, 1, 0, 0] },
        ],
      }
      const reads = kernel.reads.map((r) => room(kernel.sizes, r, (i) => (i * 7) % 5))
      const writes = kernel.writes.map((w) => room(kernel.sizes, w, () => 77))
      const got = run(kernel, reads, writes)
      const wanted = expected(kernel, reads, writes)
      for (const [i, result] of got.entries()) close(result, wanted[i], 1e-5, `${dtype} ${lanes}`)
    }
  })

  it('fold high columns in stripes, whatever is folded and left over', () => {
    for (const [rows, columns] of [
      [64, 150],
      [131, 77],
      [200, 5],
    ]) {
      const along: Stream = { dtype: 'float32', strides: [1, columns] }
      const kernel: LoopKernel = {
        sizes: [columns, rows],
        folded: 1,
        dtype: 'float32',
        reads: [along, { dtype: 'float32', strides: [1, 0] }],
        steps: [
          map(s.mul(arg('r0'), s.exp(arg('r1')))),
          { ...add, of: arg('s0') },
          { ...most, of: s.sub(arg('r1'), arg('s0')) },
          map(s.add(arg('s1'), arg('s2'))),
        ],
        writes: [
          { step: 0, ...along },
          { step: 3, dtype: 'float32', strides: [1, 0] },
        ],
      }
      const reads = kernel.reads.map((r) => room(kernel.sizes, r, (i) => Math.sin(i)))
      const writes = kernel.writes.map((w) => room(kernel.sizes, w, () => 77))
      const wanted = expected(kernel, reads, writes)
      const got = run(kernel, reads, writes)
      for (const [i, result] of got.entries()) close(result, wanted[i], 1e-5, `${rows} ${columns}`)
      for (const [i, again] of run(kernel, reads, writes, [0, 0.5, 1]).entries()) same(again, got[i], 'in two parts')
    }
  })

  it('choose between values that folds wait for and values that folds are made of', () => {
    // exp occurs in both branches of one condition, once in the fold and once behind it.
    const kernel: LoopKernel = {
      sizes: [3, 9],
      folded: 1,
      dtype: 'float32',
      reads: [{ dtype: 'float32', strides: [9, 1] }],
      steps: [
        { ...add, of: s.select(s.lt(arg('r0'), c(0)), c(0), s.exp(arg('r0'))) },
        map(s.select(s.lt(arg('r0'), c(0)), s.exp(s.mul(arg('r0'), arg('s0'))), c(1))),
      ],
      writes: [{ step: 1, dtype: 'float32', strides: [9, 1] }],
    }
    const reads = kernel.reads.map((r) => room(kernel.sizes, r, (i) => Math.sin(i)))
    const writes = kernel.writes.map((w) => room(kernel.sizes, w, () => 77))
    close(run(kernel, reads, writes)[0], expected(kernel, reads, writes)[0], 1e-5, 'exp')
  })
})
