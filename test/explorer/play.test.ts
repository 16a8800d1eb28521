/** The playgrounds in a browser: every number is the library's, bad input changes nothing, lessons judge. */
import { exercises } from 'chainrule/explain'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Inputs, type Program, runProgram, tensorsOf } from '../../explorer/src/play/parts/program.ts'
import { bce221 } from '../../explorer/src/play/programs/bce-221.ts'
import { net434 } from '../../explorer/src/play/programs/net-434.ts'
import { neuron } from '../../explorer/src/play/programs/neuron.ts'
import { twoInput } from '../../explorer/src/play/programs/two-input.ts'
import { browserPath, Site, shown } from './shell-site.ts'

/** For machines that are busy with other things. */
const SOON = { timeout: 20_000 }

describe.skipIf(!browserPath)('playgrounds', () => {
  let site: Site
  beforeAll(async () => {
    site = await Site.open()
  }, 120_000)
  afterAll(async () => {
    await site.close()
    expect(site.problems).toEqual([])
  })

  const open = async (program: Program, inputs: Inputs = {}): Promise<Page> => {
    const page = await site.page(`#/${program.origin}?${new URLSearchParams(inputs)}`)
    await shown(page)
    return page
  }

  /** What a table of gradients shows, with all digits. */
  const gradients = (page: Page) =>
    page
      .locator('.gradients tbody tr')
      .evaluateAll((rows) =>
        Object.fromEntries(
          rows.map((row) => [
            row.querySelector('th')!.innerText.trim(),
            Number(row.querySelector<HTMLElement>('td:last-child [data-value]')!.dataset.value),
          ]),
        ),
      )

  const expected = (program: Program, inputs: Inputs = {}) => {
    const leaves = tensorsOf(program, inputs)
    runProgram(program, inputs, leaves)
    const tracked = Object.entries(leaves).filter(([, leaf]) => leaf.requiresGrad)
    return Object.fromEntries(tracked.map(([name, leaf]) => [name, leaf.grad!.item()]))
  }

  const set = (box: Locator, value: string) => box.fill(value)

  it.each([
    [neuron, { w: '0.7', activation: 'tanh' }],
    [twoInput, { t: '-1.25' }],
    [bce221, { w11: '1e-3', loss: 'logit' }],
    [bce221, { c: '800', y: '0' }],
  ] as const)('show what the library computes: %#', async (program, inputs) => {
    const page = await open(program, inputs)
    expect(await gradients(page)).toEqual(expected(program, inputs))
  })

  it('follow a number that is typed, and keep the last good one', async () => {
    const page = await open(neuron)
    const box = page.getByLabel('w, exact value')
    await set(box, '2.25')
    await expect.poll(() => gradients(page), SOON).toEqual(expected(neuron, { w: '2.25' }))
    for (const bad of ['abc', 'Infinity', '1,234', '']) {
      await set(box, bad)
      expect(await box.getAttribute('aria-invalid')).toBe('true')
      expect(await gradients(page)).toEqual(expected(neuron, { w: '2.25' }))
    }
    await box.press('Escape')
    expect(await box.inputValue()).toBe('2.25')
    await set(box, '\u22120,5')
    await expect.poll(() => gradients(page), SOON).toEqual(expected(neuron, { w: '-0.5' }))
  })

  it('say that a gate is closed', async () => {
    const page = await open(neuron, { b: '-4' })
    expect(await page.locator('.gate').innerText()).toContain('Gate closed')
    await page.getByLabel('Activation').selectOption('sigmoid')
    await expect.poll(() => page.locator('.gate').innerText(), SOON).toContain('Gate open')
  })

  it('go one step along the gradient, back, and to other numbers', async () => {
    const page = await open(neuron)
    await page.getByRole('button', { name: 'Step once along −gradient' }).click()
    await expect.poll(() => page.getByLabel('w, exact value').inputValue(), SOON).toBe('1.9')
    expect(await page.locator('.actions-said').innerText()).toContain('Step 1: L went from 1 to')
    await page.getByRole('button', { name: 'Randomise' }).click()
    const drawn = await page.getByLabel('w, exact value').inputValue()
    await page.getByRole('button', { name: 'New seed' }).click()
    expect(await page.getByLabel('w, exact value').inputValue()).not.toBe(drawn)
    await page.getByRole('button', { name: 'Reset' }).click()
    expect(await page.getByLabel('w, exact value').inputValue()).toBe('1.5')
    const rate = page.getByLabel('learning rate η')
    await set(rate, '101')
    expect(await rate.getAttribute('aria-invalid')).toBe('true')
  })

  it('open their program in the editor, which does not run it', async () => {
    const page = await open(neuron, { w: '0.75' })
    await page.getByRole('button', { name: 'Show code' }).click()
    await page.locator('.cm-content').waitFor()
    const text = await page.locator('.cm-content').innerText()
    expect(text).toContain('const w = tensor(0.75')
    expect(text).toContain('L.backward()')
    expect(page.url()).toContain('src=d1.')
  })

  it('toggle bits, and mark what is zero for a reason', async () => {
    const page = await open(net434)
    const cells = (inputs: Inputs) => {
      const leaves = tensorsOf(net434, inputs)
      runProgram(net434, inputs, leaves)
      return Array.from(leaves.W1.grad!.data, String)
    }
    const W1 = page.locator('.matrix:not(.units)').first()
    const found = () =>
      W1.locator('i [data-value]').evaluateAll((all) => all.map((it) => (it as HTMLElement).dataset.value))
    expect(await found()).toEqual(cells({}))
    expect(await W1.locator('td.silent').count()).toBe(9)
    await page.getByRole('button', { name: /^x\[0\]/ }).click()
    await expect.poll(found, SOON).toEqual(cells({ 'x[0]': '0' }))
    expect(await page.getByRole('button', { name: /^x\[0\]/ }).getAttribute('aria-pressed')).toBe('false')
    expect(await page.locator('.units .silent').count()).toBeGreaterThan(0)
  })

  it('count paths that nobody could list', async () => {
    const page = await site.page('#/play/paths?example=doubling-100')
    await shown(page)
    await page.getByText('1267650600228229401496703205376').first().waitFor()
  })

  it('say which inputs of a link they do not know', async () => {
    const page = await site.page('#/play/neuron?w=2&volume=11')
    await page.getByText('inputs that this page does not know: volume').waitFor()
  })
})

