/** A function that is traced at every call says so once, and what is different each time. */
import { describe, expect, it, vi } from 'vitest'
import { compile, ones, type Tensor, tensor } from '../../src/index.ts'

/** What is said when fn is called that often. */
function said<A extends unknown[]>(fn: (...args: A) => unknown, args: (k: number) => [...A], calls = 30): string[] {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const compiled = compile(fn)
  for (let k = 0; k < calls; k++) compiled(...args(k))
  const texts = warn.mock.calls.map(([text]) => String(text))
  warn.mockRestore()
  return texts
}

class Batch {
  readonly x = tensor(1)
}

describe('retracing at every call', () => {
  const x = tensor([1])

  it('is told once, with what differs', () => {
    const step = (a: Tensor, more: { batch: { x: unknown } }) => (more ? a.mul(2) : a)
    const [text, ...others] = said(step, () => [x, { batch: { x: new Batch() } }])
    expect(text).toMatch(
      /^compile: step was traced 20 times in a row, .*: argument 2\.batch\.x is a new object each time/,
    )
    expect(others).toEqual([])
    expect(
      said(
        (a: Tensor, k: number) => a.mul(k),
        (k) => [x, k],
      )[0],
    ).toMatch(/argument 2 is another number each time \(18, then 19\): pass it as a tensor/)
    expect(
      said(
        (a: Tensor) => a.mul(2),
        (k) => [ones([k + 1])],
      )[0],
    ).toMatch(/argument 1 has another shape each time \(\[19\], then \[20\]\)/)
    expect(
      said(
        (a: Tensor, f: () => number) => a.mul(f()),
        () => [x, () => 2],
      )[0],
    ).toMatch(/argument 2 is a new function/)
    const outside = { w: tensor(1, { requiresGrad: true }) }
    expect(
      said(
        (a: Tensor) => a.mul(outside.w.detach()),
        (k) => {
          outside.w.requiresGrad = k % 2 === 0
          return [x]
        },
      ),
    ).toEqual([])
  })

  it('is not told where traces are used again', () => {
    expect(
      said(
        (a: Tensor, k: number) => a.mul(k),
        (k) => [x, k % 15],
        60,
      ),
    ).toEqual([])
    expect(
      said(
        (a: Tensor, k: number) => a.mul(k),
        (k) => [x, k >> 1],
        60,
      ),
    ).toEqual([])
  })
})
