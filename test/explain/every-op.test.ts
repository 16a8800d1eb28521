/**
 * Every op of the registry is explained: the sum over the paths through it must be the gradient that the engine computes,
 * for every element of every operand, and agree with the central difference. The weights of the results are all
 * different, so that an element sent to the wrong place shows.
 */
import { describe, expect, it } from 'vitest'
import { explain } from '../../src/explain/index.ts'
import { add, mul, sum, type Tensor, tensor } from '../../src/index.ts'
import { isFloating } from '../../src/ops/dtype.ts'
import { apply, type Op } from '../../src/ops/kinds/op.ts'
import { registry } from '../../src/ops/registry.ts'
import { samples } from '../conformance/samples/index.ts'
import { draw, leavesOf, offset, randomness, strided } from '../conformance/tools.ts'

type Call = (...xs: Tensor[]) => unknown
const generator = randomness(5)
const random = (shape: readonly number[], range?: readonly [number, number]) => draw(shape, 'float64', generator, range)

/** Σ of all results, each with a weight of its own. */
function weighted(results: readonly Tensor[]): Tensor {
  const terms = results.filter((y) => y.requiresGrad).map((y) => sum(mul(y, random(y.shape))))
  return terms.reduce((a, b) => add(a, b))
}

/** Leaves in some layout: what is given to the op is computed from them, so that strides differ. */
function check(run: Call, operands: readonly Tensor[], layout: (x: Tensor) => Tensor): void {
  const leaves = operands.map((x) => {
    const laid = isFloating(x.dtype) ? layout(x) : x
    if (isFloating(x.dtype)) laid.requiresGrad = true
    return laid
  })
  const results = leavesOf(run(...leaves))
  const rounds = results.some(({ dtype }) => dtype === 'float32')
  const output = weighted(results)
  for (const x of leaves.filter((leaf) => leaf.requiresGrad)) {
    for (let i = 0; i < x.size; i++) {
      const index = x.shape.map((n, d) => Math.floor(i / x.shape.slice(d + 1).reduce((a, b) => a * b, 1)) % n)
      for (const detail of ['function', 'op'] as const) {
        const e = explain(output, x, index, { detail, paths: 3 })
        const where = `element ${index} of ${x.shape}, ${detail}: ${e.sum} for ${e.gradient}, numeric ${e.numeric}`
        expect(e.agrees, where).toBe(true)
        if (!rounds) expect(Math.abs(e.sum - e.gradient), where).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(e.gradient)))
        const told = e.paths.map(({ factors, product }) => factors.reduce((p, f) => p * f.value, 1) / product)
        for (const ratio of told) if (!Number.isNaN(ratio)) expect(ratio).toBeCloseTo(1, 10)
        if (i === 0) e.toText()
      }
    }
  }
}

describe('every op is explained', () => {
  for (const op of registry.values()) {
    if (!op.differentiable) continue
    if (op.kind === 'elementwise') {
      const ranges = op.args.map((name) => op.domain?.[name])
      const call: Call = (...xs) => apply<Tensor>(op as Op, xs, {})
      it(`${op.name}`, () => {
        const shapes = [[2, 3], [3], [2, 1], []]
        const full = ranges.map((range) => random([2, 3], range))
        for (const layout of [(x: Tensor) => tensor(x), strided, offset]) check(call, full, layout)
        if (ranges.length > 1)
          check(
            call,
            ranges.map((range, k) => random(shapes[k % shapes.length], range)),
            (x) => tensor(x),
          )
        const same = random([2, 2], ranges.find((range) => range) ?? [0.2, 0.8])
        if (ranges.length === 2)
          check(
            (x) => call(x, x),
            [same],
            (x) => tensor(x),
          )
      })
      continue
    }
    ;(samples[op.name] ?? []).forEach((sample, n) => {
      it(`${op.name} (sample ${n})`, () => {
        const operands = sample.of.map((x) => (Array.isArray(x) ? random(x as number[]) : tensor(x as Tensor)))
        for (const layout of [(x: Tensor) => tensor(x), strided]) check(sample.run as Call, operands, layout)
      })
    })
  }
})
