/** Programs line by line, from recordings of programs that were instrumented as the worker instruments them. */

import { tensor } from 'chainrule'
import { startRecording, type Trace } from 'chainrule/explain'
import { instrument } from 'chainrule/explain/instrument'
import { describe, expect, it } from 'vitest'
import { markOf, valueText } from './facts.ts'
import { lineAt, lineFacts, lineOf, loopsAt, variablesAt } from './lines.ts'

/** The trace of a program that gets `tensor` as an argument. */
function traceOf(source: string): Trace {
  const { code } = instrument(source, { path: 'main.ts', typescript: true })
  const session = startRecording({ sources: { 'main.ts': source } })
  // A function adds two lines above its text.
  new Function('tensor', code)(tensor)
  const trace = session.stop().toTrace()
  const place = { file: 'main.ts', line: 0, column: 1 }
  const lineOf = new Map(trace.lines.flatMap(({ line, nodes }) => nodes.map((id) => [id, line])))
  return {
    ...trace,
    nodes: trace.nodes.map((n) => ({ ...n, source: n.source && { ...place, line: lineOf.get(n.id) ?? 0 } })),
  }
}

const loop = `const w = tensor(2, { requiresGrad: true })
let a = w
for (let i = 0; i < 3; i++) {
  a = a.mul(2)
}
a.backward()
const n = 7`

describe('a program with a loop', () => {
  const trace = traceOf(loop)
  const last = trace.steps.length - 1

  it('says of every line how often it has run and what it made, step by step', () => {
    const at = (step: number) =>
      lineFacts(trace, 'main.ts', step)
        .filter(({ line }) => line < 6)
        .map((facts) => markOf(facts).text)
    // Another name for a value is no value of its own.
    expect(at(0)).toEqual(['2 ∇ —', '2'])
    expect(at(2).at(-1)).toBe('2× 8')
    expect(at(last)[0]).toBe('2 ∇ 8')
    expect(markOf(lineFacts(trace, 'main.ts', last)[0]).says).toBe('Line 1 ran once; last value 2, gradient 8')
  })

  it('knows the variables at a step, but not those that change untold', () => {
    const at = (step: number) =>
      variablesAt(trace, 'main.ts', step).map(({ name, value }) => `${name} = ${valueText(value)}`)
    expect(at(0)).toEqual(['w = 2', 'a = 2'])
    expect(at(1)).toEqual(['w = 2', 'a = 4'])
    expect(at(3)).toEqual(['w = 2', 'a = 16', 'n = 7'])
    expect(at(last)).toEqual(at(3))
  })

  it('finds the line of a value, and of a leaf the line that named it', () => {
    expect(lineOf(trace, 'main.ts', 0)).toBe(1)
    expect(lineOf(trace, 'main.ts', 1)).toBe(trace.nodes[1].source!.line)
    expect(lineOf(trace, 'other.ts', 0)).toBe(null)
    expect(lineOf(trace, 'main.ts', 99)).toBe(null)
  })

  it('is nowhere before its first op, nor in another file', () => {
    expect(lineAt(trace, 'main.ts', 0)).toBe(null)
    expect(lineAt(trace, 'other.ts', 1)).toBe(null)
    expect(loopsAt(trace, 'main.ts', 0)).toEqual([])
  })
})

describe('values as short texts', () => {
  it.each([
    [{ shape: [], dtype: 'float32', data: [1.2e-7] }, '1.2e-7'],
    [{ shape: [], dtype: 'float32', data: ['NaN'] }, 'NaN'],
    [{ shape: [1], dtype: 'float32', data: [0] }, '[0]'],
    [{ shape: [2], dtype: 'float32', data: [1, 0.5] }, '[1, 0.5]'],
    [{ shape: [64, 8], dtype: 'float32', data: null }, '[64×8]'],
    [3, '3'],
    ['an array of 3', 'an array of 3'],
    [undefined, ''],
  ] as const)('%j', (value, text) => expect(valueText(value as never)).toBe(text))
})
