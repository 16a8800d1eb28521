/** Rows 13 to 27 in a browser: code and graph, large graphs, links, files, themes, signs and lessons. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { canvasOf, NEURON, nodesOf, ran, SOON, tableOf } from './rows.ts'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'

const NETWORK = `import * as nn from 'chainrule/nn'
const x = tensor([[1, -2, 0.5]], { name: 'x' })
const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1))
const loss = model.forward(x).square().sum()
loss.backward()`

/** The contrast of two colours by WCAG 2, which screens of any theme must have. */
async function contrast(page: Page, a: string, b: string): Promise<number> {
  return page.evaluate(
    ([a, b]) => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d')!
      const luminance = (colour: string) => {
        canvas.fillStyle = colour
        canvas.fillRect(0, 0, 1, 1)
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
          const c = byte / 255
          return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
        })
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
      }
      const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
      return (light + 0.05) / (dark + 0.05)
    },
    [a, b],
  )
}

describe.skipIf(!browserPath)('code, graphs, links and lessons', () => {
  const site = siteForTests()
  const open = async (link: string, options = {}): Promise<Page> => {
    const page = await site.page(link, options)
    await shown(page)
    return page
  }

  it('row 13: the line of the step is marked, and a click on a line selects its value', async () => {
    const page = await open('#/code?example=neuron')
    const current = page.locator('.cm-line.code-current')
    const seen: string[] = []
    const [, last] = await stepOf(page)
    await page.getByRole('slider', { name: 'Step', exact: true }).press('Home')
    for (let step = 0; step < last; step++) {
      await page.keyboard.press('.')
      if ((await current.count()) > 0) seen.push((await current.innerText()).trim())
    }
    expect(new Set(seen)).toEqual(
      new Set(['const z = w.mul(x).add(b)', 'const a = z.sigmoid()', 'const loss = a.sub(y).square()']),
    )
    expect(await page.getByTitle('the line of this step').count()).toBe(1)
    const row = page.locator('.code-facts .cm-gutterElement', { hasText: '0.7311' })
    await row.click()
    await page.getByRole('heading', { level: 2, name: /^a( |$)/ }).waitFor()
  })

  it('row 15: gradients of 1 to 50 layers on a log scale, with the bands named', async () => {
    const page = await site.page('#/play/depth?depth=1')
    const chart = page.getByRole('img', { name: /layer/ }).first()
    const bars = async () => Number(/(\d+) bars/.exec((await chart.textContent(SOON))!)![1])
    await expect.poll(bars, SOON).toBe(2)
    await page.getByRole('slider', { name: 'depth' }).press('End')
    await expect.poll(bars, SOON).toBe(51)
    const told = async () => [await chart.getAttribute('aria-label'), await chart.textContent()].join(' ')
    expect(await told()).toMatch(/vanishing/)
    expect(await chart.textContent()).toContain('1e-30')
    await page.getByText('Show data: layer by layer').click()
    await page.getByLabel('Activation', { exact: true }).selectOption('tanh')
    await page.getByLabel('Initialisation').selectOption('1')
    await expect.poll(told, SOON).toMatch(/exploding/)
  })

  it('row 17: scopes close and open, one by one and all at once', async () => {
    const page = await ran(site, NETWORK)
    const titles = async () => {
      await page.getByRole('button', { name: 'Fit' }).click()
      return (await nodesOf(page)).map(({ title }) => title)
    }
    const all = await titles()
    await page.getByRole('button', { name: 'Collapse all' }).click()
    await expect.poll(async () => (await titles()).length, SOON).toBeLessThan(all.length)
    const closed = canvasOf(page).getByRole('img', { name: /closed/ })
    expect(await closed.count()).toBeGreaterThan(0)
    await closed.first().click()
    await canvasOf(page).press('Enter')
    const opened = await titles()
    expect(opened.length).toBeGreaterThan(1)
    await page.getByRole('button', { name: 'Expand all' }).click()
    await expect.poll(titles, SOON).toEqual(all)
    await canvasOf(page).locator('[data-part]').first().click()
    await expect.poll(async () => (await titles()).length, SOON).toBeLessThan(all.length)
  })

  it('row 17: edges between closed parts are one edge with their number', async () => {
    const page = await ran(
      site,
      `import * as nn from 'chainrule/nn'
      class Twice extends nn.Module { forward(a) { return a.mul(a).add(a) } }
      const x = tensor(2, { requiresGrad: true, name: 'x' })
      new Twice().forward(x.square()).backward()`,
    )
    await page.getByRole('button', { name: 'Collapse all' }).click()
    await canvasOf(page).getByText('×3').waitFor()
  })

  it('row 19: / goes to the search, which finds by name, op, line, gradient and nan', async () => {
    const page = await open('#/code?example=nan')
    const box = page.getByRole('searchbox')
    await page.getByRole('slider', { name: 'Step', exact: true }).focus()
    for (const [query, found] of [
      ['entropy', /^entropy/],
      ['log', /^v\d|log/],
      ['line 6', /^loss/],
      ['value<0.3', /^p/],
      ['nan', /./],
    ] as const) {
      await page.keyboard.press('/')
      expect(await box.evaluate((it) => it === document.activeElement)).toBe(true)
      await box.fill(query)
      await box.press('Enter')
      const id = await canvasOf(page).getAttribute('aria-activedescendant')
      const label = await page.locator(`#${id}`).getAttribute('aria-label')
      expect([query, label]).toEqual([query, expect.stringMatching(found)])
      const inSight = await page.locator(`#${id}`).evaluate((node) => {
        const [box, pane] = [node, node.closest('svg')!].map((it) => it.getBoundingClientRect())
        return box.left >= pane.left && box.right <= pane.right && box.top >= pane.top && box.bottom <= pane.bottom
      })
      expect([query, inSight]).toEqual([query, true])
      await box.press('Escape')
      await box.press('Escape')
    }
  })

  it('row 20: a link keeps what is open and which seed was drawn', async () => {
    const page = await open('#/play/net-434')
    await page.getByRole('button', { name: 'Collapse all' }).click()
    await page.getByRole('button', { name: 'Randomise' }).click()
    await page.locator('body').press(',')
    await page.getByRole('button', { name: 'Share' }).click()
    const link = await page.getByLabel('Link', { exact: true }).inputValue()
    await page.keyboard.press('Escape')
    expect(link).toMatch(/seed=1/)
    const other = await open(link.slice(site.url.length))
    expect(await nodesOf(other)).toEqual(await nodesOf(page))
    expect(await stepOf(other)).toEqual(await stepOf(page))
  })

  it('row 21: a picture stands alone, in its theme, and can be drawn', async () => {
    const page = await open(NEURON)
    await canvasOf(page).locator('[data-node-id]').first().waitFor()
    await page.getByText('Export', { exact: true }).click()
    const grounds: string[] = []
    for (const theme of ['light', 'dark']) {
      await page.getByRole('combobox', { name: /^Theme/ }).selectOption(theme)
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: 'SVG picture' }).click()
      const svg = readFileSync(await (await saved).path(), 'utf8')
      expect(svg).toContain('<title')
      expect(svg).not.toMatch(/var\(--|href="http|url\(http|@import/)
      const drawn = await page.evaluate(async (svg) => {
        const image = new Image()
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
        await image.decode()
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')!
        canvas.drawImage(image, 0, 0)
        return [...canvas.getImageData(1, 1, 1, 1).data]
      }, svg)
      expect(drawn[3]).toBe(255)
      grounds.push(drawn.slice(0, 3).join(' '))
    }
    expect(grounds).toEqual(['255 255 255', '13 17 23'])
  })

  it('row 22: formulas, charts and editor follow the theme', async () => {
    const looks = async (link: string, inside: string) => {
      const page = await site.page(link, { colorScheme: 'light' })
      const ink = () =>
        page
          .locator(inside)
          .first()
          .evaluate((it) => getComputedStyle(it)[it instanceof SVGElement ? 'fill' : 'color'])
      await page.locator(inside).first().waitFor()
      const light = await ink()
      await page.emulateMedia({ colorScheme: 'dark' })
      await expect.poll(ink, SOON).not.toBe(light)
      await page.context().close()
    }
    await looks(NEURON, '.katex')
    await looks('#/play/depth?depth=3', 'figure svg text')
    await looks('#/code?example=neuron', '.cm-line')
  })

  it.each(['light', 'dark'] as const)(
    'row 25: signs are texts and dashes, and can be seen, %s',
    async (colorScheme) => {
      const page = await open(`${NEURON}?t=0&x=-1&w=-2`, { colorScheme })
      await canvasOf(page).locator('[data-edge]').first().waitFor()
      const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
      const edges = await canvasOf(page)
        .locator('[data-edge]')
        .evaluateAll((all) =>
          all.map((edge) => {
            const { stroke, strokeDasharray } = getComputedStyle(edge.querySelector('path.line')!)
            return {
              sign: edge.querySelector('[data-role=contribution]')!.textContent![0],
              stroke,
              dash: strokeDasharray,
            }
          }),
        )
      expect(new Set(edges.map(({ sign }) => sign).filter((sign) => /[+-]/.test(sign)))).toEqual(new Set(['+', '-']))
      for (const { sign, stroke, dash } of edges) {
        expect([sign, dash !== 'none']).toEqual([sign, sign === '-'])
        expect(await contrast(page, stroke, ground)).toBeGreaterThanOrEqual(3)
      }
    },
  )

  it('row 26: Reset gives the start again, Randomise other numbers each time, and a seed the same ones', async () => {
    const page = await open('#/play/bce-221?seed=5')
    const values = async () => JSON.stringify([...(await tableOf(page))])
    const press = async (name: string) => {
      const before = await values()
      await page.getByRole('button', { name, exact: true }).click()
      await expect.poll(values, SOON).not.toBe(before)
      return values()
    }
    const start = await values()
    const drawn = await press('Randomise')
    expect(await press('Randomise')).not.toBe(drawn)
    expect(await press('Reset')).toBe(start)
    await page.goto('about:blank')
    await page.goto(`${site.url}#/play/bce-221?seed=5`)
    await shown(page)
    expect(await press('Randomise')).toBe(drawn)
  })

  it('row 27: each step of the tour has a link, and any can be left out', async () => {
    const page = await open('#/learn/tour?part=3')
    const strip = page.getByRole('navigation', { name: 'Stations of the story' }).getByRole('button')
    const count = await strip.count()
    expect(count).toBeGreaterThanOrEqual(8)
    expect(count).toBeLessThanOrEqual(12)
    expect(await strip.nth(2).getAttribute('aria-current')).toBe('step')
    await strip.nth(count - 1).click()
    await expect.poll(() => page.evaluate(() => location.hash), SOON).toContain(`part=${count}`)
    const before = await stepOf(page)
    await page.locator('body').press(',')
    expect(await stepOf(page)).not.toEqual(before)
    await page.getByRole('link', { name: /^Chainrule/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Watch the chain rule happen' }).waitFor()
  })
})
