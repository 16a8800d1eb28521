/**
 * The colours of every picture and page, once. Signs follow the field's convention, positive blue and negative
 * orange, and never speak alone: a dash, a shape or a word says the same. Text has a contrast of at least 4.5 to 1 on
 * the background, everything else that carries meaning 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11); theme.test.ts computes it.
 */
import { ArgumentError } from '../../errors/index.ts'

export interface Palette {
  readonly background: string
  /** What lies on the background: nodes, cards, cells of a table's head. */
  readonly surface: string
  /** The inside of a scope; scopes in scopes alternate with the background. */
  readonly scope: string
  readonly ink: string
  readonly muted: string
  /** Hairlines that only separate: grids, borders of tables. */
  readonly rule: string
  /** Borders that show where something is. */
  readonly outline: string
  readonly positive: string
  readonly zero: string
  readonly negative: string
  /** What the reader asked for: the selected path. */
  readonly accent: string
  readonly good: string
  readonly warning: string
  readonly bad: string
  readonly input: string
  readonly parameter: string
  readonly constant: string
  readonly frozen: string
  readonly output: string
  /** Series of a chart; dash and marker differ too. */
  readonly series1: string
  readonly series2: string
  readonly series3: string
  readonly series4: string
  readonly series5: string
  readonly series6: string
}

export type Colour = keyof Palette

/** `auto` follows the reader's system; `light` and `dark` write the colours into the picture. */
export type Theme = 'auto' | 'light' | 'dark'

export const light: Palette = {
  background: '#ffffff',
  surface: '#fbfcfd',
  scope: '#f3f5f8',
  ink: '#1f2328',
  muted: '#59636e',
  rule: '#d0d7de',
  outline: '#868e99',
  positive: '#0b5fa5',
  zero: '#868e99',
  negative: '#b34700',
  accent: '#c2255c',
  good: '#1a7f37',
  warning: '#8f5f00',
  bad: '#b3261e',
  input: '#00785a',
  parameter: '#7a4bc4',
  constant: '#868e99',
  frozen: '#4f7a93',
  output: '#1f2328',
  series1: '#0b5fa5',
  series2: '#b34700',
  series3: '#00785a',
  series4: '#9b3d9b',
  series5: '#6b5b00',
  series6: '#4a5159',
}

export const dark: Palette = {
  background: '#0d1117',
  surface: '#151b23',
  scope: '#161c26',
  ink: '#e6edf3',
  muted: '#9aa4ae',
  rule: '#30363d',
  outline: '#7d8590',
  positive: '#6cb6ff',
  zero: '#8b949e',
  negative: '#ffa657',
  accent: '#ff8ac4',
  good: '#56d364',
  warning: '#e3b341',
  bad: '#ff7b72',
  input: '#3fcf9f',
  parameter: '#b392f0',
  constant: '#8b949e',
  frozen: '#7fa9c4',
  output: '#e6edf3',
  series1: '#6cb6ff',
  series2: '#ffa657',
  series3: '#3fcf9f',
  series4: '#e08bdd',
  series5: '#d8c24a',
  series6: '#c9d1d9',
}

const THEMES: Record<Exclude<Theme, 'auto'>, Palette> = { light, dark }

/** How a theme writes a colour: itself, or a variable that `themeStyle` defines. */
export type Paint = (colour: Colour) => string

/**
 * The colours of a theme as SVG and CSS write them.
 * @throws ArgumentError where there is no such theme.
 */
export function paintOf(theme: Theme): Paint {
  if (theme === 'auto') return (colour) => `var(${variable(colour)})`
  const palette = THEMES[theme]
  if (!palette) throw new ArgumentError(`theme: one of auto, light, dark; got '${theme}'`)
  return (colour) => palette[colour]
}

/** A style sheet that defines the variables of the `auto` theme for a CSS selector, light unless the system is dark. */
export function themeStyle(selector: string): string {
  const define = (palette: Palette) => `${selector}{${declarations(palette)}}`
  return `${define(light)}@media (prefers-color-scheme:dark){${define(dark)}}`
}

/** `--chainrule-ink:#1f2328;...`: what a page writes to force one theme upon what it contains. */
export const declarations = (palette: Palette): string =>
  Object.entries(palette)
    .map(([colour, value]) => `${variable(colour)}:${value}`)
    .join(';')

const variable = (colour: string): string => `--chainrule-${colour}`
