/**
 * PyTorch as a second opinion: every case of `fixtures/ops.json` through the public interface, as a function and, where
 * there is one, as a method. Values, gradients and the gradients of gradients, within 1e-12 + 1e-10 |x|. Where
 * mathematics has an answer that PyTorch misses, `ops-fixtures/deviations.ts` names the elements and the reason.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as chainrule from '../src/index.ts'
import { gradients, mul, sum, Tensor, tensor } from '../src/index.ts'
import { type Case, type Encoded, floats, type Numbers } from './ops-fixtures/case.ts'
import { deviationAt, deviations } from './ops-fixtures/deviations.ts'

const cases: Case[] = JSON.parse(readFileSync(new URL('fixtures/ops.json', import.meta.url), 'utf8'))

const decode = ({ shape, data, dtype = 'float64' }: Encoded): Tensor =>
  tensor(tensor(floats(data), { dtype }).reshape(shape), { requiresGrad: dtype === 'float64' })

/** "$0" at any depth is input 0; numbers that JSON cannot write are strings. */
function resolve(x: unknown, inputs: readonly Tensor[]): unknown {
  if (Array.isArray(x)) return x.map((y) => resolve(y, inputs))
  if (typeof x === 'string') {
    if (/^\$\d+$/.test(x)) return inputs[Number(x.slice(1))]
    return ['NaN', 'Infinity', '-Infinity'].includes(x) ? Number(x) : x
  }
  if (typeof x !== 'object' || x === null) return x
  return Object.fromEntries(Object.entries(x).map(([key, y]) => [key, resolve(y, inputs)]))
}

type Callable = (...args: unknown[]) => unknown
const prototype = Tensor.prototype as unknown as Record<string, unknown>
const isProperty = (op: string): boolean => Object.getOwnPropertyDescriptor(Tensor.prototype, op)?.get !== undefined

function functionOf(op: string): Callable {
  const found = (chainrule as Record<string, unknown>)[op]
  if (typeof found === 'function') return found as Callable
  if (isProperty(op)) return (x) => (x as Record<string, unknown>)[op]
  throw new Error(`${op}: chainrule exports no such function`)
}

function methodOf({ op, args }: Case): Callable | null {
  if (args[0] !== '$0' || isProperty(op) || typeof prototype[op] !== 'function') return null
  return (x, ...rest) => ((x as Record<string, unknown>)[op] as Callable)(...rest)
}

/** The outputs in the fixture's order: one tensor, several, or an object of named ones. */
function run(call: Callable, c: Case, inputs: readonly Tensor[]): Tensor[] {
  const options = Object.keys(c.options).length > 0 ? [resolve(c.options, inputs)] : []
  const returned = call(...(resolve(c.args, inputs) as unknown[]), ...options)
  if (c.output) return [returned as Tensor]
  return c.outputs!.map(({ name }, i) => (returned as Record<string, Tensor>)[name ?? i])
}

function expectNumbers(
  what: string,
  got: ArrayLike<number>,
  wanted: Numbers,
  instead?: (i: number) => number | undefined,
) {
  expect(got.length, `${what}: the number of elements`).toBe(wanted.length)
  floats(wanted).forEach((torch, i) => {
    const ours = instead?.(i)
    const w = ours ?? torch
    const near = Math.abs(got[i] - w) <= 1e-12 + 1e-10 * Math.abs(w) || Object.is(got[i] + 0, w + 0)
    const who = ours === undefined ? 'PyTorch has' : `PyTorch has ${torch}, and the deviation says`
    expect(near, `${what}: element ${i} is ${got[i]}, ${who} ${w}`).toBe(true)
  })
}

function checkValues(c: Case, ys: readonly Tensor[]): void {
  const wanted = c.outputs ?? [c.output!]
  ys.forEach((y, k) => {
    const { shape, dtype = 'float64', data } = wanted[k]
    expect([y.dtype, ...y.shape], `dtype and shape of output ${k}`).toEqual([dtype, ...shape])
    expectNumbers(`output ${k}`, y.data, data, (i) => deviationAt(c, 'output', k, i)?.is(c, i))
  })
}

