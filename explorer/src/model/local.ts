/**
 * Sessions of programs that run in the page itself. The recording stays alive behind its trace, so that a question about
 * two numbers is answered by the engine, from the values of that run.
 */
import type { Tensor } from 'chainrule'
import { type ExplanationJson, explain, type Recording, type RecordOptions, record } from 'chainrule/explain'
import type { Element, Session } from './session.ts'

/** Values with more elements than this are summed up in the trace. */
const MAX_ELEMENTS = 4096

/** Runs `program`, backward included, under observation. What it throws is thrown. */
export function localSession(origin: string, program: () => unknown, options: RecordOptions = {}): Session {
  const recording = record<unknown>(program, options)
  return {
    origin,
    trace: withoutPlaces(recording),
    explain: async (output, input) => explanationIn(recording, output, input),
  }
}

/** The explanation of one number of a recording by another, as plain data. */
export function explanationIn(recording: Recording, output: Element, input: Element): ExplanationJson {
  const [y, x] = [recording.nodes[output.node].tensor, recording.nodes[input.node].tensor]
  const one = y.size === 1 ? y : y.at(...indexOf(y, output.index))
  return explain(one, x, indexOf(x, input.index), { names: recording }).toJSON()
}

/** One integer per dimension, of an element in row-major order. */
function indexOf({ shape }: Tensor, flat: number): number[] {
  const index: number[] = []
  let rest = flat
  for (const size of shape.toReversed()) {
    index.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return index
}

/** The places of such a program are places in the scripts of the page, which nobody wrote. */
function withoutPlaces(recording: Recording): Session['trace'] {
  const trace = recording.toTrace({ maxElements: MAX_ELEMENTS })
  return { ...trace, lines: [], nodes: trace.nodes.map((node) => ({ ...node, source: null })) }
}
