/** Charts: where their points and bars stand, what is said of values without a place, and what the words say. */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../../../errors/index.ts'
import { barChart, lineChart } from '../chart.ts'
import { light } from '../theme.ts'
import { linePath, thinned } from './path.ts'
import { styleOf } from './style.ts'

const line = (points: readonly (readonly [number, number])[], scale: 'linear' | 'log' = 'linear') => ({
  title: 'Loss',
  x: { label: 'step' },
  y: { label: 'loss', scale },
  series: [{ name: 'train', points }],
})

/** The corners of the line of the first series. */
const corners = (svg: string): number[][] =>
  [
    .../<path d="(M[^"]*)" fill="none" stroke="[^"]*" stroke-width="(?:2|1.25)" stroke-linejoin/
      .exec(svg)![1]
      .matchAll(/([\d.]+) ([\d.]+)/g),
  ].map(([, x, y]) => [Number(x), Number(y)])

/** The heights of the grid lines, by the labels beside them. */
const ticks = (svg: string): Map<string, number> =>
  new Map(
    [...svg.matchAll(/<line x1="[\d.]+" y1="([\d.]+)"[^>]*\/><text[^>]*>([^<]*)</g)].map(([, y, label]) => [
      label,
      Number(y),
    ]),
  )

const crosses = (svg: string): number => svg.match(/l8 8m0 -8l-8 8/g)?.length ?? 0

describe('lineChart', () => {
  it('puts points where the grid says', () => {
    const svg = lineChart(
      line([
        [0, 0],
        [1, 1],
        [2, 0.5],
      ]),
      { theme: 'light' },
    )
    const at = ticks(svg)
    const points = corners(svg)
    expect(points.map(([, y]) => y)).toEqual([at.get('0'), at.get('1.0'), (at.get('0.4')! + at.get('0.6')!) / 2])
    expect(points[1][0] - points[0][0]).toBeCloseTo(points[2][0] - points[1][0], 1)
  })

  it('spaces powers of ten evenly on a logarithmic axis, and shows zero on its floor', () => {
    const svg = lineChart(
      line(
        [
          [0, 1e-3],
          [1, 0.1],
          [2, 10],
          [3, 0],
        ],
        'log',
      ),
    )
    const at = ticks(svg)
    const [a, b, c, zero] = corners(svg).map(([, y]) => y)
    expect(a - b).toBeCloseTo(b - c, 1)
    expect(zero).toBe(at.get('0'))
    expect(zero).toBeGreaterThan(a)
  })

  it('has a gap and a cross for each value without a place', () => {
    const svg = lineChart(
      line([
        [0, 1],
        [1, 2],
        [2, Number.NaN],
        [3, Infinity],
        [4, 3],
        [5, -Infinity],
        [6, 4],
        [7, 5],
      ]),
    )
    expect(crosses(svg)).toBe(3)
    expect(svg).toContain('>NaN, ∞<')
    expect(svg).toContain('>-∞<')
    expect(/<path d="(M[^"]*)" fill="none"/.exec(svg)![1].match(/M/g)!.length).toBe(3)
    expect(svg).toContain('least 1, greatest 5, 3 NaN or infinite.')
    expect(
      crosses(
        lineChart(
          line(
            [
              [0, 1],
              [1, -1],
            ],
            'log',
          ),
        ),
      ),
    ).toBe(1)
    expect(
      lineChart(
        line(
          [
            [0, 1],
            [1, -1],
          ],
          'log',
        ),
      ),
    ).toContain('>below 0<')
  })

  it('shows bands as far as the axis reaches', () => {
    const bands = [
      { label: 'vanishing', to: 1e-6, tone: 'warning' },
      { label: 'exploding', from: 1e3, tone: 'bad' },
    ] as const
    const svg = lineChart(
      {
        ...line(
          [
            [0, 1e-9],
            [1, 1],
          ],
          'log',
        ),
        bands,
      },
      { theme: 'light' },
    )
    expect(svg).toContain('>vanishing<')
    expect(svg).toContain('>&lt; 1e-6<')
    expect(svg).not.toContain('>exploding<')
    expect(svg).toContain(`fill="${light.warning}" fill-opacity="0.1"`)
  })

  it('tells up to 36 series apart without their colours', () => {
    const styles = Array.from({ length: 36 }, (_, i) => styleOf(i))
    expect(new Set(styles.map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(36)
    expect(new Set(styles.slice(0, 6).map(({ dash }) => dash)).size).toBe(6)
    expect(new Set(styles.slice(0, 6).map(({ marker }) => marker(0, 0))).size).toBe(6)
  })

  it('shows one point, and says that there are none', () => {
    expect(lineChart(line([[3, 0.7]]))).toMatch(/<path d="M[\d.]+ [\d.]+a3 3/)
    expect(lineChart(line([]))).toContain('>no values<')
    expect(lineChart(line([]))).toContain('train: no points.')
  })

  it('has a legend for several series', () => {
    const chart = line([[0, 1]])
    const two = { ...chart, series: [...chart.series, { name: 'test', points: [[0, 2]] as const }] }
    expect(lineChart(chart)).not.toContain('>train</text>')
    expect(lineChart(two)).toContain('>train</text>')
    expect(lineChart(two)).toContain('>test</text>')
  })

  it('refuses points without an x, and unknown options', () => {
    expect(() => lineChart(line([[Number.NaN, 1]]))).toThrow(
      new ArgumentError("lineChart: series 'train' has a point at x = NaN"),
    )
    expect(() => lineChart(line([]), { colour: 'red' } as never)).toThrow(ArgumentError)
  })
})

describe('the path of a line', () => {
  it('keeps what can be seen of many points', () => {
    const run = Array.from({ length: 10_000 }, (_, i) => ({ x: i / 100, y: i === 5_555 ? 300 : (i * 7919) % 100 }))
    const kept = thinned(run)
    expect(kept.length).toBeLessThanOrEqual(400)
    expect(kept).toContain(run[0])
    expect(kept).toContain(run[5_555])
    expect(kept).toContain(run[9_999])
    expect(kept.every(({ x }, i) => i === 0 || x > kept[i - 1].x)).toBe(true)
  })

  it('starts anew after a gap', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 1, y: 2 },
      { x: 2, y: Number.NaN },
      { x: 3, y: 3 },
    ]
    expect(linePath(points)).toBe('M0 1L1 2M3 3')
  })
})

