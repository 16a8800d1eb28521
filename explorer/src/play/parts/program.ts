/**
 * A playground as data: a formula, the numbers that go into it and what they are. The library runs the formula; nothing
 * is computed here. What the reader has changed lives in the address as text, so it is read with care.
 */
import { manualSeed, rand, type Tensor, tensor } from 'chainrule'
import { parseFormula } from 'chainrule/explain'
import { SGD } from 'chainrule/optim'

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
}

export interface Choice {
  readonly id: string
  readonly label: string
  /** Value and label; the first is the default. */
  readonly options: readonly (readonly [value: string, label: string])[]
}

/** What the reader has chosen, by the id of the choice. */
export type Chosen = Readonly<Record<string, string>>

export interface Program {
  /** The path of its view. */
  readonly origin: string
  readonly title: string
  readonly choices?: readonly Choice[]
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

/** The number of a knob: what the address says, if that is a number, else its default. */
export function numberOf({ id, start }: Knob, inputs: Inputs): number {
  const text = inputs[id]
  const value = Number(text)
  return text !== undefined && text.trim() !== '' && Number.isFinite(value) ? value : start
}

export type Leaves = Readonly<Record<string, Tensor>>

/** The leaves as tensors in float64, with the reader's numbers. */
export function tensorsOf(program: Program, inputs: Inputs): Leaves {
  const make = (leaf: Leaf) => {
    const numbers = knobsOf(leaf).map((knob) => numberOf(knob, inputs))
    const options = { dtype: 'float64', name: leaf.name, requiresGrad: leaf.role !== 'target' } as const
    return [leaf.name, tensor(nested(numbers, shapeOf(leaf)), options)]
  }
  return Object.fromEntries(program.leaves(chosenOf(program, inputs)).map(make))
}

function nested(numbers: readonly number[], shape: readonly number[]): number | number[] | number[][] {
  const [rows, columns] = shape
  if (rows === undefined) return numbers[0]
  if (columns === undefined) return [...numbers]
  return Array.from({ length: rows }, (_, i) => numbers.slice(i * columns, (i + 1) * columns))
}

/** What the program's last line computes. */
export const outputOf = (program: Program, inputs: Inputs): string => read(program, inputs).output

const read = (program: Program, inputs: Inputs) => parseFormula(program.formula(chosenOf(program, inputs)).join('\n'))

const learnedOf = (program: Program, inputs: Inputs): Leaf[] =>
  program.leaves(chosenOf(program, inputs)).filter(({ role }) => role === 'parameter')

/** Whether there is anything that a step along the gradient would change. */
export const learns = (program: Program, inputs: Inputs): boolean => learnedOf(program, inputs).length > 0

/** Runs the program forward and backward; returns its loss. */
export function runProgram(program: Program, inputs: Inputs, leaves = tensorsOf(program, inputs)): Tensor {
  const formula = read(program, inputs)
  const loss = formula.evaluate(leaves)[formula.output]
  loss.backward()
  return loss
}

/** The inputs after one step of gradient descent; numbers keep all their digits. */
export function descend(program: Program, inputs: Inputs, lr: number): Inputs {
  const leaves = tensorsOf(program, inputs)
  runProgram(program, inputs, leaves)
  const learned = learnedOf(program, inputs)
  new SGD(
    learned.map(({ name }) => leaves[name]),
    { lr },
  ).step()
  return withNumbers(inputs, learned, ({ name }) => leaves[name].data)
}

/** Parameters from a seed, over the lower half of their range: two decimals, which fit into a link. */
export function randomize(program: Program, inputs: Inputs, seed: number): Inputs {
  manualSeed(seed)
  const draw = (leaf: Leaf) => {
    const { min = -3, max = 3 } = leaf
    const drawn = rand([knobsOf(leaf).length], { dtype: 'float64' })
      .mul(max - min)
      .add(min)
      .div(2)
    return Array.from(drawn.data, (v) => Number(v.toFixed(2)))
  }
  return withNumbers({ ...inputs, seed: String(seed) }, learnedOf(program, inputs), draw)
}

function withNumbers(inputs: Inputs, leaves: readonly Leaf[], numbers: (leaf: Leaf) => ArrayLike<number>): Inputs {
  const entries = leaves.flatMap((leaf) => {
    const list = numbers(leaf)
    return knobsOf(leaf).map(({ id, index }) => [id, String(list[index])])
  })
  return { ...inputs, ...Object.fromEntries(entries) }
}

/** The program in TypeScript, with its numbers: what the code view opens. */
export function sourceOf(program: Program, inputs: Inputs): string {
  const chosen = chosenOf(program, inputs)
  const leaves = program.leaves(chosen)
  const leaf = (it: Leaf) => {
    const numbers = nested(
      knobsOf(it).map((knob) => numberOf(knob, inputs)),
      shapeOf(it),
    )
    const grad = it.role === 'target' ? '' : ', requiresGrad: true'
    return `const ${it.name} = tensor(${JSON.stringify(numbers).replaceAll(',', ', ')}, { dtype: 'float64'${grad} })`
  }
  const lines = program.code(chosen)
  const output = outputOf(program, inputs)
  const nn = lines.some((line) => line.includes('nn.')) ? ["import * as nn from 'chainrule/nn'"] : []
  return [
    "import { tensor } from 'chainrule'",
    ...nn,
    '',
    ...leaves.map(leaf),
    '',
    ...lines,
    `${output}.backward()`,
    '',
  ].join('\n')
}
