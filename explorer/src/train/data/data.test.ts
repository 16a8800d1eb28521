import { expect, it } from 'vitest'
import { readDigits, SIDE } from './digits.ts'
import { COUNTS, isPointSet, type PointSet, points, SPAN } from './points.ts'

const SETS: readonly PointSet[] = ['moons', 'spirals', 'circles', 'xor', 'blobs']

it.each(SETS)('%s: as many of each class, nearly all in sight, the same for the same seed', (set) => {
  const { train, heldOut } = points(set, 3)
  expect([train.x.shape, heldOut.y.shape]).toEqual([[COUNTS.train, 2], [COUNTS.heldOut]])
  expect([train.y.sum().item(), heldOut.y.sum().item()]).toEqual([COUNTS.train / 2, COUNTS.heldOut / 2])
  const numbers = Array.from(train.x.data, Number)
  expect(numbers.filter((x) => Math.abs(x) > SPAN).length).toBeLessThan(0.02 * numbers.length)
  expect(points(set, 3).train.x.toArray()).toEqual(train.x.toArray())
  expect(points(set, 4).train.x.toArray()).not.toEqual(train.x.toArray())
})

it('knows its sets', () => {
  expect([isPointSet('moons'), isPointSet('digits'), isPointSet('toString')]).toEqual([true, false, false])
})

it('digits: pixels from 0 to 1, then classes, the training digits first', () => {
  const image = (pixel: number) => new Uint8Array(SIDE * SIDE).fill(pixel)
  const bytes = Uint8Array.from([...image(255), ...image(0), 7, 2, ...image(51), 4])
  const { features, classes, train, heldOut } = readDigits(bytes, { train: 2, test: 1 })
  expect([features, classes]).toEqual([784, 10])
  expect([train.x.shape, [...train.y.data], [...heldOut.y.data]]).toEqual([[2, 784], [7, 2], [4]])
  expect([train.x.at(0, 0).item(), train.x.at(1, 0).item()]).toEqual([1, 0])
  expect(heldOut.x.at(0, 783).item()).toBeCloseTo(0.2, 6)
})
