/** How numbers of compiled and eager runs are compared. */
import { expect } from 'vitest'

/** Nested arrays of numbers, equal to `tolerance` relative to 1 or to the number, whichever is larger. */
export function expectNear(got: unknown, wanted: unknown, tolerance = 1e-12): void {
  const [a, b] = [[got], [wanted]].map((x) => x.flat(Infinity as 1)) as unknown[] as number[][]
  expect(a.length).toBe(b.length)
  a.forEach((v, i) => {
    const near = Object.is(v, b[i]) || Math.abs(v - b[i]) <= tolerance * Math.max(1, Math.abs(b[i]))
    if (!near) expect.fail(`number ${i} is ${v} instead of ${b[i]}`)
  })
}
