/** The report of the main job as a page: nothing in it may break out of its place, nothing may be lost. */
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { number, percent } from '../examples/mnist/html.ts'
import { encodePng } from '../examples/mnist/picture.ts'
import { type GradientCheckReport, type RunReport, renderReport } from '../examples/mnist/report.ts'
import { logarithmic, roundTicks } from '../examples/mnist/scale.ts'
import { columns, smoothed } from '../examples/mnist/series.ts'

const pixels = Uint8Array.from({ length: 784 }, (_, i) => i % 256)

const run: RunReport = {
  model: 'perceptron 784-10',
  network: 'Sequential(\n  (0): Linear(784, 10)\n)',
  date: new Date('2026-02-03T04:05:06Z'),
  ending: { how: 'complete' },
  method: { optimizer: 'Adam', schedule: 'one cycle', loss: 'cross entropy', batch: 100 },
  command: 'npm start -- --seed 7',
  seed: 7,
  parameters: 7850,
  seconds: 12.3,
  loss: Array.from({ length: 40 }, (_, i) => 2.3 / (i + 1)),
  plannedEpochs: 2,
  epochs: [
    { steps: 20, loss: 0.4, accuracy: 0.9, seconds: 6 },
    { steps: 40, loss: 0.08, accuracy: 0.95, seconds: 6 },
  ],
  accuracyOn: 'test',
  test: {
    confusion: [
      [8, 2],
      [1, 9],
    ],
    mistakes: [{ index: 5, label: 0, predicted: 1, probability: 0.9876, pixels }],
  },
  gradientNorms: {
    pictures: 256,
    layers: [
      {
        layer: 'Linear(784, 10)',
        parameters: [
          { name: 'out.weight', norm: 0.5 },
          { name: 'out.bias', norm: 0.002 },
        ],
      },
    ],
  },
  gradientCheck: {
    tolerance: 1e-5,
    absolute: 1e-12,
    pictures: 8,
    rows: [
      {
        name: 'w',
        checked: 5,
        entries: 10,
        worst: [1, 2],
        analytic: 0.25,
        numeric: 0.250001,
        relativeError: 4e-6,
        ok: true,
      },
    ],
  },
}

const check = run.gradientCheck as GradientCheckReport
const unfinished: RunReport = { ...run, ending: { how: 'stopped' }, epochs: [], test: null }
const norms = (...parameters: { name: string; norm: number }[]) => ({
  pictures: 256,
  layers: [{ layer: 'Linear', parameters }],
})

