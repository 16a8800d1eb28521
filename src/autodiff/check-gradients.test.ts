/** The checker catches what is wrong, names the element, and is silent on what is right. */
import { describe, expect, it } from 'vitest'
import { GradientCheckError } from '../errors/index.ts'
import * as op from '../ops/elementwise/index.ts'
import { contraction } from '../ops/kinds/contract.ts'
import { sum } from '../ops/reduce/sum.ts'
import { permute } from '../ops/view/permute.ts'
import { defaultGenerator, rand, randn, type Tensor, tensor } from '../tensor/index.ts'
import { checkGradients, defineFunction, gradients } from './index.ts'

const f64 = (data: Parameters<typeof tensor>[0], name?: string) => tensor(data, { dtype: 'float64', name })

/** x² whose gradient is off by `error` at element `at`. */
const wrongSquare = (at: number, error: number) =>
  defineFunction({
    name: 'wrongSquare',
    forward: (ctx, x: Tensor) => {
      ctx.saveForBackward(x)
      return op.square(x)
    },
    backward: (ctx, g) => {
      const off = f64(Array.from({ length: g.size }, (_, i) => (i === at ? error : 0)))
      return op.mul(g, op.add(op.mul(ctx.savedTensors[0], 2), off))
    },
  })

describe('a right gradient', () => {
  it('is ok, with small errors and two evaluations per element', () => {
    const x = f64([0.3, -1.2, 2])
    const report = checkGradients((x) => op.mul(op.sin(x), op.exp(x)), [x])
    expect(report).toMatchObject({ ok: true, evaluations: 6, inputs: [{ name: 'inputs[0]', ok: true, kinks: 0 }] })
    expect(Object.keys(report)).toEqual(['ok', 'evaluations', 'inputs'])
    expect(Object.keys(report.inputs[0].worst!)).toEqual([
      'index',
      'analytic',
      'numeric',
      'absoluteError',
      'relativeError',
      'output',
    ])
    expect(report.inputs[0].worst!.relativeError).toBeLessThan(1e-7)
  })

  it('is ok for several inputs, nested outputs, order 3 and every difference', () => {
    const a = f64(
      [
        [0.3, -1.2],
        [2, 0.1],
      ],
      'a',
    )
    const b = f64([0.5, 1.5], 'b')
    const f = (a: Tensor, b: Tensor) => ({ p: contraction(a, b, 'ij,j->i'), q: [op.tanh(op.mul(a, b)), op.ge(a, 0)] })
    for (const difference of ['central', 'forward', 'backward'] as const) {
      for (const mode of ['full', 'fast'] as const) {
        const report = checkGradients(f, [a, b], { order: 3, mode, difference, throws: true })
        expect(report.ok).toBe(true)
        expect(report.inputs.map((x) => x.name)).toEqual(['a', 'b'])
      }
    }
  })

  it('is ok in float32, large and small', () => {
    const x = tensor([0.01, 1, 30, 500, -2000])
    expect(checkGradients((x) => op.square(x), [x], { throws: true, order: 2 }).ok).toBe(true)
    expect(checkGradients((x) => op.sin(x), randn([20]), { throws: true, order: 2 }).ok).toBe(true)
    expect(checkGradients((x) => sum(op.exp(x)), randn([50]), { throws: true, mode: 'fast' }).ok).toBe(true)
  })

  it('is ok where the function bends a lot', () => {
    const x = f64([1e-3, -2e-3])
    expect(checkGradients((x) => op.div(1, x), [x], { order: 2, throws: true }).inputs[0].kinks).toBe(0)
    expect(checkGradients((x) => op.sin(op.mul(x, 1e4)), [f64([0.3])], { throws: true }).inputs[0].kinks).toBe(0)
  })

  it('is ok for large sums, whose rounding hides small differences', () => {
    expect(checkGradients((x) => op.mul(sum(op.square(x)), 1e9), [f64([1, 2, 3])], { throws: true }).ok).toBe(true)
  })
})

