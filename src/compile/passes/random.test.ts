/** Random graphs compute the same numbers before and after every pass, but for the sign of zeros. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sketch, shaped, turned } from '../../../test/compile/sketch.ts'
import { add, clone, exp, mul, neg, relu, sub, toFloat32, toFloat64, where } from '../../ops/elementwise/index.ts'
import { contraction } from '../../ops/kinds/contract.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { amax, sum } from '../../ops/reduce/index.ts'
import { cat } from '../../ops/routine/index.ts'
import { sizeOf } from '../../ops/shape.ts'
import { pad } from '../../ops/view/pad.ts'
import type { Access, Graph } from '../graph/graph.ts'
import { interpret } from '../graph/interpret.ts'
import * as passes from './index.ts'

const op = (o: unknown) => o as Op

/** A source of choices: the numbers of a test case, over and over. */
type Choose = (n: number) => number

const steps: readonly ((s: Sketch, pick: () => Access, choose: Choose) => Access | null)[] = [
  (s, pick, choose) => s.apply(op([exp, neg, relu, clone][choose(4)]), [pick()], {}, choose(8) === 0 ? 1 : 0),
  (s, pick, choose) => s.apply(op([add, mul, sub][choose(3)]), [pick(), [0, 1, -1, 2, -0][choose(5)]]),
  (s, pick, choose) => {
    const [a, b] = [pick(), pick()]
    const fits = String(a.shape) === String(b.shape) || b.shape.length === 0
    return fits ? s.apply(op([add, mul, sub][choose(3)]), [a, b]) : null
  },
  (s, pick) => s.apply(op(toFloat32), [s.apply(op(toFloat64), [pick()])]),
  (s, pick) => {
    const x = pick()
    return s.apply(op(where), [1, x, s.apply(op(exp), [x])])
  },
  (s, pick) => {
    const x = pick()
    return s.apply(op(clone), [turned(x, ...x.shape.map((_, d) => x.shape.length - 1 - d))])
  },
  (_, pick, choose) => {
    const x = pick()
    return sizeOf(x.shape) === 6 ? shaped(x, [[6], [2, 3], [3, 2], [1, 6]][choose(4)]) : null
  },
  (s, pick, choose) => {
    const x = pick()
    return x.shape.length === 0
      ? null
      : s.apply(op([sum, amax][choose(2)]), [x], { axes: [0], keepdim: choose(2) === 1 })
  },
  (s, pick) => {
    const [a, b] = [pick(), pick()]
    const fits = a.shape.length === 2 && b.shape.length === 2 && a.shape[1] === b.shape[0]
    return fits ? s.apply(op(contraction), [a, b], { indices: 'ij,jk->ik' }) : null
  },
  (s, pick, choose) => {
    const x = pick()
    if (x.shape.length !== 2) return null
    const shape = [x.shape[0] + choose(3), x.shape[1]]
    const start = [choose(shape[0] - x.shape[0] + 1), 0]
    return s.apply(op(pad), [x], { of: { start, step: [1, 1], size: x.shape }, shape, fill: choose(4) === 0 ? 1 : 0 })
  },
  (s, pick, choose) => {
    const [x, y] = [pick(), pick()]
    if (String(x.shape) !== String(y.shape) || x.shape.length === 0) return null
    const own = s.apply(op(clone), [x])
    const whole = choose(2) === 0
    const row = (v: Access): Access => (whole ? v : { ...v, shape: [1, ...v.shape.slice(1)] })
    return { ...own, value: s.write(row(own), row(y)).value }
  },
  (s, pick) => {
    const x = pick()
    return x.shape.length === 0 ? null : s.apply(op(cat), [x, x], { dim: 0 })
  },
]

function randomGraph(seed: readonly number[]): Graph {
  let at = 0
  const choose: Choose = (n) => seed[at++ % seed.length] % n
  const s = new Sketch()
  const states = [s.state([2, 3]), s.state([3, 2])]
  const all = [s.input([2, 3]), s.input([3, 2]), s.input([]), ...states]
  all.push(s.constant([2, 3], [1]), s.constant([3, 2], [1, 2, 3]), s.constant([], [0]))
  const pick = () => all[all.length - 1 - choose(all.length)]
  for (let i = 0; i < 30; i++) {
    const made = steps[choose(steps.length)](s, pick, choose)
    // Views are read by further steps; a step that does not fit is left out.
    if (made && sizeOf(made.shape) < 200) all.push(made)
  }
  const own = (x: Access) => s.apply(op(clone), [x])
  for (const state of states) {
    const next = all.findLast((x) => String(x.shape) === String(state.shape))!
    if (choose(3) > 0) s.becomes(state, s.write(state, next))
  }
  return s.graph(own(all.at(-1)!), own(pick()), own(pick()))
}

const inputs = [[1, -2, 0.5, 3, -0.25, 7], [0.1, -0.7, 2, 4, -3, 1.5], [0.75]]

function outcome(graph: Graph): number[][] {
  const homes = [0, 1].map((k) => ({ buffer: Float32Array.from({ length: 6 }, (_, i) => (i + 1) / (k + 2)) }))
  const made = interpret(graph, homes)
  made.inputs.forEach((x, i) => {
    x?.set(inputs[i])
  })
  // Twice, so that what a state has become is read.
  const results = [0, 1].flatMap(() => {
    made.run()
    return made.results.map((x) => Array.from(x))
  })
  return [...results, ...homes.map(({ buffer }) => Array.from(buffer))].map((list) => list.map((x) => x + 0))
}

describe.each(Object.entries(passes))('%s', (_, pass) => {
  it('changes no number', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 100, maxLength: 100 }), (seed) => {
        const graph = randomGraph(seed)
        expect(outcome(pass(graph))).toEqual(outcome(graph))
      }),
      { numRuns: 100 },
    )
  })
})
