/** What must be true of every explanation, whatever the program. */
import { expect } from 'vitest'
import { fitCotangent } from '../../src/autodiff/fit.ts'
import { toDense } from '../../src/backends/js/layout.ts'
import type { Explanation } from '../../src/explain/explanation/explanation.ts'
import { bestPaths } from '../../src/explain/graph/paths.ts'
import { readProgram, type Step } from '../../src/explain/graph/program.ts'
import { Web } from '../../src/explain/graph/web.ts'
import { explain } from '../../src/explain/index.ts'
import { gradients, type Tensor } from '../../src/index.ts'
import { fromArray, withoutRecording } from '../../src/tensor/index.ts'
import type { Random, RandomProgram } from './random-programs.ts'

/** Every path as the product of its factors, found by walking all of them; null where there are more than `most`. */
export function enumerate(web: Web, most: number): number[] | null {
  const onward = new Map<number, number[]>()
  for (let e = 0; e < web.edges; e++) {
    const list = onward.get(web.from.at(e))
    if (list) list.push(e)
    else onward.set(web.from.at(e), [e])
  }
  const leads = new Map<number, boolean>()
  const leadsOn = (at: number): boolean => {
    let known = leads.get(at)
    if (known === undefined) {
      known = at === web.end || (onward.get(at) ?? []).some((e) => leadsOn(web.to.at(e)))
      leads.set(at, known)
    }
    return known
  }
  const found: number[] = []
  const walk = (at: number, edges: readonly number[]): boolean => {
    if (at === web.end) return found.push(edges.reduceRight((p, e) => p * web.factor.at(e), 1)) <= most
    for (const e of onward.get(at) ?? []) if (leadsOn(web.to.at(e)) && !walk(web.to.at(e), [...edges, e])) return false
    return true
  }
  return web.end < 0 || walk(0, []) ? found : null
}

const near = (a: number, b: number, within: number): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= within * (1 + Math.abs(b))

/** The local Jacobian of a step, dense, by one cotangent per element of each result: the rule of the engine, row by row. */
function rowsOf({ application: call, outputs }: Step, slot: number): Map<string, number> {
  const x = call.inputs[slot] as Tensor
  const rows = new Map<string, number>()
  withoutRecording(() => {
    outputs.forEach((_, k) => {
      const y = call.outputs[k]
      for (let o = 0; o < y.size; o++) {
        const unit = y.dtype === 'float64' ? new Float64Array(y.size) : new Float32Array(y.size)
        unit[o] = 1
        const g = call.outputs.map((_, j) => (j === k ? fromArray(unit, y.shape, y.dtype) : null))
        const made = call.op.vjp(
          call,
          g,
          call.inputs.map((_, i) => i === slot),
        )[slot] as Tensor | null
        if (!made) continue
        toDense(fitCotangent(made, x)).forEach((value: number, i: number) => {
          // 0 · ∞ where nothing is connected says nothing.
          if (value !== 0 && !Number.isNaN(value)) rows.set(`${i} ${k} ${o}`, value)
        })
      }
    })
  })
  return rows
}

/** Every step's edges add up to the Jacobian that the engine's rule gives. */
export function checkLocals(output: Tensor, input: Tensor, what: string): void {
  for (const whole of [false, true]) {
    for (const step of readProgram(output, input, whole).steps) {
      if (step.inside) continue
      step.operands.forEach((x, slot) => {
        if (!x) return
        const wanted = rowsOf(step, slot)
        const got = new Map<string, number>()
        const local = step.local(slot)
        for (let i = 0; i < x.tensor.size; i++) {
          local(i, (k, o, factor) => {
            const key = `${i} ${k} ${o}`
            got.set(key, (got.get(key) ?? 0) + factor)
          })
        }
        const tolerance = step.application.outputs[0].dtype === 'float64' && x.tensor.dtype === 'float64' ? 1e-12 : 2e-6
        for (const key of new Set([...wanted.keys(), ...got.keys()])) {
          if (Number.isNaN(got.get(key))) continue
          expect(
            near(got.get(key) ?? 0, wanted.get(key) ?? 0, tolerance),
            `${what}\n${step.name} slot ${slot}, element, result, element ${key}: ${got.get(key)} for ${wanted.get(key)}`,
          ).toBe(true)
        }
      })
    }
  }
}

/** The engine's answer; null where there is none, or where values that are needed were changed in place. */
export function engineGradient(output: Tensor, input: Tensor): Tensor | null {
  try {
    readProgram(output, input, false)
    return gradients(output, input, { retainGraph: true, allowUnused: true })[0]
  } catch (error) {
    if (/changed .* in place/.test((error as Error).message)) return null
    throw error
  }
}

