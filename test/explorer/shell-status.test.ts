/** What the top bar says of a watched script, with a command that says what the test wants. */
import { tensor } from 'chainrule'
import { record } from 'chainrule/explain'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { ServerEvent } from '../../src/cli/explore/messages.ts'
import { browserPath, shown, siteForTests } from './shell-site.ts'

interface Command {
  say(event: ServerEvent): void
  end(): void
}

/** The stream of events is the test's: what it says is heard, and it can end. */
const overhear = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const asked = window.fetch
    window.fetch = async (url, options) => {
      if (String(url).endsWith('api/explain')) return Response.json({ error: 'this command explains nothing' })
      if (!String(url).endsWith('api/events')) return asked(url, options)
      const body = new ReadableStream({
        start(stream) {
          const say = (event: object) => stream.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`))
          Object.assign(window, { command: { say, end: () => stream.close() } })
        },
      })
      return new Response(body)
    }
  })
}

const say = async (page: Page, event: ServerEvent): Promise<void> => {
  await page.waitForFunction(() => 'command' in window)
  await page.evaluate((event) => (window as unknown as { command: Command }).command.say(event), event)
}

const trace = record(() => {
  tensor(3, { requiresGrad: true, name: 'w' }).square().backward()
}).toTrace()

describe.skipIf(!browserPath)('the status of a script', () => {
  const site = siteForTests()
  const status = (page: Page) => page.locator('.script-status')

  it('follows the command: connected, running, stale, gone', async () => {
    const page = await site.page('?token=t#/graph', {}, overhear)
    await say(page, { is: 'hello', script: 'model.ts' })
    await status(page).getByText('connected').waitFor()
    expect(await status(page).innerText()).toContain('model.ts')
    await expect.poll(() => page.title()).toBe('model.ts · Chainrule explorer')
    await say(page, { is: 'running', run: 1 })
    await status(page).getByText('running').waitFor()
    await say(page, { is: 'ended', run: 1, trace, problem: null, live: true })
    await shown(page)
    await status(page).getByText('connected').waitFor()
    await say(page, { is: 'missing', file: 'model.ts' })
    await status(page).getByText('file gone: viewing the last trace').waitFor()
    await page.getByText('model.ts has been deleted or moved').waitFor()
    await say(page, { is: 'running', run: 2 })
    await status(page).getByText('running').waitFor()
    await say(page, { is: 'ended', run: 2, trace: null, problem: { message: 'no' }, live: false })
    await status(page).getByText('stale').waitFor()
    await page.evaluate(() => (window as unknown as { command: Command }).command.end())
    await status(page).getByText('disconnected: viewing the last trace').waitFor()
    await shown(page)
  })

  it('stands above other views as well, and the token in no address', async () => {
    const page = await site.page('?token=t#/play/neuron', {}, overhear)
    await say(page, { is: 'hello', script: 'model.ts' })
    await status(page).getByText('connected').waitFor()
    expect(page.url()).not.toContain('token')
    await page.getByRole('button', { name: 'Share' }).click()
    expect(await page.getByLabel('Link', { exact: true }).inputValue()).not.toContain('token')
  })

  it('is not there without a command', async () => {
    const page = await site.page('#/play/neuron')
    await shown(page)
    expect(await status(page).count()).toBe(0)
  })
})
