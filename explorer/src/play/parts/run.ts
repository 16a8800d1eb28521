/** Has the library run a playground's program: forward and backward, a step along the gradient, other numbers, its source. */
import { manualSeed, rand, type Tensor, tensor } from 'chainrule'
import { parseFormula } from 'chainrule/explain'
import {
  chosenOf,
  type Inputs,
  knobsOf,
  type Leaf,
  learnedOf,
  nested,
  numberOf,
  type Program,
  shapeOf,
} from './program.ts'

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

/** What the program's last line computes. */
export const outputOf = (program: Program, inputs: Inputs): string => read(program, inputs).output

const read = (program: Program, inputs: Inputs) => parseFormula(program.formula(chosenOf(program, inputs)).join('\n'))

/** Runs the program forward and backward; returns its loss. */
export function runProgram(program: Program, inputs: Inputs, leaves = tensorsOf(program, inputs)): Tensor {
  const formula = read(program, inputs)
  const loss = formula.evaluate(leaves)[formula.output]
  loss.backward()
  return loss
}

/** The inputs after one step of gradient descent; numbers keep all their digits. The optimizer is loaded when first asked. */
export async function descend(program: Program, inputs: Inputs, lr: number): Promise<Inputs> {
  const { SGD } = await import('chainrule/optim')
  const leaves = tensorsOf(program, inputs)
  runProgram(program, inputs, leaves)
  const learned = learnedOf(program, inputs)
  new SGD(
    learned.map(({ name }) => leaves[name]),
    { lr },
  ).step()
  return withNumbers(inputs, learned, ({ name }) => leaves[name].data)
}

/** Parameters from a seed, or inputs where there are none, over half of their range: two decimals, which fit into a link. */
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
  const learned = learnedOf(program, inputs)
  const drawn = learned.length > 0 ? learned : program.leaves(chosenOf(program, inputs))
  return withNumbers({ ...inputs, seed: String(seed) }, drawn, draw)
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
