import { describe, expect, it } from 'vitest'
import { sum } from '../../functional/index.ts'
import { sigmoid, square } from '../../ops/elementwise/index.ts'
import { ones, type Tensor } from '../../tensor/index.ts'
import * as lab from './index.ts'

const hostile = Object.defineProperty((x: Tensor) => sigmoid(x), 'name', { value: '<b>&"\'_$%{}' })

const documents = {
  activationFlow: lab.activationFlow({
    activations: ['relu', 'gelu', 'exp', 'linear', hostile],
    layers: 12,
    trials: 7,
  }),
  depthStudy: lab.depthLab({ depth: 12, activation: hostile }),
  zeroDepth: lab.depthLab({ depth: 30, activation: 'sigmoid', init: 1e-3, dtype: 'float32' }),
  notFinite: lab.depthLab({ depth: 30, activation: 'linear', init: 1e10, dtype: 'float32' }),
  depthComparison: lab.compareDepth([
    { depth: 3, activation: hostile, residual: true },
    { depth: 5, width: 4 },
  ]),
  factorProduct: lab.factorProduct([2, -3, 0.1]),
  longProduct: lab.factorProduct(0.25, 600),
  zeroProduct: lab.factorProduct([2, 0, 3]),
  modeCost: lab.modeCost((x) => sum(square(x)), ones([4]), { budget: 20 }),
  bracketingCost: lab.bracketingCost([1000, 500, 500, 1]),
  differenceOrder: lab.differenceOrder(sigmoid, 0.3),
  linearization: lab.linearization(square, ones([5]), ones([5])),
}

describe.each(Object.entries(documents))('%s', (_, document) => {
  const svg = document.toSvg()

  it('fits a terminal', () => {
    for (const line of document.toText().split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
  })

  it('draws a chart without markup of strangers', () => {
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
    for (const text of [svg, document.toHtml()]) expect(text).not.toContain('<b>&')
    expect(document.toSvg({ theme: 'dark', width: 500 })).toContain('width="500"')
    expect(() => document.toSvg({ colour: 'red' } as object)).toThrow("'colour'")
  })

  it('shows the chart on its page, and its words everywhere', () => {
    expect(document.toHtml()).toMatch(/<svg|data:image\/svg/)
    expect(document.toMarkdown().length).toBeGreaterThan(100)
    expect(document.toTex()).toContain('\\begin{document}')
  })

  it('is plain data', () => {
    const data = JSON.parse(JSON.stringify(document))
    expect(data).toMatchObject({ format: expect.stringMatching(/^chainrule-/), version: 1 })
    expect(data).not.toHaveProperty('title')
  })
})

describe('words', () => {
  it('state the verdict first', () => {
    expect(documents.depthStudy.toText()).toMatch(/Layer 1 receives [\d.e-]+ of the last layer's gradient/)
    expect(documents.zeroDepth.verdict.text).toMatch(/receive no gradient at all: it is exactly 0/)
    expect(documents.notFinite.verdict.text).toContain('is NaN: a value was out of range')
  })
})
