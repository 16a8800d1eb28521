import { expect, it } from 'vitest'
import { didYouMean, editDistance, nearest } from './nearest.ts'

it('counts insertions, deletions and replacements', () => {
  expect(editDistance('', 'abc')).toBe(3)
  expect(editDistance('kitten', 'sitting')).toBe(3)
  expect(editDistance('abc', 'abc')).toBe(0)
})

it('finds what was probably meant, and nothing where nothing is similar', () => {
  const known = ['relu', 'relu6', 'sigmoid', 'sign', 'mseLoss', 'sum', 'W', 'gt', 'ge']
  expect(nearest('sigmod', known)).toEqual(['sigmoid'])
  expect(nearest('ReLU', known)).toEqual(['relu'])
  expect(nearest('mse_loss', known)).toEqual(['mseLoss'])
  expect(nearest('mse', known)).toEqual(['mseLoss'])
  expect(nearest('rel', known)).toEqual(['relu', 'relu6'])
  expect(nearest('w', known)).toEqual(['W'])
  expect(nearest('gr', known)).toEqual([])
  expect(nearest('banana', known)).toEqual([])
  expect(nearest('r'.repeat(1e6), known)).toEqual([])
})

it('asks in words', () => {
  expect([didYouMean([]), didYouMean(['a']), didYouMean(['a', 'b', 'c'])]).toEqual([
    '',
    '; did you mean a?',
    '; did you mean a, b or c?',
  ])
})
