/** `chainrule explain`: a formula at given values, or what a script called backward on. */
import { readFileSync, statSync } from 'node:fs'
import { type Arguments, type Command, choice, EXIT, readArguments, UsageError, wholeNumber } from '../command.ts'
import type { ExplainRequest } from '../explain-program.ts'
import { formatOf, formats } from '../formats.ts'
import { deliver, printOptions } from '../output.ts'
import { runScript, ScriptError } from '../script/index.ts'

const help = `chainrule explain: why is this gradient what it is?

Usage: chainrule explain "<formula>" --at <values> [options]
       chainrule explain <script.ts> [options] [-- <arguments of the script>]

Of a formula, the last value is differentiated by the names that have a value:

  chainrule explain "L = (w*x + b)^2" --at w=2,x=3,b=1
  chainrule explain "L = sum(relu(W@x))" --at "W=[[1,-2],[3,4]], x=[2,1]"

Of a script in TypeScript or JavaScript (an ES module), it is what backward()
was called on, differentiated by its parameters:

  chainrule explain train.ts --wrt "0.weight[3,5]"

Options:
  --at <values>      what the names of a formula are: w=2, x=[1,2]; several with
                     commas between
  --wrt <names>      differentiate by these only: w, or one element, W[0,2];
                     several with commas between
  --table            work the chain rule out line by line, as by hand
  --paths <n>        how many paths are listed; 12, or 4 of several derivatives
  --detail <level>   function (the default): a loss is one step; op: every op is
  --call <n>         explain a script's call n of backward() and stop it there;
                     the last call unless given
  --timeout <s>      stop a script after so many seconds; 60 unless given
  --format <format>  text (the default), tex, md, html, svg, dot or json
  --out <file>       write into a file, in the format that its name says
  --help             this text

A formula can come from a file: chainrule explain - --at x=2 < formula.txt
What formulas are made of: docs/formulas.md. More: docs/command.md.
`

const options = {
  at: { type: 'string', multiple: true },
  wrt: { type: 'string', multiple: true },
  table: { type: 'boolean' },
  paths: { type: 'string' },
  detail: { type: 'string' },
  call: { type: 'string' },
  timeout: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
} as const

type Given = Arguments<typeof options>

export const explain: Command = {
  name: 'explain',
  summary: 'every factor of a gradient, of a formula or a script',
  help,
  async run(args) {
    const given = readAll(args)
    const what = subjectOf(given)
    const { values } = given
    const request: ExplainRequest = {
      wrt: values.wrt ?? [],
      paths: wholeNumber('explain', 'paths', values.paths, null),
      detail: choice('explain', 'detail', values.detail, ['function', 'op']),
      table: values.table ?? false,
      format: formatOf('explain', values.format, values.out, formats),
      print: printOptions(values.out !== undefined),
    }
    deliver(await (isScript(what) ? explainScript : ofFormula)(what, given, request), values.out)
    return EXIT.fine
  },
}

/** A formula may begin with a sign; no option of one dash begins here but -h, which was answered already. */
function readAll([first, ...others]: readonly string[]): Given {
  const isSigned = first !== undefined && /^-[^-]/.test(first) && !Object.hasOwn(options, first.slice(1))
  const given = readArguments('explain', isSigned ? others : first === undefined ? [] : [first, ...others], options)
  return isSigned ? { ...given, positionals: [first, ...given.positionals] } : given
}

/** The one formula or script. */
function subjectOf({ positionals, values }: Given): string {
  const [what, ...others] = positionals
  if (what === undefined || what.trim() === '')
    throw new UsageError(
      'explain: what is to be explained? A formula such as "L = (w*x + b)^2", or a script; see chainrule explain --help',
    )
  if (others.length === 0) return what
  const all = [...(values.at ?? []), ...others]
  if (values.at && others.every((word) => word.includes('=')))
    throw new UsageError(`explain: values stand in one piece, with commas between: --at "${all.join(', ')}"`)
  throw new UsageError(
    `explain: takes one formula or script, got ${positionals.length}: ${positionals.join(' ')}; write a formula in quotes`,
  )
}

/** A file, by its ending if not by its being there; a folder may be called as a formula is. */
function isScript(what: string): boolean {
  if (/\.[cm]?[jt]sx?$/i.test(what)) return true
  const there = what.length < 1000 ? statSync(what, { throwIfNoEntry: false }) : undefined
  return there !== undefined && (there.isFile() || /[./\\]/.test(what))
}

async function ofFormula(what: string, { values, rest }: Given, request: ExplainRequest): Promise<string> {
  for (const option of ['call', 'timeout'] as const)
    if (values[option] !== undefined) throw new UsageError(`explain: --${option} is for scripts, and this is a formula`)
  if (rest.length > 0) throw new UsageError('explain: what stands behind -- is for scripts, and this is a formula')
  const source = what === '-' ? readFileSync(0, 'utf8') : what
  // A script loads the library in a process of its own; here it would only cost time.
  const { explainFormula } = await import('../explain-formula.ts')
  return explainFormula(source, (values.at ?? []).join(', '), request)
}

async function explainScript(file: string, { values, rest }: Given, request: ExplainRequest): Promise<string> {
  if (values.at !== undefined) throw new UsageError('explain: --at gives values to a formula, and this is a script')
  const timeoutMs = 1000 * wholeNumber('explain', 'timeout', values.timeout, 60)
  const call = wholeNumber('explain', 'call', values.call, null)
  try {
    return await runScript(file, { task: 'explain', options: { ...request, call }, timeoutMs, args: rest })
  } catch (error) {
    throw error instanceof ScriptError && error.reason === 'timeout' ? hinted(error) : error
  }
}

const hinted = ({ reason, message, place }: ScriptError): ScriptError =>
  new ScriptError(
    reason,
    `${message}\n--timeout 600 gives it more time; --call 1 explains its first call of backward() and stops there`,
    place,
  )
