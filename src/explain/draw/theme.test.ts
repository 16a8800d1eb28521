/** Contrasts by the formula of WCAG 2.2, and themes as they are written into pictures. */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'
import { type Colour, dark, declarations, light, type Palette, paintOf, type Theme, themeStyle } from './theme.ts'

/** Relative luminance of an sRGB colour `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p)
  return (x + 0.05) / (y + 0.05)
}

const GROUNDS: readonly Colour[] = ['background', 'surface', 'scope']
const TEXTS: readonly Colour[] = ['ink', 'muted', 'positive', 'negative', 'good', 'warning', 'bad', 'accent']
const SHAPES: readonly Colour[] = [
  ...(['outline', 'zero', 'input', 'parameter', 'constant', 'frozen', 'output'] as const),
  ...(['series1', 'series2', 'series3', 'series4', 'series5', 'series6'] as const),
]

describe.each<[string, Palette]>([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_, palette) => {
  it.each(TEXTS)('%s is text: 4.5 to 1 on every ground', (colour) => {
    for (const ground of GROUNDS) expect(contrast(palette[colour], palette[ground])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(SHAPES)('%s is a shape: 3 to 1 on every ground', (colour) => {
    for (const ground of GROUNDS) expect(contrast(palette[colour], palette[ground])).toBeGreaterThanOrEqual(3)
  })
})

describe('paintOf', () => {
  it('writes the colours of a fixed theme and the variables of the automatic one', () => {
    expect(paintOf('light')('ink')).toBe(light.ink)
    expect(paintOf('dark')('ink')).toBe(dark.ink)
    expect(paintOf('auto')('ink')).toBe('var(--chainrule-ink)')
  })

  it('knows no other theme', () => {
    expect(() => paintOf('sepia' as Theme)).toThrow(ArgumentError)
    expect(() => paintOf('sepia' as Theme)).toThrow(/auto, light, dark/)
  })
})

it('defines each variable in both themes', () => {
  const style = themeStyle('.picture')
  expect(style).toContain(`.picture{${declarations(light)}}`)
  expect(style).toContain(`@media (prefers-color-scheme:dark){.picture{${declarations(dark)}}}`)
})
