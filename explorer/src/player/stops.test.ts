import type { Trace, TraceStep } from 'chainrule/explain'
import { describe, expect, it } from 'vitest'
import { granularitiesOf, phasesOf, stopFrom, stopsOf, usualGranularity } from './stops.ts'

/** A program of one op per entry: the line that it stands on. Its trace has only what the player asks for. */
function traceOf(lines: readonly number[]): Trace {
  const n = lines.length
  const nodes = lines.map((line) => ({ source: { file: 'a.ts', line }, scope: line > 2 ? ['b'] : ['a'] }))
  const step = (phase: TraceStep['phase'], nodes: number[], call: number | null) => ({ phase, nodes, call, text: '' })
  const steps = [
    step('leaves', [], null),
    ...lines.map((_, i) => step('forward', [i], null)),
    step('seed', [n - 1], 0),
    ...lines.map((_, i) => step('backward', [n - 1 - i], 0)),
  ]
  return { nodes, steps } as unknown as Trace
}

const trace = traceOf([1, 1, 2, 3])

describe('stops', () => {
  it('are all steps, or the last of each line or layer', () => {
    expect(stopsOf(trace, 'op')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(stopsOf(trace, 'line')).toEqual([0, 2, 3, 4, 5, 6, 7, 9])
    expect(stopsOf(trace, 'layer')).toEqual([0, 3, 4, 5, 6, 9])
  })

  it('are found from anywhere, and held at the ends', () => {
    const stops = [0, 2, 3, 7]
    expect([0, 1, 2, 6, 7].map((step) => stopFrom(stops, step, 1))).toEqual([2, 2, 3, 7, 7])
    expect([0, 1, 2, 6, 7].map((step) => stopFrom(stops, step, -1))).toEqual([0, 0, 0, 3, 3])
    expect([stopFrom(stops, 1, 10), stopFrom(stops, 6, -10)]).toEqual([7, 0])
  })

  it('are as fine as plays through in a minute', () => {
    expect(usualGranularity(trace, 2)).toBe('op')
    expect(usualGranularity(traceOf(Array.from({ length: 200 }, (_, i) => 1 + Math.floor(i / 10))), 2)).toBe('line')
    expect(usualGranularity(traceOf(Array.from({ length: 200 }, (_, i) => 1 + i)), 2)).toBe('layer')
    expect(usualGranularity(traceOf(new Array(200).fill(1)), 2)).toBe('op')
  })

  it('are offered by what the trace knows', () => {
    expect(granularitiesOf(trace)).toEqual(['op', 'line', 'layer'])
    expect(granularitiesOf(traceOf([1, 1]))).toEqual(['op'])
  })
})

it('phases follow one another', () => {
  expect(phasesOf(trace).map(({ phase, from, to }) => [phase, from, to])).toEqual([
    ['leaves', 0, 1],
    ['forward', 1, 5],
    ['seed', 5, 6],
    ['backward', 6, 10],
  ])
})
