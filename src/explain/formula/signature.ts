/**
 * What a function of the language takes: its parameters in order, what each is made from, and its options. Written as
 * text, `'x, dim?: plain, { keepdim }'`, from which calls are checked, arranged and explained.
 */
import { didYouMean, nearest } from './nearest.ts'

/**
 * What an argument becomes: a `tensor` (numbers and lists are made into one); an `operand`, which stays a number where
 * it stands beside a tensor, as in `maximum(0, x)`; a `whole` tensor of int32; a list of `tensors`; or it stays a
 * `plain` number, list, text or flag.
 */
export type Role = 'tensor' | 'operand' | 'whole' | 'tensors' | 'plain'

export interface Parameter {
  readonly name: string
  readonly role: Role
  readonly optional: boolean
  /** True for the last one where it takes all arguments that are left. */
  readonly rest: boolean
}

export interface Signature {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** What can be given by name only. */
  readonly options: readonly string[]
}

/** `'x, dim?: plain, { keepdim }'` taken apart. */
export function signature(name: string, text: string): Signature {
  const [, listed, options = ''] = /^([^{]*?)(?:,? ?\{ (.*) \})?$/.exec(text)!
  const parameters = split(listed).map((parameter): Parameter => {
    const [, rest, called, optional, role = 'tensor'] = /^(\.\.\.)?(\w+)(\?)?(?:: (\w+))?$/.exec(parameter)!
    return { name: called, role: role as Role, optional: optional !== undefined, rest: rest !== undefined }
  })
  return { name, parameters, options: split(options) }
}

const split = (list: string): string[] => (list === '' ? [] : list.split(', '))

/** As a message shows it: `sum(x, dim?, keepdim=...)`. */
export function shownSignature({ name, parameters, options }: Signature): string {
  const inOrder = parameters.map((p) => `${p.rest ? '...' : ''}${p.name}${p.optional ? '?' : ''}`)
  return `${name}(${[...inOrder, ...options.map((option) => `${option}=...`)].join(', ')})`
}

/** What is wrong with a call of `given` arguments in order and others by name; undefined where nothing is. */
export function misuse(of: Signature, given: number, named: readonly string[]): string | undefined {
  const { name, parameters, options } = of
  const open = parameters.at(-1)?.rest === true
  const is = `it is ${shownSignature(of)}`
  if (given > parameters.length && !open) return `${name} takes ${arguments_(parameters.length)}, got ${given}: ${is}`
  for (const [i, key] of named.entries()) {
    const place = parameters.findIndex((p) => p.name === key)
    if (place < 0 && !options.includes(key)) {
      const known = [...parameters.map((p) => p.name), ...options]
      return `${name} has no '${key}'${didYouMean(nearest(key, known)) || `: ${is}`}`
    }
    if ((place >= 0 && place < given) || named.indexOf(key) < i) return `${name} got '${key}' twice: ${is}`
  }
  const missing = parameters.find((p, i) => i >= given && !p.optional && !p.rest && !named.includes(p.name))
  return missing && `${name} needs '${missing.name}': ${is}`
}

const arguments_ = (n: number): string => (n === 0 ? 'no arguments' : n === 1 ? 'one argument' : `${n} arguments`)

/** Arguments at the places of their parameters, undefined where one was left out, and the options. */
export interface Arranged<T> {
  readonly inOrder: (T | undefined)[]
  readonly roles: Role[]
  readonly options: Record<string, T> | undefined
}

/** The last arguments are those that were named. The call has been checked by `misuse`. */
export function arrange<T>({ parameters }: Signature, given: readonly T[], named: readonly string[]): Arranged<T> {
  const inOrder: (T | undefined)[] = given.slice(0, given.length - named.length)
  const options: [string, T][] = []
  named.forEach((key, i) => {
    const value = given[given.length - named.length + i]
    const place = parameters.findIndex((p) => p.name === key)
    if (place < 0) options.push([key, value])
    else inOrder[place] = value
  })
  // Options stand behind the last parameter.
  const places = parameters.filter((p) => !p.rest).length
  if (options.length > 0) while (inOrder.length < places) inOrder.push(undefined)
  const roles = Array.from(inOrder, (_, i) => parameters[Math.min(i, parameters.length - 1)].role)
  return { inOrder: Array.from(inOrder), roles, options: options.length > 0 ? Object.fromEntries(options) : undefined }
}
