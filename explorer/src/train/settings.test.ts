import { expect, it } from 'vitest'
import { defaultsOf, isSameRun, problemsOf, settingsOf } from './settings.ts'

it('an address without inputs has the defaults of its data set', () => {
  expect(settingsOf({})).toEqual(defaultsOf('moons'))
  expect(settingsOf({ set: 'digits' })).toEqual(defaultsOf('digits'))
})

it('takes what it can use, bounds what is too much, and names what it cannot', () => {
  const inputs = { set: 'xor', layers: '99', lr: '-1', activation: 'relu' }
  expect(settingsOf(inputs)).toEqual({ ...defaultsOf('xor'), layers: 12, activation: 'relu' })
  expect(problemsOf(inputs)).toEqual([
    'The link asks for layers=99; 12 is used.',
    'The link asks for lr=-1; 0.02 is used.',
  ])
  expect(problemsOf({ lr: '1e-3', set: 'digits' })).toEqual([])
})

it('η may change within a run', () => {
  const moons = defaultsOf('moons')
  expect(isSameRun(moons, { ...moons, lr: 1 })).toBe(true)
  expect(isSameRun(moons, { ...moons, seed: 1 })).toBe(false)
})
