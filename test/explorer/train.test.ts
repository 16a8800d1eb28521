/** Training in a browser: played, paused, repeated, lost, and any of its steps seen as a graph. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { points } from '../../explorer/src/train/data/points.ts'
import { Training } from '../../explorer/src/train/run/training.ts'
import { defaultsOf } from '../../explorer/src/train/settings.ts'
import { browserPath, shown, siteForTests } from './shell-site.ts'

/** For machines that are busy with other things. */
const SOON = { timeout: 30_000 }

describe.skipIf(!browserPath)('training', { timeout: 90_000 }, () => {
  const site = siteForTests()

  const open = async (inputs: Record<string, string> = {}, options = {}): Promise<Page> => {
    const page = await site.page(`#/train?${new URLSearchParams(inputs)}`, options)
    await page.locator('[data-role=exam]').waitFor()
    return page
  }
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const steps = async (page: Page) => Number((await page.locator('[data-role=steps]').innerText()).replace(',', ''))
  const take = async (page: Page, count: number) => {
    const before = await steps(page)
    await button(page, count === 1 ? 'Step' : '10 steps').click()
    await expect.poll(() => steps(page), SOON).toBe(before + count)
  }
  /** What a chart's table says of each step, with all digits. */
  const table = async (page: Page, chart: 'Loss' | 'Gradient') => {
    const figure = page.locator('.line-chart', { hasText: chart })
    const data = figure.locator('details')
    if (!(await data.evaluate((it) => (it as HTMLDetailsElement).open))) await data.locator('summary').click()
    return figure
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll<HTMLElement>('[data-value]')].map((it) => it.dataset.value)),
      )
  }
  /** The same training, here, where matrix products may add in another order: the last digits of float32 differ. */
  const expected = (count: number) => {
    const training = new Training(defaultsOf('moons'), points('moons', 0))
    return Array.from({ length: count }, () => training.step())
  }
  const isNear = (found: readonly number[], wanted: readonly number[]) => {
    expect(found.length).toBe(wanted.length)
    for (const [i, value] of found.entries()) expect(Math.abs(value - wanted[i])).toBeLessThan(1e-5 * (1 + wanted[i]))
  }

  it('shows everything before anything is pressed, and plays nothing by itself', async () => {
    const page = await open()
    expect(await steps(page)).toBe(0)
    expect(await page.locator('.surface canvas').getAttribute('aria-label')).toContain('after 0 steps')
    expect(await page.getByRole('img', { name: 'Loss: no step has been taken yet.' }).count()).toBe(1)
    await page.waitForTimeout(300)
    expect(await steps(page)).toBe(0)
  })

  it('row 26: takes steps with the numbers of the library, and the same again after Reset', async () => {
    const page = await open()
    await take(page, 10)
    const first = [await table(page, 'Loss'), await table(page, 'Gradient')]
    const entries = expected(10)
    isNear(
      first[0].map(([loss]) => Number(loss)),
      entries.map(({ loss }) => loss),
    )
    isNear(
      first[1].flatMap((row) => row.map(Number)),
      entries.flatMap(({ norms }) => norms),
    )
    expect(await page.locator('.line-chart-picture').first().getAttribute('aria-label')).toMatch(
      /^Loss over steps 0 to 9: batch from /,
    )
    await button(page, 'Reset').click()
    await expect.poll(() => steps(page), SOON).toBe(0)
    await take(page, 10)
    expect([await table(page, 'Loss'), await table(page, 'Gradient')]).toEqual(first)
    await button(page, 'New seed').click()
    await expect.poll(() => steps(page), SOON).toBe(0)
    await take(page, 1)
    expect(await table(page, 'Loss')).not.toEqual(first[0].slice(0, 1))
    await expect.poll(() => page.url(), SOON).toContain('seed=1')
  })

  it('row 16: plays and pauses by button and by key, and answers while it plays', async () => {
    const page = await open({ pace: 'full' })
    await button(page, 'Play (Space)').click()
    await expect.poll(() => steps(page), SOON).toBeGreaterThan(50)
    await page.locator('body').press('k')
    await button(page, 'Play (Space)').waitFor()
    const paused = await steps(page)
    await page.waitForTimeout(300)
    expect(await steps(page)).toBe(paused)
    // A button that was clicked does not take the Space bar: one press, one action.
    await page.keyboard.press('Space')
    await expect.poll(() => steps(page), SOON).toBeGreaterThan(paused)
    await page.keyboard.press('Space')
    await button(page, 'Play (Space)').waitFor()
  })

  it('refuses a learning rate out of range, and takes a new one without beginning anew', async () => {
    const page = await open()
    await take(page, 10)
    const rate = page.getByLabel('learning rate η', { exact: true })
    for (const bad of ['0', '-1', '101', 'fast']) {
      await rate.fill(bad)
      expect(await rate.getAttribute('aria-invalid')).toBe('true')
    }
    await rate.fill('0.1')
    await take(page, 10)
    const [entries, training] = [expected(10), new Training(defaultsOf('moons'), points('moons', 0))]
    for (const _ of entries) training.step()
    training.setRate(0.1)
    const next = Array.from({ length: 10 }, () => training.step().loss)
    const found = (await table(page, 'Loss')).map(([loss]) => Number(loss))
    isNear(found, [...entries.map(({ loss }) => loss), ...next])
  })

  it('opens a step: its graph has the loss of the chart, to the last bit', async () => {
    const page = await open()
    await take(page, 10)
    await take(page, 10)
    const charted = (await table(page, 'Loss')).map(([loss]) => loss)
    await page.getByLabel('step to open').fill('13')
    await button(page, 'Open step').click()
    await shown(page)
    const loss = page.locator('[data-role=opened-loss] [data-value]')
    expect(await loss.getAttribute('data-value')).toBe(charted[13])
    await expect.poll(() => page.url(), SOON).toContain('at=13')
    await button(page, 'Step after').click()
    await expect.poll(() => loss.getAttribute('data-value'), SOON).toBe(charted[14])
    await expect.poll(() => page.url(), SOON).toContain('at=14')
    await page.goBack()
    await button(page, 'Reset').waitFor()
    expect(await steps(page)).toBe(20)
    await page.goForward()
    await expect.poll(() => loss.getAttribute('data-value'), SOON).toBe(charted[14])
    await button(page, 'Back to the training').click()
    await button(page, 'Reset').waitFor()
    expect(page.url()).not.toContain('at=')
    expect(await steps(page)).toBe(20)
    await take(page, 1)
  })

  it('opens the step that a link asks for, also by a click on a chart', async () => {
    const page = await site.page('#/train?at=7')
    await shown(page)
    const loss = async () =>
      Number(await page.locator('[data-role=opened-loss] [data-value]').getAttribute('data-value'))
    isNear([await loss()], [expected(8)[7].loss])
    await button(page, 'Back to the training').click()
    await page
      .locator('.line-chart .u-over')
      .first()
      .click({ position: { x: 2, y: 40 } })
    await shown(page)
    isNear([await loss()], [expected(1)[0].loss])
  })

  it('stops where numbers are lost, marks it, and says why', async () => {
    const page = await open({ optimizer: 'sgd', activation: 'linear', lr: '100' })
    await button(page, 'Play (Space)').click()
    await page.getByText('a loss or a gradient was not finite').waitFor()
    expect(await page.locator('.line-chart-picture').first().getAttribute('aria-label')).toContain('NaN first at step')
    await expect.poll(() => page.locator('.findings').innerText(), SOON).toContain('Learning rate')
    await button(page, 'Open the step before').click()
    await shown(page)
  })

  it('finds what vanishes', async () => {
    const page = await open({ layers: '10', activation: 'sigmoid' })
    await take(page, 10)
    await expect.poll(() => page.locator('.findings').innerText(), SOON).toContain('Vanishing')
  })

  it('has the points and what the network makes of them as a table, and says of which step a loss is', async () => {
    const page = await open()
    await take(page, 10)
    const data = page.locator('.surface details')
    expect(await data.locator('table').count()).toBe(0)
    await data.locator('summary').click()
    await data.locator('table').waitFor()
    const rows = await data
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map(({ textContent }) => textContent)))
    const { train, heldOut } = points('moons', 0)
    expect(rows.length).toBe(train.y.size + heldOut.y.size)
    const heldOutRows = rows.filter((row) => row[4] === 'held out')
    expect(heldOutRows.map((row) => Number(row[3]))).toEqual([...heldOut.y.data].map(Number))
    const right = heldOutRows.filter((row) => Number(row[5]) > 0.5 === (row[3] === '1')).length
    const exam = await page.locator('[data-role=exam]').innerText()
    expect(exam).toContain(`${((100 * right) / heldOut.y.size).toFixed(1)} % right after 10 steps`)
    expect(await page.locator('.readout').first().innerText()).toMatch(/held-out\s+[\d.]+\s+of step 8/)
  })

  it('fits 320 pixels, with reduced motion', async () => {
    const page = await open({}, { viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' })
    await take(page, 10)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  })

  /** 89.4 % of the held-out digits are right after 500 steps of the settings that digits start with. */
  it('learns to read digits', async () => {
    const page = await open({ set: 'digits', pace: 'full' })
    await button(page, 'Play (Space)').click()
    await expect.poll(() => steps(page), { timeout: 120_000 }).toBeGreaterThan(500)
    await button(page, 'Pause (Space)').click()
    await button(page, 'Play (Space)').waitFor()
    const [, right] = /([\d.]+) % right/.exec(await page.locator('[data-role=exam]').innerText())!
    expect(Number(right)).toBeGreaterThan(85)
    expect(await page.locator('.digit').count()).toBe(12)
  }, 150_000)

  it('ends its worker when it is left', async () => {
    const page = await open()
    const trainers = () => page.workers().filter((worker) => worker.url().includes('train-worker')).length
    expect(trainers()).toBe(1)
    await page.evaluate(() => {
      location.hash = '#/play/gears'
    })
    await expect.poll(trainers, SOON).toBe(0)
  })

  it('has every charted step as a file', async () => {
    const page = await open()
    await take(page, 10)
    const download = page.waitForEvent('download')
    await button(page, 'CSV').first().click()
    const file = await download
    expect(file.suggestedFilename()).toBe('loss.csv')
    const text = await readFile(await file.path(), 'utf8')
    const [head, ...rows] = text.trim().split('\n')
    expect(head).toBe('step,batch,held-out')
    expect(rows.map((row) => row.split(',')[1])).toEqual((await table(page, 'Loss')).map(([loss]) => loss))
  })

  it('says that digits cannot be had, and goes on with other examples', async () => {
    const page = await open()
    await page.route('**/*.bin', (route) => route.abort())
    await page.getByLabel('Data', { exact: true }).selectOption('digits')
    await page.getByText('The digits could not be loaded').waitFor()
    await page.getByLabel('Data', { exact: true }).selectOption('xor')
    await page.locator('[data-role=exam]').waitFor()
    await take(page, 1)
    site.problems.length = 0
  })
})
