/** Pages in Chromium: a server on this machine with the built package and the battery, and a page that posts what it found. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fixtures, modules, root } from './start.ts'

const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/Applications/Google Chrome.app/Contents/MacOS']
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'Google Chrome']

/** A Chromium of this machine: CHAINRULE_CHROMIUM names another. */
export const findChromium = (): string | undefined =>
  process.env.CHAINRULE_CHROMIUM ??
  FOLDERS.flatMap((f) => NAMES.map((n) => join(f, n))).find((path) => existsSync(path))

/** Pages may share memory only with these. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.json': 'application/json', '.html': 'text/html' }

/** What the package depends on, as a page finds it. */
const IMPORTS = {
  chainrule: '/dist/index.js',
  'chainrule/nn': '/dist/nn/index.js',
  'chainrule/optim': '/dist/optim/index.js',
}

const pageOf = (script: string): string => `<!doctype html><meta charset="utf-8">
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">
  const send = (result) => fetch('/result', { method: 'POST', body: JSON.stringify(result) })
  const run = async () => {\n${script}\n}
  run().then((value) => send({ value }), (error) => send({ error: String(error?.stack ?? error) }))
</script>`

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += part
  return text
}

/** What is at a path; undefined where there is nothing. */
function contentOf(path: string, page: string, made: ReadonlyMap<string, string>): string | undefined {
  if (path === '/') return page
  if (path === '/fixtures.json') return JSON.stringify(fixtures())
  const file = join(root, normalize(path))
  if (path.startsWith('/dist/')) return existsSync(file) ? readFileSync(file, 'utf8') : undefined
  return made.get(path.slice(1))
}

/** Processes of the browser may outlive it and still write: then its folder is left to whoever clears temporary files. */
function removeProfile(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}

/** Opens a page whose module has this body, and gives what it returns. @throws Error with what it threw, or after `timeout` ms. */
export async function inPage<T>(script: string, chromium: string, isolated: boolean, timeout: number): Promise<T> {
  const made = modules()
  const page = pageOf(script)
  let settle!: (text: string) => void
  const result = new Promise<string>((resolve) => {
    settle = resolve
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'POST') settle(await bodyOf(request))
    const { pathname } = new URL(request.url!, 'http://127.0.0.1')
    const content = request.method === 'POST' ? '' : contentOf(pathname, page, made)
    const type = TYPES[extname(pathname)] ?? 'text/html'
    response.writeHead(content === undefined ? 404 : 200, { 'Content-Type': type, ...(isolated ? ISOLATION : {}) })
    response.end(content)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const profile = mkdtempSync(join(tmpdir(), 'chainrule-page-'))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`, '--no-first-run']
  const browser = spawn(chromium, [...flags, url], { stdio: 'ignore' })
  const ended = new Promise<void>((done) => browser.once('exit', () => done()))
  const late = setTimeout(() => settle(JSON.stringify({ error: `no answer within ${timeout} ms` })), timeout)
  try {
    const { value, error } = JSON.parse(await result) as { value: T; error?: string }
    if (error !== undefined) throw new Error(`in the page: ${error}`)
    return value
  } finally {
    clearTimeout(late)
    browser.kill()
    await ended
    server.closeAllConnections()
    server.close()
    removeProfile(profile)
  }
}
