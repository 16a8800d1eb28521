/** The built page in a browser: built once per state of its sources, served from this machine, opened in Chromium. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, expect } from 'vitest'
import { findChromium } from '../compile/matrix/page.ts'
import { root } from '../compile/matrix/start.ts'

/** Pages of earlier sources are kept for as long as tests of theirs may run. */
const KEPT_MS = 3_600_000

export const browserPath = findChromium()

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

/** What the page is made of, by its times and sizes. */
function stateOfSources(): string {
  const hash = createHash('sha256')
  for (const folder of ['explorer', 'dist'])
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).toSorted()) {
      const { mtimeMs, size } = statSync(join(root, folder, path))
      if (!/\.(test|d)\.ts$|\.map$/.test(path)) hash.update(`${folder}/${path} ${mtimeMs} ${size}\n`)
    }
  return hash.digest('hex').slice(0, 16)
}

/** The folder of the built page. Two processes may build it at once; the first to end wins. */
export async function builtSite(): Promise<string> {
  const cache = join(root, 'node_modules', '.cache', 'explorer')
  const site = join(cache, stateOfSources())
  if (existsSync(site)) return site
  mkdirSync(cache, { recursive: true })
  for (const old of readdirSync(cache))
    if (Date.now() - statSync(join(cache, old)).mtimeMs > KEPT_MS) rmSync(join(cache, old), { recursive: true })
  const outDir = mkdtempSync(join(cache, 'building-'))
  // Tests have an environment of their own, in which React would be built with its checks.
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  await build({ configFile: join(root, 'explorer/vite.config.ts'), logLevel: 'error', build: { outDir } })
  process.env.NODE_ENV = NODE_ENV
  if (existsSync(site)) rmSync(outDir, { recursive: true })
  else renameSync(outDir, site)
  return site
}

export class Site {
  readonly problems: string[] = []
  readonly url: string
  readonly browser: Browser
  readonly #server: Server

  private constructor(server: Server, browser: Browser) {
    this.#server = server
    this.browser = browser
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  static async open(): Promise<Site> {
    const folder = await builtSite()
    const server = createServer(({ url = '/' }, response) => {
      const path = normalize(decodeURIComponent(new URL(url, 'http://x').pathname))
      const file = join(folder, path === '/' ? 'index.html' : path)
      if (!existsSync(file)) return response.writeHead(404).end()
      return response
        .setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream')
        .end(readFileSync(file))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return new Site(server, await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] }))
  }

  /** A window of its own at a link. What goes wrong in it, and what it asks of others, is kept in `problems`. */
  async page(link = '', options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 860 }, ...options })
    const page = await context.newPage()
    page.on('pageerror', (error) => this.problems.push(`${link}: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(`${link}: ${message.text()}`)
    })
    page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) this.problems.push(`asked ${request.url()}`)
    })
    await prepare?.(page)
    await page.goto(this.url + link)
    return page
  }

  async close(): Promise<void> {
    await this.browser.close()
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
}

/** A site for the tests of the block that this is called in; after them nothing may have gone wrong in any window. */
export function siteForTests(): Pick<Site, 'url' | 'page' | 'problems'> {
  let site: Site
  beforeAll(async () => {
    site = await Site.open()
  }, 120_000)
  afterAll(async () => {
    // Where it could not be opened, that is the failure to be told.
    await site?.close()
    expect(site?.problems ?? []).toEqual([])
  })
  return {
    get url() {
      return site.url
    },
    get problems() {
      return site.problems
    },
    page: (...given) => site.page(...given),
  }
}

/** Paths of all views, as the start page lists them. */
export async function viewPaths(page: Page): Promise<string[]> {
  const links = page.locator('.start-views a')
  await links.first().waitFor()
  return links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!.slice(2)))
}

/** Waits until a program is shown. */
export const shown = (page: Page) => page.locator('.player [data-role=step]').waitFor()

/** The number of the step, and of the last one. */
export async function stepOf(page: Page): Promise<readonly [number, number]> {
  const text = await page.locator('.player [data-role=step]').innerText()
  const [, step, last] = /Step (\d+) of (\d+)/.exec(text)!
  return [Number(step), Number(last)]
}
