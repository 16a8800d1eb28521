/** Small windows, magnified ones, less motion, forced colours: what readers have set is what they get. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { canvasOf, NEURON } from './rows.ts'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'
import { everyView, visit } from './visit.ts'

/** A window of 1280 × 800 that is magnified twice. */
const MAGNIFIED = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }
/** WCAG 2.2, 2.5.8. */
const LEAST_TARGET = 24

const tooWide = (page: Page) =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - innerWidth
    if (wide <= 0) return null
    const out = [...document.querySelectorAll('body *')].filter(
      (it) => it.getBoundingClientRect().right > innerWidth + 1,
    )
    return `${wide}px: ${out
      .slice(0, 3)
      .map((it) => it.outerHTML.slice(0, 80))
      .join(' ')}`
  })

/** Controls smaller than a finger needs, but for links within a text. */
const smallTargets = (page: Page) =>
  page.evaluate((least) => {
    const all = document.querySelectorAll<HTMLElement>('button, select, input, summary, [role=tab], [role=slider]')
    return [...all].flatMap((it) => {
      const { width, height } = (it.closest('label') ?? it).getBoundingClientRect()
      const isSeen = it.checkVisibility() && width > 1 && it.tabIndex >= 0
      return isSeen && Math.min(width, height) < least - 0.5 ? [`${width}×${height} ${it.outerHTML.slice(0, 120)}`] : []
    })
  }, LEAST_TARGET)

describe.skipIf(!browserPath)('what readers have set', () => {
  const site = siteForTests()

  it('320 pixels: no view scrolls sideways, and no control is too small', async () => {
    const { page, links } = await everyView(site, { viewport: { width: 320, height: 640 } })
    const found: Record<string, unknown> = {}
    for (const link of links) {
      await visit(page, link)
      const [wide, small] = [await tooWide(page), await smallTargets(page)]
      if (wide !== null || small.length > 0) found[link] = { wide, small }
    }
    for (const name of [/^Help/, 'Settings', 'Share']) {
      await page.getByRole('button', { name }).click()
      await page.getByRole('dialog').waitFor()
      expect(await tooWide(page)).toBeNull()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    expect(found).toEqual({})
  }, 120_000)

  it('200 %: every view keeps its controls in reach', async () => {
    const { page, links } = await everyView(site, MAGNIFIED)
    const found: Record<string, unknown> = {}
    for (const link of links) {
      await visit(page, link)
      const wide = await tooWide(page)
      // What cannot be scrolled to is lost.
      const lost = await page.evaluate(() => {
        const isLost = (it: HTMLElement) => {
          it.scrollIntoView({ block: 'nearest' })
          const { top, bottom, height } = it.getBoundingClientRect()
          return it.checkVisibility() && height > 0 && (top < -1 || bottom > innerHeight + 1)
        }
        const all = document.querySelectorAll<HTMLElement>('main button, main select, main input')
        return [...all].filter(isLost).map((it) => it.outerHTML.slice(0, 100))
      })
      if (wide !== null || lost.length > 0) found[link] = { wide, lost }
    }
    expect(found).toEqual({})
  }, 120_000)

  it('row 23: with less motion nothing moves by itself, and nothing glides', async () => {
    const { page, links } = await everyView(site, { reducedMotion: 'reduce' })
    const moving = () =>
      page.evaluate(() => {
        const running = document.getAnimations().filter(({ playState }) => playState === 'running')
        return running.map(({ effect }) => (effect as KeyframeEffect).target?.outerHTML.slice(0, 100))
      })
    for (const link of links) {
      await visit(page, link)
      expect([link, await moving()]).toEqual([link, []])
    }
    await visit(page, NEURON)
    const before = await stepOf(page)
    const camera = () => canvasOf(page).locator(':scope > g').getAttribute('transform')
    const at = await camera()
    await page.getByRole('button', { name: /^Zoom in/ }).click()
    const zoomed = await camera()
    expect(zoomed).not.toBe(at)
    await page.waitForTimeout(400)
    expect([await camera(), await moving(), await stepOf(page)]).toEqual([zoomed, [], before])
  }, 120_000)

  it('row 23: nothing plays before it is asked to, with any motion', async () => {
    const page = await site.page('')
    await shown(page)
    const before = await stepOf(page)
    await page.waitForTimeout(1200)
    expect(await stepOf(page)).toEqual(before)
    expect(await page.getByRole('button', { name: /^Pause/ }).count()).toBe(0)
  })

  it('forced colours: edges, nodes and the focus can be seen', async () => {
    const page = await site.page(NEURON, { forcedColors: 'active' })
    await shown(page)
    await canvasOf(page).locator('[data-edge]').first().waitFor()
    const seen = await canvasOf(page).evaluate((canvas) => {
      const ground = getComputedStyle(document.documentElement).backgroundColor
      const strokes = (selector: string) =>
        [...canvas.querySelectorAll(selector)].map((it) => {
          const { stroke, strokeWidth, opacity } = getComputedStyle(it)
          return stroke !== 'none' && stroke !== ground && Number.parseFloat(strokeWidth) > 0 && opacity !== '0'
        })
      return { edges: strokes('[data-edge] path.line'), nodes: strokes('[data-node-id] rect.body') }
    })
    expect(seen.edges.length).toBeGreaterThan(3)
    expect([...seen.edges, ...seen.nodes].every(Boolean)).toBe(true)
    await page.getByRole('slider', { name: 'w', exact: true }).press('ArrowRight')
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
    expect(outline).not.toBe('none')
  })
})
