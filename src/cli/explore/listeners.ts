/** What the page is told, over connections that stay open. */
import type { ServerResponse } from 'node:http'
import type { ServerEvent } from './messages.ts'

/** So often something is said, so that a connection that is dead is noticed. */
const ALIVE_MS = 15_000

/** A page that has left so many bytes unread is let go: it comes back when it can, and is then told how things are. */
const MOST_UNREAD = 64 * 2 ** 20
/** More pages than this are not open at once; the oldest makes room. */
const MOST_PAGES = 50

/** Pages that listen. */
export class Listeners {
  readonly #open = new Set<ServerResponse>()

  /** Begins a stream of events with those that tell how things are. */
  add(response: ServerResponse, first: readonly ServerEvent[]): void {
    const [oldest] = this.#open
    if (this.#open.size >= MOST_PAGES) oldest.destroy()
    response.write(': chainrule\n\n')
    for (const event of first) response.write(written(event))
    this.#open.add(response)
    const timer = setInterval(() => response.write(': alive\n\n'), ALIVE_MS)
    response.once('close', () => {
      clearInterval(timer)
      this.#open.delete(response)
    })
  }

  tell(event: ServerEvent): void {
    const text = written(event)
    for (const response of this.#open) {
      if (response.writableLength > MOST_UNREAD) response.destroy()
      else response.write(text)
    }
  }
}

/** JSON has no line ends outside of strings, and escapes those inside. */
const written = (event: ServerEvent): string => `data: ${JSON.stringify(event)}\n\n`
