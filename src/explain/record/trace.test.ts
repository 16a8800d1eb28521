import { expect, it } from 'vitest'
import { tensor, vmap } from '../../index.ts'
import { instrument } from '../instrument/index.ts'
import { startRecording } from './record.ts'

/** The variables of a program that gets `tensor` and `vmap` as arguments. */
function variablesOf(source: string) {
  const { code } = instrument(source, { path: 'main.js' })
  const session = startRecording()
  new Function('tensor', 'vmap', code)(tensor, vmap)
  return session
    .stop()
    .toTrace()
    .lines.flatMap(({ variables }) => variables)
}

it('says what a tensor is of which there is one per sample, since none of them can be read', () => {
  const variables = variablesOf('const y = vmap((a) => { const b = a.mul(2); return b })(tensor([1, 2]))')
  const told = new Map(variables.map(({ name, value }) => [name, value]))
  expect(told.get('b')).toBe('a tensor [] per sample')
  expect(told.get('y')).toEqual({ shape: [2], dtype: 'float32', data: [2, 4] })
})

it('says which variables were changed in place after they had been set', () => {
  const variables = variablesOf(`const a = tensor([1, NaN])
const b = tensor([NaN])
const c = a.mul(1)
a.add_(1)
b.mul_(1)`)
  expect(variables.map(({ name, changed }) => [name, changed])).toEqual([
    ['a', true],
    ['b', undefined],
    ['c', undefined],
  ])
})
