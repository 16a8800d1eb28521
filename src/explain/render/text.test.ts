import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Block, Cell, Column } from './document.ts'
import { shortNumber } from './number.ts'
import { renderText } from './text.ts'
import { equals, number, product, words } from './typeset.ts'
import { displayWidth } from './width.ts'

const body = (blocks: Block[], width: number): string =>
  renderText('t', blocks, { width }).split('\n').slice(3).join('\n')

const table = (heads: readonly (string | Column)[], rows: readonly (readonly Cell[])[], caption?: string): Block => ({
  is: 'table',
  columns: heads.map((head, i) => (typeof head === 'string' ? { head, align: i === 0 ? 'left' : 'right' } : head)),
  rows,
  caption,
})

describe('tables in a terminal', () => {
  it('align by columns of the terminal', () => {
    expect(
      body(
        [
          table(
            ['layer', 'norm'],
            [
              ['中文', 0.5],
              ['naïve', -12],
              ['🙂', NaN],
            ],
          ),
        ],
        40,
      ),
    ).toBe(`layer  norm
─────  ────
中文    0.5
naïve   -12
🙂      NaN`)
  })

  it('wrap their widest text first', () => {
    const rows = [
      ['fc1', 'the quick brown fox jumps over the lazy dog', 0.123456],
      ['fc2', 'short', -1.2e-7],
    ]
    const heads: (string | Column)[] = ['layer', { head: 'finding', align: 'left' }, 'norm']
    expect(body([table(heads, rows)], 36)).toBe(`layer  finding                  norm
─────  ────────────────────  ───────
fc1    the quick brown fox    0.1235
       jumps over the lazy
       dog
fc2    short                 -1.2e-7`)
  })

  it('become lists of values where even that is too wide', () => {
    const heads = ['layer', 'activation', 'gradient', 'update']
    expect(
      body(
        [
          table(heads, [
            ['fc1', 0.1234, 1.235e-9, -12.35],
            ['fc2', 1, 2, 3],
          ]),
        ],
        24,
      ),
    ).toBe(`layer       fc1
activation  0.1234
gradient    1.235e-9
update      -12.35

layer       fc2
activation  1
gradient    2
update      3`)
  })

  const cell = fc.oneof(fc.stringMatching(/^[a-z]{1,20}( [a-z]{1,20}){0,4}$/), fc.double())
  it('never cut a number and never leave the line for anything else', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 6 })
          .chain((columns) =>
            fc.tuple(
              fc.array(fc.stringMatching(/^[a-z]{1,15}$/), { minLength: columns, maxLength: columns }),
              fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 5 }),
            ),
          ),
        fc.integer({ min: 40, max: 120 }),
        ([heads, rows], width) => {
          const text = body([table(heads, rows)], width)
          for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
          for (const content of rows.flat())
            if (typeof content === 'number')
              expect(` ${text.replaceAll('\n', ' ')} `).toContain(` ${shortNumber(content)} `)
        },
      ),
    )
  })

  it('may be empty', () => {
    expect(body([table(['a', 'b'], [])], 40)).toBe('a  b\n─  ─')
  })
})

describe('formulas in a terminal', () => {
  const long = equals('L', product(Array.from({ length: 12 }, (_, i) => i + 0.25)), number(1e9))

  it('break before relation signs and operators', () => {
    expect(body([{ is: 'formula', lines: [equals('dL', product([0.5, 2])), long] }], 40)).toBe(`  dL = 0.5 × 2
   L = 0.25 × 1.25 × 2.25 × 3.25 × 4.25
         × 5.25 × 6.25 × 7.25 × 8.25
         × 9.25 × 10.25 × 11.25
     = 1e9`)
  })

  it('keep to the width', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.double(), { minLength: 1, maxLength: 20 }), { minLength: 1 }), (chain) => {
        const line = equals('left', ...chain.map(product))
        for (const width of [40, 80])
          for (const shown of body([{ is: 'formula', lines: [line] }], width).split('\n'))
            expect(displayWidth(shown)).toBeLessThanOrEqual(width)
      }),
    )
  })

  it('stand on two lines where the left side is long', () => {
    const line = equals(words('a left side of more than half'), product([0.5, 2]))
    expect(body([{ is: 'formula', lines: [line] }], 40)).toBe('  a left side of more than half\n       = 0.5 × 2')
  })
})

describe('colour', () => {
  const blocks: Block[] = [table(['a', 'b', 'c'], [[1, -1, 0]]), { is: 'note', tone: 'bad', parts: ['x'] }]

  it('is added to the same text', () => {
    const coloured = renderText('t', blocks, { color: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI codes start with one
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderText('t', blocks, {}))
    expect(coloured).toContain('\u001b[36m1\u001b[0m  \u001b[33m-1\u001b[0m  \u001b[2m0\u001b[0m')
    expect(coloured).toContain('\u001b[31m✗\u001b[0m x')
  })

  it('is not there unless asked for', () => {
    expect(renderText('t', blocks, {})).not.toContain('\u001b')
  })
})
