/** Addresses, the start page, tables, themes and small windows, in a browser. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { packSource } from '../../explorer/src/url/pack.ts'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'

const NEURON = '#/play/neuron'

describe.skipIf(!browserPath)('the shell', () => {
  const site = siteForTests()

  const open = async (link = NEURON, options = {}): Promise<Page> => {
    const page = await site.page(link, options)
    await shown(page)
    return page
  }
  const hash = (page: Page) => page.evaluate(() => location.hash)

  it('plays its first program from the first step on when asked', async () => {
    const page = await open('')
    const [, last] = await stepOf(page)
    await page.getByRole('button', { name: 'Play it step by step' }).click()
    await expect.poll(async () => (await stepOf(page))[0]).toBeLessThan(last)
    await page.getByRole('button', { name: /^Pause/ }).waitFor()
  })

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

  it('row 20: shows by its link in a new window what was seen: inputs, step, selection, theme', async () => {
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

  it.each(['play/depth', 'play/modes', 'learn/exercises'])('names what %s does not know', async (path) => {
    const page = await site.page(`#/${path}?volume=11`)
    await page.locator('.toasts').getByText('does not know: volume').waitFor()
  })

  it('opens the paths where the link says from where they come', async () => {
    const page = await open()
    await page.locator('body').press('p')
    await expect.poll(() => hash(page)).toMatch(/[?&]from=\d+&/)
    const other = await open(await hash(page))
    await other.locator('[data-role=path-count]').waitFor()
    expect(await other.getByRole('tab', { name: 'Paths' }).getAttribute('aria-selected')).toBe('true')
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

  it('row 22: follows the theme of the system, can be told another, and moves nothing for those who want that', async () => {
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

  it('turns panes into tabs that arrows walk', async () => {
    const page = await open(NEURON, { viewport: { width: 600, height: 800 } })
    await page.getByRole('tab', { name: 'Graph' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.locator('.table-view').waitFor()
    await page.keyboard.press('Home')
    await page.locator('#w').waitFor()
    expect(await page.locator('.table-view').count()).toBe(0)
  })

  it('opens a story on its text, and a program on its numbers, where there is little room', async () => {
    const small = { viewport: { width: 400, height: 800 } }
    const tour = await open('#/learn/tour', small)
    expect(await tour.getByRole('tab', { name: 'Story' }).getAttribute('aria-selected')).toBe('true')
    await tour.getByRole('heading', { name: 'A program is a graph' }).waitFor()
    const neuron = await open(NEURON, small)
    expect(await neuron.getByRole('tab', { name: 'Table' }).getAttribute('aria-selected')).toBe('true')
  })

  it('offers a file where a link would be too long', async () => {
    let seed = 1
    const letter = () => String.fromCharCode(97 + ((seed = (seed * 16807) % 2147483647) % 26))
    const noise = Array.from({ length: 16_000 }, letter).join('')
    const page = await run(
      `import { tensor } from 'chainrule'\n// ${noise}\ntensor(2, { requiresGrad: true }).square().backward()`,
    )
    await shown(page)
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByText('more than the 8000').waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download .json' }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/\.json$/)
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
