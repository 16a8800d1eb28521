/** `chainrule explore`: the explorer in the browser, on a script or on its own. */
import { fileURLToPath } from 'node:url'
import { type Command, EXIT, readArguments, UsageError, wholeNumber } from '../command.ts'
import { openBrowser } from '../explore/browser.ts'
import type { ServerEvent } from '../explore/messages.ts'
import { nameOf, Program } from '../explore/program.ts'
import { Explorer } from '../explore/server.ts'

const help = `chainrule explore: watch the chain rule happen, in the browser

Usage: chainrule explore [script.ts] [options] [-- <arguments of the script>]

Serves the explorer to this machine alone and opens it. A script is run under
observation and its graph is shown, with every value, gradient and contribution;
it runs again whenever it, or a file that it imports, is saved. Without a script
there are playgrounds, a formula line and an editor. Ctrl-C ends it.

Options:
  --port <n>       listen there, or on the next port that is free
  --no-open        only print the address
  --max-nodes <n>  keep so many operations; 20000 unless given
  --timeout <s>    stop a script after so many seconds; 60 unless given
  --help           this text

More: docs/explorer.md.
`

const options = {
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
  'max-nodes': { type: 'string' },
  timeout: { type: 'string' },
} as const

/** Where the package keeps the built page. */
const PAGE = fileURLToPath(new URL('../../../dist-explorer/', import.meta.url))

export const explore: Command = {
  name: 'explore',
  summary: 'the chain rule in the browser, step by step, on your own code',
  help,
  async run(args) {
    const { positionals, values, rest } = readArguments('explore', args, options)
    if (positionals.length > 1)
      throw new UsageError(`explore: takes one script, got ${positionals.length}: ${positionals.join(' ')}`)
    const [script] = positionals
    const port = wholeNumber('explore', 'port', values.port, null)
    if (port !== null && port >= 2 ** 16) throw new UsageError(`explore: --port is below 65536, got ${port}`)
    const settings = {
      timeoutMs: 1000 * wholeNumber('explore', 'timeout', values.timeout, 60),
      maxNodes: wholeNumber('explore', 'max-nodes', values['max-nodes'], 20_000),
    }
    const explorer = new Explorer({ folder: PAGE, port, script: script === undefined ? null : nameOf(script) })
    await explorer.listen()
    if (script !== undefined) {
      explorer.program = new Program({
        script,
        args: rest,
        ...settings,
        tell(event) {
          explorer.listeners.tell(event)
          if (event.is === 'ended') process.stderr.write(`${lineOf(event)}\n`)
          if (event.is === 'missing')
            process.stderr.write(`${event.file} is gone; the script runs again when it is back\n`)
        },
      })
      explorer.program.start()
    }
    const note = port !== null && explorer.port !== port ? ` (port ${port} is taken)` : ''
    process.stdout.write(`The explorer is at ${explorer.url}${note}\nCtrl-C ends it.\n`)
    if (!values['no-open']) openBrowser(explorer.url)
    await interrupted()
    explorer.program?.close()
    explorer.close()
    return EXIT.fine
  },
}

/** A line on the terminal for each run. */
function lineOf({ run, trace, problem }: Extract<ServerEvent, { is: 'ended' }>): string {
  const { file, line, message } = problem ?? {}
  const place = file === undefined ? '' : `${file}:${line}: `
  if (problem) return `run ${run} failed: ${place}${message}`
  return `run ${run}: ${trace?.nodes.length ?? 0} values in ${trace?.steps.length ?? 0} steps; save the script to run it again`
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
