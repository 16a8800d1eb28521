/** Servers of `chainrule explore` for tests: of the built package, since a script needs it, with a site of a few files. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { ServerEvent } from '../../src/cli/explore/messages.ts'

const built = (file: string) => import(new URL(`../../dist/cli/explore/${file}.js`, import.meta.url).href)
export const { Explorer } = (await built('server')) as typeof import('../../src/cli/explore/server.ts')
export const { Program } = (await built('program')) as typeof import('../../src/cli/explore/program.ts')
export type Server = InstanceType<typeof Explorer>

export const home = mkdtempSync(join(tmpdir(), 'chainrule-explore-'))
export const folder = join(home, 'site')
mkdirSync(join(folder, 'assets'), { recursive: true })
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>')
writeFileSync(join(folder, 'assets', 'index-1.js'), 'page()')
writeFileSync(join(folder, 'assets', 'program-worker-1.js'), 'work()')
writeFileSync(join(home, 'secret.txt'), 'SECRET')
symlinkSync(join(home, 'secret.txt'), join(folder, 'linked.txt'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const open: Server[] = []

export async function serve(script: string | null = null, port: number | null = null): Promise<Server> {
  const server = new Explorer({ folder, port, script })
  await server.listen()
  open.push(server)
  return server
}

export function closeAll(): void {
  for (const server of open.splice(0)) {
    server.program?.close()
    server.close()
  }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** A request as it is written, without what fetch would tidy up. */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

/** The first events of a server. */
export function listen({ port, token }: Server): Promise<[number, IncomingHttpHeaders, string]> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-chainrule-token': token }
    const sent = request({ host: '127.0.0.1', port, path: '/api/events', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
        if (!/"is":"ended".*\n\n/.test(text)) return
        sent.destroy()
        resolve([response.statusCode!, response.headers, text])
      })
    })
    sent.once('error', reject)
    sent.end()
  })
}

type Ended = Extract<ServerEvent, { is: 'ended' }>

/** A server that runs a script of this text, what it has told, and how its first run ended. */
export async function explore(text: string) {
  const script = join(mkdtempSync(join(home, 'of-')), 'script.ts')
  writeFileSync(script, text)
  const server = await serve(script)
  const told: ServerEvent[] = []
  const ends: ((event: Ended) => void)[] = []
  server.program = new Program({
    script,
    args: [],
    timeoutMs: 30_000,
    maxNodes: 1000,
    tell(event) {
      told.push(event)
      server.listeners.tell(event)
      if (event.is === 'ended') ends.shift()?.(event)
    },
  })
  const ended = () => new Promise<Ended>((resolve) => ends.push(resolve))
  const first = ended()
  server.program.start()
  return { server, script, told, ended, first: await first }
}

export const neuron = (x: number) => `import { tensor } from 'chainrule'
const w = tensor(3, { requiresGrad: true })
const y = w.mul(${x}).square()
y.backward()
console.log('<img src=x onerror=alert(1)>', \`</script>\\u2028\`)
`
