/** The server of `chainrule explore` under strain: floods, slow readers, scripts that vanish, and the end by Ctrl-C. */
import { spawn } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ServerEvent } from '../../src/cli/explore/messages.ts'
import { ask, closeAll, explore, home, listen, neuron, type Server, serve } from './serving.ts'

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
afterEach(closeAll)

const command = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 })
const isWell = async ({ port }: Server) => expect((await ask(port, '/')).status).toBe(200)

/** A stream of events that is opened, and read or not. */
function stream({ port, token }: Server, isRead = true) {
  const seen = { text: '', isOpen: true }
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.once('close', () => {
    seen.isOpen = false
  })
  socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Chainrule-Token: ${token}\r\n\r\n`)
  if (isRead)
    socket.setEncoding('utf8').on('data', (part: string) => {
      seen.text += part
    })
  else socket.pause()
  return { seen, close: () => socket.destroy(), read: () => socket.resume() }
}

describe('a flood', () => {
  it('of a long address or a long question is refused', async () => {
    const server = await serve()
    expect((await ask(server.port, `/${'x'.repeat(10_000)}`)).status).toBe(404)
    const tooLong = await ask(server.port, `/${'x'.repeat(100_000)}`).then(
      ({ status }) => status,
      () => 431,
    )
    expect(tooLong).toBe(431)
    const headers = { 'x-chainrule-token': server.token }
    // The server may hang up before all of it is sent.
    const body = 'x'.repeat(20_000_000)
    const asked = await ask(server.port, '/api/explain', headers, 'POST', body).then(
      ({ status }) => status,
      () => 400,
    )
    expect(asked).toBe(400)
    expect((await ask(server.port, '/api/explain', headers, 'OPTIONS')).status).toBe(404)
    expect((await ask(server.port, '/api/events', headers, 'HEAD')).status).toBe(404)
    await isWell(server)
  })

  it('of streams: the oldest make room', async () => {
    const server = await serve()
    const streams = Array.from({ length: 60 }, () => stream(server))
    await soon(() => streams.filter(({ seen }) => seen.isOpen).length).toBe(50)
    await soon(() => streams.slice(10).every(({ seen }) => seen.text.includes('hello'))).toBe(true)
    await isWell(server)
    for (const { close } of streams) close()
  })

  it('that a page does not read is not kept for it for ever', async () => {
    const server = await serve()
    const [slow, quick] = [stream(server, false), stream(server)]
    await soon(() => quick.seen.text).toContain('hello')
    const event: ServerEvent = { is: 'printed', run: 1, printed: [{ level: 'log', text: 'x'.repeat(8e6) }] }
    for (let i = 0; i < 12; i++) {
      server.listeners.tell(event)
      await soon(() => quick.seen.text.length).toBeGreaterThan((i + 1) * 8e6)
    }
    slow.read()
    await soon(() => slow.seen.isOpen).toBe(false)
    expect(quick.seen.isOpen).toBe(true)
    quick.close()
  })
})

describe('a script', () => {
  it('is told to two browsers, and both may ask', async () => {
    const { server } = await explore(neuron(2))
    const [[, , one], [, , other]] = await Promise.all([listen(server), listen(server)])
    expect(one).toBe(other)
    const body = JSON.stringify({ run: 1, output: { node: 2, index: 0 }, input: { node: 0, index: 0 } })
    const put = () => ask(server.port, '/api/explain', { 'x-chainrule-token': server.token }, 'POST', body)
    const answers = await Promise.all([put(), put()])
    expect(answers.map(({ text }) => JSON.parse(text).gradient)).toEqual([24, 24])
  })

  it('that prints colours, markup, long lines and too many is shown as text, in part', async () => {
    const { told, ended, script } = await explore(`console.log('\\u001b[31mred\\u001b[0m <b>bold</b>\\r')
process.stdout.write('in two ')
process.stdout.write('parts, ünbroken')`)
    const printed = () => told.flatMap((event) => (event.is === 'printed' ? event.printed : [])).map(({ text }) => text)
    expect(printed()).toEqual(['red <b>bold</b>', 'in two parts, ünbroken'])
    told.length = 0
    const next = ended()
    writeFileSync(script, "console.log('x'.repeat(1e6))\nfor (let i = 0; i < 3000; i++) console.log(i)")
    await next
    expect(printed()).toHaveLength(1001)
    expect(printed()[0]).toMatch(/^x{5000} … \d+ more characters$/)
    expect(printed().at(-1)).toBe('2001 more lines are not shown')
  })

  it('may have a byte order mark, the line ends of Windows and very long lines', async () => {
    const text = `\uFEFF${neuron(2).replaceAll('\n', '\r\n')}const long = '${'x'.repeat(300_000)}'\r\n`
    const { first } = await explore(text)
    expect(first.problem).toBe(null)
    const lines = first.trace!.lines.map(({ line, variables }) => `${line} ${variables.map(({ name }) => name)}`)
    expect(lines).toEqual(['2 w', '3 y', '6 long'])
  })

  it('may be deleted, be a folder for a while, and come back under its name', async () => {
    const { script, ended, told } = await explore(neuron(2))
    rmSync(script)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(told.filter(({ is }) => is === 'running')).toHaveLength(1)
    const asFolder = ended()
    mkdirSync(script)
    expect((await asFolder).problem?.message).toBeTruthy()
    const back = ended()
    rmSync(script, { recursive: true })
    const other = join(dirname(script), 'other.ts')
    writeFileSync(other, neuron(5))
    renameSync(other, script)
    expect((await back).trace!.nodes[2].value.data).toEqual([225])
  })

  it('that is saved several times in a row is shown as it was saved last', async () => {
    const { script, told, server } = await explore(neuron(2))
    for (const x of [3, 4, 5, 6]) {
      writeFileSync(script, neuron(x))
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    const last = () => {
      const event = told.at(-1)
      return event?.is === 'ended' ? event.trace?.nodes[2].value.data : event?.is
    }
    await soon(last).toEqual([324])
    // The events of a run that was overtaken stop with it.
    const runs = told.map((event) => ('run' in event ? event.run : 0))
    expect(runs).toEqual(runs.toSorted((a, b) => a - b))
    await isWell(server)
  })
})

describe('the command', () => {
  const script = join(home, 'endless.ts')
  /** Runs it until it says where it is. */
  function start(...args: string[]) {
    const child = spawn(process.execPath, [command, 'explore', '--no-open', ...args])
    const said = { text: '', errors: '' }
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      said.text += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      said.errors += part
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    return { child, said, ended }
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends by %s with exit code 0, a script that runs on included',
    async (signal) => {
      writeFileSync(script, "console.log('begun')\nwhile (true) {}")
      const { child, said, ended } = start(script)
      await soon(() => said.text).toMatch(
        /^The explorer is at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+#\/graph\nCtrl-C/,
      )
      await soon(() => said.errors).toContain('begun')
      child.kill(signal)
      expect(await ended).toBe(0)
    },
  )

  it('says how each run of the script has ended', async () => {
    const short = join(home, 'short.ts')
    writeFileSync(short, neuron(2))
    const { child, said, ended } = start(short)
    await soon(() => said.errors).toContain('run 1: 3 values in 6 steps; save the script to run it again\n')
    writeFileSync(short, 'const x = = 1')
    await soon(() => said.errors).toMatch(/run 2 failed: .*short\.ts:1: Unexpected token\n/)
    child.kill('SIGINT')
    expect(await ended).toBe(0)
  })

  it('says that a port is taken, and takes the next', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as { port: number }
    const { child, said, ended } = start('--port', String(port))
    await soon(() => said.text).toContain(`(port ${port} is taken)`)
    child.kill('SIGINT')
    expect(await ended).toBe(0)
    other.close()
  })

  it.each([
    [['a.ts', 'b.ts'], 'explore: takes one script, got 2: a.ts b.ts'],
    [['--port', '70000'], 'explore: --port is below 65536, got 70000'],
    [['--port', 'x'], '--port'],
    [['--unknown'], '--unknown'],
  ])('refuses %j', async (args, message) => {
    const { said, ended } = start(...args)
    expect(await ended).not.toBe(0)
    expect(said.errors).toContain(message)
    expect(said.text).toBe('')
  })

  it('helps', async () => {
    const { said, ended } = start('--help')
    expect(await ended).toBe(0)
    expect(said.text).toMatch(/^chainrule explore: .*\n\nUsage: chainrule explore \[script\.ts\]/)
  })
})
