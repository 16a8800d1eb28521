/** What the compiler knows: transforms keep the nesting of their arguments, and plain lambdas take tensors. */
import { expect, it } from 'vitest'
import {
  type CompiledFunction,
  compile,
  grad,
  hessian,
  jacrev,
  jvp,
  type Tensor,
  tensor,
  valueAndGrad,
  vmap,
} from '../src/index.ts'

interface Scale {
  k: Tensor
}

it('types transforms by what they differentiate', () => {
  const scaled = (x: Tensor, s: Scale) => x.mul(s.k)
  const [x, s] = [tensor(2), { k: tensor(3) }]
  const first: Tensor = grad(scaled)(x, s)
  const second: Scale = grad(scaled, 1)(x, s)
  const both: [Tensor, Scale] = grad(scaled, [0, 1])(x, s)
  const [value, slope]: [Tensor, Scale] = valueAndGrad(scaled, 1)(x, s)
  // @ts-expect-error: the gradient by a record is a record
  const wrong: Tensor = grad(scaled, 1)(x, s)
  expect([first, second.k, both[1].k, value, slope.k].map((t) => t.item())).toEqual([3, 2, 2, 6, 2])
  expect((wrong as unknown as Scale).k.item()).toBe(2)
})

it('nests Jacobians and Hessians', () => {
  const p = { a: tensor([1, 2]), b: tensor(3) }
  const J: { a: Tensor; b: Tensor } = jacrev((q: typeof p) => q.a.mul(q.b))(p)
  const H: { a: { a: Tensor; b: Tensor }; b: { a: Tensor; b: Tensor } } = hessian((q: typeof p) => q.a.mul(q.b).sum())(
    p,
  )
  expect([J.b.toArray(), H.a.b.toArray()]).toEqual([
    [1, 2],
    [1, 1],
  ])
})

it('takes lambdas without annotations', () => {
  expect(grad((x) => x.square())(tensor(3)).item()).toBe(6)
  expect(hessian((x) => x.pow(3))(tensor(2)).item()).toBe(12)
  expect(vmap((x, y) => x.dot(y))(tensor([[1, 2]]), tensor([[3, 4]])).toArray()).toEqual([11])
  expect(jvp((x) => x.square(), [tensor(3)], [tensor(1)])[1].item()).toBe(6)
})

it('types compiled functions by what they take and return', () => {
  const untyped: CompiledFunction<[Tensor], Tensor> = compile((x) => x.exp())
  const optional = compile((x: Tensor, train: boolean | undefined = true) => (train ? x : x.neg()))
  const mixed: Tensor = compile((x, k: number) => x.mul(k))(tensor(1), 2)
  const nested: { s: Tensor } = compile(({ x }: { x: Tensor }) => ({ s: x.mul(2) }))({ x: tensor(1) })
  const unknownly = compile((x: Tensor): unknown => x)
  const generic = <A extends unknown[], O>(fn: (...args: A) => O): ((...args: A) => O) => compile(fn)
  expect(
    [untyped(tensor(0)), optional(tensor(1)), optional(tensor(1), false), mixed, nested.s].map(Number.isNaN),
  ).toEqual(new Array(5).fill(false))
  expect([unknownly, generic].map((f) => typeof f)).toEqual(['function', 'function'])
  // @ts-expect-error: one argument is missing
  expect(() => compile((x: Tensor, y: Tensor) => x.add(y))(tensor(1))).toThrow()
  // @ts-expect-error: a function that returns a promise cannot be called
  expect(() => compile(async (x: Tensor) => x)(tensor(1))).toThrow(/promise/)
})
