/** Names beside marks: near, inside, and apart. */
import { expect, it } from 'vitest'
import { type Box, placeNames } from './labels.ts'

const within = { x: 0, y: 0, width: 300, height: 200 }
const mark = (x: number, y: number) => ({ x, y, radius: 4, width: 80, height: 11 })
const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y

it('lie below their marks where there is room, else elsewhere beside them', () => {
  const [below] = placeNames([mark(150, 100)], within, [])
  expect(below).toMatchObject({ anchor: 'middle', at: { x: 150, y: 109 }, box: { x: 110, y: 109 } })
  const [corner] = placeNames([mark(297, 197)], within, [])
  expect(corner!.anchor).toBe('end')
})

it('do not cover each other, nor what is taken', () => {
  const marks = [mark(150, 100), mark(158, 90), mark(200, 100)]
  const discs = marks.map(({ x, y, radius: r }) => ({ x: x - r, y: y - r, width: 2 * r, height: 2 * r }))
  const taken = [{ x: 0, y: 115, width: 300, height: 20 }, ...discs]
  const boxes = placeNames(marks, within, taken).map((place) => place!.box)
  expect(boxes).toHaveLength(3)
  boxes.forEach((a, i) => {
    for (const b of [...boxes.slice(0, i), ...taken]) expect(apart(a, b)).toBe(true)
  })
})

it('are left out where there is no room', () => {
  expect(placeNames([mark(150, 100)], within, [within])).toEqual([undefined])
})
