/** What each pass does, shown on printed graphs. */
import { expect, it } from 'vitest'
import { Sketch, shaped, turned } from '../../../test/compile/sketch.ts'
import { add, clone, exp, mul, neg, toFloat32, toFloat64, where } from '../../ops/elementwise/index.ts'
import { contraction } from '../../ops/kinds/contract.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { sum } from '../../ops/reduce/index.ts'
import { pad } from '../../ops/view/pad.ts'
import type { Access, Graph } from '../graph/graph.ts'
import { printGraph } from '../graph/print.ts'
import * as passes from './index.ts'

const op = (o: unknown) => o as Op

/** The graph after some passes, without what is dead. */
const after = (graph: Graph, ...list: readonly passes.Pass[]): string =>
  `\n${printGraph([...list, passes.deadCode].reduce((g, pass) => pass(g), graph))}\n`

it('drops what nobody reads, but not what the host does', () => {
  const s = new Sketch()
  const x = s.input([2])
  s.apply(op(exp), [x])
  s.host('draw', [1])
  expect(after(s.graph(s.apply(op(neg), [x])))).toMatchInlineSnapshot(`
    "
    i0: float32 2
    v1 = host draw
    v2 = neg(i0[2]) : float32 [2]
    return v2
    "
  `)
})

it('computes once what is computed twice, but not what another scope computes again', () => {
  const s = new Sketch()
  const x = s.input([2])
  const a = s.apply(op(add), [s.apply(op(exp), [x]), s.apply(op(exp), [x])])
  const b = s.apply(op(mul), [a, s.apply(op(exp), [x], {}, 1)])
  const c = s.apply(op(mul), [s.constant([1], [3]), s.constant([1], [3])])
  expect(after(s.graph(b, c), passes.commonSubexpressions)).toMatchInlineSnapshot(`
    "
    i0: float32 2
    c0: float32 1 = [3]
    v1 = exp(i0[2]) : float32 [2]
    v2 = add(v1[2], v1[2]) : float32 [2]
    v3 = exp(i0[2]) : float32 [2] @1
    v4 = mul(v2[2], v3[2]) : float32 [2]
    v6 = mul(c0[1], c0[1]) : float32 [1]
    return v4, v6
    "
  `)
})

it('makes numbers of constants that are one number throughout, and of what follows from them', () => {
  const s = new Sketch()
  const x = s.input([3])
  const two = s.apply(op(add), [s.constant([3], [1]), s.constant([], [1])])
  const ones = s.constant([2, 3], [1])
  const summed = s.apply(op(sum), [ones], { axes: [0], keepdim: false })
  const product = s.apply(op(contraction), [ones, x], { indices: 'ij,j->i' })
  const y = s.apply(op(mul), [s.apply(op(mul), [x, two]), summed])
  expect(after(s.graph(y, product), passes.constants)).toMatchInlineSnapshot(`
    "
    i0: float32 3
    c0: float32 1 = [1]
    v1 = contraction(c0[2, 3](0, 0), i0[3]) {indices:ij,j->i} : float32 [2]
    v2 = mul(i0[3], 2) : float32 [3]
    v3 = mul(v2[3], 2) : float32 [3]
    return v3, v1
    "
  `)
})

it('folds small constants', () => {
  const s = new Sketch()
  const y = s.apply(op(mul), [s.input([3]), s.apply(op(neg), [s.constant([3], [1, 2, 3])])])
  const table = s.apply(op(sum), [s.constant([2, 3], [1, 2, 3, 4])], { axes: [1], keepdim: false })
  expect(after(s.graph(y, s.apply(op(mul), [table, s.input([2])])), passes.constants)).toMatchInlineSnapshot(`
    "
    i0: float32 3
    i1: float32 2
    c0: float32 3 = [-1, -2, -3]
    c1: float32 2 = [6, 7]
    v1 = mul(i0[3], c0[3]) : float32 [3]
    v3 = mul(c1[2], i1[2]) : float32 [2]
    return v1, v3
    "
  `)
})

