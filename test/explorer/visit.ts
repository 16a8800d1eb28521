/** Many views in one window: a link is followed within the page, which is far quicker than to load it anew. */
import type { Page } from 'playwright-core'
import { type Site, viewPaths } from './shell-site.ts'

const QUIET_MS = 250
const LONGEST_MS = 8000

/** Waits until nothing has been drawn for a moment. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    ([quiet, longest]) =>
      new Promise<void>((done) => {
        const end = () => {
          observer.disconnect()
          clearTimeout(late)
          done()
        }
        let timer = setTimeout(end, quiet)
        const late = setTimeout(end, longest)
        const observer = new MutationObserver(() => {
          clearTimeout(timer)
          timer = setTimeout(end, quiet)
        })
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
      }),
    [QUIET_MS, LONGEST_MS],
  )
}

/** Follows a link, as far as `#`, and waits until it is shown. */
export async function visit(page: Page, link: string): Promise<void> {
  await page.evaluate((link) => {
    location.hash = link
  }, link)
  await drawn(page)
}

/** Waits until the view is there and computes nothing more. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const said = [...document.querySelectorAll('[role=status]')].map((it) => it.textContent ?? '')
    return !said.some((text) => /^(Tracing|Computing|Finding|Arranging|Running)/.test(text.trim()))
  })
  await settled(page)
}

/** A window, and the links to the start page and to every view. */
export async function everyView(site: Pick<Site, 'page'>, options = {}): Promise<{ page: Page; links: string[] }> {
  const page = await site.page('', options)
  const paths = await viewPaths(page)
  await settled(page)
  return { page, links: ['', ...paths].map((path) => `#/${path}`) }
}
