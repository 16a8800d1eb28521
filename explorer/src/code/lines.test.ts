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

describe('what a line set last', () => {
  const said = (source: string, line: number) => {
    const trace = traceOf(source)
    return markOf(lineFacts(trace, 'main.ts', trace.steps.length - 1).find((facts) => facts.line === line)!).text
  }

  it('is the leaf of the last pass', () => {
    const source = `const w = tensor(2, { requiresGrad: true })
let s = w.mul(0)
for (const x of [1, 5, 3]) {
  const c = tensor(x, { requiresGrad: true })
  s = s.add(c.mul(w).mul(x))
}
s.backward()`
    expect(said(source, 4)).toBe('3× 3 ∇ 6')
    const trace = traceOf(source)
    const leaves = trace.nodes.filter(({ name }) => name.startsWith('c'))
    expect(leaves.map(({ id }) => lineOf(trace, 'main.ts', id))).toEqual([4, 4, 4])
  })

  it('is what nobody has read, too', () => {
    const source = `let w = tensor(3, { requiresGrad: true })
for (const rate of [1, 2]) {
  w.mul(w).backward()
  const next = w.detach().sub(rate)
  next.requiresGrad = true
  w = next
}`
    expect([said(source, 1), said(source, 4), said(source, 6)]).toEqual(['3 ∇ —', '2× 0', '2× 0'])
  })

  it('is no more what a variable holds that was changed in place', () => {
    const trace = traceOf(`const w = tensor([1, -2], { requiresGrad: true })
w.square().sum().backward()
w.detach().mul_(5)
const v = tensor(3)
v.mul_(2)`)
    const all = variablesAt(trace, 'main.ts', trace.steps.length - 1)
    expect(all.map(({ name, value, changed }) => [name, valueText(value), changed])).toEqual([
      ['w', '[1, -2]', true],
      ['v', '3', true],
    ])
  })

  it('is a number where a number was set, whatever ops that took', () => {
    const trace = traceOf('const a = tensor(1, { requiresGrad: true })\nconst k = a.mul(2).item() + 100')
    // Two lines further down stand the ops of a line here.
    const moved = trace.lines.map((line) => ({ ...line, nodes: line.line === 2 ? [1] : [] }))
    expect(markOf(lineFacts({ ...trace, lines: moved }, 'main.ts', 1)[1]).text).toBe('102')
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
