/** Links that are damaged, or made to do damage: the page lives, says what it left out, and runs nothing. */
import { deflateRawSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { packSource } from '../../explorer/src/url/pack.ts'
import { NEURON } from './rows.ts'
import { browserPath, shown, siteForTests, stepOf } from './shell-site.ts'
import { drawn, everyView, settled, visit } from './visit.ts'

/** What a key may hold. */
const GARBAGE = [
  '',
  'NaN',
  '-Infinity',
  '1e999',
  '-1',
  '0.5',
  '999999999999999999999',
  '__proto__',
  'constructor',
  'toString',
  '%00%FF%FE',
  '%E0%A4%A',
  '%',
  '<img src=x onerror=alert(1)>',
  '\\frac{\\href{javascript:alert(1)}{x}',
  '\'"`;--',
  '١٢٣',
  '\u202Eabc\uD83D\uDCA5',
]

/** Every key that any view reads, and names that objects have by themselves. */
const KEYS = [
  'w x b t w1 w11 u1 c y activation loss seed lr example part exercise depth width init normalization residual compare',
  'n m f at src layers hidden optimizer batch eta rate data set step sel root from open theme v x[0] W1[0,2]',
  '__proto__ constructor hasOwnProperty toString',
].flatMap((line) => line.split(' '))

const isAlive = async (page: Page, what: string): Promise<void> => {
  const state = await page.evaluate(() => ({
    text: (document.querySelector('main')?.innerText.length ?? 0) > 40,
    broken: [...document.querySelectorAll('.broken')].map((it) => it.textContent).filter((it) => /stopped/.test(it!)),
    planted: document.querySelectorAll('img, iframe, a[href^="javascript:"]').length,
  }))
  expect({ what, ...state }).toEqual({ what, text: true, broken: [], planted: 0 })
}

const told = async (page: Page): Promise<string> =>
  (await page.locator('[role=alert], [role=status], .toasts').allInnerTexts()).join('\n')

/** Opens a link as a new visitor does. */
async function arrive(page: Page, link: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(link)
  await drawn(page)
}

describe.skipIf(!browserPath)('damaged links', () => {
  const site = siteForTests()

  it('leave every view alive, whatever its keys hold', async () => {
    const { page, links } = await everyView(site)
    for (const [i, link] of links.entries())
      for (const shift of [0, 7]) {
        const query = KEYS.map((key, k) => `${key}=${GARBAGE[(i + shift + 5 * k) % GARBAGE.length]}`).join('&')
        await visit(page, `${link}?${query}`)
        await isAlive(page, `${link} ${shift}`)
      }
    await visit(page, NEURON)
    expect(await page.evaluate(() => Object.hasOwn(Object.prototype, 'w'))).toBe(false)
    await shown(page)
  }, 180_000)

  it.each([
    '#/__proto__',
    '#/constructor',
    '#/play',
    '#/play/neuron/more',
    '#/%E0%A4%A',
    '#/<img src=x>',
    '#//evil.example/',
    '#?w=1',
  ])('say that there is no view, or show the first: %s', async (path) => {
    const page = await site.page(path)
    await settled(page)
    await isAlive(page, path)
    expect(await page.getByRole('heading', { level: 1 }).first().innerText()).toMatch(
      /There is no view|Watch the chain rule|One neuron/,
    )
    expect(new URL(page.url()).origin).toBe(new URL(site.url).origin)
    await page.context().close()
  })

  it('name what is damaged, newer or unknown, and show the rest', async () => {
    const page = await site.page()
    for (const [query, says] of [
      ['step=NaN', /damaged at step=NaN/],
      ['step=-3', /damaged at step=-3/],
      ['sel=1.2.3', /damaged at sel=1\.2\.3/],
      ['sel=__proto__', /damaged at sel=__proto__/],
      ['sel=424242', /node 424242/],
      ['root=x', /damaged at root=x/],
      ['theme=neon', /damaged at theme=neon/],
      ['v=2', /later version \(2\)/],
      ['v=two', /damaged at v=two/],
      ['colour=red&__proto__=1', /colour/],
      [`w=1&step=${'9'.repeat(100)}`, /damaged at step=9{24}…/],
    ] as const) {
      await visit(page, `${NEURON}?w=2.5&${query}`)
      expect([query, await told(page)]).toEqual([query, expect.stringMatching(says)])
      if (!query.startsWith('w='))
        expect(await page.getByRole('textbox', { name: 'w, exact value' }).inputValue()).toBe('2.5')
      const [step, last] = await stepOf(page)
      expect(step).toBe(last)
    }
  }, 60_000)

  it('keep the default where a number is none, in the slider and in the graph', async () => {
    const page = await site.page()
    for (const bad of ['NaN', 'Infinity', '-Infinity', '1e999', 'abc', '', '0x10', '1_000']) {
      await visit(page, `${NEURON}?w=${bad}`)
      const box = await page.getByRole('textbox', { name: 'w, exact value' }).inputValue()
      expect([bad, Number.isFinite(Number(box)), box !== '']).toEqual([bad, true, true])
      expect(await page.getByRole('application').textContent()).not.toMatch(/NaN|∞/)
    }
  }, 60_000)

  it('name the damage of a program, and run nothing', async () => {
    const whole = await packSource("console.log('it ran')\n// ".padEnd(400, 'some more text, '))
    const middle = Math.floor(whole.length / 2)
    const flipped = `${whole.slice(0, middle)}${whole[middle] === 'A' ? 'B' : 'A'}${whole.slice(middle + 1)}`
    const bomb = `d1.${deflateRawSync(Buffer.alloc(60_000_000, 32), { level: 9 }).toString('base64url')}`
    const page = await site.page()
    for (const [src, says] of [
      ['', /damaged/],
      ['d1.', /damaged/],
      ['d1.!!!!', /damaged at character 1/],
      ['d2.AAAA', /later version \("d2"\)/],
      ['hello', /damaged at its first characters/],
      [whole.slice(0, -9), /damaged/],
      [whole.slice(0, 7), /damaged/],
      [bomb, /longer than 1000000 characters/],
    ] as const) {
      await visit(page, `#/code?src=${src}`)
      expect([src.slice(0, 40), await told(page)]).toEqual([src.slice(0, 40), expect.stringMatching(says)])
      expect(await page.getByText('it ran', { exact: true }).count()).toBe(0)
    }
    // A flipped bit may leave a program that can be read; it is shown, and waits.
    await arrive(page, `${site.url}#/code?src=${flipped}`)
    await isAlive(page, 'flipped')
    expect(await page.getByRole('log').count()).toBe(0)
  }, 60_000)

  it('of 100 KB are read or refused, and the page lives', async () => {
    const page = await site.page()
    const long = 'x'.repeat(100_000)
    for (const link of [
      `#/${long}`,
      `${NEURON}?w=${long}`,
      `${NEURON}?${long}=1`,
      `#/code?src=d1.${long}`,
      `#/formula?f=${long}`,
    ]) {
      await arrive(page, site.url + link)
      await isAlive(page, link.slice(0, 40))
    }
    const many = Array.from({ length: 5000 }, (_, i) => `open=scope${i}`).join('&')
    await arrive(page, `${site.url}#/play/net-434?${many}`)
    await shown(page)
    await isAlive(page, 'many')
  }, 90_000)

  it('of formulas and programs with markup show it as text', async () => {
    const page = await site.page()
    await arrive(page, `${site.url}#/formula?f=${encodeURIComponent('L = <img src=x onerror=alert(1)> + \\frac{')}`)
    await isAlive(page, 'formula')
    await arrive(page, `${site.url}#/code?src=${await packSource('<img src=x onerror=alert(1)>')}`)
    await isAlive(page, 'code')
    expect(await page.locator('.cm-content').innerText()).toBe('<img src=x onerror=alert(1)>')
  }, 60_000)
})