/** All that holds of one explanation by itself. */
export function checkExplanation(e: Explanation, gradient: number, exact: boolean, what: string): void {
  const where = `${what}\n∂${e.output}/∂${e.input} = ${e.gradient}, sum ${e.sum}, numeric ${e.numeric}, engine ${gradient}`
  const tolerance = exact ? 1e-9 : 1e-4
  const size = 1 + e.paths.reduce((total, { product }) => total + Math.abs(product), 0)
  expect(near(e.gradient, gradient, exact ? 1e-12 : 1e-5), where).toBe(true)
  expect(Math.abs(e.sum - e.gradient) <= tolerance * (size + Math.abs(e.rest.sum)), where).toBe(true)
  expect(e.agrees, where).toBe(true)
  const listed = e.paths.reduce((total, { product }) => total + product, 0)
  expect(near(listed + e.rest.sum, e.sum, 1e-10 * size), `${where}\nlisted ${listed} and rest ${e.rest.sum}`).toBe(true)
  expect(e.pathCount, where).toBe(BigInt(e.paths.length) + e.rest.count)
  if (e.rest.count === 0n) expect(e.rest.sum, where).toBe(0)
  const sizes = e.paths.map(({ product }) => Math.abs(product))
  expect(sizes, where).toEqual([...sizes].sort((a, b) => b - a))
  for (const { factors, product } of e.paths) {
    const told = factors.reduce((p, f) => p * f.value, 1)
    expect(near(told, product, 1e-12), `${where}\nfactors ${told} for ${product}`).toBe(true)
    factors.forEach((f, k) => {
      expect(f.wrt, `${where}\nfactor ${k}`).toBe(factors[k + 1]?.of ?? e.input)
      if (k === 0) expect(f.of, where).toBe(e.output)
    })
  }
}

/** Every way of telling it works, and plain data survives. */
export function checkRendering(e: Explanation): void {
  for (const text of [e.toText(), e.toTex(), e.toMarkdown(), e.toHtml(), e.toSvg(), e.toDot()])
    expect(text.length).toBeGreaterThan(0)
  expect(e.toText()).not.toMatch(/undefined|\[object/)
  const json = JSON.parse(JSON.stringify(e))
  expect(JSON.stringify(json)).toBe(JSON.stringify(e))
  expect(json.pathCount).toBe(String(e.pathCount))
}

/** Counts, the K best and the rest against walking all paths. */
export function checkPaths(output: Tensor, input: Tensor, element: number, what: string): void {
  const program = readProgram(output, input, false)
  const web = new Web(
    program.steps,
    { variable: program.input, index: element },
    { variable: program.output, index: 0 },
  )
  const all = enumerate(web, 2000)
  if (all === null) return
  const where = `${what}\nelement ${element}`
  expect(web.pathCount(), where).toBe(BigInt(all.length))
  const sorted = all.map(Math.abs).sort((a, b) => b - a)
  for (const k of [0, 1, 3, all.length, all.length + 5]) {
    const { best, rest } = bestPaths(web, k)
    expect(best.length, where).toBe(Math.min(k, all.length))
    best.forEach(({ product }, i) => {
      expect(
        near(Math.abs(product), sorted[i], 1e-12),
        `${where}\npath ${i} of ${k}: ${product} for ${sorted[i]}`,
      ).toBe(true)
    })
    const keys = new Set(best.map(({ edges }) => edges.join()))
    expect(keys.size, where).toBe(best.length)
    const total = all.reduce((sum, p) => sum + p, 0) - best.reduce((sum, { product }) => sum + product, 0)
    const size = 1 + all.reduce((sum, p) => sum + Math.abs(p), 0)
    expect(Math.abs(rest - total) <= 1e-12 * size, `${where}\nrest ${rest} for ${total} of ${k}`).toBe(true)
  }
}

const indexOf = (x: Tensor, element: number): number[] =>
  x.shape.map((n, d) => Math.floor(element / x.shape.slice(d + 1).reduce((a, b) => a * b, 1)) % n)

/** Inputs that the output depends on, with what the engine says. */
function* subjects({ output, leaves, inner }: RandomProgram, random: Random): Generator<[Tensor, Tensor]> {
  for (const input of [...leaves, random.pick([...inner, ...leaves])]) {
    if (input.size === 0) continue
    const gradient = engineGradient(output, input)
    if (gradient) yield [input, gradient]
  }
}

const combinations = (['function', 'op'] as const).flatMap((detail) =>
  [false, true].map((identities) => ({ detail, identities })),
)

/** Explains the output of a program by all its leaves and by one value in between, in all ways. */
export function checkProgram(program: RandomProgram, random: Random): void {
  const { output, text } = program
  if (!output.requiresGrad || output.gradFn === null) return
  for (const [input, gradient] of subjects(program, random)) {
    const what = `${text}\nby ${input.name ?? 'a value'} ${input.dtype} [${input.shape}]`
    checkLocals(output, input, what)
    const element = random.below(input.size)
    checkPaths(output, input, element, what)
    for (const options of combinations) {
      const e = explain(output, input, indexOf(input, element), { ...options, paths: random.pick([0, 1, 3, 12]) })
      checkExplanation(e, gradient.data[element], false, `${what} ${JSON.stringify(options)}`)
      if (random.chance(0.1)) checkRendering(e)
    }
  }
}
