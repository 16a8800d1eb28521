/** What can be set on the command line, and what is wrong with what was set. */
import { parseArgs } from 'node:util'
import { ArgumentError } from 'chainrule'

export interface Options {
  readonly model: 'mlp' | 'cnn'
  readonly epochs: number
  readonly batch: number
  readonly lr: number
  readonly seed: number
  /** How many training digits are used; all 60,000 unless given. */
  readonly limit: number
  readonly name: string | undefined
  /** Whether steps run op by op instead of compiled. */
  readonly eager: boolean
}

export const HELP = `Trains a network on the 60,000 handwritten digits of MNIST, tests it on 10,000 others, and shows its work.

Usage: npm start -- [options]

  --model mlp|cnn   perceptron 784-128-10 (default) or convolutional network
  --epochs N        passes over the training digits (default 6; cnn 2)
  --batch N         digits per step (default 100)
  --lr RATE         Adam's learning rate at its highest (default 0.008): it rises to that for
                    30 % of the steps and falls to almost 0 until the last (one cycle); a run
                    of fewer than 20 steps starts at the highest
  --seed N          the same seed gives the same digits of loss (default 0)
  --limit N         train on the first N digits only (default 60000)
  --name NAME       write to runs/NAME/ (default: model and time)
  --eager           run every step op by op instead of compiling it
  --help            show this

Each run writes report.html and model.safetensors to a folder of its own below runs/; nothing is
overwritten: where NAME exists, NAME-2, NAME-3 ... is taken.
Ctrl-C stops after the step at work, tests what there is and writes the report; a second Ctrl-C stops at once.
Exit codes: 0 all is well; 1 a gradient check failed, training diverged or nothing can be written;
2 wrong usage; 130 stopped by Ctrl-C.
Matrix products use a BLAS library where one is found, the rest runs in WebAssembly; CHAINRULE_BLAS=off and
CHAINRULE_WASM=off do without, CHAINRULE_THREADS=N sets the number of threads.`

const DEFAULT_EPOCHS = { mlp: 6, cnn: 2 }

/** Null where help was asked for. */
export function readOptions(args: readonly string[]): Options | null {
  const values = parse(args)
  if (values.help) return null
  const model = values.model ?? 'mlp'
  if (model !== 'mlp' && model !== 'cnn') throw new ArgumentError(`--model: takes mlp or cnn, got '${model}'`)
  const name = values.name
  if (name !== undefined && !/^[\w][\w.-]*$/.test(name))
    throw new ArgumentError(`--name: letters, digits, '.', '-' and '_' only, got '${name}'`)
  return {
    model,
    name,
    epochs: count('epochs', values.epochs ?? String(DEFAULT_EPOCHS[model]), 1000),
    batch: count('batch', values.batch ?? '100', 60_000),
    limit: count('limit', values.limit ?? '60000', 60_000),
    lr: rate(values.lr ?? '0.008'),
    seed: count('seed', values.seed ?? '0', Number.MAX_SAFE_INTEGER, 0),
    eager: values.eager !== undefined,
  }
}

const TEXTS = ['model', 'epochs', 'batch', 'lr', 'seed', 'limit', 'name'] as const

const FLAGS = ['eager', 'help'] as const

type Values = Partial<Record<(typeof TEXTS)[number] | (typeof FLAGS)[number], string>>

/** Node's parser takes `--lr -1` for a mistake of its own kind unless it is told not to be strict; so we are. */
function parse(args: readonly string[]): Values {
  const text = { type: 'string' } as const
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(TEXTS.map((name) => [name, text])),
      eager: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    tokens: true,
  })
  const values: Values = {}
  for (const token of tokens) {
    if (token.kind === 'positional') throw misuse(`'${token.value}' is no option`)
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const flag = FLAGS.find((known) => known === name)
    if (flag) {
      if (value !== undefined) throw misuse(`${rawName}: takes no value`)
      values[flag] = 'yes'
    } else if (!TEXTS.some((known) => known === name)) throw misuse(`there is no option ${rawName}`)
    else if (value === undefined || value.startsWith('--')) throw misuse(`${rawName}: needs a value`)
    else values[name as keyof Values] = value
  }
  return values
}

const misuse = (what: string): ArgumentError => new ArgumentError(`${what}; --help lists the options`)

function count(name: string, text: string, most: number, least = 1): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new ArgumentError(`--${name}: takes a whole number from ${least} to ${most}, got '${text}'`)
  }
  return value
}

function rate(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new ArgumentError(`--lr: takes a positive number, got '${text}'`)
  return value
}
