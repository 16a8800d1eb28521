/** `chainrule flow`: why does this network not learn? */
import { type Command, readArguments, UsageError, wholeNumber } from '../command.ts'
import { formatOf, formats } from '../formats.ts'
import { deliver, printOptions } from '../output.ts'
import { runScript } from '../script/index.ts'

const help = `chainrule flow: why does this network not learn?

Usage: chainrule flow <script.ts> [options] [-- <arguments of the script>]

Runs one forward and one backward pass of a model on a batch and tells, layer by layer, how large values and gradients
are, and in words what is wrong: vanishing or exploding gradients, dead or saturated units, parameters without a
gradient and why, the first NaN and where it comes from, a learning rate that is too large.

The script exports the model and what to run:

  export const model = new nn.Sequential(...)
  export const loss = () => nn.crossEntropy(model.forward(x), y)
  export const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 })   if a step is to be judged as well

or a model and a batch, of which the loss is the cross-entropy if the targets are integers, and else the mean of the
squares:

  export const batch = [x, y]

Options:
  --format <format>  text (the default), tex, md, html, svg or json
  --out <file>       write into a file instead of the terminal
  --timeout <s>      stop after so many seconds; 60 unless given
  --help             this text

Exit codes: 0 nothing is wrong; 1 a problem was found; 2 it could not be done.
`

const options = { format: { type: 'string' }, out: { type: 'string' }, timeout: { type: 'string' } } as const

export const flow: Command = {
  name: 'flow',
  summary: 'why a network does not learn, layer by layer and in words',
  help,
  async run(args) {
    const end = args.indexOf('--')
    const { values, positionals } = readArguments('flow', end < 0 ? args : args.slice(0, end), options)
    if (positionals.length !== 1)
      throw new UsageError(
        positionals.length === 0
          ? 'flow: which script? chainrule flow train.ts; see chainrule flow --help'
          : `flow: takes one script, got ${positionals.length}: ${positionals.join(' ')}`,
      )
    const format = formatOf(
      'flow',
      values.format,
      values.out,
      formats.filter((f) => f !== 'dot'),
    )
    const timeoutMs = 1000 * wholeNumber('flow', 'timeout', values.timeout, 60)
    const { text, exit } = await runScript(positionals[0], {
      task: 'flow',
      options: { format, print: printOptions(values.out !== undefined) },
      timeoutMs,
      args: end < 0 ? [] : args.slice(end + 1),
    })
    deliver(text, values.out)
    return exit
  },
}
