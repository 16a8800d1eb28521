/** The playgrounds in a browser: every number is the library's, bad input changes nothing, lessons judge. */
import { exercises } from 'chainrule/explain'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { Inputs, Program } from '../../explorer/src/play/parts/program.ts'
import { runProgram, tensorsOf } from '../../explorer/src/play/parts/run.ts'
import { bce221 } from '../../explorer/src/play/programs/bce-221.ts'
import { net434 } from '../../explorer/src/play/programs/net-434.ts'
import { neuron } from '../../explorer/src/play/programs/neuron.ts'
import { twoInput } from '../../explorer/src/play/programs/two-input.ts'
import { browserPath, shown, siteForTests } from './shell-site.ts'

/** For machines that are busy with other things. */
const SOON = { timeout: 20_000 }

describe.skipIf(!browserPath)('playgrounds', () => {
  const site = siteForTests()

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
    await expect.poll(() => page.getByLabel('w, exact value').inputValue(), SOON).toBe('1.7')
    expect(await page.locator('.actions-said').innerText()).toBe('Step 1: L went from 1 to 0.25.')
    await page.getByRole('button', { name: 'Randomise' }).click()
    const drawn = await page.getByLabel('w, exact value').inputValue()
    await page.getByRole('button', { name: 'Randomise' }).click()
    expect(await page.locator('[data-role=seed]').innerText()).toBe('seed 2')
    expect(await page.getByLabel('w, exact value').inputValue()).not.toBe(drawn)
    await page.getByRole('button', { name: 'Reset' }).click()
    expect(await page.getByLabel('w, exact value').inputValue()).toBe('1.5')
    const rate = page.getByLabel('learning rate η')
    await set(rate, '101')
    expect(await rate.getAttribute('aria-invalid')).toBe('true')
  })

  it('open their program in the editor, which runs it', async () => {
    const page = await open(neuron, { w: '0.75' })
    await page.getByRole('button', { name: 'Show code' }).click()
    await page.locator('.cm-content').waitFor()
    const text = await page.locator('.cm-content').innerText()
    expect(text).toContain('const w = tensor(0.75')
    expect(text).toContain('L.backward()')
    expect(page.url()).toContain('src=d1.')
    await page.locator('.code-page [data-node-id]').first().waitFor()
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

  it('have sliders whose default comes back, and which say what lies beyond them', async () => {
    const page = await open(neuron)
    const [box, slider] = [page.getByLabel('w, exact value'), page.locator('#w')]
    await set(box, '7')
    await expect.poll(() => slider.getAttribute('aria-valuetext'), SOON).toBe('w = 7, beyond the slider')
    await page.getByText('beyond slider').waitFor()
    await slider.press('Delete')
    await expect.poll(() => box.inputValue(), SOON).toBe('1.5')
    await slider.press('ArrowRight')
    await expect.poll(() => box.inputValue(), SOON).toBe('1.51')
    await slider.dblclick({ position: { x: 2, y: 10 } })
    await expect.poll(() => box.inputValue(), SOON).toBe('1.5')
    await page.getByLabel('bounds of w').click()
    await set(page.getByLabel('greatest w'), '10')
    expect(await slider.getAttribute('max')).toBe('10')
    await set(page.getByLabel('greatest w'), '-10')
    expect(await page.getByLabel('greatest w').getAttribute('aria-invalid')).toBe('true')
    expect(await slider.getAttribute('max')).toBe('10')
  })

  it.each([
    ['800', '1', '0'],
    ['800', '0', '100'],
    ['-800', '0', '0'],
    ['-800', '1', '100'],
  ])('show the clamp where the sigmoid ends: c = %s, y = %s gives L = %s', async (c, y, loss) => {
    const page = await open(bce221, { c, y })
    const notes = page.getByRole('region', { name: 'Sigmoid and cross-entropy' })
    const text = (await notes.innerText()).replaceAll(/\s+/g, ' ')
    expect(text).toContain(`p is exactly ${c === '800' ? 1 : 0}`)
    expect(text).toContain('no logarithm below −100')
    expect(text).toContain(`so L is ${loss}`)
    expect(text).not.toContain('NaN')
  })

  it('tell what a link says that cannot be used', async () => {
    const page = await open(neuron, { w: 'NaN', activation: 'step' })
    await page.getByText('The link says w=NaN, which cannot be used here; it is 1.5 now.').waitFor()
    await page.getByText('The link says activation=step, which cannot be used here; it is relu now.').waitFor()
    expect(await gradients(page)).toEqual(expected(neuron))
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
  const site = siteForTests()

  it('a deep network: what vanishes, and what helps', async () => {
    const page = await site.page('#/play/depth?depth=30')
    const verdict = page.locator('.lab-findings [role=status]')
    await expect.poll(() => verdict.innerText(), SOON).toContain('vanishing')
    await page.getByRole('button', { name: 'Residual shortcuts' }).click()
    await page.getByLabel('Activation', { exact: true }).selectOption('relu')
    await expect.poll(() => verdict.innerText(), SOON).not.toContain('vanishing')
  })

  it('a deep network is computed off the page, and a depth that there is not is told', async () => {
    const page = await site.page('#/play/depth?depth=99&activation=step')
    await page.getByText('depth is a whole number from 1 to 50; 50 is used.').waitFor()
    await page.getByText('The link says activation=step, which cannot be used here; it is sigmoid now.').waitFor()
    const findings = page.getByRole('region', { name: 'Findings' })
    const chart = page.locator('.lab-findings .chart').first()
    await expect.poll(() => chart.textContent(), SOON).toContain('50 hidden layers with sigmoid')
    expect(page.workers().length).toBeGreaterThan(0)
    for (const width of ['64', '63', '62', '8']) await page.getByLabel('width, exact value').fill(width)
    await expect.poll(() => findings.getAttribute('aria-busy'), SOON).toBe('false')
  })

  it('an activation beside its slope, for every one of them', async () => {
    const page = await site.page('#/play/activations')
    await page.locator('.chart').getByText('sigmoid and its slope').last().waitFor()
    const names = await page.getByLabel('Activation', { exact: true }).locator('option').allInnerTexts()
    expect(names.length).toBeGreaterThan(12)
    for (const name of names) {
      await page.getByLabel('Activation', { exact: true }).selectOption(name)
      await page.locator('.chart').getByText(`${name} and its slope`).last().waitFor()
      await page.getByRole('img', { name: new RegExp(`^${name}: at x = 1, f is `) }).waitFor()
      await expect.poll(() => page.locator('.stale').count(), SOON).toBe(0)
    }
  })

  it('a listing: each line with its words and its state', async () => {
    const page = await site.page('#/learn/lines?listing=layers')
    await shown(page)
    const state = page.locator('.state-here')
    await page.getByRole('button', { name: 'const h = z1.relu()' }).click()
    await page.getByText('The gate is open').waitFor()
    expect(await state.innerText()).not.toContain('p2')
    expect((await state.innerText()).replaceAll(/\s+/g, ' ')).toContain('h 1.5 —')
    await page.getByRole('button', { name: 'w1.grad' }).click()
    await expect.poll(async () => (await state.innerText()).replaceAll(/\s+/g, ' '), SOON).toContain('w1 0.5 -24')
    await page.locator('body').press(',')
    expect(await page.locator('.listing [aria-current=step]').innerText()).toBe('L.backward()')
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
    ['learn/blame', 8, 'Next'],
    ['learn/tour', 9, 'Done'],
  ])('%s has %i stations, each with its program', async (path, last, end) => {
    const page = await site.page(`#/${path}`)
    const station = page.locator('.station[aria-current=step]')
    for (let step = 1; step <= last; step++) {
      await expect.poll(() => station.innerText(), SOON).toBe(String(step))
      await shown(page)
      if (step < last) await page.getByRole('button', { name: 'Next', exact: true }).click()
    }
    expect(await page.getByRole('button', { name: end, exact: true }).isDisabled()).toBe(end === 'Next')
    expect(await page.locator('.story-move').innerText()).toContain(`Station ${last} of ${last}`)
  })

  it('row 27: the tour has a link for each station, goes on by itself when asked, and can be left', async () => {
    const page = await site.page('#/learn/tour?part=8')
    await page.getByRole('table').filter({ hasText: 'gradient' }).first().waitFor()
    await page.getByRole('button', { name: 'Next', exact: true }).click()
    const title = page.getByRole('heading', { name: 'Your own program' })
    await title.waitFor()
    await expect.poll(() => title.evaluate((it) => it === document.activeElement), SOON).toBe(true)
    await expect.poll(() => page.url(), SOON).toContain('part=9')
    expect(await page.getByRole('button', { name: 'Play the story' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Done', exact: true }).click()
    await expect.poll(() => page.url(), SOON).toContain('#/play/neuron')
    await page.goBack()
    await title.waitFor()
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await page.getByRole('button', { name: 'Play the story' }).click()
    await page.getByRole('button', { name: 'Pause the story' }).click()
    await page.getByRole('link', { name: 'Skip the tour' }).click()
    await expect.poll(() => page.url(), SOON).toContain('#/play/neuron')
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
