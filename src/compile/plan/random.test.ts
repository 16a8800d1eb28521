/** Random graphs, lowered and run in memory laid out as planned, compute what the interpreter computes. */
import fc from 'fast-check'
import { it } from 'vitest'
import { agree } from '../../../test/compile/agree.ts'
import { type Reference, reference } from '../../../test/compile/reference.ts'
import { Sketch, shaped, turned } from '../../../test/compile/sketch.ts'
import { load } from '../../backends/wasm/execute/index.ts'
import { bytesPerElement } from '../../ops/dtype.ts'
import { add, clone, div, exp, gt, mul, neg, relu, sub, tanh, where } from '../../ops/elementwise/index.ts'
import { contraction } from '../../ops/kinds/contract.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { amax, sum } from '../../ops/reduce/index.ts'
import { cat } from '../../ops/routine/index.ts'
import { sizeOf } from '../../ops/shape.ts'
import type { DType } from '../../ops/value.ts'
import { pad } from '../../ops/view/pad.ts'
import { overlapAdd } from '../../ops/view/windows.ts'
import type { Access, Graph } from '../graph/graph.ts'
import { lower } from './lower.ts'
import type { Lowered } from './lowered.ts'

const op = (o: unknown) => o as Op

/** A source of choices: the numbers of a test case, over and over. */
type Choose = (n: number) => number
type Step = (s: Sketch, pick: () => Access, choose: Choose) => Access | null

const meets = (a: Access, b: Access) =>
  b.shape.length <= a.shape.length &&
  b.shape.every((n, d) => n === 1 || n === a.shape[a.shape.length - b.shape.length + d])

const pointwise: readonly Step[] = [
  (s, pick, choose) => s.apply(op([tanh, neg, relu, clone][choose(4)]), [pick()]),
  (s, pick, choose) => s.apply(op([add, mul, sub][choose(3)]), [pick(), [0.5, -1, 2][choose(3)]]),
  (s, pick, choose) => {
    const [a, b] = [pick(), pick()]
    return meets(a, b) ? s.apply(op([add, mul, sub][choose(3)]), [a, b]) : null
  },
  (s, pick) => {
    // No sum comes to this number, so that rounding decides nothing.
    const [a, b] = [pick(), pick()]
    return meets(a, b) ? s.apply(op(where), [s.apply(op(gt), [a, 0.3137]), b, a]) : null
  },
  (s, pick, choose) => {
    const x = pick()
    if (x.shape.length === 0) return null
    const axes = [choose(x.shape.length)]
    const e = s.apply(op(exp), [s.apply(op(sub), [x, s.apply(op(amax), [x], { axes, keepdim: true })])])
    return s.apply(op(div), [e, s.apply(op(sum), [e], { axes, keepdim: true })])
  },
  (s, pick, choose) => {
    const x = pick()
    if (x.shape.length === 0) return null
    const axes = choose(3) === 0 ? x.shape.map((_, d) => d) : [choose(x.shape.length)]
    return s.apply(op([sum, amax][choose(2)]), [x], { axes, keepdim: choose(2) === 0 })
  },
]

