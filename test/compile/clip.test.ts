/** Clipping inside of compiled functions: the norms of eager clipping, at the extremes too. */
import { describe, expect, it } from 'vitest'
import { CompileError, compile, type Tensor, tensor, zeros } from '../../src/index.ts'
import { clipGradNorm, clipGradValue } from '../../src/optim/index.ts'

type Data = readonly (readonly number[])[]

function withGrads(data: Data, dtype: 'float32' | 'float64'): Tensor[] {
  return data.map((grad) => {
    const x = zeros([grad.length], { dtype, requiresGrad: true })
    x.grad = tensor([...grad], { dtype })
    return x
  })
}

function clipped(data: Data, dtype: 'float32' | 'float64', maxNorm: number, normType: number, compiled: boolean) {
  const params = withGrads(data, dtype)
  const clip = () => clipGradNorm(params, maxNorm, { normType })
  const norm = (compiled ? compile(clip) : clip)()
  return { norm: norm.item(), dtype: norm.dtype, grads: params.flatMap((x) => [...x.grad!.data]) }
}

const gradients: Record<string, Data> = {
  ordinary: [[3, -4], [12], []],
  small: [[0.1], [0.2, -0.3]],
  zero: [[0, 0]],
  infinite: [[1, Infinity], [2]],
  'not a number': [[1, Number.NaN], [2]],
  huge: [[3e30, 4e30]],
  tiny: [[3e-30, 4e-30]],
  none: [],
}

describe.each(Object.entries(gradients))('the norm of %s gradients', (_, data) => {
  it.each(['float32', 'float64'] as const)('in %s', (dtype) => {
    for (const normType of [1, 2, 3, 40, Infinity]) {
      for (const maxNorm of [1, 1e-3]) {
        const [a, b] = [true, false].map((compiled) => clipped(data, dtype, maxNorm, normType, compiled))
        expect(a.dtype).toBe(b.dtype)
        const eps = dtype === 'float32' ? 3e-7 : 1e-13
        ;[a.norm, ...a.grads].forEach((v, i) => {
          const expected = [b.norm, ...b.grads][i]
          if (Number.isFinite(expected)) expect(Math.abs(v - expected)).toBeLessThanOrEqual(eps * Math.abs(expected))
          else expect(v).toBe(expected)
        })
      }
    }
  })
})

describe('clipping in a compiled function', () => {
  it('limits values, NaN stays', () => {
    const [x] = withGrads([[3, -0.2, Number.NaN, -5]], 'float32')
    compile(() => clipGradValue([x], 1))()
    expect([...x.grad!.data]).toEqual([1, Math.fround(-0.2), Number.NaN, -1])
  })

  it('cannot raise by the value of the norm', () => {
    const params = withGrads([[1]], 'float32')
    const clip = compile(() => clipGradNorm(params, 1, { errorIfNonfinite: true }))
    expect(clip).toThrow(CompileError)
    expect(clip).toThrow(/errorIfNonfinite/)
  })
})
