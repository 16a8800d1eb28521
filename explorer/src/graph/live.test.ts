import { tensor } from 'chainrule'
import { fullNumber, record, shortNumber, type Trace } from 'chainrule/explain'
import { describe, expect, it } from 'vitest'
import { knownAt } from '../model/steps.ts'
import { csvAt, dotAt, fileName, pictureAt, svgAt } from './export.ts'
import { firstBad } from './hints.tsx'
import { edgeNumbers, largestContribution, nodeNumbers, slotsOf, usesOf } from './live.ts'
import { structureOf } from './structure.ts'
import { ALL, visibleOf } from './visible.ts'

/** y = x·x + 1.2e-7·x at x = 3. */
const recording = record(() => {
  const x = tensor(3, { requiresGrad: true, name: 'x', dtype: 'float64' })
  x.mul(x).add(x.mul(1.2e-7)).backward()
})
const trace = recording.toTrace()

function shownAt(of: Trace, step: number) {
  const visible = visibleOf(structureOf(of), [ALL])
  const known = knownAt(of, step)
  const [uses, slots, most] = [usesOf(of), slotsOf(visible, of), largestContribution(of, 0)]
  return {
    nodes: visible.picture.nodes.map((node) => nodeNumbers(node, of, known, uses)),
    edges: visible.picture.edges.map((edge, e) => edgeNumbers(slots[e], edge, of, known, most)),
  }
}
const last = trace.steps.length - 1

describe('numbers in the graph', () => {
  it('are the numbers of the recording', () => {
    const { nodes } = shownAt(trace, last)
    for (const [i, node] of recording.nodes.entries()) {
      expect(nodes[i].value).toBe(shortNumber(node.value.item()))
      expect(nodes[i].gradient).toBe(shortNumber(node.gradient()!.item()))
    }
  })

  it('are not known before their step: a gradient that has not come is no 0', () => {
    const { nodes, edges } = shownAt(trace, 0)
    expect(nodes.map(({ value, gradient }) => [value, gradient])).toEqual([
      ['3', '—'],
      ['—', '—'],
      ['—', '—'],
      ['—', '—'],
    ])
    expect(edges.every(({ below }) => below === '')).toBe(true)
  })

  it('show both slots of x·x with what each sends, and the sum of all is the gradient', () => {
    const { edges } = shownAt(trace, last)
    expect(edges.slice(0, 2).map(({ below, sign }) => [below, sign])).toEqual([
      ['+3', 1],
      ['+3', 1],
    ])
    expect(edges[2].below).toBe('+1.2e-7')
    expect(edges[0].about).toBe('x → v1 (mul), argument 1, value 3, local derivative 3, contribution 3')
    expect(edges[2].weight).toBeLessThan(edges[0].weight)
  })

  it('mark NaN and infinities, and say where the first one is', () => {
    const bad = record(() => {
      const p = tensor(0, { requiresGrad: true, name: 'p' })
      p.log().mul(0).backward()
    }).toTrace()
    const { nodes } = shownAt(bad, bad.steps.length - 1)
    expect(nodes.map(({ value, bad: isBad }) => [value, isBad])).toEqual([
      ['0', true],
      ['-∞', true],
      ['NaN', true],
    ])
    const many = record(() => {
      const p = tensor([1, -1, 0.5, 2, -3, 4, 5, 6], { requiresGrad: true, name: 'p' })
      p.sqrt().sum().backward()
    }).toTrace()
    const { nodes: told, edges } = shownAt(many, many.steps.length - 1)
    expect(told[0]).toMatchObject({ value: '-3 to 6', gradient: '0.2 to 0.71, 2 NaN', bad: true })
    expect(told[1].label).toContain('value 0.707 to 2.45, 2 NaN, gradient all 1')
    expect(edges.map(({ below }) => below)).toEqual(['‖NaN‖', '‖2.828‖'])
    expect(firstBad(bad, 0)).toMatchObject({ id: 1, what: 'value' })
    expect(firstBad(trace, 0)).toBeUndefined()
  })
})

describe('export', () => {
  const view = { trace, known: knownAt(trace, last), step: last }

  it('draws the numbers of the step', () => {
    expect(pictureAt(view).nodes[0].lines).toEqual(['value 3', 'gradient 6'])
    expect(svgAt(view, 'dark')).toMatch(/^<svg[\s\S]*gradient 6[\s\S]*<\/svg>\s*$/)
    expect(dotAt(view)).toContain('gradient 6')
    expect(pictureAt({ ...view, known: knownAt(trace, 0), step: 0 }).nodes[0].lines).toEqual(['value 3', 'gradient —'])
  })

  it('writes all digits into the table, and no text that a spreadsheet would run', () => {
    const [, x] = csvAt(view).split('\r\n')
    expect(x).toBe(`0,x,parameter,,3,${fullNumber(recording.nodes[0].gradient()!.item())},`)
    const nodes = [{ ...trace.nodes[0], name: '=cmd("a,b")' }]
    expect(csvAt({ ...view, trace: { ...trace, nodes } })).toContain(`"'=cmd(""a,b"")"`)
  })

  it('names files after the program and the step', () => {
    expect(fileName('net.ts', 7, 'svg')).toBe('net-step7.svg')
    expect(fileName('../<b>', 0, 'csv')).toBe('-b--step0.csv')
  })
})
