/**
 * What an author of an op writes, and what follows from it: values, both derivative modes, higher orders and vmap of an
 * op that exists only here, through the checks that the ops of the library pass. And the checks do find mistakes.
 */
import { describe, expect, it } from 'vitest'
import { defineFunction, hessian, jvp, vmap } from '../../src/autodiff/index.ts'
import { add, mul, sin } from '../../src/ops/elementwise/index.ts'
import { elementwise } from '../../src/ops/kinds/elementwise.ts'
import { registry } from '../../src/ops/registry.ts'
import * as s from '../../src/scalar/index.ts'
import { fill_, type Tensor, tensor } from '../../src/tensor/index.ts'
import { elementwiseDerivatives, elementwisePoints, elementwiseValues } from './elementwise.ts'
import * as modes from './modes.ts'
import { draw, randomness } from './tools.ts'

/**
 * 1 - erf(x), without cancellation for large x
 * @example erfc(tensor([0, 1])) // [1, 0.1573]
 */
const erfc = elementwise({
  name: 'erfc',
  args: ['x'],
  formula: ({ x }) => s.erfc(x),
  points: [
    { at: [0], y: 1, partials: [-1.1283791670955126] },
    { at: [10], y: 2.088487583762545e-45, partials: [-4.197656231354417e-44] },
    { at: [Infinity], y: 0, partials: [0] },
    { at: [-Infinity], y: 2, partials: [0] },
  ],
})

describe('erfc, written in twelve lines', () => {
  elementwiseValues(erfc, { name: 'js', ulp: 0, gaps: [] })
  elementwisePoints(erfc)
  elementwiseDerivatives(erfc)

  it('is an op like any other', () => {
    const x = tensor([0.5, -1], { dtype: 'float64' })
    expect(jvp((x: Tensor) => erfc(x), [x], [x])[0].toArray()).toEqual(erfc(x).toArray())
    expect(vmap((row: Tensor) => erfc(row))(tensor([[0], [1]])).shape).toEqual([2, 1])
    // d²/dx² erfc = 4x/√π e^(-x²), at 1/2
    expect(hessian((x: Tensor) => erfc(x))(tensor(0.5, { dtype: 'float64' })).item()).toBeCloseTo(
      0.8787825789354449,
      13,
    )
  })
})

describe('the suite', () => {
  const generator = randomness(1)
  const xs = [draw([3], 'float64', generator)]
  const wrong = elementwise({
    name: 'wrong',
    args: ['x'],
    formula: ({ x }) => s.sin(x),
    partials: ({ x }) => ({ x: s.mul(s.c(1.001), s.cos(x)) }),
  })
  const torn = defineFunction({
    name: 'torn',
    forward: (_, x: Tensor) => mul(x, 2),
    backward: (_, g) => mul(g, 2),
    jvp: (_, t) => mul(t!, 3),
  })

  it('finds a wrong partial, modes that disagree and operands that are changed', () => {
    expect(() => modes.expectDifferences((x: Tensor) => wrong(x), xs)).toThrow(/a gradient is wrong/)
    expect(() => modes.expectAdjoint((x: Tensor) => [torn(x)], xs, generator)).toThrow(/<w, Jv>/)
    expect(() => modes.expectUntouched((x) => add(x, fill_(x, 0)), [tensor([1, 2])], false)).toThrow(/after the call/)
    expect(() => modes.expectUntouched((x) => x, xs, false)).toThrow(/shares memory/)
    expect(() =>
      modes.expectSameBatch(
        (x) => (x.box ? sin(x) : add(sin(x), 1e-9)),
        () => [draw([2], 'float64', generator)],
      ),
    ).toThrow(/vmap/)
  })

  it('knows every op by the name under which it is exported', () => {
    expect(registry.size).toBeGreaterThan(100)
    for (const [name, op] of registry) expect(op.name).toBe(name)
  })
})
