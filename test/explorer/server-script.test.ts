/** What the server of `chainrule explore` says of a script. */
import { rmSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nameOf } from '../../src/cli/explore/program.ts'
import { ask, closeAll, explore, listen, neuron } from './serving.ts'

// Processes take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('a script', () => {
  afterEach(closeAll)

  it('is traced, and what it prints stays text', async () => {
    const { server, told, first } = await explore(neuron(2))
    expect([first.problem, first.live, first.run]).toEqual([null, true, 1])
    expect(first.trace!.nodes.map(({ name }) => name)).toEqual(['w', 'v1', 'y'])
    expect(Object.values(first.trace!.sources)).toEqual([neuron(2)])
    const printed = told.flatMap((event) => (event.is === 'printed' ? event.printed : []))
    expect(printed).toEqual([{ level: 'log', text: '<img src=x onerror=alert(1)> </script>\u2028' }])
    const [, headers, text] = await listen(server)
    expect(headers['content-type']).toBe('text/event-stream')
    const events = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []))
    expect(events.map(({ is }) => is)).toEqual(['hello', 'running', 'printed', 'ended'])
    expect(events[3]).toEqual(JSON.parse(JSON.stringify(first)))
  })

  it('explains what it computed', async () => {
    const { server } = await explore(neuron(2))
    const headers = { 'x-chainrule-token': server.token }
    const put = (question: object | string) =>
      ask(
        server.port,
        '/api/explain',
        headers,
        'POST',
        typeof question === 'string' ? question : JSON.stringify(question),
      )
    const element = (node: number) => ({ node, index: 0 })
    const { status, text } = await put({ run: 1, output: element(2), input: element(0) })
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ gradient: 24, sum: 24, agrees: true, pathCount: '1' })
    const refused = async (question: object | string) => {
      const answer = await put(question)
      return [answer.status, JSON.parse(answer.text).error]
    }
    expect(await refused({ run: 1, output: element(2), input: element(9) })).toEqual([
      409,
      'explainRecorded: there is no node 9; the recording has 3',
    ])
    expect(await refused({ run: 7, output: element(2), input: element(0) })).toEqual([
      409,
      'this run of the script is over',
    ])
    for (const wrong of [
      '',
      '{',
      '[]',
      '{"run":1}',
      { run: 1, output: element(-1), input: element(0) },
      'x'.repeat(20_000),
    ])
      expect(await refused(wrong)).toEqual([400, 'a question is { run, output, input }'])
  })

  it('runs again when it is saved', async () => {
    const { script, ended, told } = await explore(neuron(2))
    const next = ended()
    writeFileSync(script, neuron(5))
    const { run, trace } = await next
    expect([run, trace!.nodes[2].value.data]).toEqual([2, [225]])
    expect(told.filter(({ is }) => is === 'running')).toHaveLength(2)
  })

  it('that is deleted is told of, and runs again when it is back', async () => {
    const { script, ended, told, server } = await explore(neuron(2))
    rmSync(script)
    const missing = () => told.find(({ is }) => is === 'missing')
    await expect.poll(missing, { timeout: 10_000 }).toEqual({ is: 'missing', file: nameOf(script) })
    expect(server.program!.story.at(-1)).toEqual(missing())
    const next = ended()
    writeFileSync(script, neuron(5))
    expect((await next).trace!.nodes[2].value.data).toEqual([225])
    expect(server.program!.story.map(({ is }) => is)).not.toContain('missing')
  })

  it('that fails shows what came before, and where it failed', async () => {
    const { first, server } = await explore(neuron(2).replace('y.backward()', "throw new Error('<b>no</b>')"))
    expect(first.live).toBe(false)
    expect(first.problem).toMatchObject({ message: 'Error: <b>no</b>', line: 4, column: 7 })
    expect(first.trace!.nodes.map(({ name }) => name)).toEqual(['w', 'v1', 'y'])
    expect(() => server.program!.explain(1, { node: 2, index: 0 }, { node: 0, index: 0 })).toThrow('this run')
  })

  it('that cannot be read has no trace but a place', async () => {
    const { first } = await explore('const x = = 1')
    expect(first.problem).toMatchObject({ message: 'Unexpected token', line: 1, column: 11 })
  })
})
