/** Studies of the depth lab side by side, each called by what sets it apart. */
import { type ChartOptions, lineChart } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { picture, table } from './blocks.ts'
import type { DepthSettings } from './depth-lab.ts'
import type { DepthStudy } from './depth-study.ts'
import { bandsAround } from './grade.ts'

/** Of one layer there is no factor per layer, and of no gradient no share. */
const known = (x: number): number | string => (Number.isNaN(x) ? '—' : x)

export class DepthComparison extends Document {
  readonly studies: readonly DepthStudy[]
  readonly names: readonly string[]
  readonly title = 'The gradient in deep networks, compared'

  constructor(studies: readonly DepthStudy[]) {
    super()
    this.studies = studies
    this.names = namesOf(studies.map(({ settings }) => settings))
  }

  blocks(): Block[] {
    return [
      table(
        ['', 'layer 1', 'last layer', 'ratio', 'per layer', 'verdict'],
        this.studies.map(({ layers, settings, verdict }, i) => [
          this.names[i],
          layers[0].gradient.mean,
          layers[settings.depth - 1].gradient.mean,
          known(verdict.ratio),
          known(verdict.perLayer),
          verdict.is,
        ]),
        'mean |∂L/∂W| of the first and the last hidden layer',
      ),
      picture(this.toSvg(), 'The gradient per layer of each network.'),
    ]
  }

  /** Mean |∂L/∂W| per layer as a multiple of the last hidden layer's. */
  toSvg(options: ChartOptions = {}): string {
    const series = this.studies.map(({ layers, settings }, i) => ({
      name: this.names[i],
      points: layers.slice(0, settings.depth).map(({ ratio }, k) => [k + 1, ratio] as const),
    }))
    const y = { label: 'mean |∂L/∂W|, last hidden layer = 1', scale: 'log' } as const
    return lineChart({ title: this.title, x: { label: 'layer' }, y, series, bands: bandsAround(1) }, options)
  }

  toJSON(): PlainObject {
    return toPlain({ format: 'chainrule-depth-comparison', version: 1, names: this.names, studies: this.studies })
  }
}

type Key = keyof DepthSettings

/** The settings that are not the same in all, in the order of the options; a number tells apart what has none. */
function namesOf(all: readonly DepthSettings[]): string[] {
  const keys = (Object.keys(all[0]) as Key[]).filter((key) => all.some((s) => s[key] !== all[0][key]))
  const names = all.map(
    (s) =>
      keys
        .map((key) => nameOf(s, key))
        .filter(Boolean)
        .join(', ') || s.activation,
  )
  return names.map((name, i) => {
    const same = names.filter((other) => other === name).length > 1
    return same ? `${name} (${names.slice(0, i + 1).filter((other) => other === name).length})` : name
  })
}

function nameOf(s: DepthSettings, key: Key): string {
  const value = s[key]
  if (key === 'residual') return value ? 'residual' : ''
  if (key === 'normalization') return value === 'none' ? '' : String(value)
  if (typeof value === 'number') return `${key} ${shortNumber(value)}`
  return key === 'init' && value === 'default' ? 'default init' : String(value)
}
