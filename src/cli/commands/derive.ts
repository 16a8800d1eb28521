/** `chainrule derive`: where the derivative of an op or a loss comes from. */
import { didYouMean, inWords, nearest } from '../../explain/formula/nearest.ts'
import { type Command, EXIT, readArguments, UsageError } from '../command.ts'
import { formatOf, type Printable, print } from '../formats.ts'
import { deliver, printOptions } from '../output.ts'

const help = `chainrule derive: where does this derivative come from?

Usage: chainrule derive [<function>] [options]

Each step from the definition of the function to its derivative, with the rule
that allows it, checked by numbers:

  chainrule derive sigmoid
  chainrule derive atan2 --wrt b

sigmoid, tanh and relu, and the losses mseLoss, bceLoss, bceWithLogits and
crossEntropy are told as in a textbook. Any other elementwise op is taken apart
by the rules of differentiation. Without a function: a table of common
derivatives.

Options:
  --wrt <argument>   differentiate in this argument; the first unless given
  --format <format>  text (the default), tex, md, html, or svg: the curves
  --out <file>       write into a file, in the format that its name says
  --help             this text
`

const options = { wrt: { type: 'string' }, format: { type: 'string' }, out: { type: 'string' } } as const

export const derive: Command = {
  name: 'derive',
  summary: 'where the derivative of a function comes from, step by step',
  help,
  async run(args) {
    const { values, positionals } = readArguments('derive', args, options)
    if (positionals.length > 1)
      throw new UsageError(`derive: takes one function, got ${positionals.length}: ${positionals.join(' ')}`)
    const [name] = positionals
    if (name === undefined && values.wrt !== undefined) throw new UsageError('derive: --wrt needs a function')
    const format = formatOf('derive', values.format, values.out, ['text', 'tex', 'md', 'html', 'svg'])
    const page = await pageOf(name, values.wrt)
    deliver(print(page, format, printOptions(values.out !== undefined)), values.out)
    return EXIT.fine
  },
}

async function pageOf(name: string | undefined, wrt: string | undefined): Promise<Printable> {
  // Help and mistakes do not wait for the library.
  const { commonDerivatives, derivation, derivationNames } = await import('../../explain/index.ts')
  if (name === undefined) return commonDerivatives()
  const { registry } = await import('../../ops/registry.ts')
  const elementwise = [...registry].flatMap(([op, { kind }]) => (kind === 'elementwise' ? [op] : []))
  const names = new Set([...derivationNames, ...elementwise])
  if (names.has(name)) return derivation(name, wrt)
  const close = didYouMean(nearest(name, names)) || `; there are ${inWords([...names])}`
  throw new UsageError(`derive: there is no derivation of '${name}'${close}`)
}
