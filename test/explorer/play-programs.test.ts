/** The playgrounds' programs: the formula that runs and the TypeScript that is shown are one program, with the articles' numbers. */
import { type Tensor, tensor } from 'chainrule'
import * as nn from 'chainrule/nn'
import { describe, expect, it, test } from 'vitest'
import {
  type Chosen,
  chosenOf,
  damagesIn,
  type Inputs,
  knobsOf,
  knowsInput,
  learns,
  numberOf,
  type Program,
  waysOf,
} from '../../explorer/src/play/parts/program.ts'
import { descend, outputOf, randomize, runProgram, sourceOf, tensorsOf } from '../../explorer/src/play/parts/run.ts'
import { bce221 } from '../../explorer/src/play/programs/bce-221.ts'
import { blame } from '../../explorer/src/play/programs/blame.ts'
import { gears } from '../../explorer/src/play/programs/gears.ts'
import { lines } from '../../explorer/src/play/programs/lines.ts'
import { net434 } from '../../explorer/src/play/programs/net-434.ts'
import { neuron } from '../../explorer/src/play/programs/neuron.ts'
import { paths } from '../../explorer/src/play/programs/paths.ts'
import { tour } from '../../explorer/src/play/programs/tour.ts'
import { twoInput } from '../../explorer/src/play/programs/two-input.ts'
import { cases } from '../seeds/cases.ts'

const ways = ({ choices = [] }: Program): readonly Chosen[] => waysOf(choices)

const programs = [neuron, twoInput, bce221, net434, paths, gears, blame, tour, lines]

/** Loss and gradients, as the page computes them. */
function computed(program: Program, inputs: Inputs = {}) {
  const leaves = tensorsOf(program, inputs)
  const loss = runProgram(program, inputs, leaves).item()
  return { loss, gradients: gradientsOf(leaves) }
}

const gradientsOf = (leaves: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(leaves).map(([name, leaf]) => [name, leaf.grad?.toArray()]))

/** The same of the source text, which is JavaScript as it stands. */
function ofSource(program: Program, inputs: Inputs) {
  const names = program.leaves(chosenOf(program, inputs)).map(({ name }) => name)
  const body = sourceOf(program, inputs).replace(/^import .*$/gm, '')
  const run = new Function(
    'tensor',
    'nn',
    `${body}\nreturn { output: ${outputOf(program, inputs)}, leaves: { ${names.join(', ')} } }`,
  )
  const { output, leaves } = run(tensor, nn)
  return { loss: output.item(), gradients: gradientsOf(leaves) }
}

describe.each(programs.map((program) => [program.origin, program] as const))('%s', (_, program) => {
  test.each(ways(program))('%j: what runs is what is shown', (way) => {
    const inputs = randomize(program, way, 3)
    for (const at of [way, inputs]) expect(ofSource(program, at)).toEqual(computed(program, at))
  })

  it('comes back from a seed, and goes downhill', async () => {
    const inputs = randomize(program, {}, 7)
    expect(randomize(program, { w: '9' }, 7)).toEqual({ w: '9', ...inputs })
    expect(randomize(program, {}, 8)).not.toEqual(inputs)
    if (!learns(program, {})) return
    const { loss } = computed(program)
    expect(computed(program, await descend(program, {}, 1e-4)).loss).toBeLessThan(loss)
  })
})

describe('the numbers of the articles', () => {
  test.each([
    ['s001-neuron-relu', neuron, {}],
    ['s001-neuron-relu-dead', neuron, { b: '-4' }],
    ['s001-neuron-relu-kink', neuron, { b: '-3' }],
    ['s001-two-input-neuron', twoInput, {}],
    ['s001-full-4-3-4', net434, {}],
    ['s001-chain-basic', gears, {}],
    ['s001-three-compositions', gears, { chain: 'three' }],
    ['s002-blame-chain-3-layers', blame, {}],
    ['s002-chain-3x2', blame, { part: '2' }],
    ['s002-wxb-squared', blame, { part: '5' }],
    ['s002-two-layer', blame, { part: '6' }],
    ['s001-two-layer', lines, { listing: 'layers' }],
    ['s004-fan-out', paths, { example: 'fan' }],
    ['s004-fan-out-same-operand', paths, { example: 'same' }],
  ] as const)('%s', (id, program, inputs) => {
    const { gradients } = computed(program, inputs)
    const expected = cases.find((it) => it.id === id)!.expected.gradients as Record<string, unknown>
    for (const [name, value] of Object.entries(gradients).filter(([, value]) => value !== undefined))
      expect([value].flat(2), name).toEqual([expected[name]].flat(2).map((v) => expect.closeTo(v as number, 12)))
  })

  it('s003-anchor-forward', () => {
    const { loss, gradients } = computed(bce221)
    expect(loss).toBeCloseTo(0.7688093173974138, 12)
    expect(gradients.w11).toBeCloseTo(0.16093059052219325, 12)
    expect(gradients.w21).toBeCloseTo(-0.10728706034812883, 12)
  })
})

describe('inputs of an address', () => {
  it.each(programs.map((program) => [program.origin, program] as const))(
    'of %s are known, and no others',
    (_, program) => {
      for (const way of ways(program))
        for (const { id } of program.leaves(way).flatMap(knobsOf)) expect(knowsInput(program, id)).toBe(true)
      for (const id of [...(program.choices ?? []).map(({ id }) => id), 'seed', 'lr'])
        expect(knowsInput(program, id)).toBe(true)
      for (const stray of ['volume', '', 'constructor', 'W1[9,9]']) expect(knowsInput(program, stray)).toBe(false)
    },
  )

  it('that cannot be used are told, with what is used instead', () => {
    expect(damagesIn(neuron, { w: '2', x: '1e-3', activation: 'tanh' })).toEqual([])
    expect(damagesIn(neuron, { w: 'abc', activation: 'foo' })).toEqual([
      'The link says activation=foo, which cannot be used here; it is relu now.',
      'The link says w=abc, which cannot be used here; it is 1.5 now.',
    ])
    expect(damagesIn(bce221, { y: '5' })).toEqual(['The link says y=5, which cannot be used here; it is 1 now.'])
    expect(damagesIn(net434, { 'x[1]': '0.7' })).toEqual([
      'The link says x[1]=0.7, which cannot be used here; it is 1 now.',
    ])
  })
})

describe('numbers in an address', () => {
  it('that are none leave the default', () => {
    const [w] = knobsOf(neuron.leaves({})[1])
    for (const bad of ['', ' ', 'NaN', 'Infinity', '1,5', '<b>']) expect(numberOf(w, { w: bad })).toBe(1.5)
    expect(numberOf(w, { w: '1e-3' })).toBe(0.001)
    expect(chosenOf(neuron, { activation: 'constructor' })).toEqual({ activation: 'relu' })
  })

  it('are those of single elements where a leaf has several', () => {
    expect(tensorsOf(net434, { 'W1[3,2]': '7' }).W1.at(3, 2).item()).toBe(7)
  })
})
