/** Addresses, the start page, tables, themes and small windows, in a browser. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packSource } from '../../explorer/src/url/pack.ts'
import { browserPath, Site, shown, stepOf, viewPaths } from './shell-site.ts'

const NEURON = '#/play/neuron'

describe.skipIf(!browserPath)('the shell', () => {
  let site: Site
  beforeAll(async () => {
    site = await Site.open()
  }, 120_000)
  afterAll(async () => {
    await site.close()
    expect(site.problems).toEqual([])
  })

  const open = async (link = NEURON, options = {}): Promise<Page> => {
    const page = await site.page(link, options)
    await shown(page)
    return page
  }
  const hash = (page: Page) => page.evaluate(() => location.hash)

  it('starts with a neuron that is computed, and lists every view with what is seen there', async () => {
    const page = await open('')
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Watch the chain rule happen')
    const [step, last] = await stepOf(page)
    expect(step).toBe(last)
    const about = await page.locator('.start-views li p').allInnerTexts()
    expect(about.length).toBeGreaterThan(10)
    expect(about.filter((text) => text.length < 60)).toEqual([])
  })

  it('keeps inputs and step in the address, in place; only views are pages of the history', async () => {
    const page = await open()
    const pages = await page.evaluate(() => history.length)
    await page.locator('#w').press('ArrowRight')
    await page.locator('body').press(',')
    await expect.poll(() => hash(page)).toMatch(/w=[\d.]+&.*step=\d+/)
    expect(await page.evaluate(() => history.length)).toBe(pages)
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button').click()
    await page.locator('#views-list').getByRole('link', { name: 'A 2-2-1 network' }).click()
    await shown(page)
    await expect.poll(() => hash(page)).toMatch(/^#\/play\/bce-221/)
    await page.goBack()
    await shown(page)
    await expect.poll(() => hash(page)).toMatch(/^#\/play\/neuron\?.*w=/)
  })

  it('shows by its link in a new window what was seen: inputs, step, selection, theme', async () => {
    const page = await open()
    await page.locator('#b').press('ArrowRight')
    await page.keyboard.press('t')
    await page.locator('tr').filter({ hasText: 'mul' }).getByRole('button').click()
    await page.keyboard.press(',')
    await page.getByRole('button', { name: /^Theme/ }).click()
    await page.getByRole('button', { name: 'Share' }).click()
    const link = await page.getByLabel('Link', { exact: true }).inputValue()
    const other = await open(link.slice(site.url.length))
    await other.keyboard.press('t')
    expect(await other.locator('.table-view').innerText()).toBe(await page.locator('.table-view').innerText())
    expect(await other.locator('.row-selected').innerText()).toBe(await page.locator('.row-selected').innerText())
    expect(await other.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
    expect(await stepOf(other)).toEqual(await stepOf(page))
  })

  it('says what is damaged in a link and shows the rest', async () => {
    const page = await open(`${NEURON}?w=2&step=many&sel=99999&theme=pink&v=7&bogus=1`)
    const said = (await page.locator('.toasts .notice').allInnerTexts()).join('\n')
    for (const part of ['step=many', 'node 99999', 'theme=pink', 'later version (7)', 'bogus'])
      expect(said).toContain(part)
    expect(await page.locator('#w-box').inputValue()).toBe('2')
    const [step, last] = await stepOf(page)
    expect(step).toBe(last)
    await page.locator('.toasts').getByRole('button', { name: 'Close the message' }).first().click()
  })

  it('goes to the last step where a link wants one beyond it', async () => {
    const page = await open(`${NEURON}?step=5000&v=1`)
    const [step, last] = await stepOf(page)
    expect(step).toBe(last)
  })

  it('says that a view does not exist', async () => {
    const page = await site.page('#/play/nothing')
    await page.getByRole('alert').getByText('There is no view').waitFor()
    await page.getByRole('link', { name: 'all views', exact: true }).click()
    await shown(page)
  })

  const run = async (source: string): Promise<Page> => {
    const page = await site.page(`#/code?src=${await packSource(source)}`)
    await page.getByRole('button', { name: 'Run' }).click()
    return page
  }

  it('helps where nothing was traced, where backward has not run, and where it ran twice', async () => {
    const nothing = await run('console.log(1)')
    await nothing.getByRole('heading', { name: 'No tensor was computed' }).waitFor()
    const head = "import { tensor } from 'chainrule'\nconst x = tensor(3, { requiresGrad: true })\n"
    const forward = await run(`${head}x.square()`)
    await forward.getByText('backward() has not run').waitFor()
    const twice = await run(`${head}const a = x.square()\nconst b = x.mul(5)\na.backward()\nb.backward()`)
    await shown(twice)
    await twice.keyboard.press('t')
    const gradient = twice.locator('tr').filter({ hasText: 'parameter' }).locator('[data-role=gradient]')
    expect(await gradient.innerText()).toBe('5')
    await twice.getByLabel('gradients of').selectOption({ label: 'a, call 1' })
    expect(await gradient.innerText()).toBe('6')
    expect(await twice.locator('.sentence').innerText()).toContain('call 1 of 2')
  })

  it('sorts the table, and rows and graph have one selection', async () => {
    const page = await open()
    await page.keyboard.press('t')
    await page.getByRole('columnheader').getByRole('button', { name: 'gradient' }).click()
    await page.getByRole('columnheader').getByRole('button', { name: 'gradient' }).click()
    expect(await page.locator('th[aria-sort=descending]').innerText()).toContain('gradient')
    const full = await page
      .locator('tbody [data-role=gradient]')
      .evaluateAll((cells) => cells.map((cell) => Math.abs(Number((cell as HTMLElement).dataset.value || -1))))
    expect(full).toEqual(full.toSorted((a, b) => b - a))
    const row = page.locator('.table-view tr').filter({ has: page.getByRole('button', { name: 'b', exact: true }) })
    await row.getByRole('button').click()
    const id = await row.getAttribute('data-node-id')
    await page.keyboard.press('t')
    await expect.poll(() => hash(page)).toContain(`sel=${id}&`)
  })

  it('keeps the last good number while a box holds none, and Escape brings it back', async () => {
    const page = await open()
    const box = page.locator('#w-box')
    const good = await box.inputValue()
    await box.fill('abc')
    expect(await box.getAttribute('aria-invalid')).toBe('true')
    await page.getByText('"abc" is not a number').waitFor()
    expect(await page.locator('#w').inputValue()).toBe(good)
    await box.press('Escape')
    expect(await box.inputValue()).toBe(good)
    await box.fill('−7,5')
    await page.getByText('beyond slider').waitFor()
    await expect.poll(() => hash(page)).toContain('w=-7.5')
    await page.locator('#w').press('Delete')
    expect(await box.inputValue()).toBe(good)
  })

  it('follows the theme of the system, can be told another, and moves nothing for those who want that', async () => {
    const page = await open(NEURON, { colorScheme: 'dark', reducedMotion: 'reduce' })
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    expect(await ground()).toBe('rgb(13, 17, 23)')
    await page.getByRole('button', { name: /^Theme/ }).click()
    expect(await ground()).toBe('rgb(255, 255, 255)')
    await page.reload()
    await shown(page)
    expect(await ground()).toBe('rgb(255, 255, 255)')
    const moving = await page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    )
    expect(moving).toBe(0)
  })

  it('fits a window of 320 pixels without scrolling sideways, in every view', async () => {
    const start = await open('', { viewport: { width: 320, height: 640 } })
    const paths = await viewPaths(start)
    for (const path of ['', ...paths]) {
      const page = await site.page(`#/${path}`, { viewport: { width: 320, height: 640 } })
      await page.waitForTimeout(700)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect([path, wide]).toEqual([path, 0])
      await page.context().close()
    }
  }, 120_000)

  it('turns panes into tabs that arrows walk', async () => {
    const page = await open(NEURON, { viewport: { width: 600, height: 800 } })
    await page.getByRole('tab', { name: 'Graph' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.locator('.table-view').waitFor()
    await page.keyboard.press('Home')
    await page.locator('#w').waitFor()
    expect(await page.locator('.table-view').count()).toBe(0)
  })

  it('traps the focus in help, and gives it back', async () => {
    const page = await open()
    await page.locator('body').press('?')
    await page.getByRole('dialog', { name: 'Help' }).waitFor()
    for (const text of ['Space', 'local derivative', 'negative contribution']) {
      expect(await page.getByRole('dialog').getByText(text).count()).toBeGreaterThan(0)
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Help/ }).click()
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Help/)
  })
})
