/** Every kind of view from load to goal by keys alone; the focus can be seen at every stop, and dialogs give it back. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { canvasOf, NEURON, nodesOf, SOON, tableOf } from './rows.ts'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'
import { everyView, settled, visit } from './visit.ts'

/** No view has more stops. */
const MOST_STOPS = 160

interface Stop {
  readonly what: string
  readonly named: boolean
  readonly marked: boolean
  readonly inSight: boolean
}

/** Where the focus is; null where it has left the page. */
const stop = (page: Page): Promise<Stop | null> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null
    if (!at || at === document.body) return null
    // The mark of an editor is around all of it, gutters included.
    const around = [at, at.closest('label'), at.closest('.cm-editor')?.parentElement].filter((it) => it != null)
    const isMarked = (it: Element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it)
      return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none'
    }
    const labels = 'labels' in at ? [...((at.labels as NodeListOf<HTMLElement>) ?? [])] : []
    const name = [
      at.ariaLabel,
      at.getAttribute('aria-labelledby'),
      at.title,
      at.textContent,
      ...labels.map((it) => it.innerText),
    ]
    const { top, bottom, left, right } = at.getBoundingClientRect()
    return {
      what: at.outerHTML.slice(0, 110),
      named: name.some((text) => (text ?? '').trim() !== ''),
      marked: around.some(isMarked),
      inSight: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    }
  })