describe('a wrong gradient', () => {
  it('is found, with the element and both numbers', () => {
    const x = f64([1, 2, 3, 4], 'x')
    const { ok, inputs } = checkGradients(wrongSquare(2, 0.01), [x])
    expect([ok, inputs[0].ok, inputs[0].worst!.index]).toEqual([false, false, [2]])
    expect([inputs[0].wrong, inputs[0].worst!.output]).toEqual([1, 'output 0 at [2]'])
    expect(inputs[0].worst!.analytic).toBeCloseTo(6.01, 12)
    expect(inputs[0].worst!.numeric).toBeCloseTo(6, 6)
    expect(() => checkGradients(wrongSquare(2, 0.01), [x], { throws: true })).toThrow(
      /a gradient is wrong\n {2}x at \[2\]: analytic 6\.01, numeric 6 \(absolute error 0\.01, .* for output 0 at \[2\]/,
    )
  })

  it('is found by a random direction too, which then names the element', () => {
    const x = f64(Array.from({ length: 50 }, (_, i) => i / 10))
    const report = checkGradients(wrongSquare(7, 0.5), [x], { mode: 'fast' })
    expect(report).toMatchObject({ ok: false, evaluations: 2 + 100 + 2 + 4, inputs: [{ worst: { index: [7] } }] })
  })

  it('is found where only the second derivative is wrong', () => {
    const cube = defineFunction({
      name: 'cube',
      forward: (ctx, x: Tensor) => {
        ctx.saveForBackward(x)
        return op.pow(x, 3)
      },
      backward: (ctx, g) => op.mul(g, op.mul(op.square(ctx.savedTensors[0].detach()), 3)),
    })
    const x = f64([1, 2], 'x')
    expect(checkGradients(cube, [x]).ok).toBe(true)
    const report = checkGradients(cube, [x], { order: 2 })
    expect(report).toMatchObject({ ok: false, inputs: [{ name: 'x', worst: { analytic: 0 } }] })
    expect(() => checkGradients(cube, [x], { order: 2, throws: true })).toThrow(
      /for the gradient of inputs\[0\] at \[[01]\]/,
    )
  })

  it('is found where the function forgets its input', () => {
    const x = f64([1, 2], 'x')
    expect(() => checkGradients((x) => op.square(x.detach()), [x], { throws: true })).toThrow(/nothing flows back/)
    expect(checkGradients((x) => op.mul(x, x.detach()), [x]).ok).toBe(false)
    expect(checkGradients((x) => op.mul(x, x.data[1]), [x]).inputs[0].worst!.index).toEqual([1])
  })

  it('is found in float32', () => {
    const x = tensor([1, 2, 3])
    const off = (x: Tensor) => op.add(op.square(x), op.mul(op.sub(x, x.detach()), 0.2))
    expect(checkGradients(off, [x])).toMatchObject({ ok: false, inputs: [{ worst: { index: [0] } }] })
  })

  it('is found where backward is not finite', () => {
    const guard = (x: Tensor) => op.where(op.gt(x, 0), op.sqrt(x), 0)
    const root = (x: Tensor) => op.where(op.gt(x, 0), op.mul(op.sqrt(x), op.div(x, x)), 0)
    expect(checkGradients(guard, [f64([-1, 4])]).ok).toBe(false)
    expect(checkGradients(root, [f64([4])]).ok).toBe(true)
  })
})

describe('a kink', () => {
  it('is not an error', () => {
    for (const f of [op.relu, op.abs, op.sign, op.hardtanh] as ((x: Tensor) => Tensor)[]) {
      const report = checkGradients(f, [f64([0, -1, 1, 0.5])], { throws: true, order: 2 })
      expect(report.inputs[0].kinks, String(f.name)).toBeGreaterThanOrEqual(1)
    }
    expect(checkGradients((x) => op.relu(x), [f64([0, 1])]).inputs[0]).toMatchObject({
      ok: true,
      kinks: 1,
      worst: { index: [1] },
    })
    expect(checkGradients((x) => op.abs(x), [tensor([0, 0, 1])]).inputs[0]).toMatchObject({ ok: true, kinks: 2 })
    expect(checkGradients((x) => op.relu(x), [f64([0, 1])], { difference: 'forward' }).inputs[0].kinks).toBe(1)
    expect(checkGradients((x) => op.relu(x), [f64([0, 1])], { mode: 'fast' }).inputs[0]).toMatchObject({
      ok: true,
      kinks: 1,
    })
  })

  it('close by does not matter', () => {
    const x = f64([1e-7, -3e-8, 0.5])
    expect(checkGradients((x) => op.relu(x), [x], { throws: true }).inputs[0].kinks).toBe(0)
    expect(checkGradients((x) => op.abs(op.sub(x, 0.5)), [f64([0.5 + 2e-7])], { throws: true }).inputs[0].kinks).toBe(0)
  })

  it('is an error where the gradient is not between the slopes', () => {
    const bad = (x: Tensor) => op.add(op.relu(x), op.mul(op.sub(x, x.detach()), 2))
    expect(checkGradients(bad, [f64([0])]).ok).toBe(false)
  })

  it('at the edge of a domain, and of infinite slope', () => {
    expect(checkGradients((x) => op.sqrt(x), [f64([0])]).inputs[0]).toMatchObject({ ok: true, kinks: 1 })
    expect(checkGradients((x) => op.mul(x, op.sqrt(op.abs(x))), [f64([1e-9])]).ok).toBe(true)
    const root = (x: Tensor) => {
      if (x.item() < 4) throw new RangeError('left the domain')
      return op.sqrt(op.sub(x, 4 - 1e-3))
    }
    expect(checkGradients(root, [f64([4])], { difference: 'forward' }).ok).toBe(true)
    expect(() => checkGradients(root, [f64([4])])).toThrow('left the domain')
  })
})

describe('the function as a whole', () => {
  it('must be deterministic', () => {
    const f = (x: Tensor) => op.mul(x, rand([2], { dtype: 'float64' }))
    const report = checkGradients(f, [f64([1, 2])])
    expect(report.ok).toBe(false)
    expect(report.problem).toMatch(/not deterministic/)
    expect(() => checkGradients(f, [f64([1, 2])], { throws: true })).toThrow(GradientCheckError)
  })

  it('must not be NaN', () => {
    expect(checkGradients((x) => op.log(x), [f64([1, -1])])).toMatchObject({
      ok: false,
      problem: 'the result is NaN: output 0 at [1]',
    })
  })

  it('has a backward that is linear and repeats itself', () => {
    const backwards: [RegExp, (g: Tensor) => Tensor][] = [
      [/for a cotangent of 0/, (g) => op.add(g, 1)],
      [/backward is not deterministic/, (g) => op.mul(g, Math.random())],
      [/not linear/, (g) => op.abs(g)],
    ]
    for (const [problem, backward] of backwards) {
      const f = defineFunction({ name: 'f', forward: (_, x: Tensor) => op.mul(x, 1), backward: (_, g) => backward(g) })
      expect(checkGradients(f, [f64([1, 2, 3, 4])]).problem).toMatch(problem)
    }
  })
})

describe('the inputs', () => {
  it('stay as they were, to the bit, whatever happens', () => {
    const x = f64([0.1, 0.2, 0.3])
    const w = tensor([1, 2, 3], { dtype: 'float64', requiresGrad: true })
    w.grad = f64([7, 7, 7])
    const { grad } = w
    let calls = 0
    const failing = (x: Tensor) => {
      if (++calls > 4) throw new Error('stop')
      return op.mul(x, w)
    }
    const state = defaultGenerator.state
    expect(() => checkGradients(failing, [x, w])).toThrow('stop')
    checkGradients((x) => op.mul(x, w), [x, w], { order: 2, mode: 'fast' })
    expect([...x.data, ...w.data]).toEqual([0.1, 0.2, 0.3, 1, 2, 3])
    expect([x.requiresGrad, w.requiresGrad, x.version, w.version]).toEqual([false, true, 0, 0])
    expect(w.grad).toBe(grad)
    expect(defaultGenerator.state).toEqual(state)
  })

  it('may be closed over, be results, views or scalars', () => {
    const w = f64(
      [
        [1, 2],
        [3, 4],
      ],
      'w',
    )
    expect(checkGradients(() => op.square(w), [w]).ok).toBe(true)
    expect(checkGradients((x) => op.square(x), [permute(w, [1, 0])], { throws: true }).ok).toBe(true)
    const leaf = tensor([1, 2], { dtype: 'float64', requiresGrad: true })
    expect(checkGradients((x) => op.exp(x), op.mul(leaf, 2), { throws: true }).ok).toBe(true)
    expect(checkGradients((x) => x, f64(3), { throws: true, order: 2 }).inputs[0].worst!.index).toEqual([])
    expect(checkGradients((x) => op.exp(x), f64([]))).toMatchObject({
      ok: true,
      evaluations: 0,
      inputs: [{ worst: null }],
    })
  })

  it('may be differentiated by inside of the function', () => {
    const penalty = (x: Tensor) => gradients(sum(op.pow(x, 3)), [x], { createGraph: true })[0]
    expect(checkGradients(penalty, [f64([1, 2])], { throws: true, order: 2 }).ok).toBe(true)
  })

  it('must be checkable', () => {
    const x = f64([1, 2])
    expect(() => checkGradients((x) => x, [tensor([1], { dtype: 'int32' })])).toThrow(/int32/)
    expect(() => checkGradients((x) => x, [x, x])).toThrow(/shares elements/)
    expect(() => checkGradients((x) => x, [])).toThrow(/no inputs/)
    expect(() => checkGradients((x) => op.ge(x, 0), [x])).toThrow(/no floating point tensor/)
    expect(() => checkGradients((x) => x, [f64([Infinity])])).toThrow(/Infinity/)
    expect(() => checkGradients((x) => x, [x], { mode: 'slow' as 'fast' })).toThrow(/mode/)
    expect(() => checkGradients((x) => x, [x], { order: 0 })).toThrow(/order/)
    expect(() => checkGradients((x) => x, [x], { tol: 1 } as object)).toThrow(/tol/)
  })
})

it('takes two evaluations per input in fast mode, one with one-sided differences', () => {
  const inputs = [randn([10, 10], { dtype: 'float64' }), randn([10], { dtype: 'float64' })]
  const f = (a: Tensor, b: Tensor) => contraction(op.tanh(a), b, 'ij,j->i')
  expect(checkGradients(f, inputs, { mode: 'fast' })).toMatchObject({ ok: true, evaluations: 4 })
  expect(checkGradients(f, inputs, { mode: 'fast', difference: 'forward' })).toMatchObject({ ok: true, evaluations: 2 })
})
