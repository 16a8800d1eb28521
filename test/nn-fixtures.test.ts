/**
 * Layers and losses against PyTorch 1.13 in float64: outputs, gradients of inputs and parameters, buffers, the names in
 * state dicts, and second derivatives of losses. What the numbers are is told at the head of fixtures/make_nn.py.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gradients, type Tensor, tensor, zerosLike } from '../src/index.ts'
import * as nn from '../src/nn/index.ts'
import { mul } from '../src/ops/elementwise/index.ts'
import { sum } from '../src/ops/reduce/sum.ts'
import { reshape } from '../src/ops/view/reshape.ts'

type Number = number | 'NaN' | 'Infinity' | '-Infinity'
type Flat = readonly Number[]
interface Encoded {
  readonly shape: readonly number[]
  readonly data: Flat
  readonly dtype?: 'int32' | 'bool'
}
interface Run {
  readonly mode: 'train' | 'eval'
  readonly args: readonly unknown[]
  readonly options: Record<string, unknown>
  readonly inputs: readonly Encoded[]
  readonly outputs: readonly Encoded[]
  readonly gradOutputs: readonly (Flat | null)[]
  readonly gradients: readonly (Flat | null)[]
  readonly parameterGradients: Record<string, Flat | null>
  readonly buffersAfter: Record<string, Encoded>
}
interface ModuleCase {
  readonly module: string
  readonly args: readonly unknown[]
  readonly options: Record<string, unknown>
  readonly state: Record<string, Encoded>
  readonly runs: readonly Run[]
}
interface LossCase {
  readonly op: string
  readonly args: readonly unknown[]
  readonly options: Record<string, unknown>
  readonly inputs: readonly Encoded[]
  readonly output: Encoded
  readonly gradOutput: Flat
  readonly gradients: readonly (Flat | null)[]
  readonly secondOrder?: { readonly v: readonly (Flat | null)[]; readonly gradients: readonly (Flat | null)[] }
}
interface Fixtures {
  readonly modules: readonly ModuleCase[]
  readonly losses: readonly LossCase[]
  readonly stateDicts: Record<string, readonly [string, readonly number[]][]>
}

const fixtures = JSON.parse(readFileSync(new URL('./fixtures/nn.json', import.meta.url), 'utf8')) as Fixtures

function decode({ shape, data, dtype: stored }: Encoded, requiresGrad = false): Tensor {
  const dtype = stored ?? 'float64'
  const x = reshape<Tensor>(tensor(Float64Array.from(data, Number), { dtype }), shape).detach()
  if (requiresGrad && dtype === 'float64') x.requiresGrad = true
  return x
}

const like = (data: Flat, x: Tensor): Tensor => decode({ shape: x.shape, data })

/** "$i" stands for input i at any depth. */
function fill(value: unknown, inputs: readonly Tensor[]): unknown {
  if (typeof value === 'string' && value.startsWith('$')) return inputs[Number(value.slice(1))]
  if (Array.isArray(value)) return value.map((v) => fill(v, inputs))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fill(v, inputs)]))
}

function same(x: Tensor | null, expected: Flat, what: string): void {
  const got = x ? Array.from(x.data) : expected.map(() => 0)
  const wanted = expected.map(Number)
  const near = (a: number, b: number) => Object.is(a, b) || Math.abs(a - b) <= 1e-10 + 1e-9 * Math.abs(b)
  const bad = wanted.findIndex((w, i) => !near(got[i], w) && !(w === got[i]))
  expect(got.length, `${what}: number of elements`).toBe(wanted.length)
  if (bad >= 0) expect.fail(`${what}[${bad}] is ${got[bad]}, expected ${wanted[bad]}\n got ${got}\n expected ${wanted}`)
}

function sameTensor(x: Tensor, expected: Encoded, what: string): void {
  expect(x.shape, `${what}: shape`).toEqual(expected.shape)
  same(x, expected.data, what)
}

const flatten = (out: unknown): Tensor[] =>
  Array.isArray(out) ? out.flatMap(flatten) : out === null ? [] : [out as Tensor]

function differentiate(
  outputs: readonly Tensor[],
  xs: readonly (Tensor | null)[],
  seeds: readonly (Tensor | null)[],
  createGraph = false,
): (Tensor | null)[] {
  const pairs = outputs.map((y, i) => [y, seeds[i]] as const).filter(([y, g]) => g && y.requiresGrad)
  const wanted = xs.filter((x): x is Tensor => x?.requiresGrad ?? false)
  if (pairs.length === 0 || wanted.length === 0) return xs.map(() => null)
  const ys = pairs.map(([y]) => y)
  const found = gradients(ys, wanted, { gradOutputs: pairs.map(([, g]) => g!), createGraph, allowUnused: true })
  return xs.map((x) => (x && wanted.includes(x) ? found[wanted.indexOf(x)] : null))
}

