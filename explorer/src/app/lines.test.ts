import type { Trace } from 'chainrule/explain'
import { describe, expect, it } from 'vitest'
import { linesOf, nearest, nodeOfLine } from './lines.ts'

const places = [['a.ts', 3], ['b.ts', 9], ['a.ts', 2], null, ['a.ts', 3]] as const
const nodes = places.map((place, id) => ({ id, source: place && { file: place[0], line: place[1] } }))
const trace = { nodes } as unknown as Trace

describe('lines of a program', () => {
  it('are those on which something was computed', () => {
    expect([...linesOf(trace)]).toEqual([
      ['a.ts', [2, 3]],
      ['b.ts', [9]],
    ])
  })

  it('lead to what they made last', () => {
    expect(nodeOfLine(trace, 'a.ts', 3)).toBe(4)
    expect(nodeOfLine(trace, 'b.ts', 3)).toBe(null)
  })

  it('have neighbours', () => {
    expect([1, 4, 5, 99].map((line) => nearest([2, 7], line))).toEqual([2, 2, 7, 7])
  })
})