const like = (x: Tensor, data: Numbers): Tensor => tensor(floats(data)).reshape(x.shape)
const weightsOf = (c: Case) => c.gradOutputs ?? (c.gradOutput ? [c.gradOutput] : [])

/** Gradients of the outputs weighted by the fixture's; null where none arrives. */
function pull(
  outputs: readonly Tensor[],
  weights: readonly (Numbers | null)[],
  xs: readonly Tensor[],
  createGraph: boolean,
) {
  const pairs = outputs.flatMap((y, k) => (weights[k] && y.requiresGrad ? [{ y, g: like(y, weights[k]) }] : []))
  if (pairs.length === 0) return xs.map(() => null)
  const options = { gradOutputs: pairs.map(({ g }) => g), createGraph, allowUnused: true } as const
  return gradients(
    pairs.map(({ y }) => y),
    xs,
    options,
  )
}

const numbersOf = (g: Tensor | null, x: Tensor): ArrayLike<number> => g?.data ?? new Float64Array(x.size)

function checkGradientsOf(c: Case, inputs: readonly Tensor[], ys: readonly Tensor[]): void {
  if (!c.gradients) return
  const places = inputs.flatMap((x, i) => (x.requiresGrad ? [i] : []))
  const xs = places.map((i) => inputs[i])
  const first = pull(ys, weightsOf(c), xs, c.secondOrder !== undefined)
  const instead = (input: number) => (i: number) => deviationAt(c, 'gradient', input, i)?.is(c, i)
  places.forEach((i, k) => {
    expectNumbers(`the gradient of input ${i}`, numbersOf(first[k], xs[k]), c.gradients![i]!, instead(i))
  })
  if (!c.secondOrder) return
  const { v, gradients: wanted } = c.secondOrder
  const terms = first.flatMap((g, k) => (g && v[places[k]] ? [sum(mul(g, like(g, v[places[k]]!)))] : []))
  const ones = terms.map(() => [1])
  const second = pull(terms, ones, xs, false)
  places.forEach((i, k) => {
    expectNumbers(`the second gradient of input ${i}`, numbersOf(second[k], xs[k]), wanted[i]!)
  })
}

const titleOf = ({ op, args, options, inputs }: Case): string => {
  const shapes = inputs.map(({ shape, dtype }) => `${dtype ?? ''}[${shape}]`).join(' ')
  const list = [
    JSON.stringify(args).slice(1, -1),
    ...(Object.keys(options).length > 0 ? [JSON.stringify(options)] : []),
  ]
  return `${op}(${list.join(', ')}) of ${shapes}`
}

const byOp = new Map<string, Case[]>()
for (const c of cases) byOp.set(c.op, [...(byOp.get(c.op) ?? []), c])

describe.each([...byOp])('%s', (_, list) => {
  it.each(list.map((c) => [titleOf(c), c] as const))('%s', (_, c) => {
    const inputs = c.inputs.map(decode)
    const ys = run(functionOf(c.op), c, inputs)
    checkValues(c, ys)
    checkGradientsOf(c, inputs, ys)
    const method = methodOf(c)
    if (method)
      expect(
        run(method, c, inputs).map((y) => y.toArray()),
        'as a method',
      ).toEqual(ys.map((y) => y.toArray()))
  })
})

it('lists no deviation that is none', () => {
  for (const d of deviations) {
    const differs = cases.some((c) => {
      const wanted = d.of === 'output' ? (c.outputs ?? [c.output!])[d.index]?.data : c.gradients?.[d.index]
      const apart = (torch: number, i: number) =>
        deviationAt(c, d.of, d.index, i) === d && !Object.is(torch, d.is(c, i))
      return c.op === d.op && wanted && floats(wanted).some(apart)
    })
    expect(differs, `${d.op}: ${d.reason}`).toBe(true)
  }
})
