/** The page as `chainrule explore` serves it, with its headers, and what the tests of its editor do there. */
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { closeAll, Explorer, type Server } from './serving.ts'
import { browserPath, builtSite } from './shell-site.ts'

/** Pages take their time on a busy machine. */
export const soon = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: 20_000 })

export class CodeSite {
  /** What the page complained of or asked of others: nothing, where nothing is said to be expected. */
  readonly complaints: string[] = []
  readonly server: Server
  readonly browser: Browser
  readonly page: Page

  private constructor(server: Server, browser: Browser, page: Page) {
    this.server = server
    this.browser = browser
    this.page = page
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) this.complaints.push(`asked ${request.url()}`)
    })
    page.on('dialog', (dialog) => {
      this.complaints.push(dialog.message())
      void dialog.dismiss()
    })
  }

  static async open(): Promise<CodeSite> {
    const server = new Explorer({ folder: await builtSite(), port: null, script: null })
    await server.listen()
    const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
    return new CodeSite(server, browser, await browser.newPage())
  }

  at(hash: string): string {
    return `http://127.0.0.1:${this.server.port}/${hash}`
  }

  async go(hash: string): Promise<Page> {
    await this.page.goto('about:blank')
    await this.page.goto(this.at(hash))
    return this.page
  }

  /** What the gutter says, from the first line on. */
  async facts(): Promise<string[]> {
    const texts = await this.page.locator('.code-facts .cm-gutterElement').allInnerTexts()
    return texts.map((text) => text.replaceAll('−', '-')).filter((text) => text.trim() !== '')
  }

  async run(source: string): Promise<void> {
    await this.page.locator('.cm-content').fill(source)
    await this.page.keyboard.press('Control+Enter')
  }

  problem(): Promise<string> {
    return this.page.locator('.code-problem').innerText({ timeout: 20_000 })
  }

  printed(): Promise<string> {
    return this.page.locator('.code-console').innerText({ timeout: 20_000 })
  }

  async close(): Promise<void> {
    await this.browser.close()
    this.server.close()
    closeAll()
  }
}