describe('barChart', () => {
  const chart = (values: readonly number[], scale: 'linear' | 'log' = 'linear') => ({
    title: 'Norms',
    x: { label: 'layer' },
    y: { label: 'norm', scale },
    bars: values.map((value, i) => ({ label: `layer ${i}`, value })),
  })

  /** Top and bottom of every bar. */
  const extents = (svg: string): number[][] =>
    [
      ...svg.matchAll(
        /<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="[^"]*" fill-opacity="0.75"/g,
      ),
    ].map(([, y, height]) => [Number(y), Number((Number(y) + Number(height)).toFixed(2))])

  it('lets bars start at zero and end where the grid says', () => {
    const svg = barChart(chart([2, -1, 0]))
    const at = ticks(svg)
    const [[top, base], [start, end], zero] = extents(svg)
    expect([top, base]).toEqual([at.get('2.0'), at.get('0')])
    expect([start, end]).toEqual([at.get('0'), at.get('-1.0')])
    expect(zero[1]).toBe(at.get('0'))
  })

  it('has whiskers from least to greatest, and numbers where there is room for all', () => {
    const bars = [{ label: 'w', value: 2, min: 1, max: 4 }]
    const svg = barChart({ ...chart([]), bars })
    const at = ticks(svg)
    expect(svg).toContain(`V${at.get('4')}M`)
    expect(svg).toContain('>2</text>')
    expect(barChart(chart(Array.from({ length: 60 }, () => 0.1234)))).not.toContain('>0.1234</text>')
  })

  it('has a cross for each value without a place, and words for all', () => {
    const svg = barChart(chart([1, Number.NaN, -2], 'log'))
    expect(crosses(svg)).toBe(2)
    expect(svg).toContain('norm per layer, 3 bars. layer 0: 1. layer 1: NaN. layer 2: -2.')
    expect(barChart(chart([]))).toContain('>no values<')
  })

  it('slants names that would touch, and leaves out some where there are too many', () => {
    const name = (svg: string) => svg.match(/rotate\(-40/g)?.length ?? 0
    const named = (count: number) => barChart(chart(Array.from({ length: count }, (_, i) => i)))
    expect(name(named(3))).toBe(0)
    expect(name(named(20))).toBe(20)
    expect(name(named(100))).toBe(34)
  })
})
