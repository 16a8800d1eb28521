/** What a window measures of itself: when things were first seen, how long the page's thread was held, frames, work. */
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'

interface Seen {
  readonly seen: Record<string, number>
  readonly held: number[]
}

const SIGNS = {
  player: '.player [data-role=step]',
  graph: '[data-node-id]',
  formula: '.katex',
  paths: '[data-role=path-count]',
}

/** Makes a window keep the times at which its parts were first there, and the tasks of more than 50 ms. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript((signs) => {
    const record: Seen = { seen: {}, held: [] }
    Object.assign(window, { record })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) record.held.push(duration)
    }).observe({ type: 'longtask', buffered: true })
    const look = () => {
      for (const [name, sign] of Object.entries(signs))
        if (!(name in record.seen) && document.querySelector(sign)) record.seen[name] = performance.now()
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, SIGNS)
}

export const recordOf = (page: Page) => page.evaluate(() => (window as unknown as { record: Seen }).record)

export const forgetTasks = (page: Page) =>
  page.evaluate(() => {
    ;(window as unknown as { record: Seen }).record.held.length = 0
  })

export const firstPaint = (page: Page) =>
  page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity)

/** Bytes of scripts, gzipped, that the window had asked for until a moment, and until now. */
export async function scripts(page: Page, bodies: ReadonlyMap<string, Buffer>, until: number) {
  const asked = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name, startTime }) => ({ name, startTime })),
  )
  const weigh = (urls: Iterable<string>) => {
    let bytes = 0
    for (const url of urls) bytes += gzipSync(bodies.get(url) ?? Buffer.of()).length
    return bytes
  }
  const late = new Set(asked.filter(({ startTime }) => startTime > until).map(({ name }) => name))
  const all = [...bodies.keys()]
  return { before: weigh(all.filter((url) => !late.has(url))), all: weigh(all) }
}

/** Does something and waits until the page shows it: milliseconds, of which up to one frame is the screen's. */
export const until = (page: Page, act: string, shows: string): Promise<number> =>
  page.evaluate(
    async ([act, shows]) => {
      const isShown = new Function(`return ${shows}`) as () => boolean
      const start = performance.now()
      new Function(act)()
      while (!isShown()) {
        await new Promise(requestAnimationFrame)
        if (performance.now() - start > 20_000) throw new Error(`Never shown: ${shows}`)
      }
      return performance.now() - start
    },
    [act, shows],
  )

/** Moves a native range as a hand does. */
export const slide = (selector: string, value: string): string => `
  const range = document.querySelector(${JSON.stringify(selector)})
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(range, ${value})
  range.dispatchEvent(new Event('input', { bubbles: true }))`

/** The time within which 95 of 100 frames of a canvas come that is dragged and zoomed. */
export async function frames(page: Page): Promise<number> {
  const canvas = await page.locator('svg[role=application]').boundingBox()
  const [x, y] = [canvas!.x + canvas!.width / 2, canvas!.y + canvas!.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.evaluate(() => {
    const times: number[] = []
    let last = performance.now()
    const tick = (now: number) => {
      times.push(now - last)
      last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    Object.assign(window, { times })
  })
  for (let i = 0; i < 40; i++) await page.mouse.move(x + 200 * Math.sin(i / 6), y + 120 * Math.cos(i / 6))
  await page.mouse.up()
  await page.keyboard.down('Control')
  for (let i = 0; i < 20; i++) await page.mouse.wheel(0, i % 10 < 5 ? 60 : -60)
  await page.keyboard.up('Control')
  const times = await page.evaluate(() => (window as unknown as { times: number[] }).times)
  return times.toSorted((a, b) => a - b)[Math.floor(0.95 * times.length)]
}

/** Bytes that the page's thread holds when what is not needed has been thrown away. */
export async function heap(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  await devtools.detach()
  return usedSize
}

const WORK_US = 50_000

/** How much longer work takes here and now than the processor needs for it: 1 where nothing else is done. */
export function contention(): number {
  const [start, before] = [performance.now(), process.cpuUsage()]
  const used = () => {
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  while (used() < WORK_US);
  return Math.max(1, (performance.now() - start) / (WORK_US / 1000))
}

export const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]
