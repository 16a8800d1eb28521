/**
 * The articles' numbers: 71 cases, each with inputs, the values expected of them, and what the article prints. A test
 * calculates a case with the library and hands over everything it found, laid out as the case is; whatever the case
 * expects and the test did not find fails, and so does a printed number that is not what the article shows.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { gradients, type NestedArray, type TapeNode, Tensor, tensor } from '../../src/index.ts'

export type Json = number | string | boolean | null | Json[] | { [key: string]: Json }
export type Found = number | string | boolean | Tensor | readonly Found[] | { readonly [key: string]: Found }

export interface SeedCase {
  readonly id: string
  readonly seed: string
  readonly title: string
  readonly kind: 'value' | 'fixture' | 'invariant' | 'exercise' | 'claim' | 'ui'
  readonly inputs: Record<string, Json>
  readonly expected: Record<'forward' | 'gradients' | 'other', Record<string, Json>>
  readonly printed: Record<string, string | string[]>
  readonly printedMismatch?: readonly { readonly path: string; readonly printed: string; readonly exact: number }[]
  readonly stdout?: readonly string[]
  readonly graph?: {
    readonly nodes: readonly GraphNode[]
    readonly backwardOrder?: string[]
    readonly ascii?: string[]
  }
  readonly tolerance?: number
}

export interface GraphNode {
  readonly id: string
  readonly op: string
  readonly in: readonly (string | number)[]
}

export interface Results {
  readonly forward?: { readonly [key: string]: Found }
  readonly gradients?: { readonly [key: string]: Found }
  readonly other?: { readonly [key: string]: Found }
}

export const cases = JSON.parse(
  readFileSync(new URL('./fixtures/cases.json', import.meta.url), 'utf8'),
) as readonly SeedCase[]

/** One case under test. */
export class Subject {
  readonly data: SeedCase
  private unchecked: Set<string>

  constructor(data: SeedCase) {
    this.data = data
    this.unchecked = new Set(['forward', 'gradients', 'other', 'graph'].filter((part) => this.has(part)))
  }

  /** The numeric inputs as float64 leaves that require a gradient, named as in the case. */
  leaves(): Record<string, Tensor> {
    const numeric = Object.entries(this.data.inputs).filter(([, value]) => isNumeric(value))
    return Object.fromEntries(
      numeric.map(([name, value]) => [name, tensor(value as NestedArray, { ...float64, requiresGrad: true, name })]),
    )
  }

  /** An input that is one number. */
  number(name: string): number {
    const value = this.data.inputs[name]
    if (typeof value !== 'number') throw new Error(`${this.data.id}: ${name} is not one number`)
    return value
  }

  /**
   * Compares all that the case expects with what was found.
   * @param byHand dotted paths that this does not compare: statements in words and round-off, for which the test has
   *   assertions of its own.
   */
  check(results: Results, byHand: readonly string[] = []): void {
    const { id, expected, inputs, tolerance = 1e-12 } = this.data
    for (const part of ['forward', 'gradients', 'other'] as const) {
      this.unchecked.delete(part)
      compare(results[part] ?? {}, expected[part], part, { tolerance, byHand, id })
    }
    const mismatches = new Map((this.data.printedMismatch ?? []).map((entry) => [entry.path, entry]))
    for (const [path, text] of Object.entries(this.data.printed)) {
      if (byHand.includes(path)) continue
      const value = lookUp({ ...results, inputs: inputs as never }, path)
      const shown = Array.isArray(text) ? text.map((t, i) => format((value as Found[])[i], t)) : format(value, text)
      if (!mismatches.has(path)) expect(shown, `${id}: ${path} as printed`).toEqual(text)
      else expect(shown, `${id}: ${path} is misprinted in the article`).not.toEqual(text)
    }
  }

  /**
   * Compares the tape behind `output` with the graph of the case, and the order in which a gradient visits it.
   * @returns the names of the ops in that order.
   */
  checkGraph(output: Tensor): string[] {
    this.unchecked.delete('graph')
    const { nodes, backwardOrder } = this.data.graph!
    const ids = nodes.map(({ id }) => id)
    const tape = tapeOf(output)
    expect(graphOf(tape, ids)).toEqual(nodes)
    const visits = backwardVisits(output, tape)
    expect([...visits].sort(), 'every node is visited once').toEqual(tape.map((_, i) => i).sort())
    const shown = (i: number, like: string) => (like.includes(':') ? `${ids[i]}:${tape[i].name}` : ids[i])
    if (backwardOrder) expect(visits.map((i, k) => shown(i, backwardOrder[k]))).toEqual(backwardOrder)
    return visits.map((i) => tape[i].name)
  }

  /** The graph was compared in the test's own way. */
  graphChecked(): void {
    this.unchecked.delete('graph')
  }

  done(): void {
    expect([...this.unchecked], `${this.data.id}: not looked at`).toEqual([])
  }

  private has(part: string): boolean {
    if (part === 'graph') return this.data.graph !== undefined
    return Object.keys(this.data.expected[part as 'other']).length > 0
  }
}

/** A case for a test that looks at one side of it. */
export function caseOf(id: string): Subject {
  const data = cases.find((entry) => entry.id === id)
  if (!data) throw new Error(`there is no case ${id}`)
  return new Subject(data)
}

