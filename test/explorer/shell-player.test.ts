/** Steps, keys and the live region, in a browser. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'

const NEURON = '#/play/neuron'

describe.skipIf(!browserPath)('the player', () => {
  const site = siteForTests()

  const open = async (link = NEURON, options = {}): Promise<Page> => {
    const page = await site.page(link, options)
    await shown(page)
    return page
  }
  const rows = (page: Page) => page.locator('.table-view tbody').innerText()

  it('row 7: goes forward and back by keys, and every step shows the same each time', async () => {
    const page = await open()
    await page.keyboard.press('t')
    const [, last] = await stepOf(page)
    const range = page.getByRole('slider', { name: 'Step' })
    await range.press('Home')
    expect(await stepOf(page)).toEqual([0, last])
    const seen = [await rows(page)]
    for (let k = 1; k <= last; k++) {
      await page.keyboard.press('.')
      expect(await stepOf(page)).toEqual([k, last])
      seen.push(await rows(page))
    }
    expect(new Set(seen).size).toBe(last + 1)
    for (let k = last - 1; k >= 0; k--) {
      await page.keyboard.press(',')
      expect(await rows(page)).toBe(seen[k])
    }
    await range.press('PageUp')
    expect((await stepOf(page))[0]).toBe(10)
    await range.press('PageDown')
    expect((await stepOf(page))[0]).toBe(0)
    await range.press('ArrowRight')
    expect((await stepOf(page))[0]).toBe(1)
    await range.press('End')
    expect(await rows(page)).toBe(seen[last])
  })

  it('row 2: shows a gradient only after backward has reached it, never a 0 instead', async () => {
    const page = await open()
    await page.keyboard.press('t')
    await page.getByRole('slider', { name: 'Step' }).press('Home')
    const gradients = page.locator('.table-view [data-role=gradient]')
    expect(new Set(await gradients.allInnerTexts())).toEqual(new Set(['—']))
  })

  it('row 7: plays by Space, pauses by K, rests at the end and starts again', async () => {
    const page = await open()
    await page.getByLabel('speed').selectOption('4')
    await page.locator('body').press('Space')
    await expect.poll(async () => (await stepOf(page))[0]).toBeLessThan(5)
    const pause = page.getByRole('button', { name: 'Pause' })
    await pause.waitFor()
    await page.keyboard.press('k')
    await pause.waitFor({ state: 'detached' })
    const [held] = await stepOf(page)
    await page.waitForTimeout(300)
    expect((await stepOf(page))[0]).toBe(held)
    await page.keyboard.press('k')
    await expect.poll(async () => new Set(await stepOf(page)).size, { timeout: 10_000 }).toBe(1)
    await pause.waitFor({ state: 'detached' })
  })

  it('row 8: leaves keys to text fields, and gives Space on a button one meaning', async () => {
    const page = await open()
    const before = await stepOf(page)
    await page.locator('#w-box').click()
    await page.keyboard.type(' k.,t?')
    expect(await stepOf(page)).toEqual(before)
    expect(await page.locator('dialog[open]').count()).toBe(0)
    await page.keyboard.press('Escape')
    // Reached by keyboard the button has Space to itself: one step back, and nothing plays.
    await page.getByRole('button', { name: 'First step' }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect((await stepOf(page))[0]).toBe(before[0] - 1)
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0)
    // Clicked with a pointer it has not: Space plays.
    await page.getByRole('button', { name: 'First step' }).click()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })

  it('can have its single keys switched off, but not Space', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel(/Single-key shortcuts/).uncheck()
    await page.keyboard.press('Escape')
    const before = await stepOf(page)
    const range = page.getByRole('slider', { name: 'Step' })
    await range.press(',')
    expect(await stepOf(page)).toEqual(before)
    await page.reload()
    await shown(page)
    await range.press(',')
    expect(await stepOf(page)).toEqual(before)
    await range.press('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })

  it('plays on, not on and off, while Space is held down', async () => {
    const page = await open()
    await page.keyboard.down('Space')
    await page.keyboard.down('Space')
    await page.keyboard.up('Space')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
  })

  it('goes to a line by g, and says which lines there are where nothing ran', async () => {
    const page = await site.page('#/code?example=square')
    await shown(page)
    await page.getByRole('slider', { name: 'Step' }).press('g')
    const dialog = page.getByRole('dialog', { name: 'Go to line' })
    const line = dialog.getByLabel('Line')
    expect(await line.evaluate((box) => box === document.activeElement)).toBe(true)
    await line.fill('1')
    await line.press('Enter')
    await dialog.getByText(/No operation ran on line 1\. The nearest line with one is \d+\./).waitFor()
    const [, near] = /nearest line with one is (\d+)/.exec(await dialog.innerText())!
    await line.fill(near)
    await line.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.keyboard.press('t')
    expect(await page.locator('.row-selected td').last().innerText()).toBe(near)
  })

  it('finds no line where the program has none', async () => {
    const page = await open()
    await page.keyboard.press('g')
    await page.locator('[data-role=live]').getByText('no source lines').waitFor({ state: 'attached' })
    expect(await page.locator('dialog[open]').count()).toBe(0)
  })

  it('searches from the table as well', async () => {
    const page = await open()
    await page.keyboard.press('t')
    await page.locator('.table-view').waitFor()
    await page.keyboard.press('/')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search')
  })

  it('tells each step once, politely, and little while it plays fast', async () => {
    const page = await open()
    const live = page.locator('[data-role=live]')
    expect(await page.locator('[aria-live=polite][data-role=live]').count()).toBe(1)
    expect(await live.innerText()).toBe('')
    await page.locator('body').press(',')
    await expect.poll(() => live.textContent()).toMatch(/^Step \d+ of \d+, backward: /)
    await page.evaluate(() => {
      const said: string[] = []
      new MutationObserver(() => said.push(document.querySelector('[data-role=live]')!.textContent!)).observe(
        document.querySelector('[data-role=live]')!,
        { childList: true, characterData: true, subtree: true },
      )
      Object.assign(window, { said })
    })
    await page.getByLabel('speed').selectOption('8')
    await page.getByRole('slider', { name: 'Step' }).press('Home')
    await page.locator('body').press('Space')
    await expect.poll(async () => new Set(await stepOf(page)).size, { timeout: 10_000 }).toBe(1)
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said)
    expect(said.length).toBeLessThanOrEqual(4)
    expect(said.at(-1)).toMatch(/^Step (\d+) of \1,/)
  })
})
