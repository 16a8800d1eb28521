import { expect, it } from 'vitest'
import { Kept } from '../run/kept.ts'
import type { Entry } from '../run/training.ts'
import { csvOf, drawable, lossChart, normChart, rowsOf, summaryOf } from './series.ts'

const entry = (step: number, loss: number, heldOut: number | null = null): Entry => ({
  step,
  loss,
  heldOut,
  norms: [loss / 2, 0],
})

const chart = lossChart([entry(0, 2, 4), entry(1, 1), entry(2, Number.NaN, Infinity)])

it('says in one sentence what the lines do', () => {
  expect(summaryOf(lossChart([]))).toBe('Loss: no step has been taken yet.')
  expect(summaryOf(chart)).toBe(
    'Loss over steps 0 to 2: batch from 2 to 1, least 1, NaN first at step 2; held-out from 4 to 4, least 4, ∞ first at step 2.',
  )
})

it('draws what is finite, and marks the rest', () => {
  expect(drawable(chart, false)).toEqual({
    lines: [
      [2, 1, null],
      [4, null, null],
    ],
    marks: [
      { index: 2, series: 0, is: 'bad' },
      { index: 2, series: 1, is: 'bad' },
    ],
  })
  const norms = normChart([entry(0, 2)], ['0.weight', '2.weight'])
  expect(drawable(norms, true).marks).toEqual([{ index: 0, series: 1, is: 'zero' }])
  expect(drawable(norms, false).marks).toEqual([])
})

it('is a file of comma-separated values', () => {
  expect(csvOf(chart)).toBe('step,batch,held-out\n0,2,4\n1,1,\n2,NaN,Infinity\n')
})

it('is a table of some rows, with the last', () => {
  const long = lossChart(Array.from({ length: 101 }, (_, i) => entry(i, 1)))
  const rows = rowsOf(long, 20)
  expect([rows.length <= 20, rows.at(-1)]).toEqual([true, 100])
  expect(rowsOf(chart, 20)).toEqual([0, 1, 2])
})

it('keeps so many steps, then every second one', () => {
  const kept = new Kept<Entry>(10)
  for (let step = 0; step < 25; step++) kept.add(entry(step, 1))
  expect(kept.stride).toBe(4)
  expect(kept.items.map(({ step }) => step)).toEqual([0, 4, 8, 12, 16, 20, 24])
  expect(kept.before(11)?.step).toBe(8)
})
