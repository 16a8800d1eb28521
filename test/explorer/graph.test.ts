/** The graph and the inspector in a browser: what they show is what the library computes, and keys reach all of it. */
import { readFileSync } from 'node:fs'
import { tensor } from 'chainrule'
import { record, shortNumber } from 'chainrule/explain'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'

/** Runs a program of the reader's own, which has so many ops, and backward or not. */
async function run(page: Page, source: string, ops: number, backward: boolean): Promise<void> {
  await page.locator('.cm-content').click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(source)
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect.poll(async () => (await stepOf(page))[1], { timeout: 10_000 }).toBe(backward ? 2 * ops + 1 : ops)
  await page.locator('[data-node-id]').first().waitFor()
}

const texts = (page: Page, selector: string) => page.locator(selector).allTextContents()

describe.skipIf(!browserPath)('the graph', () => {
  const site = siteForTests()

  async function opened(ops: number, source: string, backward = true): Promise<Page> {
    const page = await site.page('#/code')
    await shown(page)
    await run(page, source, ops, backward)
    return page
  }

  it('shows the numbers of the library, to the digits shown', async () => {
    const page = await opened(
      4,
      `import { tensor } from 'chainrule'
      const w = tensor(-3, { requiresGrad: true, name: 'w' })
      const x = tensor(1.2e-7, { requiresGrad: true, name: 'x' })
      w.mul(x).tanh().add(w).square().backward()`,
    )
    const recording = record(() => {
      const w = tensor(-3, { requiresGrad: true, name: 'w' })
      const x = tensor(1.2e-7, { requiresGrad: true, name: 'x' })
      w.mul(x).tanh().add(w).square().backward()
    })
    for (const node of recording.nodes) {
      const part = (role: string) => page.locator(`[data-node-id="${node.id}"] [data-role=${role}]`).textContent()
      expect(await part('value')).toBe(shortNumber(node.value.item()))
      expect(await part('gradient')).toBe(shortNumber(node.gradient()!.item()))
    }
    expect(shortNumber(recording.nodes.find(({ name }) => name === 'x')!.value.item())).toBe('1.2e-7')
  })

  it('row 4: draws x·x with two edges, each with its contribution, and derives 2x from both', async () => {
    const page = await opened(
      1,
      `import { tensor } from 'chainrule'
      const x = tensor(3, { requiresGrad: true, name: 'x' })
      x.mul(x).backward()`,
    )
    expect(await texts(page, '.edge [data-role=contribution]')).toEqual(['+3', '+3'])
    await page.locator('[data-node-id="0"]').click()
    await page.locator('[data-factor="1:1"]').first().hover()
    expect(await page.locator('[data-edge="1:1"]').getAttribute('class')).toContain('is-hot')
    expect(await page.locator('[data-edge="1:0"]').getAttribute('class')).not.toContain('is-hot')
    await page.locator('[data-edge="1:0"] .grip').hover({ force: true })
    expect(await page.locator('[data-factor="1:0"].is-hot').count()).toBeGreaterThan(0)
    expect(await page.locator('.derivation [data-role=result]').textContent()).toContain('6')
  })

  it('keeps — until backward has come, also where it never does', async () => {
    const page = await opened(
      1,
      `import { tensor } from 'chainrule'
      const w = tensor(2, { requiresGrad: true, name: 'w' })
      w.mul(3)`,
      false,
    )
    expect(await texts(page, '[data-role=gradient]')).toEqual(['—', '—'])
  })

  it('marks NaN and leads to the first one', async () => {
    const page = await opened(
      2,
      `import { tensor } from 'chainrule'
      const p = tensor(0, { requiresGrad: true, name: 'p' })
      p.log().mul(0).backward()`,
    )
    expect(await page.locator('.node.is-bad').count()).toBe(3)
    await page.getByRole('button', { name: /^Show v1/ }).click()
    expect(await page.locator('.node.is-selected').getAttribute('data-node-id')).toBe('1')
  })

  it('row 10: counts the paths of a = a + a, 100 times, and says that they add up', async () => {
    const page = await opened(
      100,
      `import { tensor } from 'chainrule'
      let a = tensor(1, { requiresGrad: true, name: 'a', dtype: 'float64' })
      for (let i = 0; i < 100; i++) a = a.add(a)
      a.backward()`,
    )
    await page.locator('[data-node-id="0"]').click({ force: true })
    await page.locator('#inspector-paths').click()
    await page.locator('[data-role=path-count]').waitFor()
    expect(await page.locator('[data-role=path-count]').textContent()).toBe('1267650600228229401496703205376')
    expect(await page.locator('.paths').textContent()).toContain('they agree ✓')
  })

  it('row 24: can be walked by keys alone', async () => {
    const page = await site.page('#/play/neuron')
    await shown(page)
    const canvas = page.locator('.graph-canvas')
    await page.locator('[data-node-id]').first().waitFor()
    await canvas.focus()
    await page.keyboard.press('Escape')
    await canvas.focus()
    const active = async () => {
      const id = await canvas.getAttribute('aria-activedescendant')
      return id === null ? null : page.locator(`#${id}`).getAttribute('aria-label')
    }
    expect(await active()).toBeNull()
    await page.keyboard.press('ArrowRight')
    const first = await active()
    expect(first).toMatch(/^w, parameter, value 1.5, gradient -4, used by 1 node$/)
    await page.keyboard.press('ArrowDown')
    expect(await active()).toMatch(/^x, parameter/)
    await page.keyboard.press('ArrowUp')
    expect(await active()).toBe(first)
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => page.locator('[aria-live=polite]').allTextContents()).toContain('This value has no inputs')
    await page.keyboard.press('ArrowRight')
    expect(await active()).toMatch(/mul, value 3/)
    await page.keyboard.press(']')
    expect(await active()).toMatch(/argument 1, value 1.5, local derivative 2, contribution -4/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('ArrowLeft')
    expect(await active()).toBe(first)
    await page.keyboard.press('/')
    await page.keyboard.insertText('relu')
    await page.keyboard.press('Enter')
    expect(await active()).toMatch(/relu/)
  })

  it('never moves a node while a slider moves', async () => {
    const page = await site.page('#/play/neuron')
    await shown(page)
    await page.locator('[data-node-id]').first().waitFor()
    const places = () =>
      page.locator('[data-node-id]').evaluateAll((all) => all.map((g) => g.getAttribute('transform')))
    const before = await places()
    const values = () => texts(page, '[data-role=value]')
    const old = await values()
    await page.locator('input[type=range]').first().focus()
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowLeft')
    await expect.poll(values).not.toEqual(old)
    expect(await places()).toEqual(before)
  })

  it('row 18: opens large programs closed, and can be used', async () => {
    const page = await opened(
      4990,
      `import { tensor } from 'chainrule'
      let x = tensor(1, { requiresGrad: true })
      for (let i = 0; i < 4990; i++) x = x.mul(1.0001)
      x.backward()`,
    )
    expect(await page.locator('[data-node-id]').count()).toBeLessThan(400)
    await page.locator('input[type=search]').fill('x#4000')
    await page.keyboard.press('Enter')
    expect(await page.locator('.inspector-title').textContent()).toContain('x#4000')
    expect(await page.locator('.node.is-selected').textContent()).toMatch(/section \d+ of \d+/)
  })

  it('row 21: saves pictures, the trace and the table', async () => {
    const page = await site.page('#/play/neuron')
    await shown(page)
    await page.locator('[data-node-id]').first().waitFor()
    await page.locator('.graph-export summary').click()
    for (const [name, start] of [
      ['SVG picture', '<svg'],
      ['DOT for Graphviz', 'digraph'],
      ['JSON trace', '{"format":"chainrule-trace"'],
      ['CSV table', 'id,name,op'],
      ['PNG picture', '\u0089PNG'],
    ]) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
      expect(readFileSync(await download.path(), 'latin1').slice(0, start.length)).toBe(start)
      expect(download.suggestedFilename()).toMatch(/-step11\.\w+$/)
    }
  })
})
