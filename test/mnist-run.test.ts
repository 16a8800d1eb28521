/**
 * The run of the main job: the line that tells how far training has come, what may be set on the command line, and the
 * learning rate of runs long and short.
 */
import { tensor } from 'chainrule'
import * as optim from 'chainrule/optim'
import { describe, expect, test } from 'vitest'
import { readOptions } from '../examples/mnist/options.ts'
import {
  formatBar,
  formatLoss,
  formatProgress,
  formatTime,
  ProgressReporter,
  type ProgressState,
} from '../examples/mnist/progress.ts'
import { makeSchedule } from '../examples/mnist/schedule.ts'

describe('progress', () => {
  const state: ProgressState = { epoch: 1, epochs: 4, done: 25_800, total: 60_000, loss: 0.12345 }
  const pace = { imagesPerSecond: 12_345, secondsLeft: 7 }

  /** A reporter on a clock of our own, and what it wrote. */
  function watched(isTTY: boolean) {
    const clock = { ms: 0 }
    const written: string[] = []
    const lasting: string[] = []
    const out = { isTTY, columns: 100, write: (text: string) => written.push(text) }
    const stays = { write: (text: string) => lasting.push(text) }
    const reporter = new ProgressReporter(out, stays, { now: () => clock.ms, redraw: isTTY })
    return { clock, written, lasting, reporter }
  }

  test('fits the terminal, leaving out what matters least', () => {
    expect(formatProgress(state, pace, 200)).toBe(
      `epoch 1/4 ${'━'.repeat(13)}${'─'.repeat(17)}  43%  12,345 img/s  loss 0.1235  0:07 left`,
    )
    expect(formatProgress(state, pace, 40)).toBe('epoch 1/4 ━━━━━───────  43%  loss 0.1235')
    expect([28, 27, 14, 5, 2].map((width) => formatProgress(state, pace, width))).toEqual([
      'epoch 1/4  43%  loss 0.1235',
      'epoch 1/4  43%  loss 0.1235',
      'epoch 1/4  43%',
      '43%',
      '',
    ])
    for (let width = 0; width < 120; width++)
      expect(formatProgress(state, pace, width).length).toBeLessThanOrEqual(width)
    expect(formatProgress(state, { imagesPerSecond: Number.NaN, secondsLeft: Number.NaN }, 80)).toContain('-:-- left')
  })

  test('the pieces', () => {
    expect([0, 0.25, 0.5, 1, 2].map((share) => formatBar(share, 2))).toEqual(['──', '╸─', '━─', '━━', '━━'])
    expect([7.2, 59.7, 754, 3723].map(formatTime)).toEqual(['0:07', '1:00', '12:34', '1:02:03'])
    expect([0, 2.5, 1e-5, 12345, Number.NaN].map(formatLoss)).toEqual(['0.0000', '2.5000', '1.00e-5', '1.23e+4', 'NaN'])
  })

  test('a terminal is drawn to at most ten times a second, on one line', () => {
    const { clock, written, lasting, reporter } = watched(true)
    for (; clock.ms < 2000; clock.ms += 10) reporter.update({ ...state, done: clock.ms * 10 })
    expect(written).toHaveLength(20)
    for (const text of written) {
      expect(text.lastIndexOf('\r')).toBe(0)
      expect(text).not.toContain('\n')
      expect(text.endsWith('\u001b[K')).toBe(true)
    }
    expect(written.at(-1)).toContain('10,000 img/s')
    expect(written.at(-1)).toContain('0:22 left')
    reporter.print('epoch 1: 94 %')
    reporter.stop()
    expect(written.slice(20)).toEqual(['\r\u001b[K'])
    expect(lasting).toEqual(['epoch 1: 94 %\n'])
  })

  test('a log gets plain lines, at most one in two seconds and in a tenth of an epoch', () => {
    const { clock, written, reporter } = watched(false)
    for (; clock.ms <= 10_000; clock.ms += 50) reporter.update({ ...state, done: clock.ms * 2 })
    reporter.stop()
    expect(written.map((text) => text.slice(0, 15))).toEqual(['epoch 1/4   10%', 'epoch 1/4   20%', 'epoch 1/4   30%'])
    for (const text of written) expect(text).toMatch(/^[ -~]*\n$/)
  })
})

describe('the command line', () => {
  test('has defaults', () => {
    expect(readOptions([])).toMatchObject({
      model: 'mlp',
      epochs: 6,
      batch: 100,
      lr: 0.008,
      limit: 60_000,
      eager: false,
    })
    expect(readOptions(['--lr=1e-3', '--model', 'cnn', '--name', 'a.b-c'])).toMatchObject({ lr: 0.001, epochs: 2 })
    expect(readOptions(['--eager'])).toMatchObject({ eager: true })
    expect(readOptions(['-h', '--lr', '1'])).toBeNull()
  })

  test.each([
    ['--lr -1', "--lr: takes a positive number, got '-1'"],
    ['--epochs -1', "--epochs: takes a whole number from 1 to 1000, got '-1'"],
    ['--lr --seed 1', '--lr: needs a value'],
    ['--lr', '--lr: needs a value'],
    ['--what 1', 'there is no option --what'],
    ['-x', 'there is no option -x'],
    ['fast', "'fast' is no option"],
    ['--help=yes', '--help: takes no value'],
    ['--eager=no', '--eager: takes no value'],
    ['--name ../up', "--name: letters, digits, '.', '-' and '_' only, got '../up'"],
  ])('%s is answered in one line', (line, message) => {
    expect(() => readOptions(line.split(' '))).toThrow(message)
    expect(() => readOptions(line.split(' '))).not.toThrow('\n')
  })
})

describe('the learning rate', () => {
  /** The rate of every step. */
  function rates(steps: number): number[] {
    const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 1 })
    const schedule = makeSchedule(optimizer, 1, steps)
    return Array.from({ length: steps }, () => {
      const { lr } = optimizer.paramGroups[0]
      schedule.step()
      return lr
    })
  }

  test('is worth something at every step of a short run', () => {
    expect(rates(1)).toEqual([1])
    expect(Math.min(...rates(2))).toBeGreaterThan(0.4)
    for (const steps of [3, 10, 19]) expect(Math.max(...rates(steps).slice(0, 2))).toBe(1)
  })

  test('rises and falls once in a long one', () => {
    const all = rates(1000)
    const top = all.indexOf(Math.max(...all))
    expect(all[0]).toBeCloseTo(1 / 25)
    expect(top / 1000).toBeCloseTo(0.3, 2)
    expect(all[top]).toBeCloseTo(1, 3)
    expect(all.at(-1)).toBeGreaterThan(1e-6)
    expect(all.at(-1)).toBeLessThan(1e-4)
  })
})
