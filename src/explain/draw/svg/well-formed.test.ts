/** Every picture, whatever its texts hold, is one well-formed element without anything that acts or loads. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barChart, lineChart } from '../chart.ts'
import type { Picture, Role } from '../graph.ts'
import { pictureToSvg } from '../svg.ts'
import type { Theme } from '../theme.ts'

const ELEMENTS = ['svg', 'title', 'desc', 'style', 'g', 'rect', 'path', 'line', 'text']
const TOKEN = /<[^>]*>|[^<]+/g
const TAG = /^<(\/?)([a-z]+)((?: [\w:-]+="(?:[^"<&]|&(?:amp|lt|gt|quot|#39);)*")*)(\/?)>$/
const TEXT = /^(?:[^<&]|&(?:amp|lt|gt|quot|#39);)*$/

/** The texts of the elements, after checking that tags match and that nothing but known elements and entities occurs. */
function textsOf(svg: string): string[] {
  const open: string[] = []
  const texts: string[] = []
  expect(svg.match(TOKEN)!.join('')).toBe(svg)
  for (const token of svg.match(TOKEN)!) {
    if (!token.startsWith('<')) {
      expect(token).toMatch(TEXT)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
      expect(token).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/u)
      texts.push(token)
      continue
    }
    expect(token).toMatch(TAG)
    const [, closes, name, attributes, isEmpty] = TAG.exec(token)!
    expect(ELEMENTS).toContain(name)
    for (const [, key] of attributes.matchAll(/ ([\w:-]+)="[^"]*"/g)) expect(key).not.toMatch(/^on|href|src/)
    if (closes) expect(open.pop()).toBe(name)
    else if (!isEmpty) open.push(name)
  }
  expect(open).toEqual([])
  return texts
}

const THEMES: readonly Theme[] = ['auto', 'light', 'dark']
const ROLES: readonly Role[] = ['input', 'parameter', 'constant', 'op', 'output', 'frozen']

const hostile = [
  '<script>alert(1)</script>',
  '</title><img src=x onerror=alert(1)>',
  '"quoted" & \'single\' &amp; &#60;',
  'control \u0000\u0007\u001b[31m and \ud800 alone, \uffff',
  'turned \u202e around',
  ']]><!-- -->',
]

const pictureOf = (texts: readonly string[]): Picture => ({
  title: texts[0],
  nodes: texts.map((text, i) => ({
    id: `${i} ${text}`,
    title: text,
    lines: [text, text],
    scope: [text],
    role: ROLES[i % ROLES.length],
    sign: ([-1, 0, 1, undefined] as const)[i % 4],
    highlighted: i % 2 === 0,
    warning: i % 3 === 0,
    members: i % 4 === 0 ? [text] : undefined,
  })),
  edges: texts.slice(1).map((text, i) => ({
    from: `${i} ${texts[i]}`,
    to: `${i + 1} ${text}`,
    slot: 0,
    label: text,
    below: text,
    weight: i === 0 ? Number.NaN : i / 3,
    sign: ([-1, 0, 1, undefined] as const)[i % 4],
    highlighted: i % 2 === 1,
    count: i % 3 === 2 ? i : undefined,
  })),
})

describe.each(THEMES)('pictures in the theme %s', (theme) => {
  it('are well-formed', () => {
    const texts = textsOf(pictureToSvg(pictureOf(hostile), { theme })).join('\n')
    expect(texts).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(texts).toContain('\\u202e')
  })

  it('are well-formed for any text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 })
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
        textsOf(pictureToSvg(pictureOf(texts), { theme }))
      }),
      { numRuns: 25 },
    )
  })

  it('so are charts', () => {
    const [name] = hostile
    const bands = [{ label: name, from: 1, tone: 'bad' }] as const
    const points = [
      [0, 1],
      [1, Number.NaN],
      [2, -Infinity],
      [3, 0],
      [4, 2],
    ] as const
    const line = { title: name, x: { label: name }, y: { label: name, scale: 'log' }, bands } as const
    const series = hostile.map((each) => ({ name: each, points }))
    textsOf(lineChart({ ...line, series }, { theme }))
    const bars = hostile.map((label, i) => ({ label, value: [3, Number.NaN, 0][i % 3], min: 0, max: 5 }))
    textsOf(barChart({ ...line, bars }, { theme }))
  })
})

it('follows the system in the automatic theme only', () => {
  const svg = (theme: Theme) => pictureToSvg(pictureOf(['x']), { theme })
  expect(svg('auto')).toContain('prefers-color-scheme:dark')
  for (const fixed of ['light', 'dark'] as const) expect(svg(fixed)).not.toMatch(/<style|var\(/)
})
