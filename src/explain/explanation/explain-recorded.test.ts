/** Numbers of a recording, named by where they stand in its trace. */
import { describe, expect, it } from 'vitest'
import { ArgumentError, GradError, IndexError } from '../../errors/index.ts'
import '../../functional/fluent.ts'
import { tensor } from '../../tensor/index.ts'
import { record } from '../record/record.ts'
import { explainRecorded } from './explain-recorded.ts'

const W = [
  [1, 2, 3],
  [4, 5, 6],
]

describe('explainRecorded', () => {
  const recording = record(() => {
    const w = tensor(W, { requiresGrad: true, name: 'W', dtype: 'float64' })
    const y = w.square().mul(tensor([1, 10, 100]))
    y.sum().backward()
    return y
  })
  const { nodes } = recording
  const w = nodes.findIndex(({ name }) => name === 'W')
  const y = recording.find(recording.value)!.id

  it('explains any number by any other, after backward has freed the tape', () => {
    const slope = (output: number, input: number) =>
      explainRecorded(recording, { node: y, index: output }, { node: w, index: input }).gradient
    // y = W² · [1, 10, 100], so that ∂y/∂W is 2W · [1, 10, 100] on the diagonal.
    expect([0, 1, 2, 3, 4, 5].map((i) => slope(i, i))).toEqual([2, 40, 600, 8, 100, 1200])
    expect(slope(4, 2)).toBe(0)
    expect(explainRecorded(recording, { node: y, index: 5 }, { node: w, index: 5 })).toMatchObject({
      input: 'W[1,2]',
      agrees: true,
    })
  })

  it.each([
    [{ node: 99, index: 0 }, IndexError, /there is no node 99; the recording has \d+/],
    [{ node: -1, index: 0 }, IndexError, /no node -1/],
    [{ node: 0, index: 6 }, IndexError, /has no element 6; it has 6/],
    [{ node: 0, index: -1 }, IndexError, /no element -1/],
    [{ node: 0.5, index: 0 }, ArgumentError, /two integers/],
    [{ node: 0 }, ArgumentError, /two integers/],
    [null, ArgumentError, /two integers/],
  ])('refuses %j', (element, type, message) => {
    const input = element as { node: number; index: number }
    expect(() => explainRecorded(recording, { node: y, index: 0 }, input)).toThrow(type)
    expect(() => explainRecorded(recording, { node: y, index: 0 }, input)).toThrow(message)
  })

  it('refuses what has no derivative, and what is no recording', () => {
    expect(() => explainRecorded(recording, { node: w, index: 0 }, { node: y, index: 0 })).toThrow(GradError)
    expect(() => explainRecorded({} as never, { node: 0, index: 0 }, { node: 0, index: 0 })).toThrow(/record\(\)/)
  })
})
