/** The server of `chainrule explore`: whom it answers, and what it serves. */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, closeAll, Explorer, folder, home, type Server, serve } from './serving.ts'

describe('whom it answers', () => {
  let server: Server
  beforeAll(async () => {
    server = await serve()
  })
  afterAll(closeAll)

  it('its own page, in isolation and by a strict policy', async () => {
    const { status, headers, text } = await ask(server.port, '/?token=x')
    expect([status, text]).toEqual([200, '<!doctype html><title>page</title>'])
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp')
    expect(headers['referrer-policy']).toBe('no-referrer')
    const policy = headers['content-security-policy']
    for (const part of [
      "default-src 'self'",
      "connect-src 'self'",
      "worker-src 'self' blob:",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(part)
    expect(policy).not.toContain("'unsafe-eval'")
    expect(policy).not.toMatch(/script-src[^;]*'unsafe-inline'/)
  })

  it('lets no program of the reader connect to anything', async () => {
    const { headers } = await ask(server.port, '/assets/program-worker-1.js')
    expect(headers['content-security-policy']).toContain("connect-src 'none'")
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp')
    expect((await ask(server.port, '/assets/index-1.js')).headers['content-security-policy']).toContain(
      "connect-src 'self'",
    )
  })

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example'])(
    'not to the name %j',
    async (host) => {
      for (const path of ['/', '/assets/index-1.js', '/api/events']) {
        const { status, text } = await ask(server.port, path, { host, 'x-chainrule-token': server.token })
        expect([status, text]).toEqual([403, '{"error":"this server answers to its own page only"}'])
      }
    },
  )

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'not to a page of %s',
    async (origin) => {
      const headers = { origin, 'x-chainrule-token': server.token }
      expect((await ask(server.port, '/api/explain', headers, 'POST', '{}')).status).toBe(403)
      expect((await ask(server.port, '/', headers)).status).toBe(403)
    },
  )

  it('its own origin, under both of its names', async () => {
    for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`])
      expect((await ask(server.port, '/', { host, origin: `http://${host}` })).status).toBe(200)
  })

  it.each([undefined, '', 'wrong', 'x'.repeat(32)])('tells nothing of a script by the token %j', async (token) => {
    const headers: Record<string, string> = token === undefined ? {} : { 'x-chainrule-token': token }
    for (const path of ['/api/events', '/api/explain', '/api/other'])
      expect(await ask(server.port, path, headers)).toMatchObject({
        status: 403,
        text: '{"error":"the token of this run is missing"}',
      })
    expect((await ask(server.port, `/api/events?token=${server.token}`, headers)).status).toBe(403)
  })

  it('has another token each time', async () => {
    const other = await serve()
    expect(other.token).not.toBe(server.token)
    expect(other.token).toMatch(/^[\w-]{32}$/)
    expect(other.url).toBe(`http://127.0.0.1:${other.port}/?token=${other.token}`)
  })
})

describe('what it serves', () => {
  let server: Server
  beforeAll(async () => {
    server = await serve()
  })
  afterAll(closeAll)

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e%5c%2e%2e%5csecret.txt',
    '/assets\\..\\..\\secret.txt',
    '//etc/passwd',
    '/etc/passwd',
    '/linked.txt',
    '/%252e%252e/secret.txt',
    '/secret.txt%00.js',
    '/%',
    '/assets',
    '/assets/',
    '/__proto__',
  ])('not %s', async (path) => {
    const { status, text } = await ask(server.port, path)
    expect([400, 404]).toContain(status)
    expect(text).not.toMatch(/SECRET|root:/)
  })

  it('nothing that would be changed', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(server.port, '/', {}, method)).status).toBe(405)
    expect(await ask(server.port, '/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' })
  })

  it('files that came later, when the page was built again', async () => {
    expect((await ask(server.port, '/assets/index-2.js')).status).toBe(404)
    writeFileSync(join(folder, 'assets', 'index-2.js'), 'again()')
    const { status, headers, text } = await ask(server.port, '/assets/index-2.js')
    expect([status, headers['content-type'], text]).toEqual([200, 'text/javascript; charset=utf-8', 'again()'])
  })

  it('takes the next port where one is taken', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as { port: number }
    const next = await serve(null, port)
    expect(next.port).toBeGreaterThan(port)
    other.close()
  })

  it('says what to do where the page was not built', () => {
    expect(() => new Explorer({ folder: join(home, 'none'), port: null, script: null })).toThrow(
      /^explore: the page is not there \(.*\); npm run explore builds it$/,
    )
  })
})