it('skips identities where they are exact: x * 1, casts there and back, --x, where(true, x, y); but not x + 0', () => {
  const s = new Sketch()
  const x = s.input([2])
  const a = s.apply(op(mul), [x, 1])
  const b = s.apply(op(toFloat32), [s.apply(op(toFloat64), [a])])
  const c = s.apply(op(neg), [s.apply(op(neg), [b])])
  const d = s.apply(op(where), [1, c, s.input([2])])
  expect(after(s.graph(s.apply(op(add), [d, 0])), passes.identities)).toMatchInlineSnapshot(`
    "
    i0: float32 2
    v1 = add(i0[2], 0) : float32 [2]
    return v1
    "
  `)
})

it('reads through copies: a transposed copy becomes the strides of a product', () => {
  const s = new Sketch()
  const [x, w] = [s.input([2, 3, 4]), s.input([4, 5])]
  const copy = s.apply(op(clone), [turned(x, 1, 0, 2)])
  const y = s.apply(op(contraction), [shaped(copy, [6, 4]), w], { indices: 'ij,jk->ik' })
  const z = s.apply(op(contraction), [copy, w], { indices: 'abj,jk->abk' })
  expect(after(s.graph(y, z), passes.identities)).toMatchInlineSnapshot(`
    "
    i0: float32 24
    i1: float32 20
    v2 = clone(i0[3, 2, 4](4, 12, 1)) : float32 [3, 2, 4]
    v3 = contraction(v2[6, 4], i1[4, 5]) {indices:ij,jk->ik} : float32 [6, 5]
    v4 = contraction(i0[3, 2, 4](4, 12, 1), i1[4, 5]) {indices:abj,jk->abk} : float32 [3, 2, 5]
    return v3, v4
    "
  `)
})

it('reads single elements instead of reducing them', () => {
  const s = new Sketch()
  const y = s.apply(op(sum), [s.input([2, 1])], { axes: [1], keepdim: false })
  expect(after(s.graph(s.apply(op(exp), [y])), passes.identities)).toMatchInlineSnapshot(`
    "
    i0: float32 2
    v1 = exp(i0[2]) : float32 [2]
    return v1
    "
  `)
})

/** The gradient of a piece of rows, as autodiff leaves it. */
const padded = (s: Sketch, piece: Access, start: number, shape: readonly number[]) =>
  s.apply(op(pad), [piece], { of: { start: [start, 0], step: [1, 1], size: piece.shape }, shape, fill: 0 })

it('writes padded pieces into one array', () => {
  const s = new Sketch()
  const pieces = [0, 2, 4].map((start) => padded(s, s.input([2, 3]), start, [6, 3]))
  const total = s.apply(op(add), [s.apply(op(add), [pieces[0], pieces[1]]), pieces[2]])
  expect(after(s.graph(total), passes.scatters)).toMatchInlineSnapshot(`
    "
    i0: float32 6
    i1: float32 6
    i2: float32 6
    c0: float32 1 = [0]
    v5 = clone(c0[6, 3](0, 0)) {overwritten:true} : float32 [6, 3]
    v6 = v5[2, 3] <- i0[2, 3]
    v7 = v6[2, 3]+6 <- i1[2, 3]
    v3 = v7[2, 3]+12 <- i2[2, 3]
    return v3
    "
  `)
})

it('adds pieces that overlap, and keeps the border of a pad', () => {
  const s = new Sketch()
  const total = s.apply(op(add), [padded(s, s.input([2, 3]), 0, [4, 3]), padded(s, s.input([2, 3]), 1, [4, 3])])
  expect(after(s.graph(total), passes.scatters)).toMatchInlineSnapshot(`
    "
    i0: float32 6
    i1: float32 6
    c0: float32 1 = [0]
    v5 = clone(c0[4, 3](0, 0)) : float32 [4, 3]
    v1 = v5[2, 3] <- i0[2, 3]
    v7 = clone(c0[4, 3](0, 0)) : float32 [4, 3]
    v3 = v7[2, 3]+3 <- i1[2, 3]
    v4 = add(v1[4, 3], v3[4, 3]) : float32 [4, 3]
    return v4
    "
  `)
})

it('lets a state become what was computed for it', () => {
  const s = new Sketch()
  const [w, v, x] = [s.state([2]), s.state([2]), s.input([2])]
  const next = s.write(w, s.apply(op(mul), [w, x]))
  s.becomes(w, next)
  s.becomes(v, s.write(v, x))
  expect(after(s.graph(s.apply(op(exp), [next])), passes.writes)).toMatchInlineSnapshot(`
    "
    s0: float32 2
    s1: float32 2
    i0: float32 2
    v3 = mul(s0[2], i0[2]) : float32 [2]
    v4 = clone(i0[2]) : float32 [2]
    v5 = exp(v3[2]) : float32 [2]
    s0 <- v3
    s1 <- v4
    return v5
    "
  `)
})

