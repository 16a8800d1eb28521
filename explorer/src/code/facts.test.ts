import type { TraceTensor } from 'chainrule/explain'
import { describe, expect, it } from 'vitest'
import { markOf, valueText } from './facts.ts'

const vector = (data: TraceTensor['data']): TraceTensor => ({ shape: [data!.length], dtype: 'float64', data })

describe('beside a line', () => {
  it.each([
    [vector([1, 'NaN']), '[1, NaN]'],
    [vector([1, 2, 3, 4, 5]), '[5]'],
    [vector([1, 'NaN', 3, 'NaN', '-Infinity']), '[5], 2 NaN, 1 -∞'],
  ])('stands of %j: %s', (value, text) => expect(valueText(value)).toBe(text))

  it('stands the gradient of several numbers only where it is not finite', () => {
    const facts = { line: 3, runs: 1, value: vector([1, 2, 3, 4, 5]), node: 0 }
    expect(markOf({ ...facts, gradient: vector([1, 1, 1, 1, 1]) }).text).toBe('[5]')
    expect(markOf({ ...facts, gradient: vector([1, 'NaN', 1, 1, 1]) }).text).toBe('[5] ∇ 1 NaN')
  })
})
