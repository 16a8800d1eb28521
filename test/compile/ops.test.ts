/**
 * Every op of the registry through a compiled function, and through the interpreter of graphs: forward, backward and second order equal to the eager ones, in
 * float64 to 1e-12. Elementwise ops are called at random points, the others by their conformance samples.
 */
import { describe, expect, it } from 'vitest'
import { interpreted } from '../../src/compile/build.ts'
import { Program } from '../../src/compile/trace/program.ts'
import { traceCall } from '../../src/compile/trace/trace.ts'
import { compile, gradients, sum, Tensor, tensor } from '../../src/index.ts'
import { isFloating } from '../../src/ops/dtype.ts'
import { apply, type Op } from '../../src/ops/kinds/op.ts'
import { registry } from '../../src/ops/registry.ts'
import { type Sample, samples } from '../conformance/samples/index.ts'
import { draw, leavesOf, randomness } from '../conformance/tools.ts'
import { expectNear } from './near.ts'

type Call = (...xs: Tensor[]) => unknown

/** Results, first and second derivatives of a call. */
function everything(run: Call, order: number): Call {
  return (...xs) => {
    const leaves = xs.filter((x) => isFloating(x.dtype))
    const outputs = leavesOf(run(...xs))
    const floating = outputs.filter((y) => y.tracked)
    if (floating.length === 0 || order === 0) return { outputs: outputs.map((y) => y.detach()) }
    const total = floating.map((y, k) => sum(y.mul(y).mul(k + 0.5))).reduce((a, b) => a.add(b))
    const options = { createGraph: order > 1, allowUnused: true } as const
    const first = gradients(total, leaves, options)
    const again = first.filter((g) => g?.tracked) as Tensor[]
    const second =
      order > 1 && again.length > 0
        ? gradients(
            again.map((g) => sum(g.mul(g))).reduce((a, b) => a.add(b)),
            leaves,
            { allowUnused: true },
          )
        : []
    return [outputs, first, second].map((list) => list.map((y) => y?.detach() ?? null))
  }
}

function operandsOf({ of }: Sample): Tensor[] {
  const generator = randomness(21)
  return of.map((x) => {
    const made = x instanceof Tensor ? tensor(isFloating(x.dtype) ? x.to('float64') : x) : draw(x, 'float64', generator)
    if (isFloating(made.dtype)) made.requiresGrad = true
    return made
  })
}

function compare(run: Call, xs: readonly Tensor[], order: number): void {
  const whole = everything(run, order)
  let runs = 0
  const compiled = compile((...args: Tensor[]) => {
    runs++
    return whole(...args)
  })
  const wanted = leavesOf(whole(...xs))
  const { compiled: traced, storages } = traceCall(whole, xs, true)!
  const reference = new Program(interpreted(traced!.graph!, storages), traced!.effects, null)
  for (const run of [() => reference.call(xs, xs), () => compiled(...xs), () => compiled(...xs)]) {
    const got = leavesOf(run())
    expect(got.length).toBe(wanted.length)
    got.forEach((y, i) => {
      expect([y.dtype, y.shape]).toEqual([wanted[i].dtype, wanted[i].shape])
      expectNear(Array.from(y.data), Array.from(wanted[i].data))
    })
  }
  expect(runs).toBe(1)
}

const callOf = (op: Op): Call => {
  return (...xs) => apply<Tensor>(op, xs, {})
}

describe('compiled as eager', () => {
  for (const op of registry.values()) {
    const order = op.differentiable ? 2 : 0
    if (op.kind === 'elementwise') {
      it(op.name, () => {
        const generator = randomness(5)
        const xs = op.args.map(() => {
          const x = draw([2, 3], 'float64', generator)
          x.requiresGrad = true
          return x
        })
        compare(callOf(op), xs, order)
      })
    } else
      (samples[op.name] ?? []).forEach((s, n) => {
        it(`${op.name} (sample ${n})`, () => compare((...xs) => s.run(...xs), operandsOf(s), order))
      })
  }
})