const text = (value: unknown): string => JSON.stringify(value)

describe('modules equal those of PyTorch', () => {
  for (const c of fixtures.modules) {
    it(`${c.module}(${c.args.map(text).join(', ')}, ${text(c.options)})`, () => {
      const make = (nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>)[c.module]
      const module = new make(...c.args, ...(Object.keys(c.options).length > 0 ? [c.options] : [])).to('float64')
      module.loadStateDict(Object.fromEntries(Object.entries(c.state).map(([key, x]) => [key, decode(x)])))
      for (const [i, run] of c.runs.entries()) check(module, run, `run ${i}`)
    })
  }
})

function check(module: nn.Module, run: Run, at: string): void {
  module.train(run.mode === 'train')
  const inputs = run.inputs.map((x) => decode(x, true))
  const options = Object.keys(run.options).length > 0 ? [fill(run.options, inputs)] : []
  const forward = module.forward as (...args: unknown[]) => unknown
  const outputs = flatten(forward.call(module, ...(fill(run.args, inputs) as unknown[]), ...options))
  expect(outputs.length, `${at}: outputs`).toBe(run.outputs.length)
  for (const [i, y] of outputs.entries()) sameTensor(y, run.outputs[i], `${at}: output ${i}`)
  expect(module.namedBuffers().map(([key]) => key)).toEqual(Object.keys(run.buffersAfter))
  for (const [key, x] of module.namedBuffers()) sameTensor(x, run.buffersAfter[key], `${at}: buffer ${key}`)
  const parameters = module.namedParameters()
  expect(parameters.map(([key]) => key)).toEqual(Object.keys(run.parameterGradients))
  const seeds = outputs.map((y, i) => (run.gradOutputs[i] ? like(run.gradOutputs[i]!, y) : null))
  const found = differentiate(outputs, [...inputs, ...parameters.map(([, p]) => p)], seeds)
  for (const [i, g] of run.gradients.entries()) if (g) same(found[i], g, `${at}: gradient of input ${i}`)
  for (const [k, [key]] of parameters.entries()) {
    const g = run.parameterGradients[key]
    if (g) same(found[inputs.length + k], g, `${at}: gradient of ${key}`)
  }
}

describe('losses equal those of PyTorch', () => {
  for (const [k, c] of fixtures.losses.entries()) {
    it(`${c.op} ${k}: ${c.inputs.map((x) => text(x.shape)).join(', ')}, ${text(c.options)}`, () => {
      const inputs = c.inputs.map((x, i) => decode(x, c.gradients[i] !== null))
      const loss = (nn as unknown as Record<string, (...args: unknown[]) => Tensor>)[c.op]
      const y = loss(...(fill(c.args, inputs) as Tensor[]), fill(c.options, inputs))
      sameTensor(y, c.output, 'the loss')
      const found = differentiate([y], inputs, [like(c.gradOutput, y)], c.secondOrder !== undefined)
      for (const [i, g] of c.gradients.entries()) if (g) same(found[i], g, `gradient of input ${i}`)
      if (c.secondOrder) checkSecond(inputs, found, c.secondOrder)
    })
  }
})

function checkSecond(
  inputs: readonly Tensor[],
  found: readonly (Tensor | null)[],
  { v, gradients: expected }: NonNullable<LossCase['secondOrder']>,
) {
  const terms = found.flatMap((g, i) => (g && v[i] ? [sum(mul(g, like(v[i]!, g)))] : []))
  const second = differentiate(
    terms,
    inputs,
    terms.map((t) => decode({ shape: t.shape, data: [1] })),
  )
  for (const [i, h] of expected.entries())
    if (h) same(second[i] ?? zerosLike(inputs[i]), h, `second derivative of input ${i}`)
}

describe('state dicts have the keys of PyTorch', () => {
  for (const [source, expected] of Object.entries(fixtures.stateDicts)) {
    it(source, () => {
      // "LSTM(3, 2, { numLayers: 2 })" is a constructor call but for the `new`.
      const code = source.replace(/[A-Z]\w+(?=\()/g, 'new nn.$&')
      const module = new Function('nn', `return ${code}`)(nn) as nn.Module
      expect(Object.entries(module.stateDict()).map(([key, x]) => [key, x.shape])).toEqual(expected)
    })
  }
})