/** Milliseconds: the statistics over a thousand networks take seconds, on a busy machine many. */
const TIMEOUT = 60_000

/** The test of one case. */
export function seedCase(id: string, check: (subject: Subject) => void): void {
  test(`${id}: ${caseOf(id).data.title}`, { timeout: TIMEOUT }, () => {
    const subject = caseOf(id)
    check(subject)
    subject.done()
  })
}

export const float64 = { dtype: 'float64' } as const

/** The gradients of a result by values that went into it, under the names they have here; null where none flows. */
export function gradientsOf(y: Tensor, values: Record<string, Tensor>): Record<string, Tensor> {
  const found = gradients(y, Object.values(values), { retainGraph: true })
  return Object.fromEntries(Object.keys(values).map((name, i) => [name, found[i] as Tensor]))
}

function isNumeric(value: Json): boolean {
  return typeof value === 'number' || (Array.isArray(value) && value.length > 0 && value.every(isNumeric))
}

interface Rule {
  readonly id: string
  readonly tolerance: number
  readonly byHand: readonly string[]
}

const plain = (value: Found): unknown => (value instanceof Tensor ? value.toArray() : value)

function compare(found: Found | undefined, wanted: Json, path: string, rule: Rule): void {
  if (rule.byHand.includes(path)) return
  const value = plain(found as Found) as Found
  const where = `${rule.id}: ${path}`
  if (Array.isArray(wanted)) {
    expect(Array.isArray(value) && value.length, `${where}: number of entries`).toBe(wanted.length)
    wanted.forEach((w, i) => {
      compare((value as Found[])[i], w, `${path}.${i}`, rule)
    })
  } else if (typeof wanted === 'object' && wanted !== null) {
    if (typeof value !== 'object') expect.fail(`${where}: not found`)
    for (const [key, w] of Object.entries(wanted))
      compare((value as Record<string, Found>)[key], w, `${path}.${key}`, rule)
    expect(
      Object.keys(value).filter((key) => !(key in wanted)),
      `${where}: unknown`,
    ).toEqual([])
  } else if (typeof wanted === 'number') {
    if (typeof value !== 'number') expect.fail(`${where}: not found`)
    if (!near(value, wanted, rule.tolerance)) expect.fail(`${where} is ${value}, expected ${wanted}`)
  } else {
    expect(value, where).toEqual(wanted)
  }
}

/** Within a relative error, or an absolute one unless the number is itself tiny. */
export function near(value: number, wanted: number, tolerance = 1e-12): boolean {
  const error = Math.abs(value - wanted)
  const tiny = wanted !== 0 && Math.abs(wanted) < 1e-6
  return error <= tolerance * Math.abs(wanted) || (!tiny && error <= tolerance)
}

export function close(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length)
  for (const [i, number] of wanted.entries()) expect(near(found[i], number), `${found[i]} is ${number}`).toBe(true)
}

function lookUp(root: unknown, path: string): Found {
  const step = (value: unknown, key: string) => (plain(value as Found) as Record<string, unknown> | undefined)?.[key]
  return plain(path.split('.').reduce(step, root) as Found) as Found
}

/** A value as the article shows it: with as many digits as `text` has. */
function format(value: Found, text: string): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'number') return String(value)
  const decimals = /\.(\d+)/.exec(text)?.[1].length ?? 0
  return /e[-+]/.test(text) ? value.toExponential(decimals).replace(/([+-])(\d)$/, '$10$2') : value.toFixed(decimals)
}

/** The nodes behind a tensor in the order in which they ran. */
export function tapeOf(output: Tensor): TapeNode[] {
  const nodes = new Set<TapeNode>()
  const pending: (Tensor | number)[] = [output]
  for (let x = pending.pop(); x !== undefined; x = pending.pop()) {
    if (typeof x === 'number' || x.gradFn === null || nodes.has(x.gradFn)) continue
    nodes.add(x.gradFn)
    pending.push(...x.gradFn.inputs!)
  }
  return [...nodes].sort((a, b) => a.sequence - b.sequence)
}

/** The tape as a case writes it, its nodes under the given names; leaves have their own. */
function graphOf(tape: readonly TapeNode[], ids: readonly string[]): GraphNode[] {
  const nameOf = (x: Tensor | number): string | number => {
    if (typeof x === 'number') return x
    return x.gradFn ? ids[tape.indexOf(x.gradFn)] : (x.name ?? x.item())
  }
  return tape.map(({ name, inputs }, i) => {
    const operands = inputs!.map(nameOf)
    const square = name === 'pow' && operands[1] === 2
    return { id: ids[i], op: square ? 'pow2' : name, in: square ? operands.slice(0, 1) : operands }
  })
}

/** The places on the tape at which the gradient of `output` arrives, in that order. */
export function backwardVisits(output: Tensor, tape: readonly TapeNode[] = tapeOf(output)): number[] {
  const visits: number[] = []
  const removals = tape.map(({ outputs }, i) => outputs![0].onGrad(() => void visits.push(i)))
  const leaves = tape.flatMap(({ inputs }) =>
    inputs!.filter((x): x is Tensor => typeof x !== 'number' && x.isLeaf && x.requiresGrad),
  )
  gradients(output, [...new Set(leaves)], { retainGraph: true })
  for (const remove of removals) remove()
  return visits
}
