/**
 * A playground as data: a formula, the numbers that go into it and what they are. What the reader has changed lives in the
 * address as text, so it is read with care. `run.ts` has the library run it.
 */

export type Inputs = Readonly<Record<string, string>>

/** Parameters are learned; inputs have gradients but are not; targets have none. */
export type Role = 'parameter' | 'input' | 'target'

export interface Leaf {
  readonly name: string
  readonly role: Role
  /** Its shape follows: a number, a vector or a matrix. */
  readonly start: number | readonly number[] | readonly (readonly number[])[]
  /** Ends of the slider; -3 and 3 unless given. */
  readonly min?: number
  readonly max?: number
  /** 0.01 unless given. */
  readonly step?: number
  /** What it is, in a word or two. */
  readonly means?: string
  /** Where not every number makes sense: a bit is 0 or 1, a probability lies between them. */
  readonly only?: 'bit' | 'probability'
}

export interface Choice {
  readonly id: string
  readonly label: string
  /** Value and label; the first is the default. */
  readonly options: readonly (readonly [value: string, label: string])[]
  /** It says where in a story the reader is, and changes nothing that could be compared. */
  readonly isPlace?: boolean
}

/** What the reader has chosen, by the id of the choice. */
export type Chosen = Readonly<Record<string, string>>

export interface Program {
  /** The path of its view. */
  readonly origin: string
  readonly title: string
  readonly choices?: readonly Choice[]
  /** The learning rate η that the page starts with; 0.1 unless given. */
  readonly rate?: number
  /** Other inputs that the page has, which are no numbers of the program. */
  readonly settings?: readonly string[]
  leaves(chosen: Chosen): readonly Leaf[]
  /** The lines of the formula; the last gives the loss. */
  formula(chosen: Chosen): readonly string[]
  /** The same lines in TypeScript. */
  code(chosen: Chosen): readonly string[]
}

/** One number of a leaf: `w`, or `W1[0,2]`. */
export interface Knob {
  readonly id: string
  readonly leaf: Leaf
  readonly index: number
  readonly start: number
}

export const shapeOf = ({ start }: Leaf): number[] => {
  if (typeof start === 'number') return []
  const [first] = start
  return typeof first === 'number' ? [start.length] : [start.length, first.length]
}

export function knobsOf(leaf: Leaf): Knob[] {
  const [rows, columns] = shapeOf(leaf)
  const name = (i: number) => {
    if (rows === undefined) return leaf.name
    return columns === undefined ? `${leaf.name}[${i}]` : `${leaf.name}[${Math.floor(i / columns)},${i % columns}]`
  }
  return [leaf.start].flat(2).map((start, index) => ({ id: name(index), leaf, index, start: start as number }))
}

/** What is chosen: an option that there is, else the first. */
export function chosenOf({ choices = [] }: Program, inputs: Inputs): Chosen {
  const pick = ({ id, options }: Choice) => options.find(([value]) => value === inputs[id])?.[0] ?? options[0][0]
  return Object.fromEntries(choices.map((choice) => [choice.id, pick(choice)]))
}

/** What is wrong with an address, as sentences for the reader, and what is used instead. */
export function damagesIn(program: Program, inputs: Inputs): string[] {
  const chosen = chosenOf(program, inputs)
  const words = (program.choices ?? []).flatMap((choice) => damageOfChoice(choice, inputs))
  const numbers = program
    .leaves(chosen)
    .flatMap(knobsOf)
    .flatMap((knob) => {
      const { id } = knob
      const text = inputs[id]
      const used = numberOf(knob, inputs)
      return text === undefined || Number(text) === used ? [] : [damage(id, text, String(used))]
    })
  return [...words, ...numbers]
}

/** The same of one choice. */
export function damageOfChoice({ id, options }: Choice, inputs: Inputs): string[] {
  const text = inputs[id]
  const known = text === undefined || options.some(([value]) => value === text)
  return known ? [] : [damage(id, text, options[0][0])]
}

const damage = (id: string, text: string, used: string): string =>
  `The link says ${id}=${text.length > 24 ? `${text.slice(0, 24)}…` : text}, which cannot be used here; it is ${used} now.`

/** The number of a knob: what the address says, if that is a number, else its default. */
export function numberOf({ id, leaf, start }: Knob, inputs: Inputs): number {
  const text = inputs[id]
  const value = Number(text)
  if (text === undefined || text.trim() === '' || !Number.isFinite(value)) return start
  if (leaf.only === undefined) return value
  const share = Math.min(1, Math.max(0, value))
  return leaf.only === 'bit' ? Math.round(share) : share
}

/** Numbers in the shape of their leaf. */
export function nested(numbers: readonly number[], shape: readonly number[]): number | number[] | number[][] {
  const [rows, columns] = shape
  if (rows === undefined) return numbers[0]
  if (columns === undefined) return [...numbers]
  return Array.from({ length: rows }, (_, i) => numbers.slice(i * columns, (i + 1) * columns))
}

/** What is learned. */
export const learnedOf = (program: Program, inputs: Inputs): readonly Leaf[] =>
  program.leaves(chosenOf(program, inputs)).filter(({ role }) => role === 'parameter')

/** Whether there is anything that a step along the gradient would change. */
export const learns = (program: Program, inputs: Inputs): boolean => learnedOf(program, inputs).length > 0

/** Whether an input of an address belongs to the program, whatever is chosen in it. */
export function knowsInput({ choices = [], settings = [], leaves }: Program, name: string): boolean {
  if ([...choices.map(({ id }) => id), ...settings, 'seed', 'lr'].includes(name)) return true
  return waysOf(choices).some((chosen) =>
    leaves(chosen)
      .flatMap(knobsOf)
      .some(({ id }) => id === name),
  )
}

/** Every way to choose. */
export const waysOf = (choices: readonly Choice[]): readonly Chosen[] =>
  choices.reduce<readonly Chosen[]>(
    (made, { id, options }) => made.flatMap((way) => options.map(([value]) => ({ ...way, [id]: value }))),
    [{}],
  )
