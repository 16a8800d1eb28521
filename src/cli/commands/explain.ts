/** `chainrule explain`: a formula at given values, or what a script called backward on. */
import { existsSync } from 'node:fs'
import { record, runFormula } from '../../explain/index.ts'
import { type Command, choice, EXIT, readArguments, UsageError, wholeNumber } from '../command.ts'
import { type ExplainRequest, explainRecording } from '../explain-program.ts'
import { formats } from '../formats.ts'
import { deliver, printOptions } from '../output.ts'
import { runScript } from '../script/index.ts'

const help = `chainrule explain: why is this gradient what it is?

Usage: chainrule explain "<formula>" --at <values> [options]
       chainrule explain <script.ts> [options] [-- <arguments of the script>]

Of a formula, its last value is differentiated by the names that have a value:

  chainrule explain "L = (w*x + b)^2" --at w=2,x=3,b=1
  chainrule explain "h = relu(W@x); L = sum(h)" --at "W=[[1,-2],[3,4]], x=[0.5,1]" --wrt "W[0,1]"

Of a script in TypeScript or JavaScript (an ES module), what it called backward() on, by its parameters:

  chainrule explain train.ts --wrt "0.weight[3,5]"

Options:
  --at <values>      values of a formula's names: w=2, x=[1,2], W=[[1,2],[3,4]]
  --wrt <name>       differentiate by this alone: w, or one element, W[0,2]; may be given several times
  --format <format>  text (the default), tex, md, html, svg, dot or json
  --out <file>       write into a file instead of the terminal
  --paths <n>        how many paths are listed; 12 unless given
  --detail <level>   function (the default): a loss or a normalisation is one step; op: every single op
  --timeout <s>      stop a script after so many seconds; 60 unless given
  --help             this text

The formula language is described in docs/formulas.md.
`

const options = {
  at: { type: 'string' },
  wrt: { type: 'string', multiple: true },
  format: { type: 'string' },
  out: { type: 'string' },
  paths: { type: 'string' },
  detail: { type: 'string' },
  timeout: { type: 'string' },
} as const

export const explain: Command = {
  name: 'explain',
  summary: 'every factor of a gradient, of a formula or a script',
  help,
  async run(args) {
    const end = args.indexOf('--')
    const own = end < 0 ? args : args.slice(0, end)
    const { values, positionals } = readArguments('explain', own, options)
    if (positionals.length !== 1)
      throw new UsageError(
        positionals.length === 0
          ? 'explain: what is to be explained? A formula such as "L = (w*x + b)^2", or a script; see chainrule explain --help'
          : `explain: takes one formula or script, got ${positionals.length}: ${positionals.join(' ')}; quote the formula`,
      )
    const [what] = positionals
    const request: ExplainRequest = {
      wrt: values.wrt ?? [],
      paths: values.paths === undefined ? null : wholeNumber('explain', 'paths', values.paths, 1),
      detail: choice('explain', 'detail', values.detail, ['function', 'op']),
      format: choice('explain', 'format', values.format, formats),
      print: printOptions(values.out !== undefined),
    }
    const timeoutMs = 1000 * wholeNumber('explain', 'timeout', values.timeout, 60)
    if (!isScript(what)) {
      deliver(explainFormula(what, values.at ?? '', request), values.out)
      return EXIT.fine
    }
    if (values.at !== undefined) throw new UsageError('explain: --at gives values to a formula, not to a script')
    const text = await runScript(what, {
      task: 'explain',
      options: request,
      timeoutMs,
      args: end < 0 ? [] : args.slice(end + 1),
    })
    deliver(text, values.out)
    return EXIT.fine
  },
}

/** Backward goes to every name that has a value; its gradients are those of the table. */
function explainFormula(source: string, at: string, request: ExplainRequest): string {
  const recording = record(
    () => {
      const run = runFormula(source, at)
      run.output.backward()
      return run.output
    },
    { title: source.trim() },
  )
  return explainRecording(recording, recording.value, request)
}

const isScript = (what: string): boolean => /\.[cm]?[jt]sx?$/i.test(what) || existsSync(what)
