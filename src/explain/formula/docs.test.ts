/** docs/formulas.md: its examples are run, and its list of functions is complete. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseFormula, runFormula } from './index.ts'
import { library } from './library.ts'

const page = readFileSync(new URL('../../../docs/formulas.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `(.+?)` \| (?:`(.+?)`)? ?\| `(.+?)` \|$/gm)]
const rounded = (x: unknown): unknown => (Array.isArray(x) ? x.map(rounded) : Math.round(Number(x) * 1e4) / 1e4)

describe('docs/formulas.md', () => {
  it('has examples', () => expect(rows.length).toBeGreaterThan(40))

  it.each(rows.map(([, formula, at = '', result]) => [formula.replaceAll('\\|', '|'), at, result]))(
    '%s at %s is %s',
    (formula, at, result) => {
      expect(rounded(runFormula(formula, at).output.toArray())).toEqual(JSON.parse(result))
    },
  )

  it('lists all functions and no others', () => {
    const [, list] = page.split(/^- Elementwise/m)
    const named = [...list.split('## Values')[0].matchAll(/`([^`]+)`/g)].map(([, name]) => name)
    expect(named.toSorted()).toEqual([...library.keys()].toSorted())
  })

  it('shows formulas and messages as they are', () => {
    const [command, lines, unknown, shapes, missing] = [...page.matchAll(/```text\n([\s\S]*?)\n```/g)].map(
      ([, text]) => text,
    )
    const [, formula, at] = /explain "(.*)" --at (.*)/.exec(command)!
    expect(runFormula(formula, at).output.item()).toBeCloseTo(0.0723, 4)
    expect(parseFormula(lines).assigned).toEqual(['z', 'a', 'L'])
    expect(() => parseFormula('L = sigmod(w*x + b)')).toThrow(unknown)
    expect(() => runFormula('b = 1\nz = W @ x', 'W=[[1, 2], [3, 4]], x=[1, 2, 3]')).toThrow(shapes)
    expect(() => runFormula('w^2', 'W=1')).toThrow(missing)
  })
})
