/** SVG as text: elements whose attributes and contents cannot be anything but that. */
import { escapeHtml, spellOut } from '../../render/escape.ts'
import { isCommon, monoWidth } from '../text.ts'
import type { Paint, Theme } from '../theme.ts'
import { themeStyle } from '../theme.ts'

export type Attributes = Readonly<Record<string, string | number | undefined>>

/** An element of which the contents are markup; attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...contents: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escaped(String(value))}"`)
    .join('')
  return contents.length > 0 ? `<${name}${written}>${contents.join('')}</${name}>` : `<${name}${written}/>`
}

/** Text as contents. Two characters that XML cannot hold at all are replaced. */
export const escaped = (text: string): string => escapeHtml(text).replace(/[\ufffe\uffff]/g, '\ufffd')

/** A coordinate: a hundredth of a pixel is enough. */
export const short = (x: number): string => String(Math.round(x * 100) / 100)

export interface TextStyle {
  readonly size: number
  readonly fill: string
  readonly bold?: boolean
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly font?: 'monospace' | 'sans-serif'
  /** A stroke of this colour around the letters, so that lines do not run through them. */
  readonly halo?: string
  readonly rotate?: number
}

/** One line of text with its baseline at y. */
export function textAt(x: number, y: number, text: string, style: TextStyle): string {
  const { size, fill, bold, anchor, font = 'sans-serif', halo, rotate } = style
  const shown = spellOut(text)
  // Monospaced text stands in boxes of its width: fonts that have to help out must not widen it.
  const isHeld = font === 'monospace' && !isCommon(shown)
  return element(
    'text',
    {
      x,
      y,
      fill,
      'font-family': font,
      'font-size': size,
      'font-weight': bold ? 'bold' : undefined,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      textLength: isHeld ? monoWidth(shown, size) : undefined,
      lengthAdjust: isHeld ? 'spacingAndGlyphs' : undefined,
      transform: rotate === undefined ? undefined : `rotate(${short(rotate)} ${short(x)} ${short(y)})`,
      'paint-order': halo && 'stroke',
      stroke: halo,
      'stroke-width': halo && 3,
      'stroke-linejoin': halo && 'round',
    },
    escaped(text),
  )
}

export interface Sheet {
  readonly width: number
  readonly height: number
  readonly title: string
  /** What a reader who does not see the picture should know. */
  readonly description: string
  readonly theme: Theme
}

/** A whole file: it paints its own background and needs nothing from outside. */
export function svgDocument(sheet: Sheet, paint: Paint, contents: readonly string[]): string {
  const { title, description, theme } = sheet
  const [width, height] = [Math.ceil(sheet.width), Math.ceil(sheet.height)]
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      class: theme === 'auto' ? 'chainrule-picture' : undefined,
    },
    element('title', {}, escaped(title)),
    element('desc', {}, escaped(description)),
    theme === 'auto' ? element('style', {}, themeStyle('.chainrule-picture')) : '',
    element('rect', { width, height, fill: paint('background') }),
    ...contents,
  )
}
