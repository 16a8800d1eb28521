/**
 * The server of the explorer: the built page, and for a script its events and answers. It listens on this machine alone,
 * answers only to its own name, and tells nothing about a script without the token of this run.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RecordedElement } from '../../explain/index.ts'
import { UsageError } from '../command.ts'
import { hasToken, isOwn, makeToken } from './guard.ts'
import { headersOf } from './headers.ts'
import { Listeners } from './listeners.ts'
import type { ServerEvent } from './messages.ts'
import type { Program } from './program.ts'
import { Site } from './site.ts'

interface ExplorerOptions {
  /** The folder of the built page. */
  readonly folder: string
  /** Where it listens; any free port unless given, and the next free one where it is taken. */
  readonly port: number | null
  /** What the script is called; null without one. */
  readonly script: string | null
}

const HOST = '127.0.0.1'
/** So many ports behind the one that is wanted are tried. */
const TRIES = 20
/** No question is longer. */
const MOST_BYTES = 10_000

export class Explorer {
  readonly listeners = new Listeners()
  readonly token = makeToken()
  /** Who runs the script; null without one. */
  program: Program | null = null
  readonly #site: Site
  readonly #options: ExplorerOptions
  readonly #server: Server

  /** @throws UsageError where the page has not been built. */
  constructor(options: ExplorerOptions) {
    this.#options = options
    this.#site = new Site(options.folder)
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: Error) => {
        if (!response.headersSent) answer(response, 500, { error: error.message })
        else response.destroy()
      })
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** What the browser opens. The token stands in front of `#`, which is the page's own; the page takes it away. */
  get url(): string {
    return `http://${HOST}:${this.port}/?token=${this.token}${this.#options.script === null ? '' : '#/graph'}`
  }

  /** @throws UsageError where no port is free. */
  async listen(): Promise<void> {
    const first = this.#options.port
    if (first === null) return listen(this.#server, 0)
    for (let port = first; port < first + TRIES && port < 2 ** 16; port++) {
      try {
        return await listen(this.#server, port)
      } catch (error) {
        if (!['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      }
    }
    throw new UsageError(`explore: the ports from ${first} on are taken; without --port any free one is used`)
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request
    const path = pathOf(request.url)
    for (const [name, value] of Object.entries(headersOf(path ?? ''))) response.setHeader(name, value)
    if (!isOwn(headers, this.port)) return answer(response, 403, { error: 'this server answers to its own page only' })
    if (path === undefined) return answer(response, 400, { error: 'this is no path' })
    if (!path.startsWith('/api/')) return this.#page(method, path, response)
    if (!hasToken(headers, this.token)) return answer(response, 403, { error: 'the token of this run is missing' })
    if (path === '/api/events' && method === 'GET') return this.#events(response)
    if (path === '/api/explain' && method === 'POST') return this.#explain(request, response)
    answer(response, 404, { error: 'there is nothing here' })
  }

  #page(method: string, path: string, response: ServerResponse): void {
    const isRead = method === 'GET' || method === 'HEAD'
    const file = isRead ? this.#site.read(path) : undefined
    if (!file) {
      const error = isRead ? 'there is nothing here' : 'the page can only be read'
      answer(response, isRead ? 404 : 405, { error })
      return
    }
    // Names of built files change with their content; that of the page itself does not.
    const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store'
    response.writeHead(200, { 'Content-Type': file.type, 'Cache-Control': cache })
    response.end(method === 'HEAD' ? undefined : file.content)
  }

  #events(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    const hello: ServerEvent = { is: 'hello', script: this.#options.script }
    this.listeners.add(response, [hello, ...(this.program?.story ?? [])])
  }

  async #explain(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const question = questionOf(await bodyOf(request))
    if (!question) return answer(response, 400, { error: 'a question is { run, output, input }' })
    if (!this.program) return answer(response, 404, { error: 'there is no script' })
    const { run, output, input } = question
    try {
      answer(response, 200, await this.program.explain(run, output, input))
    } catch (error) {
      answer(response, 409, { error: (error as Error).message })
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** The path of a request, decoded once and not tidied up; undefined where it is none. */
function pathOf(url = ''): string | undefined {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ''))
    return path.startsWith('/') ? path : undefined
  } catch {
    return undefined
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MOST_BYTES) return ''
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

interface AskedQuestion {
  readonly run: number
  readonly output: RecordedElement
  readonly input: RecordedElement
}

function questionOf(text: string): AskedQuestion | undefined {
  try {
    const asked = JSON.parse(text) as AskedQuestion
    const numbers = [asked.run, asked.output.node, asked.output.index, asked.input.node, asked.input.index]
    return numbers.every((n) => Number.isSafeInteger(n) && n >= 0) ? asked : undefined
  } catch {
    return undefined
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(body))
}
