/**
 * HTML by tagged template: whatever is put into a template is escaped unless it came out of one, so that forgetting to
 * escape is not possible. Beside it, the numbers of the report as people read them.
 */

/** Text that is markup already. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }

  toString(): string {
    return this.markup
  }
}

export type Part = Html | string | number | readonly Part[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function render(part: Part): string {
  if (part instanceof Html) return part.markup
  if (typeof part === 'object') return part.map(render).join('')
  return String(part).replace(/[&<>"']/g, (c) => entities[c])
}

/** @example html`<td>${name}</td>` */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, piece, i) => text + render(parts[i - 1]) + piece))
}

export const none = html``

/** 12,345 */
export const whole = (x: number): string => (Number.isFinite(x) ? x.toLocaleString('en-US') : special(x))

const special = (x: number): string => (Number.isNaN(x) ? 'NaN' : x > 0 ? '∞' : '-∞')

/** Four significant digits, in scientific notation where that is shorter: 0.08312, 1.25, 3.1e-7. */
export function number(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return special(x)
  const size = Math.abs(x)
  if (x !== 0 && (size < 1e-3 || size >= 1e5)) return x.toExponential(digits - 1).replace(/\.?0*e\+?/, 'e')
  return x.toLocaleString('en-US', { maximumSignificantDigits: digits })
}

/** 97.85 %; what is neither all nor nothing is never rounded to it. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return special(share)
  if (share > 0 && share < 0.0001) return '< 0.01 %'
  if (share > 0.9999 && share < 1) return '> 99.99 %'
  return `${(share * 100).toFixed(2)} %`
}

/** 8.3 s, 4 min 12 s, 2 h 05 min */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return `${special(seconds)} s`
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(Math.round(seconds) / 60)
  if (minutes < 120) return `${minutes} min ${String(Math.round(seconds) % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
