/** What a command of `chainrule` is, and how the words after its name are read. */
import { parseArgs } from 'node:util'
import { ChainruleError } from '../errors/index.ts'

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

/** Options that take a value, once or several times. */
export type Options = Readonly<Record<string, { readonly type: 'string'; readonly multiple?: true }>>

export interface Arguments<O extends Options> {
  readonly positionals: readonly string[]
  readonly values: { readonly [K in keyof O]?: O[K] extends { multiple: true } ? string[] : string }
}

/**
 * The words after a command's name: those that are no options, and the options.
 * @throws UsageError that names the nearest option for one that does not exist.
 */
export function readArguments<const O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
): Arguments<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true }) as unknown as Arguments<O>
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`)
    const [first] = (error as Error).message.split('. ')
    throw new UsageError(`${command}: ${first}. Its options are ${known.join(', ')}; see chainrule ${command} --help`)
  }
}

/** A whole number of an option, or the value for its absence. */
export function wholeNumber(command: string, option: string, text: string | undefined, absent: number): number {
  if (text === undefined) return absent
  if (!/^\d+$/.test(text) || Number(text) < 1)
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
