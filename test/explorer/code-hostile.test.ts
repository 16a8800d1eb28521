/** Programs that go wrong in every way: the message is plain, the text is kept, the graph before stays, the page lives. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CodeSite, soon } from './code-site.ts'
import { browserPath } from './shell-site.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

const IMPORT = "import { tensor } from 'chainrule'\n"

describe.skipIf(!browserPath)('a program', () => {
  let site: CodeSite
  let page: Page
  beforeAll(async () => {
    site = await CodeSite.open()
    page = site.page
    await site.go('#/code')
    await page.locator('.code-facts').getByText('0.7311').first().waitFor()
  })
  afterAll(async () => {
    await site.close()
    expect(site.complaints).toEqual([])
  })

  /** The page still answers: a good program runs in it. */
  async function isAlive(): Promise<void> {
    await site.run(`${IMPORT}const w = tensor(3, { requiresGrad: true })\nw.square().backward()\nconsole.log('alive')`)
    await soon(() => site.printed()).toBe('alive')
    await soon(() => site.facts()).toContain('3 ∇ 6')
    expect(await page.locator('.code-problem').count()).toBe(0)
  }

  it.each([
    ['a loop without end', 'while (true) {}', /^Stopped after 5 s/],
    ['a loop of promises without end', 'const f = async () => { for (;;) await null }\nf()', /^Stopped after 5 s/],
    ['a promise that nobody keeps', 'await new Promise(() => {})', /^Stopped after 5 s/],
    [
      'a million operations',
      `${IMPORT}let a = tensor(1, { requiresGrad: true })\nfor (let i = 0; i < 2e6; i++) {\n  a = a.sin()\n}`,
      /^Stopped (?:after 5 s|at 1 million recorded operations), last traced line [34]\n/,
    ],
    [
      'values of many gigabytes',
      `${IMPORT}import { ones } from 'chainrule'\nlet a = ones([1000, 1000], { requiresGrad: true })\nfor (let i = 0; i < 1000; i++) {\n  a = a.add(1)\n}`,
      /^Stopped (?:after 5 s|at 1 GB of recorded values), last traced line [45]\n/,
    ],
  ])('%s is stopped', async (_, source, message) => {
    await site.run(source)
    await soon(() => site.problem()).toMatch(message)
    await page.getByText('The graph is that of the run before').waitFor()
    expect(await page.locator('.code-page').getAttribute('class')).toContain('is-stale')
    expect(await page.locator('.cm-content').innerText()).toBe(source)
    await isAlive()
  })

  it.each([
    ['const f = (n: number): number => f(n + 1) + 1\nf(0)', 'RangeError: Maximum call stack size exceeded', 1],
    ['const all: Float64Array[] = []\nfor (;;) all.push(new Float64Array(1e7))', 'arrays of more than 4 GB', 2],
    ['new Float64Array(1e10)', 'arrays of more than 4 GB', 1],
    ['const x = = 1', 'Unexpected token', 1],
    ['let a = 1\nlet a = 2', "Identifier 'a' has already been declared", 2],
    ["throw 'a text'", 'threw a text; only an Error tells where it comes from', null],
    ['throw null', 'threw null; only an Error', null],
    ['throw { get message() { throw 1 }, toString() { throw 2 } }', 'threw (a value that cannot be shown)', null],
    ["throw new Proxy({}, { getPrototypeOf() { throw new Error('trap') } })", 'threw something that cannot', null],
    [
      "throw Object.defineProperty(new Error('x'), 'stack', { get() { throw 1 } })",
      'threw something that cannot',
      null,
    ],
    ["const e = new Error('x'.repeat(1e6))\nthrow e", '995007 more characters', 1],
    ['Array.prototype.map = () => []', "Cannot assign to read only property 'map'", 1],
    ['Object.prototype.toString = () => "no"', "Cannot assign to read only property 'toString'", 1],
    ['JSON.stringify = () => "{}"', "Cannot assign to read only property 'stringify'", 1],
    ['globalThis.Array = null as never', "Cannot assign to read only property 'Array'", 1],
    ['postMessage({ is: "ended", trace: {}, problem: null })', 'postMessage is not there', 1],
    ['close()', 'close is not there', 1],
    ["importScripts('https://example.com/x.js')", 'importScripts is not there', 1],
    ["new WebSocket('wss://example.com')", 'WebSocket is not there', 1],
    ["new EventSource('https://example.com')", 'EventSource is not there', 1],
    ["new Worker('data:text/javascript,1')", 'Worker is not there', 1],
    ["await fetch('https://example.com')", 'fetch is not there', 1],
    ["await import('https://example.com/x.js')", "there is no 'https://example.com/x.js' here", 1],
    ["const where = 'chainrule'\nawait import(where)", 'named by a text in quotes', 2],
    ['document.body.innerHTML = "<b>no</b>"', 'document is not defined; a program runs in a worker', 1],
    ["localStorage.setItem('a', 'b')", 'localStorage is not defined; a program runs in a worker', 1],
    ["setTimeout(() => { throw new Error('later') })\nawait new Promise(() => {})", 'Error: later', 1],
    ["Promise.reject(new Error('nobody waits'))", 'Error: nobody waits', 1],
    ["throw new Error('<img src=x onerror=alert(1)>')", '<img src=x onerror=alert(1)>', 1],
  ])('%j fails in plain words', async (source, message, line) => {
    await site.run(source)
    await soon(() => site.problem()).toContain(message)
    if (line !== null) expect(await site.problem()).toContain(`main.ts:${line}:`)
    expect(await page.locator('.code-problem img, .centre img').count()).toBe(0)
  })

  it('that failed leaves a page in which others run', isAlive)

  it('may use everything of TypeScript that has no meaning when it runs, and more', async () => {
    await site.run(`import { type Tensor, tensor } from 'chainrule'
interface Point { readonly x: number }
type Pair<T> = readonly [T, T]
declare const nothing: unknown
abstract class Shape<T extends object> { constructor(private readonly of: T) {} get it(): T { return this.of } }
class Own extends Error { constructor() { super('own'); this.name = 'Own'; this.toString = () => 'own' } }
class Square extends Shape<Point> { override toString() { return 'square' } }
enum Level { low = 1, high }
const pair = [1, 2] as const satisfies Pair<number>
const w: Tensor = tensor(pair[1]!, { requiresGrad: true })
const { square } = await import('chainrule')
square(w).backward()
console.log(Level.high, new Square({ x: 1 }).it.x, String(new Square({ x: 1 })), new Own().name, new Float64Array(2))`)
    await soon(() => site.printed()).toBe('2 1 square Own [0, 0]')
    expect(await page.locator('.code-problem').count()).toBe(0)
  })

  it('row 14: without backward shows values, and says why there are no gradients', async () => {
    await site.run(`${IMPORT}const w = tensor(3, { requiresGrad: true })\nconst y = w.square()`)
    await page.getByText('has not run, so no gradient is known').waitFor()
    await soon(() => site.facts()).toEqual(['3 ∇ —', '9 ∇ —'])
  })

  it('without gradients says that operations were seen', async () => {
    await site.run(`import { noGrad, tensor } from 'chainrule'
const w = tensor(3, { requiresGrad: true })
noGrad(() => w.sub(w.mul(0.1)))`)
    await page.getByText('2 operations were seen, but without gradients').waitFor()
  })

  it('without tensors says so', async () => {
    await site.run('console.log(1 + 1)')
    await page.getByText('No tensor was computed').waitFor()
  })

  it('that prints without end is shown in part', async () => {
    await site.run("for (let i = 0; i < 20_000; i++) console.log('<i>', i)\nconsole.log('x'.repeat(1e6))")
    await soon(() => site.printed()).toContain('19001 more lines are not shown')
    expect(await page.locator('.code-console pre').count()).toBe(1001)
    await site.run("console.log('x'.repeat(1e6), { get a() { throw 1 } }, [[[[[1]]]]])")
    await soon(() => site.printed()).toMatch(/^x{5000} … 9950\d\d more characters$/)
    await site.run('console.log({ get a() { throw 1 } }, [[[[[1]]]]])')
    await soon(() => site.printed()).toBe('(a value that cannot be shown) [[[[…]]]]')
  })

  it('that leaves a loop behind keeps its graph, and says that it does not answer', async () => {
    await site.run(`${IMPORT}const w = tensor(3, { requiresGrad: true })
w.square().backward()
setTimeout(() => { for (;;); }, 50)`)
    await soon(() => site.facts()).toContain('3 ∇ 6')
    // It is ended when it has been silent for as long as a program may run.
    await page.waitForTimeout(5500)
    await page.locator('[data-node-id]').first().click()
    await page.getByRole('tab', { name: 'Paths' }).click()
    await soon(() => page.locator('.inspector').innerText()).toContain('not running any more')
    await isAlive()
  })

  it('names its values as it likes: they stay text, in the graph, in formulas and in the table', async () => {
    const names = ['<img src=x onerror=alert(1)>', '\\frac{', '$&</script>', '\\href{javascript:alert(1)}{x}']
    await site.run(`${IMPORT}const names = ${JSON.stringify(names)}
const all = names.map((name) => tensor(2, { requiresGrad: true, name }))
all.reduce((a, b) => a.mul(b)).backward()`)
    await soon(() => page.locator('[data-node-id]').count()).toBe(7)
    const graph = await page.locator('.centre').innerHTML()
    expect(graph).toContain('&lt;img')
    await page.locator('[data-node-id="0"]').click()
    await page.getByRole('tab', { name: 'Derivation' }).click()
    for (const id of [0, 1, 2, 3]) {
      await page.locator(`[data-node-id="${id}"]`).click()
      await page.locator('.inspector .katex').first().waitFor()
    }
    await page.keyboard.press('t')
    await soon(() => page.locator('.centre table').first().innerText()).toContain(names[0])
    expect(await page.locator('img, a[href^=javascript], .katex-error').count()).toBe(0)
    await page.keyboard.press('t')
  })

  it('is kept when the page is loaded again', async () => {
    const source = "// a draft\nthrow new Error('draft')"
    await site.run(source)
    await soon(() => site.problem()).toContain('Error: draft')
    await site.go('#/code')
    await soon(() => page.locator('.cm-content').innerText()).toBe(source)
    expect(await page.locator('.code-problem').count()).toBe(0)
  })
})
