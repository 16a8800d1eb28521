import { expect, it } from 'vitest'
import { History } from './history.ts'

it('keeps evenly spaced entries, the first among them, and never more than its limit', () => {
  const history = new History<number>(8)
  for (let i = 0; i < 100; i++) {
    history.add(i)
    const { items, stride } = history
    expect(items.length).toBeLessThanOrEqual(8)
    expect(items).toEqual(Array.from({ length: Math.ceil((i + 1) / stride) }, (_, k) => k * stride))
  }
  expect(history.stride).toBe(16)
  expect(history.items).toEqual([0, 16, 32, 48, 64, 80, 96])
})
