/** What the source text of a function tells about its parameters, however it is written. */
import { expect, it } from 'vitest'
import { argumentName, callText, signatureOf } from './signature.ts'

class Box {
  #size = 1
  scale(x: number, by = this.#size) {
    return x * by
  }
  static of(size: number) {
    return size
  }
  async *each(x: number) {
    yield x
  }
}

it.each([
  [(x: number) => x, 'f(x)'],
  [(x: number, w = 2, ...more: number[]) => [x, w, more], 'f(x, w, ...more)'],
  [
    function named(this: unknown, a: number) {
      return a
    },
    'f(a)',
  ],
  [({ x }: { x: number }, y: number) => x + y, 'f(…, y)'],
  [({ x }: { x: number }) => x, 'f'],
  [(...all: number[]) => all, 'f'],
  [() => 0, 'f()'],
  [new Box().scale, 'f(x, by)'],
  [Box.of, 'f(size)'],
  [Math.atan2, 'f'],
  [((x: number) => x).bind(null), 'f'],
])('%s', (f, text) => {
  expect(callText('f', signatureOf(f as (...args: never[]) => unknown))).toBe(text)
})

it('tells classes, async functions and generators from others', () => {
  const kinds = [Box, async () => 0, new Box().each, () => 0].map((f) => {
    const { isClass, isLater } = signatureOf(f as unknown as () => unknown)
    return [isClass, isLater]
  })
  expect(kinds).toEqual([
    [true, false],
    [false, true],
    [false, true],
    [false, false],
  ])
})

it('names arguments, and tensors inside of them', () => {
  const signature = signatureOf((x: number, { w }: { w: number }, ...rest: number[]) => [x, w, rest])
  const names = [argumentName(signature, 0, ''), argumentName(signature, 0, '.a'), argumentName(signature, 1, '.w')]
  expect([...names, argumentName(signature, 2, '')]).toEqual(['x', 'x.a', 'w', 'inputs[2]'])
})
