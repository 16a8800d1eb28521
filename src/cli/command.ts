/** What a command of `chainrule` is, and how the words after its name are read. */
import { parseArgs } from 'node:util'
import { ChainruleError } from '../errors/index.ts'
import { didYouMean, nearest } from '../explain/formula/nearest.ts'

/** Thrown where the command line itself is wrong; the message is for the user. */
export class UsageError extends ChainruleError {
  override readonly name: string = 'UsageError'
}

/** Done and well; done, and something is wrong with what was looked at; could not be done. */
export const EXIT = { fine: 0, wrong: 1, failed: 2 } as const

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly help: string
  /** @returns the exit code. */
  run(args: readonly string[]): Promise<number>
}

/** A flag, or an option that takes a value, once (the last one counts) or several times. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
}

export type Options = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O extends { type: 'boolean' } ? true : O extends { multiple: true } ? string[] : string

export interface Arguments<O extends Options> {
  readonly positionals: readonly string[]
  readonly values: { readonly [K in keyof O]?: ValueOf<O[K]> }
  /** What stands behind `--`. */
  readonly rest: readonly string[]
}

/**
 * The words after a command's name: those that are no options, the options, and what stands behind `--`.
 * @throws UsageError that names the nearest option for one that does not exist.
 */
export function readArguments<const O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
): Arguments<O> {
  const end = args.includes('--') ? args.indexOf('--') : args.length
  const own = args.slice(0, end)
  const { positionals, tokens } = parseArgs({ args: own, options, allowPositionals: true, strict: false, tokens: true })
  const values: Record<string, string | true | string[]> = {}
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    // Of one dash, every letter would be an option of its own: the word as it was written says more.
    if (!option || !token.rawName.startsWith('--')) throw unknownOption(command, own[token.index], options)
    // A word that is an option itself is no value: that of the one before was forgotten.
    const isForgotten = !token.inlineValue && token.value !== undefined && token.value.slice(2) in options
    const given = isForgotten ? { ...token, value: undefined } : token
    values[token.name] = readOption(command, option, given, values[token.name])
  }
  return { positionals, values: values as Arguments<O>['values'], rest: args.slice(end + 1) }
}

function readOption(
  command: string,
  option: Option,
  { rawName, value }: { readonly rawName: string; readonly value?: string },
  before: string | true | string[] | undefined,
): string | true | string[] {
  if (option.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${command}: ${rawName} takes no value, got '${value}'`)
    return true
  }
  if (value === undefined) throw new UsageError(`${command}: ${rawName} needs a value; see chainrule ${command} --help`)
  return option.multiple ? [...((before as string[] | undefined) ?? []), value] : value
}

function unknownOption(command: string, word: string, options: Options): UsageError {
  const name = word.replace(/^-+/, '').replace(/=.*/s, '')
  const known = [...Object.keys(options), 'help']
  const close = didYouMean(nearest(name, known).map((near) => `--${near}`))
  const all = close || `; its options are ${known.map((each) => `--${each}`).join(', ')}`
  return new UsageError(`${command}: there is no option ${word.replace(/=.*/s, '')}${all}`)
}

/** A whole number of an option, or the value for its absence. */
export function wholeNumber<Absent>(
  command: string,
  option: string,
  text: string | undefined,
  absent: Absent,
): number | Absent {
  if (text === undefined) return absent
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new UsageError(`${command}: --${option} takes a whole number of 1 or more, got '${text}'`)
  return Number(text)
}

/** One of several words. */
export function choice<const C extends readonly string[]>(
  command: string,
  option: string,
  text: string | undefined,
  choices: C,
): C[number] {
  if (text === undefined) return choices[0]
  if (choices.includes(text)) return text
  throw new UsageError(`${command}: --${option} is one of ${choices.join(', ')}; got '${text}'`)
}