describe.skipIf(!browserPath)('experiments and lessons', () => {
  let site: Site
  beforeAll(async () => {
    site = await Site.open()
  }, 120_000)
  afterAll(async () => {
    await site.close()
    expect(site.problems).toEqual([])
  })

  it('a deep network: what vanishes, and what helps', async () => {
    const page = await site.page('#/play/depth?depth=30')
    const verdict = page.locator('.lab-findings [role=status]')
    await expect.poll(() => verdict.innerText(), SOON).toContain('vanishing')
    await page.getByRole('button', { name: 'Residual shortcuts' }).click()
    await page.getByLabel('Activation', { exact: true }).selectOption('relu')
    await expect.poll(() => verdict.innerText(), SOON).not.toContain('vanishing')
  })

  it('modes: counted for any shape, measured when asked', async () => {
    const page = await site.page('#/play/modes?n=3&m=40')
    await page.locator('.note', { hasText: 'Forward mode' }).waitFor()
    const times = page.locator('.document-table th', { hasText: 'time' })
    expect(await times.count()).toBe(0)
    await page.getByRole('button', { name: 'Measure on this machine' }).click()
    await times.first().waitFor()
  })

  it.each([
    ['learn/blame', 8],
    ['learn/tour', 9],
  ])('%s has %i stations, each with its program', async (path, last) => {
    const page = await site.page(`#/${path}`)
    const station = page.locator('.station[aria-current=step]')
    for (let step = 1; step <= last; step++) {
      await expect.poll(() => station.innerText(), SOON).toBe(String(step))
      await shown(page)
      if (step < last) await page.getByRole('button', { name: 'Next', exact: true }).click()
    }
    expect(await page.getByRole('button', { name: 'Next', exact: true }).isDisabled()).toBe(true)
  })

  it('exercises are judged, with a hint for a slip', async () => {
    const [tanh] = exercises()
    const [question] = tanh.questions
    const page = await site.page('#/learn/exercises')
    const box = page.getByLabel(`${question.ask} =`)
    const said = page.locator('.answer [role=status]')
    await box.fill(String(question.slips[0].answer))
    await box.press('Enter')
    expect(await said.innerText()).toContain(question.slips[0].hint)
    await box.fill('none')
    await box.press('Enter')
    expect(await said.innerText()).toContain('not a number')
    await box.fill(question.answer.toPrecision(3))
    await box.press('Enter')
    expect(await said.innerText()).toContain('Right')
    await page.getByRole('button', { name: 'Next exercise' }).click()
    await page.getByRole('heading', { name: exercises()[1].title }).waitFor()
  })
})
