import type { Trace } from 'chainrule/explain'
import { expect, test } from 'vitest'
import { missing } from './backward.ts'

const traceOf = (source: string, names: readonly string[], requiresGrad = true, shape: number[] = []): Trace =>
  ({
    sources: { 'main.ts': source },
    nodes: names.map((name) => ({ name, kind: 'result', requiresGrad, value: { shape } })),
  }) as unknown as Trace

test.each([
  ['const y = w.square()', ['y'], 'y.backward()', true],
  ['let y = w.square()\nconst L = y.add(1)', ['y', 'L'], 'L.backward()', true],
  ['if (true) {\n  const y = w.square()\n}', ['y'], 'loss.backward()', false],
  ['w.square()', ['v1'], 'loss.backward()', false],
  ['const yes = w.square()', ['y'], 'loss.backward()', false],
] as const)('of %j the missing line is known', (source, names, line, isSafe) => {
  expect(missing(traceOf(source, names))).toEqual({ line, isSafe })
})

test('values of several numbers, and those without a gradient, are not asked', () => {
  expect(missing(traceOf('const y = w.square()', ['y'], true, [2]))).toMatchObject({ isSafe: false })
  expect(missing(traceOf('const y = w.square()', ['y'], false))).toMatchObject({ isSafe: false })
})