const moving: readonly Step[] = [
  (_, pick) => {
    const x = pick()
    return turned(x, ...x.shape.map((_, d) => x.shape.length - 1 - d))
  },
  (_, pick, choose) => {
    const x = pick()
    const plain = sizeOf(x.shape) === 24 && x.offset === 0 && x.strides.at(-1) === 1
    return plain && x.strides[0] * x.shape[0] === 24
      ? shaped(x, [[24], [4, 6], [2, 2, 6], [6, 4], [1, 24]][choose(5)])
      : null
  },
  (_, pick, choose) => {
    const x = pick()
    if (x.shape.length === 0 || x.shape[0] < 2) return null
    return { ...x, shape: [1, ...x.shape.slice(1)], offset: x.offset + choose(x.shape[0]) * x.strides[0] }
  },
  (s, pick, choose) => {
    const [a, b] = [pick(), pick()]
    const fits = a.shape.length === 2 && b.shape.length === 2 && a.shape[1] === b.shape[0]
    return fits
      ? s.apply(op(contraction), [a, b], { indices: ['ij,jk->ik', 'ij,jk->i', 'ij,jk->ijk'][choose(3)] })
      : null
  },
  (s, pick, choose) => {
    const x = pick()
    if (x.shape.length !== 2) return null
    const shape = [x.shape[0] + choose(3), x.shape[1]]
    const start = [choose(shape[0] - x.shape[0] + 1), 0]
    return s.apply(op(pad), [x], { of: { start, step: [1, 1], size: x.shape }, shape, fill: choose(4) === 0 ? 1 : 0 })
  },
  (s, pick) => {
    const x = pick()
    if (x.shape.length !== 2 || x.shape[1] !== 2) return null
    const of = { kernel: [2], stride: [1], dilation: [1] }
    return s.apply(op(overlapAdd), [x], { of, shape: [x.shape[0] + 1] })
  },
  (s, pick, choose) => {
    const [x, y] = [pick(), pick()]
    if (String(x.shape) !== String(y.shape) || x.shape.length === 0) return null
    const own = choose(2) === 0 ? s.apply(op(clone), [x]) : x
    const whole = choose(3) === 0
    const row = (v: Access): Access => (whole ? v : { ...v, shape: [1, ...v.shape.slice(1)] })
    return { ...own, value: s.write(row(own), row(y)).value }
  },
  (s, pick) => {
    const x = pick()
    return x.shape.length === 0 ? null : s.apply(op(cat), [x, x], { dim: 0 })
  },
]

const steps: readonly Step[] = [...pointwise, ...pointwise, ...moving]

function randomGraph(seed: readonly number[], length: number): Graph {
  let at = 0
  const choose: Choose = (n) => seed[at++ % seed.length] % n
  const s = new Sketch()
  const states = [s.state([4, 6], 'float64'), s.state([4, 6], 'float64'), s.state([4, 1], 'float64')]
  const all = [s.input([4, 6], 'float64'), s.input([6, 4], 'float64'), s.input([6], 'float64'), s.input([], 'float64')]
  all.push(...states, s.constant([4, 1], [1, 2, 3], 'float64'))
  const pick = () => all[all.length - 1 - choose(Math.min(all.length, 14))]
  for (let i = 0; i < length; i++) {
    const made = steps[choose(steps.length)](s, pick, choose)
    if (made && sizeOf(made.shape) < 200) all.push(made)
  }
  for (const state of states) {
    const next = all.filter((x) => String(x.shape) === String(state.shape) && x.dtype === 'float64')
    const dense = next.filter(
      (x) => x.offset === 0 && x.strides.every((n, d) => x.shape[d] === 1 || n === state.strides[d]),
    )
    const whole = dense.filter((x) => s.graph().values[x.value].size === sizeOf(x.shape))
    if (choose(3) > 0) s.becomes(state, whole[whole.length - 1 - choose(Math.min(whole.length, 3))])
  }
  const whole = all.filter((x) => x.offset === 0 && s.graph().values[x.value].size === sizeOf(x.shape))
  return s.graph(whole.at(-1)!, whole[choose(whole.length)], whole[choose(whole.length)])
}

/** The program in WebAssembly, on one thread. */
function webAssembly({ program, constants }: Lowered): Reference {
  const loaded = load(program, { threads: 1 })
  const array = (region: number, dtype: DType) =>
    loaded.array(region, dtype, program.regions[region].bytes / bytesPerElement[dtype])
  for (const { region, data } of constants) array(region, data instanceof Int32Array ? 'int32' : 'float64').set(data)
  return { array, run: () => loaded.run() }
}

const graphs = fc
  .tuple(fc.array(fc.nat(1000), { minLength: 100, maxLength: 100 }), fc.nat(60))
  .map(([seed, length]) => randomGraph(seed, length + 5))

it('lowered graphs compute what graphs compute', () => {
  fc.assert(
    fc.property(graphs, (graph) => agree(graph)),
    { numRuns: 150 },
  )
})

it('and if they compute again what is cheap', () => {
  const limits = { ample: 0, large: 0, far: 2 }
  fc.assert(
    fc.property(graphs, (graph) => agree(graph, 1e-12, reference, lower(graph, limits))),
    { numRuns: 100 },
  )
})

it('and so they do in WebAssembly', () => {
  fc.assert(
    fc.property(graphs, (graph) => agree(graph, 1e-11, webAssembly)),
    { numRuns: 60 },
  )
})
