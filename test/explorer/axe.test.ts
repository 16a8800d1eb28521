/** Every view and dialog in both themes by axe-core: WCAG 2.2 AA as far as a program can tell. */
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { NEURON } from './rows.ts'
import { browserPath, siteForTests } from './shell-site.ts'
import { everyView, settled, visit } from './visit.ts'

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const PHONE = { width: 320, height: 640 }
/** Colours that glide from theme to theme would be measured on their way. */
const STILL = { reducedMotion: 'reduce' } as const

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: AXE })
  const { violations } = await page.evaluate((values): Promise<AxeResults> => {
    const axe = (window as unknown as { axe: { run(on: Document, o: RunOptions): Promise<AxeResults> } }).axe
    return axe.run(document, { runOnly: { type: 'tag', values } })
  }, TAGS)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  )
}

/** What is wrong in either theme, by theme. */
async function inBothThemes(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const wrong = await violations(page)
    if (wrong.length > 0) found[colorScheme] = wrong
  }
  return found
}

describe.skipIf(!browserPath)('accessibility', () => {
  const site = siteForTests()

  it('of every view, in both themes', async () => {
    const { page, links } = await everyView(site, STILL)
    const found: Record<string, object> = {}
    for (const link of links) {
      await visit(page, link)
      const wrong = await inBothThemes(page)
      if (Object.keys(wrong).length > 0) found[link] = wrong
    }
    expect(found).toEqual({})
  }, 180_000)

  it('of the table, the tabs of the explanation, and the dialogs, in both themes', async () => {
    const page = await site.page(NEURON, STILL)
    await settled(page)
    const states: Record<string, () => Promise<unknown>> = {
      table: () => page.keyboard.press('t'),
      paths: () => page.getByRole('tab', { name: 'Paths' }).click(),
      node: () => page.getByRole('tab', { name: 'Node' }).click(),
      json: () => page.getByRole('tab', { name: 'Raw JSON' }).click(),
      help: () => page.locator('body').press('?'),
      settings: () => page.getByRole('button', { name: 'Settings' }).click(),
      share: () => page.getByRole('button', { name: 'Share' }).click(),
      views: () => page.getByRole('navigation', { name: 'Views' }).getByRole('button').click(),
      message: () => visit(page, `${NEURON}?w=4&step=many&v=9&bogus=1`),
      nothing: () => visit(page, '#/nowhere'),
    }
    const found: Record<string, object> = {}
    for (const [name, reach] of Object.entries(states)) {
      await reach()
      await settled(page)
      const wrong = await inBothThemes(page)
      if (Object.keys(wrong).length > 0) found[name] = wrong
      await page.keyboard.press('Escape')
    }
    expect(found).toEqual({})
  }, 120_000)

  it('of panes as tabs in a small window', async () => {
    const page = await site.page(NEURON, { ...STILL, viewport: PHONE })
    await settled(page)
    const panes = page.getByRole('tablist', { name: 'Panes' }).getByRole('tab')
    for (let i = 0; i < (await panes.count()); i++) {
      await panes.nth(i).click()
      await settled(page)
      expect(await inBothThemes(page)).toEqual({})
    }
  }, 60_000)
})
