/** Programs of the reader in the built page: the editor, the worker and its limits, links, and the formula line. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CodeSite, soon } from './code-site.ts'
import { browserPath } from './shell-site.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

describe.skipIf(!browserPath)('the page', () => {
  let site: CodeSite
  let page: Page
  beforeAll(async () => {
    site = await CodeSite.open()
    page = site.page
  })
  afterAll(async () => {
    await site.close()
    expect(site.complaints).toEqual([])
  })
  const open = (hash: string) => site.go(hash)
  const facts = () => site.facts()
  const run = (source: string) => site.run(source)
  const problem = () => site.problem()

  it('runs the first example at once, and writes values and gradients beside its lines', async () => {
    await open('#/code')
    await soon(facts).toContain('0.7311 ∇ -0.5379')
    expect(await facts()).toEqual([
      '2',
      '1',
      '1 ∇ -0.2115',
      '-1 ∇ -0.1058',
      '1 ∇ -0.1058',
      '0.7311 ∇ -0.5379',
      '0.07233 ∇ 1',
    ])
  })

  it('goes from pass to pass of a loop', async () => {
    await open('#/code?example=moons')
    await page.getByText('Loop in line 19: iteration 10 of 10').waitFor()
    await page.locator('.code-loops input').fill('3')
    await page.getByText('Loop in line 19: iteration 3 of 10').waitFor()
    expect((await facts()).some((text) => text.startsWith('10× 0.') && text.includes('∇'))).toBe(true)
  })

  it('row 14: stops what does not end, and says where', async () => {
    await open('#/code')
    await soon(facts).toContain('0.07233 ∇ 1')
    await page.selectOption('.code-examples select', 'endless')
    // Which limit comes first depends on the machine.
    expect(await problem()).toMatch(/Stopped (?:after 5 s|at 1 million recorded operations), last traced line 6/)
    await page.getByText('The graph is that of the run before').waitFor()
    await run('let n = 0\nwhile (n >= 0)\n  n += 1')
    await page.locator('.code-message', { hasText: /Stopped after 5 s, last traced line [23]/ }).waitFor()
  })

  it.each([
    ['const x: number = = 3', 'Unexpected token', 'main.ts:1:19'],
    ["import { tensr } from 'chainrule'\ntensr(1)", "'chainrule' has no export 'tensr'", 'main.ts:1:10'],
    ["import 'lodash'", "there is no 'lodash' here", 'main.ts:1:8'],
    [
      "import { tensor } from 'chainrule'\ntensor([1, 2]).matmul(tensor([1, 2, 3]))",
      'inner sizes differ',
      'main.ts:2:16',
    ],
    [
      'const f = () => { throw new Error("<img src=x onerror=alert(1)>") }\nf()',
      '<img src=x onerror=alert(1)>',
      'main.ts:1:25',
    ],
  ])('row 14: says what is wrong with %j', async (source, message, place) => {
    await open('#/code?example=endless')
    await run(source)
    await soon(problem).toContain(message)
    expect(await problem()).toContain(place)
  })

  it('lets a program connect to nothing', async () => {
    await open('#/code?example=endless')
    const hosts = ["'/'", "'http://127.0.0.1:9/'", "'https://example.com/'"]
    const tries = hosts.map((url) => `await (async () => fetch(${url}))().then(() => 'open', () => 'shut')`)
    await run(`console.log(${tries.join(', ')}, typeof document, '<b>text</b>')`)
    await page.getByText('shut shut shut undefined <b>text</b>').waitFor()
  })

  it('shows a program that came with a link, and runs it only when told to', async () => {
    await open('#/code?example=endless')
    await page.locator('.cm-content').fill("console.log('it ran')")
    await soon(() => page.url()).toContain('src=d1.')
    const { hash } = new URL(page.url())
    // For its author it is the draft; for anybody else it came with the link.
    await page.evaluate(() => localStorage.clear())
    await open(hash)
    await page.getByText('This program came with the link').waitFor()
    expect(await page.locator('.cm-content').innerText()).toBe("console.log('it ran')")
    await page.waitForTimeout(500)
    expect(await page.locator('.code-console').count()).toBe(0)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.locator('.code-console').getByText('it ran').waitFor()
  })

  it('makes a slider for every name of a formula, and marks mistakes', async () => {
    await open('#/formula')
    const formula = page.getByLabel('Formula', { exact: true })
    await formula.fill('L = (w*x + c)^2')
    await soon(() => page.locator('.code-controls input[type=range]').count()).toBe(3)
    await page.locator('#formula-c').fill('2')
    await soon(() => page.getByLabel('Values', { exact: true }).inputValue()).toContain('c=2')
    await formula.fill('L = (w*x + sigmod(c))^2')
    expect(await problem()).toMatch(/did you mean sigmoid\?\nline 1, column 12:\n.*\n +\^{6}/)
  })

  it('shows the line of what is selected in the graph, and selects what a line has made', async () => {
    await open('#/code?example=neuron')
    await soon(facts).toContain('0.7311 ∇ -0.5379')
    await page.locator('.code-facts .cm-gutterElement', { hasText: '0.7311' }).click()
    await soon(() => page.locator('.cm-line.code-selected').innerText()).toBe('const a = z.sigmoid()')
    await page.locator('.cm-line', { hasText: 'const loss' }).click()
    await soon(() => page.locator('.inspector').innerText()).toMatch(/^loss/)
    await page.locator('[data-node-id="0"]').click()
    await soon(() => page.locator('.cm-line.code-selected').innerText()).toMatch(/^const w = /)
  })

  it('has an editor that is left by Escape and Tab, and copies the link of what was just typed', async () => {
    await open('#/code?example=neuron')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const content = page.locator('.cm-content')
    expect(await content.getAttribute('aria-description')).toContain('Press Escape and then Tab')
    await content.fill("console.log('just typed')")
    await page.keyboard.press('Control+s')
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await soon(copied).toMatch(/#\/code\?src=d1\./)
    const link = await copied()
    // The first one may close a list of completions.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('.cm-editor') === null)).toBe(true)
    expect(await content.innerText()).toBe("console.log('just typed')")
    await open(new URL(link).hash)
    await soon(() => content.innerText()).toBe("console.log('just typed')")
  })

  it('has a slider for each number of a vector, keeps them while values are typed, and the graph', async () => {
    await open('#/formula')
    await page.getByLabel('Formula', { exact: true }).fill('L = w @ x')
    const values = page.getByLabel('Values', { exact: true })
    await values.fill('w=[1, 2], x=[3, 4]')
    const labels = () => page.locator('.code-controls .slider > label').allInnerTexts()
    await soon(labels).toEqual(['w[0]', 'w[1]', 'x[0]', 'x[1]'])
    await values.fill('w=[1, 2], x=[3,')
    await soon(problem).toContain('x')
    expect(await labels()).toHaveLength(4)
    expect(await page.locator('[data-node-id]').count()).toBe(3)
    await page.locator('[id="formula-x[1]"]').fill('-0.5')
    await soon(() => values.inputValue()).toBe('w=[1, 2], x=[3, -0.5]')
    expect(await page.locator('.code-problem').count()).toBe(0)
    await soon(() => page.locator('[data-node-id="2"] [data-role=value]').textContent()).toBe('2')
  })

  it('takes the token out of the address, and keeps it for itself', async () => {
    const token = new URL(site.server.url).searchParams.get('token')!
    const told: string[] = []
    page.on('request', (request) => told.push(`${request.url()} ${request.headers().referer ?? ''}`))
    await page.goto(site.server.url)
    await soon(() => page.url()).not.toContain('token')
    told.length = 0
    await page.goto(site.at('#/graph'))
    await page.getByText('Here your own script is shown').waitFor()
    // Only who has the token is let in.
    const letIn = page.waitForResponse((response) => response.url().endsWith('/api/events') && response.ok())
    await page.reload()
    await letIn
    await page.getByRole('button', { name: 'Share' }).click()
    const shared = await page.locator('dialog[open]').evaluate((dialog) => {
      const fields = [...dialog.querySelectorAll<HTMLInputElement>('input, textarea')]
      return dialog.textContent + fields.map(({ value }) => value).join(' ')
    })
    expect(shared).toContain('127.0.0.1')
    expect(shared).not.toContain(token)
    expect(told.length).toBeGreaterThan(0)
    expect(told.filter((text) => text.includes(token))).toEqual([])
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }))
    expect(kept).not.toContain(token)
  })
})
