/** What must be true of every recording, whatever the program. */
import { expect } from 'vitest'
import { fitCotangent } from '../../src/autodiff/fit.ts'
import {
  explain,
  type RecordedNode,
  type Recording,
  readTrace,
  record,
  type TraceTensor,
} from '../../src/explain/index.ts'
import { mul, type Tensor } from '../../src/index.ts'
import type { RandomProgram } from './random-programs.ts'

const bits = (x: Tensor | null): number[] | null => x && Array.from(x.data as Float64Array)

/** What a program leaves behind: values and gradients. */
function outcome({ leaves, inner, output }: RandomProgram): (number[] | null)[] {
  return [output, ...leaves, ...inner, ...leaves.map((x) => x.grad)].map(bits)
}

/** Runs backward where the program allows it; says how it went. */
function finish(program: RandomProgram): RandomProgram & { error: string | null } {
  try {
    if (program.output.requiresGrad) program.output.backward()
    return { ...program, error: null }
  } catch (error) {
    return { ...program, error: (error as Error).message }
  }
}

/** @param by what they were computed from: their precision and their sizes count. */
function near(got: Tensor, wanted: Tensor, what: string, by: readonly Tensor[] = []): void {
  const tolerance = [got, wanted, ...by].every(({ dtype }) => dtype === 'float64') ? 1e-12 : 1e-5
  expect(got.shape, what).toEqual(wanted.shape)
  const [a, b] = [got.data, wanted.data]
  const size = [wanted, ...by].flatMap((x) => Array.from(x.data)).reduce((most, v) => Math.max(most, Math.abs(v)), 1)
  for (let i = 0; i < a.length; i++)
    if (!Object.is(a[i], b[i]))
      expect(Math.abs(a[i] - b[i]), `${what}: ${a[i]} for ${b[i]}`).toBeLessThanOrEqual(tolerance * size)
}

/** Plainly and under observation, a program does the same; what is noted of it adds up. */
export function checkRecording(make: () => RandomProgram): void {
  const plain = finish(make())
  const recording = record(() => finish(make()))
  const seen = recording.value
  expect(seen.error, seen.text).toBe(plain.error)
  expect(outcome(seen), seen.text).toEqual(outcome(plain))
  if (seen.error !== null) return
  checkValues(recording, seen)
  checkGradients(recording, seen)
  checkSteps(recording, seen)
  checkTrace(recording, seen)
  for (const x of seen.leaves) {
    if (!x.grad || x.size === 0) continue
    const e = explain(seen.output, x)
    const place = x.data.findIndex((_: number, i: number) => x.grad!.data[i] === e.gradient)
    if (place < 0)
      near(x.grad.abs().max(), x.grad.mul(0).add(e.gradient).abs().max(), `${seen.text}\nexplained afterwards`)
    expect(e.agrees, `${seen.text}\nexplained afterwards: ${e.gradient}, sum ${e.sum}, numeric ${e.numeric}`).toBe(true)
  }
}

/** A value that nothing has changed since is what was noted of it; ops compute their results from their operands. */
function checkValues(recording: Recording, { inner, text }: RandomProgram): void {
  for (const x of inner) {
    const node = recording.find(x)
    if (node && x.version === 0) expect(bits(node.value), `${text}\n${node.name}`).toEqual(bits(x))
  }
  const ids = recording.nodes.map(({ id }) => id)
  expect(ids).toEqual(ids.map((_, i) => i))
  for (const { id, inputs } of recording.nodes)
    for (const x of inputs) if (typeof x !== 'number') expect(x.id).toBeLessThan(id)
  expect(new Set(recording.nodes.map(({ name }) => name)).size, text).toBe(recording.nodes.length)
}

const total = (parts: readonly Tensor[]): Tensor => parts.reduce((a, b) => a.add(b))

/** Gradients of leaves are those of the program; every gradient is the sum of what was sent, each the local derivative times what arrived. */
function checkGradients(recording: Recording, { leaves, output, text }: RandomProgram): void {
  for (const x of leaves) {
    const gradient = recording.find(x)?.gradient() ?? null
    expect(gradient !== null, `${text}\n${x.name}`).toBe(x.grad !== null)
    if (gradient) near(gradient, x.grad!, `${text}\nthe gradient of ${x.name}`)
  }
  const root = recording.find(output)
  for (const node of recording.nodes) {
    const gradient = node.gradient()
    const sent = node.uses.flatMap(({ node: user, slot }) => user.contribution(slot) ?? [])
    if (gradient && node !== root) near(total(sent), gradient, `${text}\n${node.name} by its uses`, sent)
    for (const [slot] of node.inputs.entries()) checkContribution(node, slot, text)
  }
}

function checkContribution(node: RecordedNode, slot: number, text: string): void {
  const [sent, local, gradient, operand] = [
    node.contribution(slot),
    node.local(slot),
    node.gradient(),
    node.inputs[slot],
  ]
  if (!sent || !local || !gradient || typeof operand === 'number') return
  const attrs = node.attrs as { axes?: readonly number[] }
  const arrived = attrs.axes
    ? gradient.reshape(operand.value.shape.map((n, d) => (attrs.axes!.includes(d) ? 1 : n)))
    : gradient
  const product = mul(arrived, local)
  if (product.data.some((v: number) => !Number.isFinite(v))) return
  near(fitCotangent(product, operand.value), sent, `${text}\n${node.name} (${node.op}) sends to ${operand.name}`, [
    local,
  ])
}

function checkSteps(recording: Recording, { text }: RandomProgram): void {
  const { steps, nodes, calls } = recording
  const applications = new Set(nodes.map(({ application }) => application))
  applications.delete(-1)
  const visits = nodes.reduce((n, node) => n + (node.output === 0 ? node.visits.length : 0), 0)
  expect(steps.length, text).toBe(1 + applications.size + calls.length + visits)
  expect(steps.map(({ index }) => index)).toEqual(steps.map((_, i) => i))
  const end = recording.stateAt(steps.length - 1)
  expect(end.values.size).toBe(nodes.length)
  for (const node of nodes) {
    const gradient = node.gradient()
    const arrived = end.gradients.get(node) ?? null
    expect(arrived !== null, `${text}\n${node.name}`).toBe(gradient !== null)
    if (gradient) near(arrived!, gradient, `${text}\n${node.name} after the last step`)
  }
  let before = 0
  for (const { index } of steps) {
    const state = recording.stateAt(index)
    const known = state.values.size + state.gradients.size
    expect(known, text).toBeGreaterThanOrEqual(before)
    before = known
  }
}

function checkTrace(recording: Recording, { text }: RandomProgram): void {
  const trace = readTrace(JSON.stringify(recording))
  expect(trace.nodes.length, text).toBe(recording.nodes.length)
  const same = (got: TraceTensor | null, wanted: Tensor | null) => {
    const numbers = got?.data?.map((v) => Number(v) + 0) ?? null
    expect(numbers, text).toEqual(bits(wanted)?.map((v) => v + 0) ?? null)
  }
  trace.nodes.forEach((node, id) => {
    const own = recording.nodes[id]
    same(node.value, own.value)
    recording.calls.forEach((call, k) => {
      same(node.gradients[k] ?? null, own.gradient(call))
    })
    node.local?.forEach((local, slot) => {
      same(local, own.local(slot))
    })
  })
  for (const told of [recording.toText(), recording.toMarkdown()]) expect(told).not.toMatch(/undefined|\[object/)
  for (const told of [recording.toTex(), recording.toHtml(), recording.toDot()]) expect(told.length).toBeGreaterThan(0)
}
