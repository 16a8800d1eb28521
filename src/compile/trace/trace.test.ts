/** What a trace looks like when it is printed, and that running it as it is written gives the eager numbers. */
import { expect, it } from 'vitest'
import { add_, checkpoint, compile, noGrad, type Tensor, tensor, zeros } from '../../index.ts'
import { interpret } from '../graph/interpret.ts'
import { printGraph } from '../graph/print.ts'
import { traceCall } from './trace.ts'

const traced = (fn: (...args: never[]) => unknown, ...args: unknown[]) => traceCall(fn, args, true)!

const lines = (fn: (...args: never[]) => unknown, ...args: unknown[]): string[] =>
  printGraph(traced(fn, ...args).compiled!.graph!).split('\n')

it('writes ops, views, writes and results down', () => {
  const w = zeros([2, 3])
  const fn = (x: Tensor) => {
    noGrad(() => add_(w.select(0, 1), x))
    return w.T.mul(2)
  }
  expect(lines(fn, tensor([1, 2, 3]))).toEqual([
    'i0: float32 3',
    's0: float32 6',
    'v2 = add(s0[3]+3, i0[3]) : float32 [3]',
    'v3 = s0[3]+3 <- v2[3]',
    'v4 = mul(v3[3, 2](1, 3), 2) : float32 [3, 2]',
    's0 <- v3',
    'return v4',
  ])
})

it('writes a backward pass and the gradient that it leaves down', () => {
  const w = tensor([1, 2], { requiresGrad: true })
  const { compiled, storages } = traced((x: Tensor) => w.mul(x).sum().backward(), tensor([3, 4]))
  expect(storages).toEqual([w.storage])
  expect(w.grad).toBeNull()
  const [{ of, grad }] = compiled!.effects.gradients
  expect(of).toBe(w)
  expect(grad).toEqual({ result: 0, shape: [2], dtype: 'float32' })
  const engine = interpret(compiled!.graph!, storages)
  engine.inputs[0].set([5, 6])
  engine.run()
  expect([...engine.results[0]]).toEqual([5, 6])
})

it('computes with small constants of the function at once', () => {
  expect(lines((x: Tensor) => x.mul(tensor([1, 2]).add(1).sum()), tensor([1, 2]))).toEqual([
    'i0: float32 2',
    'c0: float32 1 = [5]',
    'v2 = mul(i0[2], c0[]) : float32 [2]',
    'return v2',
  ])
})

it('keeps what a checkpoint computes again apart', () => {
  const x = tensor([1, 2], { requiresGrad: true })
  const text = lines(
    (y: Tensor) =>
      checkpoint((v: Tensor) => v.exp().sin(), y)
        .sum()
        .backward(),
    x,
  )
  expect(text.filter((line) => line.includes('exp('))).toEqual([
    expect.stringMatching(/exp\(i0\[2\]\) : float32 \[2\]$/),
    expect.stringMatching(/exp\(i0\[2\]\) : float32 \[2\] @1$/),
  ])
})

it('leaves everything as it was', () => {
  const state = tensor([1, 2])
  const { buffer } = state.storage
  traced(() => add_(state, 1))
  expect(state.storage.buffer).toBe(buffer)
  expect(state.version).toBe(0)
  expect(() =>
    traced(() => {
      add_(state, 1)
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(state.toArray()).toEqual([1, 2])
  expect(compile(() => state.mul(2))().toArray()).toEqual([2, 4])
})

it('is not made where an argument has a hook, or what is read from outside a history', () => {
  const x = tensor([1, 2], { requiresGrad: true })
  const inner = x.mul(2)
  expect(traced(() => inner.mul(2)).compiled).toBeNull()
  expect(traced((y: Tensor) => y.mul(2), inner).compiled).not.toBeNull()
  x.onGrad((g) => g)
  expect(traceCall((y: Tensor) => y, [x], true)).toBeNull()
})
