/** Every view in both themes by axe-core: WCAG 2.2 AA as far as a program can tell. */
import { fileURLToPath } from 'node:url'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserPath, Site, viewPaths } from './shell-site.ts'

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE })
  const { violations } = await page.evaluate((values): Promise<AxeResults> => {
    const axe = (window as unknown as { axe: { run(on: Document, o: RunOptions): Promise<AxeResults> } }).axe
    return axe.run(document, { runOnly: { type: 'tag', values } })
  }, TAGS)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  )
}

describe.skipIf(!browserPath)('accessibility', () => {
  let site: Site
  let paths: string[]
  beforeAll(async () => {
    site = await Site.open()
    const start = await site.page()
    paths = ['', ...(await viewPaths(start))]
  }, 120_000)
  afterAll(() => site.close())

  it.each(['light', 'dark'] as const)(
    'of every view, %s',
    async (colorScheme) => {
      const found: Record<string, string[]> = {}
      for (const path of paths) {
        const page = await site.page(`#/${path}`, { colorScheme })
        await page.waitForTimeout(1200)
        const wrong = await violations(page)
        if (wrong.length > 0) found[path] = wrong
        await page.context().close()
      }
      expect(found).toEqual({})
    },
    240_000,
  )

  it.each([
    ['the table', 't'],
    ['help', '?'],
  ])('of %s', async (_, key) => {
    const page = await site.page('#/play/neuron')
    await page.locator('.player [data-role=step]').waitFor()
    await page.keyboard.press(key)
    await page.waitForTimeout(300)
    expect(await violations(page)).toEqual([])
  })

  it('of a small window', async () => {
    const page = await site.page('#/play/neuron', { viewport: { width: 320, height: 640 } })
    await page.locator('.player [data-role=step]').waitFor()
    expect(await violations(page)).toEqual([])
  })
})
