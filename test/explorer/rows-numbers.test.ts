/** Rows 1 to 12 in a browser: numbers on nodes and edges, steps, derivations, paths, sliders and bits. */
import { describe, expect, it } from 'vitest'
import { showNumber } from '../../explorer/src/ui/show-number.ts'
import { canvasOf, edgesOf, NEURON, nodesOf, ran, SOON, tableOf } from './rows.ts'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'
import { visit } from './visit.ts'

describe.skipIf(!browserPath)('values, gradients and steps', () => {
  const site = siteForTests()

  it('row 2: a gradient that is 0 is a dash until backward has been there', async () => {
    const page = await ran(
      site,
      `const w = tensor(2, { requiresGrad: true, name: 'w' })
      const gate = w.mul(-1).relu()
      gate.mul(3).backward()`,
    )
    const gradientOf = async (id: string) => (await nodesOf(page)).find((node) => node.id === id)!.gradient
    const [, last] = await stepOf(page)
    expect(await gradientOf('0')).toMatch(/^-?0$/)
    for (let step = last - 1; step >= 0; step--) {
      await page.locator('body').press(',')
      await expect.poll(async () => (await stepOf(page))[0]).toBe(step)
      expect(await gradientOf('0')).toBe('—')
    }
    expect(new Set((await nodesOf(page)).map(({ gradient }) => gradient))).toEqual(new Set(['—']))
  })

  it.each([
    ['#/play/neuron?w=0.7&x=-1.3&b=0.2&activation=tanh'],
    ['#/play/bce-221?w11=0.37&v1=-1.1'],
    ['#/play/paths?example=neurons'],
  ])('row 3: the contributions that leave a node sum to its gradient: %s', async (link) => {
    const page = await site.page(link)
    await shown(page)
    await canvasOf(page).locator('[data-edge]').first().waitFor()
    const edges = await edgesOf(page)
    const table = await tableOf(page)
    expect(edges.length).toBeGreaterThan(5)
    const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.abs(b))
    const sums = new Map<string, number>()
    for (const { from, to, local, contribution } of edges) {
      near(contribution, Number(table.get(to)!.gradient) * local)
      sums.set(from, (sums.get(from) ?? 0) + contribution)
    }
    for (const [name, sum] of sums) if (table.get(name)!.gradient !== '') near(sum, Number(table.get(name)!.gradient))
  })

  it('row 5: two leaves of the same value are two nodes', async () => {
    const page = await ran(
      site,
      `const a = tensor(2, { requiresGrad: true })
      const b = tensor(2, { requiresGrad: true })
      a.add(b).backward()`,
    )
    expect((await nodesOf(page)).map(({ value }) => value)).toEqual(['2', '2', '4'])
  })

  it('row 6: what is tiny and what is zero never look alike', async () => {
    const page = await ran(
      site,
      `const tiny = tensor(1.2e-7, { requiresGrad: true, dtype: 'float64' })
      const zero = tensor(0, { requiresGrad: true, dtype: 'float64' })
      const huge = tensor(123456789, { requiresGrad: true, dtype: 'float64' })
      const less = tensor(-0.00001234, { requiresGrad: true, dtype: 'float64' })
      tiny.add(zero).add(huge).mul(less).backward()`,
    )
    const shown = Object.fromEntries((await nodesOf(page)).map(({ title, value }) => [title, value]))
    expect(shown).toMatchObject({ tiny: '1.2e-7', zero: '0', huge: '1.235e8', less: '-1.234e-5' })
  })
})

