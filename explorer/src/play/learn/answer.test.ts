import { describe, expect, it, test } from 'vitest'
import { parseAnswer } from './answer.ts'

describe('parseAnswer', () => {
  test.each([
    ['1/2', 0.5],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['\u22120.5', -0.5],
    ['\u22121 / 4', -0.25],
    ['1e-3', 0.001],
    ['0,5', 0.5],
    ['1/3e2', 1 / 300],
  ])('reads %s', (text, value) => expect(parseAnswer(text)).toEqual({ value }))

  it('says why not', () => {
    expect(parseAnswer('1/0')).toEqual({ why: 'Nothing can be divided by 0.' })
    for (const bad of ['', '/', '1/', '1/2/3', 'x/2', 'NaN']) expect(parseAnswer(bad)).toHaveProperty('why')
  })
})
