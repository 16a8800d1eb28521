/** A graph lowered and run in memory as planned against the graph interpreted. */
import { expect } from 'vitest'
import type { Graph } from '../../src/compile/graph/graph.ts'
import { interpret } from '../../src/compile/graph/interpret.ts'
import { lower } from '../../src/compile/plan/lower.ts'
import type { Lowered } from '../../src/compile/plan/lowered.ts'
import { allocate } from '../../src/ops/dtype.ts'
import type { DType } from '../../src/ops/value.ts'
import { type Reference, reference } from './reference.ts'

/** Runs both on equal numbers, several times, and compares results and states. */
export function agree(
  graph: Graph,
  tolerance = 1e-12,
  engine: (lowered: Lowered) => Reference = reference,
  lowered: Lowered = lower(graph),
): void {
  const infos = graph.states.map(({ before }) => graph.values[before])
  const homes = infos.map(({ size, dtype }, s) => {
    const buffer = allocate(dtype, size)
    for (let i = 0; i < size; i++) buffer[i] = Math.sin(i + s)
    return { buffer }
  })
  const truth = interpret(graph, homes)
  const program = engine(lowered)
  for (const [s, { buffer }] of homes.entries()) program.array(lowered.states[s], infos[s].dtype).set(buffer)
  for (let round = 0; round < 3; round++) {
    for (const [k, array] of truth.inputs.entries()) {
      if (array === undefined) continue
      const dtype = dtypeOf(graph, k)
      for (let i = 0; i < array.length; i++)
        array[i] = dtype === 'int32' || dtype === 'bool' ? (i + round) % 2 : Math.cos(i * 1.7 + k + round) + 0.1
      if (lowered.inputs[k] >= 0) program.array(lowered.inputs[k], dtype).set(array)
    }
    truth.run()
    program.run()
    for (const [r, expected] of truth.results.entries()) {
      const got = program.array(lowered.results[r], graph.values[graph.results[r]].dtype)
      close(`result ${r}`, got, expected, tolerance)
    }
    for (const [s, { buffer }] of homes.entries())
      close(`state ${s}`, program.array(lowered.states[s], infos[s].dtype), buffer, tolerance)
  }
}

const dtypeOf = ({ values }: Graph, index: number): DType =>
  values.find(({ origin }) => origin.is === 'input' && origin.index === index)!.dtype

function close(what: string, got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(got[i], expected[i]) || Math.abs(got[i] - expected[i]) <= tolerance * (1 + Math.abs(expected[i])))
      continue
    expect.fail(`${what}, element ${i}: ${got[i]} instead of ${expected[i]}`)
  }
}