describe.skipIf(!browserPath)('explanations and inputs', () => {
  const site = siteForTests()

  it('row 9: every node of a network has its derivation, and the result is its gradient', async () => {
    const page = await site.page('#/play/bce-221')
    await shown(page)
    const panel = page.getByRole('tabpanel')
    for (const [name, { id, gradient }] of await tableOf(page)) {
      if (gradient === '') continue
      const row = page.locator(`tr[data-node-id="${id}"]`).getByRole('button')
      if ((await row.getAttribute('aria-pressed')) === 'false') await row.click()
      await page.getByRole('heading', { level: 2, name: new RegExp(`^${name}( |$)`) }).waitFor()
      expect([name, await panel.locator('[data-role=result] [data-value]').getAttribute('data-value')]).toEqual([
        name,
        gradient,
      ])
      for (const part of ['Rule', 'With numbers']) await panel.getByRole('heading', { name: part }).waitFor()
      expect(await panel.locator('math').count()).toBeGreaterThanOrEqual(3)
    }
  })

  it('row 10: the products of the paths sum to the gradient', async () => {
    const page = await site.page('#/play/paths')
    for (const example of ['fan', 'factors', 'neurons', 'same', 'doubling-10']) {
      await visit(page, `#/play/paths?example=${example}`)
      await page.getByRole('tab', { name: 'Paths' }).click()
      const panel = page.getByRole('tabpanel').filter({ has: page.locator('[data-role=path-count]') })
      const numbers = (within: string) =>
        panel
          .locator(`${within} [data-value]`)
          .evaluateAll((all) => all.map((it) => Number((it as HTMLElement).dataset.value)))
      await panel.getByRole('table').waitFor()
      const products = await numbers('tbody td:nth-child(2)')
      const [rest, total, gradient] = await numbers(':scope p:has-text("rest =")')
      expect(products.reduce((a, b) => a + b, 0) + rest).toBeCloseTo(total, 10)
      expect(total).toBeCloseTo(gradient, 6)
      expect(await panel.locator('[data-role=path-count]').innerText()).toMatch(/^\d+$/)
    }
  })

  it('row 11: one number everywhere, a frame after a slider moved', async () => {
    const page = await site.page(NEURON)
    await shown(page)
    const value = canvasOf(page).locator('[data-node-id]', { hasText: /^w/ }).locator('[data-role=value]').first()
    await value.waitFor()
    const slider = page.getByRole('slider', { name: 'w', exact: true })
    for (const to of ['-2.37', '0', '1.04']) {
      // One frame records the program, the next one has drawn it.
      const seen = await slider.evaluate(async (range: HTMLInputElement, to) => {
        const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!
        set.call(range, to)
        range.dispatchEvent(new Event('input', { bubbles: true }))
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
        return [...document.querySelectorAll('[role=application] [data-node-id]')].map((node) => [
          node.querySelector('.title')?.textContent,
          node.querySelector('[data-role=value]')?.textContent,
        ])
      }, to)
      expect(seen).toContainEqual(['w', showNumber(Number(to))])
      expect(await page.getByRole('textbox', { name: 'w, exact value' }).inputValue()).toBe(to)
      expect((await tableOf(page)).get('w')!.value).toBe(to)
      await page.keyboard.press('t')
    }
  })

  it('row 11: there is a slider and a box for each number', async () => {
    const page = await site.page(NEURON)
    for (const [link, names] of [
      [NEURON, ['x', 'w', 'b', 't']],
      ['#/play/two-input', ['a1', 'a2', 'w1', 'w2', 'b', 't']],
      ['#/formula', ['w', 'x', 'b', 'y']],
    ] as const) {
      await visit(page, link)
      for (const name of names) {
        expect(await page.getByRole('slider', { name, exact: true }).count()).toBe(1)
        expect(await page.getByRole('textbox', { name: `${name}, exact value` }).count()).toBe(1)
      }
    }
  })

  it('row 12: bits are buttons that are pressed or not, and the network gets them', async () => {
    const page = await site.page('#/play/net-434')
    await shown(page)
    for (const [title, name] of [
      ['Input bits', 'x'],
      ['Target bits', 'y'],
    ]) {
      const bits = page.getByRole('group', { name: title }).getByRole('button')
      expect(await bits.count()).toBe(4)
      for (let i = 0; i < 4; i++) {
        const before = await bits.nth(i).getAttribute('aria-pressed')
        await bits.nth(i).press('Space')
        expect(await bits.nth(i).getAttribute('aria-pressed')).toBe(String(before !== 'true'))
      }
      const wanted = await bits.evaluateAll((all) =>
        all.map((bit) => (bit.getAttribute('aria-pressed') === 'true' ? 1 : 0)),
      )
      const node = canvasOf(page).locator('[data-node-id]', { hasText: new RegExp(`^${name},`) })
      await expect.poll(() => node.locator('[data-role=value]').textContent(), SOON).toBe(`[${wanted.join(', ')}]`)
    }
  })
})
