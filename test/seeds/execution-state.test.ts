/**
 * Article 001 shows the state of its programs line by line ("EXECUTION STATE"). The same values are told of ours by the
 * command, which runs them under observation: nothing about them is written down but what they must be.
 */
import { execFileSync, type StdioOptions } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Trace } from '../../src/explain/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

function stateOf(program: string): Record<string, number> {
  const args = ['dist/cli/index.js', 'explain', `examples/seeds/${program}.ts`, '--format', 'json']
  const stdio: StdioOptions = ['ignore', 'pipe', 'ignore']
  const options = { cwd: root, encoding: 'utf8', stdio, maxBuffer: 2 ** 26 } as const
  const trace = JSON.parse(execFileSync(process.execPath, args, options)) as Trace
  const own = trace.lines.filter(({ file }) => file.endsWith(`${program}.ts`))
  const variables = own.flatMap((line) => line.variables)
  const numbers = variables.flatMap(({ name, value }): [string, number][] => {
    if (typeof value === 'number') return [[name, value]]
    const tensor = typeof value === 'object' && value !== null ? value : null
    return tensor?.data?.length === 1 ? [[name, tensor.data[0] as number]] : []
  })
  const gradients = trace.nodes.flatMap(({ name, gradients }): [string, number][] => {
    const data = gradients.at(-1)?.data
    return data?.length === 1 ? [[`d${name}`, data[0] as number]] : []
  })
  return Object.fromEntries([...numbers, ...gradients])
}

describe('execution state', () => {
  it('neural_layer_chain_rule.py', { timeout: 30_000 }, () => {
    const wanted = { x: 2, w: 1.5, b: -1, target: 3, z: 2, a: 2, loss: 1, da: -2, dz: -2, dw: -4, db: -2 }
    expect(stateOf('001-neuron')).toMatchObject(wanted)
  })

  it('two_layer_backprop.py and pytorch_autograd.py', { timeout: 30_000 }, () => {
    const forward = { x: 3, w1: 0.5, b1: 0, w2: 2, b2: -1, target: 4, z1: 1.5, h: 1.5, z2: 2, loss: 4 }
    const backward = { dz2: -4, dh: -8, dz1: -8, dw1: -24, db1: -8, dw2: -6, db2: -4 }
    expect(stateOf('001-two-layers')).toMatchObject({ ...forward, y: 2, ...backward })
    expect(stateOf('001-autograd')).toMatchObject({ ...forward, ...backward })
  })
})