/** Throws where tags do not match; returns how often each was opened. */
function countTags(page: string): Map<string, number> {
  const alone = new Set(['meta', 'link', 'img', 'br', '!doctype'])
  const counts = new Map<string, number>()
  const open: string[] = []
  for (const [, closing, name, , selfClosing] of page.matchAll(
    /<(\/?)([!a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*?)(\/?)>/g,
  )) {
    if (closing) expect(open.pop()).toBe(name)
    else if (!selfClosing && !alone.has(name)) open.push(name)
    if (!closing) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  expect(open).toEqual([])
  return counts
}

describe('the page', () => {
  test('has every part, and what a reader without eyes needs', () => {
    const page = renderReport(run)
    const tags = countTags(page)
    expect(tags.get('h1')).toBe(1)
    expect(tags.get('h2')).toBe(6)
    expect(tags.get('caption')).toBe(tags.get('table'))
    expect(page.match(/<svg class="chart/g)).toHaveLength(2)
    expect(page.match(/<svg class="chart[^>]*role="img"\saria-label="Line chart/g)).toHaveLength(2)
    expect(page.match(/<img [^>]*alt="Test picture 5: a 0 that was read as 1"/g)).toHaveLength(1)
    const shown = ['85.00 %', '7,850', '12.3 s', '<span>--seed 7</span>', '98.76 %', '[1, 2]', '✓ agrees', 'To repeat']
    shown.push('2026-02-03 04:05 UTC', 'Adam', 'one cycle', 'cross entropy', '(0): Linear(784, 10)')
    shown.push('first 256 test pictures, after training', 'first 8 of these pictures', '>Linear(784, 10)</th>')
    for (const text of shown) {
      expect(page).toContain(text)
    }
  })

  test('asks for nothing from elsewhere', () => {
    const page = renderReport(run)
    expect(page).not.toMatch(/<script|https?:|@import|url\(|undefined|\[object/)
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^data:/)
  })

  test('escapes all text', () => {
    const evil = '"><script>alert(1)</script>&amp;\''
    const row = { ...check.rows[0], name: evil }
    const page = renderReport({
      ...run,
      model: evil,
      command: evil,
      machine: evil,
      test: { ...run.test!, classes: [evil, evil] },
      network: evil,
      method: { optimizer: evil, schedule: evil, loss: evil, batch: 1 },
      gradientNorms: { pictures: 1, layers: [{ layer: evil, parameters: [{ name: evil, norm: 1 }] }] },
      gradientCheck: { ...check, rows: [row] },
    })
    expect(page).not.toContain('<script')
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;&#39;')
    const tame = { ...run, command: 'npm', machine: 'm', gradientNorms: norms({ name: 'w', norm: 1 }) }
    expect(countTags(page)).toEqual(countTags(renderReport(tame)))
  })

  test('marks losses that are not finite', () => {
    const page = renderReport({ ...run, loss: [2, Number.NaN, 1.5, Infinity, -Infinity, 1] })
    // one mark in the legend and one in each of the two drawings, for each of the three
    expect(page.match(/class="mark"/g)).toHaveLength(9)
    expect(page).toContain('3 of 6 steps had no finite loss, the first being step 2 (NaN).')
    expect(page).toContain('step 2: 1 not finite')
    for (const [, path] of page.matchAll(/ d="([^"]*)"/g)) expect(path).not.toMatch(/NaN|Infinity/)
  })

  test.each<[string, RunReport]>([
    ['before the first step', { ...unfinished, loss: [] }],
    ['after one step', { ...unfinished, loss: [2.3] }],
    ['when no loss is finite', { ...unfinished, loss: [Number.NaN, Number.NaN] }],
    ['when the loss is zero', { ...unfinished, loss: [0, 0, 0] }],
    ['when the loss is huge', { ...unfinished, loss: [1e-300, 1e308, -1e308] }],
    [
      'when no gradient arrives',
      {
        ...unfinished,
        gradientNorms: norms({ name: 'w', norm: 0 }, { name: 'b', norm: Number.NaN }),
      },
    ],
    [
      'when an accuracy is missing',
      { ...run, epochs: [{ steps: 40, loss: Number.NaN, accuracy: Number.NaN, seconds: 1 }] },
    ],
    ['when the test set was empty', { ...run, test: { confusion: [[0]], mistakes: [] } }],
  ])('stands %s', (_, report) => {
    const page = renderReport(report)
    countTags(page)
    for (const [, value] of page.matchAll(/ (?:d|x|y|cx|cy|width|height|viewBox|style)="([^"]*)"/g)) {
      expect(value).not.toMatch(/NaN|Infinity|undefined/)
    }
    if (!report.test) expect(page).toContain('Unfinished run.')
  })

  test('says how a run ended, and claims no more of it', () => {
    const stopped = renderReport({ ...run, ending: { how: 'stopped' }, epochs: [run.epochs[0]] })
    expect(stopped).toContain('It was stopped after 1 of 2 epochs (40 steps)')
    expect(stopped).not.toContain('To repeat')
    const diverged = renderReport({
      ...run,
      loss: [2.3, Number.NaN],
      epochs: [],
      ending: { how: 'diverged', step: 2, loss: Number.NaN, of: 'training' },
      test: { ...run.test!, loss: Number.NaN, mistakes: [] },
      gradientNorms: norms({ name: 'w', norm: Number.NaN }),
      gradientCheck: 'training diverged.',
    })
    countTags(diverged)
    expect(diverged).toContain('<h1>perceptron 784-10: diverged at step 2</h1>')
    for (const text of ['The learning rate is the likely cause', 'There is none: training diverged.', '<td>NaN</td>'])
      expect(diverged).toContain(text)
    const one = renderReport({ ...run, loss: [2.3], epochs: [{ ...run.epochs[0], steps: 1 }] })
    expect(one).toContain('The training loss at the only step was 2.3.')
  })

  test('does not take 0 against 0 for agreement', () => {
    const dead = { ...check.rows[0], name: 'v', analytic: 0, numeric: 0, relativeError: 0, dead: true }
    const page = renderReport({ ...run, gradientCheck: { ...check, rows: [...check.rows, dead] } })
    expect(page).toContain('1 of 2 parameters agree')
    expect(page).toContain('No gradient reaches 1 of 2 parameters')
    expect(page.match(/0: no gradient reaches this parameter/g)).toHaveLength(1)
  })

  test('a long run is drawn quickly, in few lines, with its peaks', () => {
    const loss = new Float64Array(100_000).fill(1)
    loss[54_321] = 9
    const started = performance.now()
    const page = renderReport({ ...run, loss, epochs: [{ steps: 100_000, loss: 1, accuracy: 0.9, seconds: 1 }] })
    expect(performance.now() - started).toBeLessThan(1000)
    expect(page.length).toBeLessThan(200_000)
    expect(page).toMatch(/loss 1 to 9,/)
  })
})

describe('drawing', () => {
  test('ticks are round numbers within the range', () => {
    expect(roundTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(roundTicks(0, 1876, 7)).toEqual([0, 500, 1000, 1500])
    expect(roundTicks(0.937, 1, 4)).toEqual([0.94, 0.96, 0.98, 1])
    expect(logarithmic(0.015, 3, 6).ticks).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2])
    expect(logarithmic(1e-30, 1, 6).ticks.length).toBeLessThan(9)
    expect(logarithmic(1, 100, 6).place(10)).toBeCloseTo(0.5)
  })

  test('columns keep extremes, order and what is not finite', () => {
    const values = [3, 1, Number.NaN, 2, 5, Infinity]
    const smooth = smoothed(values, 1)
    expect(columns(values, smooth, 2)).toEqual([
      { from: 1, to: 3, range: { low: 1, high: 3, rises: false }, smooth: smooth[2], odd: { nan: 1, up: 0, down: 0 } },
      { from: 4, to: 6, range: { low: 2, high: 5, rises: true }, smooth: smooth[5], odd: { nan: 0, up: 1, down: 0 } },
    ])
  })

  test('the smoothed course neither lags nor bends, and is exact on a line', () => {
    for (const value of smoothed([4, 4, Number.NaN, 4], 10)) expect(value).toBeCloseTo(4, 12)
    const falling = Array.from({ length: 200 }, (_, i) => Math.exp(-i / 20))
    smoothed(falling, 15).forEach((value, i) => {
      expect(value / falling[i]).toBeCloseTo(1, 9)
    })
    const line = Array.from({ length: 50 }, (_, i) => i - 25)
    smoothed(line, 5).forEach((value, i) => {
      expect(value).toBeCloseTo(line[i], 9)
    })
    expect(smoothed([], 3)).toHaveLength(0)
    expect([...smoothed([Number.NaN], 3)]).toEqual([0])
  })

  test('a PNG holds the pixels it was made of', () => {
    const png = encodePng([0, 127.6, 300, -5, Number.NaN, 255], 3, 2)
    expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2])
    // the checksum of an empty IEND chunk is the same in every PNG
    expect(png.subarray(-8).toString('hex')).toBe('49454e44ae426082')
    const length = png.readUInt32BE(33)
    expect([...inflateSync(png.subarray(41, 41 + length))]).toEqual([0, 0, 128, 255, 0, 0, 0, 255])
    expect(() => encodePng([1, 2, 3], 2, 2)).toThrow(RangeError)
  })

  test('numbers are never rounded to more than they are', () => {
    expect([0, 0.00001, 0.9785, 0.99999, 1].map(percent)).toEqual([
      '0.00 %',
      '< 0.01 %',
      '97.85 %',
      '> 99.99 %',
      '100.00 %',
    ])
    expect([0.08312, 1e-5, 3.14e-7, 109386, 1.5e9].map((x) => number(x))).toEqual([
      '0.08312',
      '1e-5',
      '3.14e-7',
      '1.094e5',
      '1.5e9',
    ])
  })
})
