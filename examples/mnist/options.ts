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
}

export const HELP = `Trains a network on the 60,000 handwritten digits of MNIST, tests it on 10,000 others, and shows its work.

Usage: npm start -- [options]

  --model mlp|cnn   perceptron 784-128-10 (default) or convolutional network
  --epochs N        passes over the training digits (default 4; cnn 2)
  --batch N         digits per step (default 100)
  --lr RATE         Adam's learning rate at its peak (default 0.008)
  --seed N          the same seed gives the same digits of loss (default 0)
  --limit N         train on the first N digits only (default 60000)
  --name NAME       write to runs/NAME/ (default: model and time)
  --help            show this

Ctrl-C stops after the step at work, tests what there is and writes the report; a second Ctrl-C stops at once.`

const DEFAULT_EPOCHS = { mlp: 4, cnn: 2 }

/** Null where help was asked for. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parse(args)
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
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const options = {
    model: text,
    epochs: text,
    batch: text,
    lr: text,
    seed: text,
    limit: text,
    name: text,
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    return parseArgs({ args: [...args], options })
  } catch (error) {
    throw new ArgumentError(`${(error as Error).message.split('. ')[0]}; --help lists the options`)
  }
}

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
