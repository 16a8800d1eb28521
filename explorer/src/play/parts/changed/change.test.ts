import { describe, expect, it } from 'vitest'
import { localSession } from '../../../model/local.ts'
import { blame } from '../../programs/blame.ts'
import { net434 } from '../../programs/net-434.ts'
import { neuron } from '../../programs/neuron.ts'
import { paths } from '../../programs/paths.ts'
import type { Inputs, Program } from '../program.ts'
import { runProgram } from '../run.ts'
import { follow, type History, type Run } from './change.ts'

const run = (program: Program, inputs: Inputs): Run => ({
  inputs,
  session: localSession(program.origin, () => runProgram(program, inputs)),
})

/** The inputs that changes are counted from, after runs one after the other. */
const base = (program: Program, ...all: readonly Inputs[]) =>
  all.reduce<History | null>((history, inputs) => follow(program, history, run(program, inputs)), null)!.base.inputs

describe('a change', () => {
  it('of one slider is counted from where it began', () => {
    expect(base(neuron, {}, { w: '1.6' }, { w: '1.7' }, { w: '2' })).toEqual({})
  })

  it('of another begins anew', () => {
    expect(base(neuron, {}, { w: '2' }, { w: '2', b: '0' }, { w: '2', b: '1' })).toEqual({ w: '2' })
  })

  it('is over when all numbers are as they were given', () => {
    expect(base(neuron, { activation: 'tanh', w: '2' }, { activation: 'tanh' })).toEqual({ activation: 'tanh' })
  })

  it('of a choice is one, where the values stay the same ones', () => {
    expect(base(neuron, {}, { activation: 'tanh' })).toEqual({})
    expect(base(paths, {}, { example: 'fan' })).toEqual({ example: 'fan' })
  })

  it('does not reach from one station of a story to the next', () => {
    expect(base(blame, { part: '3' }, { part: '4' }, { part: '4', w: '1' })).toEqual({ part: '4' })
  })

  it('is none where the numbers are the same', () => {
    expect(base(neuron, {}, { w: '2' }, { w: '2', lr: '1' }, { w: '3', lr: '1' })).toEqual({})
    expect(base(neuron, {}, { w: '2' }, { w: '2.0' })).toEqual({})
  })

  it('does not reach from one program to another', () => {
    const first = follow(neuron, null, run(neuron, {}))
    expect(follow(net434, first, run(net434, { 'x[0]': '0' })).base.inputs).toEqual({ 'x[0]': '0' })
  })
})
