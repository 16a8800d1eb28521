/** `chainrule check`: are the gradients of what a script exports right? */
import { type Command, choice, readArguments, UsageError, wholeNumber } from '../command.ts'
import { formatOf } from '../formats.ts'
import { deliver, printOptions } from '../output.ts'
import { runScript, ScriptError } from '../script/index.ts'
import type { CheckRequest } from '../script/tasks/check.ts'

const help = `chainrule check: is this gradient right?

Usage: chainrule check <script.ts> [options] [-- <arguments of the script>]

Every function, module and custom operation (defineFunction) that the script
exports is run, and its derivatives are compared with numeric differences: the
first, and the derivatives of the derivatives.

  chainrule check layers.ts
  chainrule check layers.ts --export swish --order 1

What they are called with is found by trying random tensors of some shapes; a
module's layers tell what it takes. The script can say it itself, which is
surer, and the only way for arguments that are no floating point tensors:

  export const inputs = { swish: [x], attention: [q, k, v, { heads: 2 }] }

by the names of the exports, or the same for all of them:

  export const inputs = [x, w]

Modules are checked by their parameters as well, and all of it in float64. At a
kink, as relu has at 0, every slope between those of both sides is right. More
in docs/check.md.

Options:
  --export <name>    check this export alone; may be given several times
  --order <n>        2 (the default) checks first and second derivatives, 1 the
                     first alone
  --mode <mode>      full compares every element with every result, fast one
                     random direction per input; full unless there are more
                     than 1000 elements
  --seed <n>         of the random tensors and directions; 1 unless given
  --format <format>  text (the default), md, html, tex or json
  --out <file>       write into a file instead of the terminal
  --timeout <s>      stop after so many seconds; 60 unless given
  --help             this text

Exit codes: 0 all that was checked is right; 1 something is wrong; 2 it could
not be checked.
`

const options = {
  export: { type: 'string', multiple: true },
  order: { type: 'string' },
  mode: { type: 'string' },
  seed: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  timeout: { type: 'string' },
} as const

export const check: Command = {
  name: 'check',
  summary: 'whether the gradients of what a script exports are right',
  help,
  async run(args) {
    const { values, positionals, rest } = readArguments('check', args, options)
    if (positionals.length !== 1) throw new UsageError(usage(positionals))
    const { stderr } = process
    const order = choice('check', 'order', values.order, ['2', '1'])
    const request: CheckRequest = {
      settings: {
        names: values.export ?? [],
        order: values.order === undefined ? null : (Number(order) as 1 | 2),
        mode: values.mode === undefined ? null : choice('check', 'mode', values.mode, ['full', 'fast']),
        seed: wholeNumber('check', 'seed', values.seed, 1),
      },
      format: formatOf('check', values.format, values.out, ['text', 'md', 'html', 'tex', 'json']),
      print: printOptions(values.out !== undefined),
      columns: stderr.isTTY ? stderr.columns || 80 : null,
    }
    const timeoutMs = 1000 * wholeNumber('check', 'timeout', values.timeout, 60)
    try {
      const { text, exit } = await runScript(positionals[0], {
        task: 'check',
        options: request,
        timeoutMs,
        args: rest,
      })
      deliver(text, values.out)
      return exit
    } catch (error) {
      // The process that drew the bar is gone.
      if (stderr.isTTY) stderr.write('\r\u001b[K')
      throw error instanceof ScriptError && error.reason === 'timeout' ? hinted(error) : error
    }
  },
}

function usage(scripts: readonly string[]): string {
  if (scripts.length === 0) return 'check: which script? chainrule check layers.ts; see chainrule check --help'
  return `check: takes one script, got ${scripts.length}: ${scripts.join(' ')}`
}

const hinted = ({ reason, message, place }: ScriptError): ScriptError =>
  new ScriptError(
    reason,
    `${message}\nMore time: --timeout 600. Less work for the check: --mode fast, --order 1, --export <name>`,
    place,
  )
