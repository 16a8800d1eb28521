/** Programs of the reader in the built page: the editor, the worker and its limits, links, and the formula line. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findChromium } from '../compile/matrix/page.ts'
import { closeAll, Explorer, type Server } from './serving.ts'

const folder = fileURLToPath(new URL('../../dist-explorer/', import.meta.url))
const executablePath = findChromium()

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Pages take their time on a busy machine. */
const soon = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: 20_000 })

describe.skipIf(executablePath === undefined || !existsSync(folder))('the page', () => {
  let [server, browser, page]: [Server?, Browser?, Page?] = []
  /** What the page complained of: nothing, where nothing is said to be expected. */
  const complaints: string[] = []

  beforeAll(async () => {
    server = new Explorer({ folder, port: null, script: null })
    await server.listen()
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message())
      void dialog.dismiss()
    })
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    closeAll()
    expect(complaints).toEqual([])
  })

  const at = (hash: string): string => `http://127.0.0.1:${server!.port}/${hash}`
  const open = async (hash: string): Promise<Page> => {
    await page!.goto('about:blank')
    await page!.goto(at(hash))
    return page!
  }
  const facts = async (): Promise<string[]> => {
    const texts = await page!.locator('.code-facts .cm-gutterElement').allInnerTexts()
    return texts.map((text) => text.replaceAll('−', '-')).filter((text) => text.trim() !== '')
  }
  const run = async (source: string): Promise<void> => {
    await page!.locator('.cm-content').fill(source)
    await page!.keyboard.press('Control+Enter')
  }
  const problem = (): Promise<string> => page!.locator('.code-problem').innerText({ timeout: 20_000 })

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
    await page!.getByText('Loop in line 19: iteration 10 of 10').waitFor()
    await page!.locator('.code-loops input').fill('3')
    await page!.getByText('Loop in line 19: iteration 3 of 10').waitFor()
    expect((await facts()).some((text) => text.startsWith('10× 0.') && text.includes('∇'))).toBe(true)
  })

  it('stops what does not end, and says where', async () => {
    await open('#/code')
    await soon(facts).toContain('0.07233 ∇ 1')
    await page!.selectOption('.code-examples select', 'endless')
    // Which limit comes first depends on the machine.
    expect(await problem()).toMatch(/Stopped (?:after 5 s|at 1 million recorded operations), last traced line 6/)
    await page!.getByText('The graph is that of the run before').waitFor()
    await run('let n = 0\nwhile (n >= 0)\n  n += 1')
    await page!.locator('.code-message', { hasText: /Stopped after 5 s, last traced line [23]/ }).waitFor()
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
  ])('says what is wrong with %j', async (source, message, place) => {
    await open('#/code?example=endless')
    await run(source)
    await soon(problem).toContain(message)
    expect(await problem()).toContain(place)
  })

  it('lets a program connect to nothing', async () => {
    await open('#/code?example=endless')
    const hosts = ["'/'", "'http://127.0.0.1:9/'", "'https://example.com/'"]
    const tries = hosts.map((url) => `await fetch(${url}).then(() => 'open', () => 'shut')`)
    await run(`console.log(${tries.join(', ')}, typeof document, '<b>text</b>')`)
    await page!.getByText('shut shut shut undefined <b>text</b>').waitFor()
  })

  it('shows a program that came with a link, and runs it only when told to', async () => {
    await open('#/code?example=endless')
    await page!.locator('.cm-content').fill("console.log('it ran')")
    await soon(() => page!.url()).toContain('src=d1.')
    await open(new URL(page!.url()).hash)
    await page!.getByText('This program came with the link').waitFor()
    expect(await page!.locator('.cm-content').innerText()).toBe("console.log('it ran')")
    await page!.waitForTimeout(500)
    expect(await page!.locator('.code-console').count()).toBe(0)
    await page!.getByRole('button', { name: 'Run', exact: true }).click()
    await page!.locator('.code-console').getByText('it ran').waitFor()
  })

  it('makes a slider for every name of a formula, and marks mistakes', async () => {
    await open('#/formula')
    const formula = page!.getByLabel('Formula', { exact: true })
    await formula.fill('L = (w*x + c)^2')
    await soon(() => page!.locator('.code-controls input[type=range]').count()).toBe(3)
    await page!.locator('#formula-c').fill('2')
    await soon(() => page!.getByLabel('Values', { exact: true }).inputValue()).toContain('c=2')
    await formula.fill('L = (w*x + sigmod(c))^2')
    expect(await problem()).toMatch(/did you mean sigmoid\?\nline 1, column 12:\n.*\n +\^{6}/)
  })

  it('takes the token out of the address', async () => {
    await page!.goto(server!.url)
    await soon(() => page!.url()).not.toContain('token')
    await page!.goto(at('#/graph'))
    await page!.getByText('Here your own script is shown').waitFor()
    expect(await page!.locator('.code-status').innerText()).toContain('Connected')
  })
})
