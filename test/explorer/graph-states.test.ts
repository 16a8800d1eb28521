/** The graph in unusual states: very large, slow to lay out, many calls of backward, strange names, colours of the reader. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'

const texts = (page: Page, selector: string) => page.locator(selector).allTextContents()

describe.skipIf(!browserPath)('the graph in unusual states', () => {
  const site = siteForTests()

  /** Runs a program of the reader's own to its last step. */
  async function opened(source: string, last: number, prepare?: (page: Page) => Promise<void>): Promise<Page> {
    const page = await site.page('#/code')
    await shown(page)
    await prepare?.(page)
    await page.locator('.cm-content').click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.insertText(source)
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect.poll(async () => (await stepOf(page))[1], { timeout: 20_000 }).toBe(last)
    return page
  }

  it('opens with all of it in sight where its texts can be read then', async () => {
    const page = await site.page('#/play/net-434', { viewport: { width: 1440, height: 900 } })
    await shown(page)
    await page.locator('[data-node-id]').first().waitFor()
    const whole = await page.evaluate(() => {
      const stage = document.querySelector('.graph-canvas')!.getBoundingClientRect()
      return [...document.querySelectorAll('[data-node-id]')].map((node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect()
        return left >= stage.left && right <= stage.right && top >= stage.top && bottom <= stage.bottom
      })
    })
    expect(whole.length).toBeGreaterThan(12)
    expect(whole).not.toContain(false)
    expect((await texts(page, '[data-role=value]')).length).toBe(whole.length)
  })

  it('draws thousands of nodes from afar as a few paths, and they can be clicked', async () => {
    const page = await opened(
      `import { tensor } from 'chainrule'
      const w = Array.from({ length: 40 }, (_, i) => tensor(i + 1, { requiresGrad: true, name: 'w' + i }))
      let sum = tensor(0)
      for (let s = 0; s < 8; s++) for (const one of w) sum = sum.add(one.mul(s).tanh())
      sum.backward()`,
      1921,
    )
    await page.getByRole('button', { name: 'Expand all' }).click()
    const far = async () => {
      await page.getByRole('button', { name: 'Fit', exact: true }).click()
      return page.locator('.far-nodes').count()
    }
    await expect.poll(far, { timeout: 20_000 }).toBeGreaterThan(0)
    expect(await page.locator('[data-node-id]').count()).toBeLessThanOrEqual(1)
    expect(await page.locator('.far path').count()).toBeLessThan(12)
    const box = (await page.locator('.far-nodes').first().boundingBox())!
    const canvas = (await page.locator('.graph-canvas').boundingBox())!
    await page.mouse.click(Math.max(box.x, canvas.x + 1) + 1, Math.max(box.y, canvas.y + 1) + 1)
    await page.locator('.graph-canvas').focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('.node.is-selected').count()).toBe(1)
  })

  it('says that the layout takes its time, and stands in a grid when it is cancelled', async () => {
    const slow = (page: Page) =>
      page.evaluate(() => {
        const post = Worker.prototype.postMessage
        Worker.prototype.postMessage = function (message: unknown, ...rest: []) {
          if (!(message && typeof message === 'object' && 'structure' in message)) post.call(this, message, ...rest)
        }
      })
    const page = await opened(
      `import { tensor } from 'chainrule'
      const w = tensor(2, { requiresGrad: true, name: 'w' })
      w.mul(3).square().backward()`,
      5,
      slow,
    )
    await page.getByText('Arranging 3 nodes').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('[data-node-id]').first().waitFor()
    expect(await texts(page, '[data-role=gradient]')).toEqual(['36', '12', '1'])
    expect(await texts(page, '.graph-hint')).toEqual(['Nodes stand in a grid: the layout was cancelled.'])
  })

  it('shows the share of the call at the step, and the sum over calls of a leaf', async () => {
    const page = await opened(
      `import { tensor } from 'chainrule'
      const w = tensor(3, { requiresGrad: true, name: 'w' })
      const y = w.mul(w).mul(2)
      y.backward(undefined, { retainGraph: true })
      y.backward()
      w.mul(5).add(1).backward()`,
      13,
    )
    await page.locator('[data-node-id="0"]').click()
    expect(await page.locator('[data-node-id="0"] [data-role=gradient]').textContent()).toBe('5')
    const said = page.locator('.derivation [data-role=accumulated]')
    expect(await said.textContent()).toContain('accumulated ×3 backward calls')
    expect(await said.textContent()).toContain('12 + 12 + 5 = 29')
    expect(await page.locator('.derivation').textContent()).not.toContain('—')
    await page.locator('#inspector-node').click()
    expect(await page.locator('.facts').textContent()).toContain('5 from call 3 of 3')
  })

  it('brings a hit into sight, whole and off the map, and offers the call that brought a gradient there', async () => {
    const page = await site.page('#/code?example=moons')
    await shown(page)
    await page.keyboard.press('/')
    await page.keyboard.type('v61')
    await page.keyboard.press('Enter')
    await page.locator('.node.is-selected').waitFor()
    const hidden = () =>
      page.evaluate(() => {
        const boxOf = (selector: string) => document.querySelector(selector)!.getBoundingClientRect()
        const [node, stage, map] = ['.node.is-selected', '.graph-canvas', '.graph-minimap'].map(boxOf)
        const cut =
          node.left < stage.left || node.right > stage.right || node.top < stage.top || node.bottom > stage.bottom
        const under = node.right > map.left && node.left < map.right && node.bottom > map.top && node.top < map.bottom
        return [cut, under]
      })
    await expect.poll(hidden).toEqual([false, false])
    await page.setViewportSize({ width: 1000, height: 560 })
    await expect.poll(hidden).toEqual([false, false])
    expect(await page.locator('#inspector-panel').textContent()).toContain(
      'No gradient arrived at v61 in call 10 of 10',
    )
    await page.getByRole('button', { name: 'Show call 9' }).click()
    await page.locator('.derivation [data-role=result]').waitFor()
    expect(await page.locator('.sentence').textContent()).toContain('call 9 of 10')
  })

  it('shows the call that went well where the one after it failed', async () => {
    const page = await opened(
      `import { tensor } from 'chainrule'
      const w = tensor(3, { requiresGrad: true, name: 'w' })
      const l = w.square()
      l.backward()
      l.backward()`,
      3,
    )
    expect(await texts(page, '[data-role=gradient]')).toEqual(['6', '1'])
    expect(await texts(page, '.code-message')).toEqual([expect.stringContaining('retainGraph: true')])
  })

  it('shows names as they are, whatever they contain', async () => {
    const name = '<img src=x onerror=alert(1)>'
    const page = await opened(
      `import { tensor } from 'chainrule'
      const a = tensor(2, { requiresGrad: true, name: '${name}' })
      const b = tensor(3, { requiresGrad: true, name: '\\\\frac{' })
      a.mul(b).backward()`,
      3,
    )
    await page.locator('[data-node-id="0"]').click()
    expect(await page.locator('.inspector-title').textContent()).toContain(name)
    await page.locator('.katex').first().waitFor()
    expect(await page.locator('.katex-error, .graph img, .inspector img').count()).toBe(0)
    expect(await page.locator('[data-node-id="1"] .title').textContent()).toBe('\\frac{')
  })

  it('saves the selection with its edges alone', async () => {
    const page = await site.page('#/play/neuron')
    await shown(page)
    await page.locator('[data-node-id="0"]').click()
    await page.locator('.graph-export summary').click()
    await page.locator('.graph-export select').first().selectOption('selection')
    const dot = page.getByRole('button', { name: 'DOT for Graphviz' })
    const [download] = await Promise.all([page.waitForEvent('download'), dot.click()])
    const text = readFileSync(await download.path(), 'utf8')
    expect(text.match(/->/g)).toHaveLength(1)
  })

  it('keeps signs, the step and the selection where the reader chose the colours', async () => {
    const page = await site.page('#/play/neuron', { forcedColors: 'active' })
    await shown(page)
    await page.locator('.node.is-selected').waitFor()
    const look = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((part) => {
          const { stroke, fill, strokeDasharray } = getComputedStyle(part)
          return { stroke, fill, isDashed: strokeDasharray !== 'none' }
        })
    const body = await look('.node.sign-minus .body')
    expect(body.stroke).not.toBe(body.fill)
    expect(body.isDashed).toBe(true)
    const selected = await look('.node.is-selected .halo')
    expect([body.stroke, body.fill]).not.toContain(selected.stroke)
    expect((await look('.node.is-current:not(.is-selected) .halo')).isDashed).toBe(true)
  })
})