/** Goes on with Tab until the focus is where it shall be. */
async function tabTo(page: Page, reached: (at: Element) => boolean): Promise<void> {
  for (let i = 0; i < MOST_STOPS; i++) {
    if (await page.evaluate(`(${String(reached)})(document.activeElement)`)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never gets there: ${reached}`)
}

const focusName = (page: Page) =>
  page.evaluate(() => document.activeElement!.getAttribute('aria-label') ?? document.activeElement!.textContent)

describe.skipIf(!browserPath)('by keys alone', () => {
  const site = siteForTests()
  const open = async (link = NEURON): Promise<Page> => {
    const page = await site.page(link)
    await shown(page)
    return page
  }

  it('every stop of every view is named, marked and in sight, and none is a trap', async () => {
    const { page, links } = await everyView(site)
    const inEditor = () => page.evaluate(() => document.activeElement?.closest('.cm-editor') != null)
    const found: Record<string, Stop[]> = {}
    for (const link of links) {
      await visit(page, link)
      await page.locator('button').first().focus()
      const wrong: Stop[] = []
      let stops = 0
      for (; stops < MOST_STOPS; stops++) {
        // Editors keep Tab for indents; Escape before it lets go.
        if (await inEditor()) await page.keyboard.press('Escape')
        await page.keyboard.press('Tab')
        // An editor marks itself a moment after the focus has come.
        if (await inEditor()) await page.locator('.cm-focused').waitFor()
        const at = await stop(page)
        if (at === null) break
        if (!(at.named && at.marked && at.inSight)) wrong.push(at)
      }
      expect([link, stops > 5 && stops < MOST_STOPS]).toEqual([link, true])
      if (wrong.length > 0) found[link] = wrong
    }
    expect(found).toEqual({})
  }, 180_000)

  it('from the skip link to the program, and by the menu to another view', async () => {
    const page = await open()
    await page.keyboard.press('Tab')
    expect(await focusName(page)).toMatch(/^Skip/)
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement!.tagName)).toBe('MAIN')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    const menu = (at: Element) => at.getAttribute('aria-controls') === 'views-list'
    await tabTo(page, menu)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Escape')
    expect(await page.evaluate(`(${String(menu)})(document.activeElement)`)).toBe(true)
    await page.keyboard.press('Enter')
    await tabTo(page, (at) => at.getAttribute('href') === '#/play/bce-221')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url(), SOON).toContain('bce-221')
    await expect.poll(() => page.evaluate(() => document.activeElement!.id), SOON).toBe('main')
  })

  it('a slider moves, and goes back where it was', async () => {
    const page = await open()
    await tabTo(page, (at) => at.id === 'w')
    const value = () => page.getByRole('textbox', { name: 'w, exact value' }).inputValue().then(Number)
    const start = await value()
    for (const [key, wanted] of [
      ['ArrowRight', (x: number) => x > start],
      ['End', (x: number) => x === 3],
      ['PageDown', (x: number) => x < 3],
      ['Home', (x: number) => x === -3],
      ['Delete', (x: number) => x === start],
    ] as const) {
      await page.keyboard.press(key)
      await expect.poll(async () => [key, wanted(await value())], SOON).toEqual([key, true])
    }
    expect(await page.getByRole('slider', { name: 'w', exact: true }).getAttribute('aria-valuetext')).toBe(
      `w = ${start}`,
    )
  })

  it('the player: Space on its button is one action, and arrows seek', async () => {
    const page = await open()
    await tabTo(page, (at) => /^Play/.test(at.getAttribute('aria-label') ?? ''))
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: /^Pause/ }).waitFor()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: /^Play/ }).waitFor()
    await tabTo(page, (at) => at.getAttribute('aria-label') === 'Step')
    await page.keyboard.press('Home')
    expect((await stepOf(page))[0]).toBe(0)
    await page.keyboard.press('ArrowRight')
    expect((await stepOf(page))[0]).toBe(1)
    await page.keyboard.press('End')
    expect(new Set(await stepOf(page)).size).toBe(1)
  })

  it('row 24: the canvas is one stop; arrows walk, each move is told, Escape lets go', async () => {
    const page = await open()
    await canvasOf(page).locator('[data-node-id]').first().waitFor()
    await tabTo(page, (at) => at.getAttribute('role') === 'application')
    expect(await canvasOf(page).getAttribute('aria-roledescription')).toBe('computation graph')
    const active = async () => {
      const id = await canvasOf(page).getAttribute('aria-activedescendant')
      return id === null ? null : page.locator(`#${id}`).getAttribute('aria-label')
    }
    await page.keyboard.press('Escape')
    expect(await active()).toBeNull()
    const seen = new Set<string | null>()
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', ']', '[']) {
      await page.keyboard.press(key)
      const label = await active()
      expect([key, label]).toEqual([key, expect.stringMatching(/, (value|argument)/)])
      seen.add(label)
    }
    expect(seen.size).toBeGreaterThanOrEqual(4)
    const camera = () => canvasOf(page).locator(':scope > g').getAttribute('transform')
    for (const key of ['+', '-', '0', 'f', '+']) {
      const before = await camera()
      await page.keyboard.press(key)
      if (key !== '0') await expect.poll(camera, SOON).not.toBe(before)
    }
    await page.keyboard.press('Enter')
    expect(await page.getByRole('tab', { name: 'Derivation' }).getAttribute('aria-selected')).toBe('true')
    for (let i = 0; i < 3; i++) await page.keyboard.press('Escape')
    expect(await active()).toBeNull()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).not.toBe('application')
  })

  it('row 24: the table has a row for every node of the graph, with the same numbers, and sorts', async () => {
    const page = await open()
    const nodes = await nodesOf(page)
    const table = await tableOf(page)
    for (const { id, title } of nodes) expect(table.get(title)?.id).toBe(id)
    await tabTo(
      page,
      (at) => at.tagName === 'BUTTON' && at.closest('th[scope=col]') !== null && /value/.test(at.textContent!),
    )
    for (const order of ['ascending', 'descending']) {
      await page.keyboard.press('Enter')
      expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe(order)
    }
    await tabTo(page, (at) => at.closest('th[scope=row]') !== null)
    const name = (await focusName(page))!.trim()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: new RegExp(`^${name}( |$)`) }).waitFor()
  })

  it('tabs of the explanation, search, and a saved picture', async () => {
    const page = await open()
    await tabTo(page, (at) => at.id === 'inspector-derivation')
    for (const name of ['Paths', 'Node', 'Raw JSON', 'Derivation']) {
      await page.keyboard.press('ArrowRight')
      expect(await page.getByRole('tab', { name }).getAttribute('aria-selected')).toBe('true')
      expect(await focusName(page)).toBe(name)
    }
    await page.keyboard.press('/')
    await page.keyboard.type('relu')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: /relu/ }).waitFor()
    await page.keyboard.press('Escape')
    await tabTo(page, (at) => at.tagName === 'SUMMARY' && at.textContent === 'Export')
    await page.keyboard.press('Enter')
    await tabTo(page, (at) => at.textContent === 'SVG picture')
    const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
    expect(saved.suggestedFilename()).toMatch(/-step11\.svg$/)
  })

  it('the editor: a program is run, and Escape and Tab lead out', async () => {
    const page = await open('#/code?example=square')
    await tabTo(page, (at) => at.classList.contains('cm-content'))
    expect(await page.locator('.cm-content').getAttribute('aria-description')).toMatch(/Escape.*Tab/)
    await page.keyboard.press('ControlOrMeta+End')
    await page.keyboard.type('console.log("by keys")')
    await page.keyboard.press('ControlOrMeta+Enter')
    await page.getByRole('log').getByText('by keys').waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement!.classList.contains('cm-content'))).toBe(true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement!.classList.contains('cm-content'))).toBe(false)
  })

  it('the tour and the exercises', async () => {
    const page = await open('#/learn/tour')
    await tabTo(page, (at) => at.textContent === 'Next')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('[aria-current=step]').first().innerText(), SOON).toBe('2')
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)
    await visit(page, '#/learn/exercises')
    await tabTo(page, (at) => at.matches('form input'))
    await page.keyboard.type('0.1')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('form [role=status]').innerText(), SOON).not.toBe('')
  })

  it.each([
    [/^Help/, 'Help'],
    ['Settings', 'Settings'],
    ['Share', 'Share what you see'],
  ])('dialogs keep the focus and give it back: %s', async (button, title) => {
    const page = await open()
    await page.getByRole('button', { name: button }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: title })
    await dialog.waitFor()
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press(i % 3 === 2 ? 'Shift+Tab' : 'Tab')
      // Between the last stop and the first the focus may be in the browser's own bar, never in the page behind.
      const isBehind = await page.evaluate(() => document.activeElement!.closest('main, header.top') !== null)
      expect(isBehind).toBe(false)
    }
    await settled(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    const back = page.getByRole('button', { name: button })
    expect(await back.evaluate((it) => it === document.activeElement)).toBe(true)
  })
})