it('skips a write that the next one undoes', () => {
  const s = new Sketch()
  const w = s.state([4])
  const half = { ...w, shape: [2] }
  const twice = s.write({ ...s.write(half, s.input([2])) }, s.input([2]))
  s.becomes(w, twice)
  expect(after(s.graph(), passes.writes)).toMatchInlineSnapshot(`
    "
    s0: float32 4
    i1: float32 2
    v2 = s0[2] <- i1[2]
    s0 <- v2
    "
  `)
})

it('drops letters of size 1 from contractions', () => {
  const s = new Sketch()
  const y = s.apply(op(contraction), [s.input([1, 3, 4]), s.input([1, 4, 1])], { indices: 'bij,bjk->bik' })
  expect(after(s.graph(y), passes.singleLetters)).toMatchInlineSnapshot(`
    "
    i0: float32 12
    i1: float32 4
    v2 = contraction(i0[3, 4], i1[4]) {indices:ij,j->i} : float32 [3]
    return v2
    "
  `)
})

it('lets a contraction write the order that a copy wants', () => {
  const s = new Sketch()
  const y = s.apply(op(contraction), [s.input([2, 3, 4]), s.input([2, 4, 5])], { indices: 'bij,bjk->bik' })
  const copy = s.apply(op(clone), [turned(y, 1, 0, 2)])
  const z = s.apply(op(exp), [shaped(copy, [3, 10])])
  const other = s.apply(op(exp), [y])
  expect(after(s.graph(z, other), passes.outputOrder, passes.identities)).toMatchInlineSnapshot(`
    "
    i0: float32 24
    i1: float32 40
    v4 = contraction(i0[2, 3, 4], i1[2, 4, 5]) {indices:bij,bjk->ibk} : float32 [3, 2, 5]
    v2 = exp(v4[3, 10]) : float32 [3, 10]
    v3 = exp(v4[2, 3, 5](5, 10, 1)) : float32 [2, 3, 5]
    return v2, v3
    "
  `)
})

it('updates as soon as the gradient is known and the old weights are read', () => {
  const s = new Sketch()
  const [w1, w2, x] = [s.state([4, 4]), s.state([4, 4]), s.input([4, 4])]
  const product = (a: Access, b: Access) => s.apply(op(contraction), [a, b], { indices: 'ij,jk->ik' })
  const h = product(x, w1)
  const y = product(h, w2)
  const g2 = product(h, y)
  const gh = product(y, turned(w2, 1, 0))
  const g1 = product(x, gh)
  const lr = s.host('lr', [])
  const step = (w: Access, g: Access) => s.becomes(w, s.apply(op(add), [w, s.apply(op(mul), [g, lr])]))
  step(w1, g1)
  step(w2, g2)
  expect(after(s.graph(), passes.order)).toMatchInlineSnapshot(`
    "
    s0: float32 16
    s1: float32 16
    i0: float32 16
    v3 = contraction(i0[4, 4], s0[4, 4]) {indices:ij,jk->ik} : float32 [4, 4]
    v4 = contraction(v3[4, 4], s1[4, 4]) {indices:ij,jk->ik} : float32 [4, 4]
    v5 = contraction(v3[4, 4], v4[4, 4]) {indices:ij,jk->ik} : float32 [4, 4]
    v8 = host lr
    v11 = mul(v5[4, 4], v8[]) : float32 [4, 4]
    v6 = contraction(v4[4, 4], s1[4, 4](1, 4)) {indices:ij,jk->ik} : float32 [4, 4]
    v12 = add(s1[4, 4], v11[4, 4]) : float32 [4, 4]
    v7 = contraction(i0[4, 4], v6[4, 4]) {indices:ij,jk->ik} : float32 [4, 4]
    v9 = mul(v7[4, 4], v8[]) : float32 [4, 4]
    v10 = add(s0[4, 4], v9[4, 4]) : float32 [4, 4]
    s0 <- v10
    s1 <- v12
    "
  `)
})
