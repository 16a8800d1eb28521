/**
 * Random programs compiled and eager: see `programs.ts`. In float64 they agree to 1e-12 of the largest number of a
 * tensor, unless the program itself enlarges rounding. In float32 a compiled program is off the numbers of float64 by at most 1e-5 of that and sixteen times as much
 * as the eager one.
 * COMPILE_FUZZ_SECONDS sets for how long, COMPILE_FUZZ_SEED where to begin; a failure names the seed.
 */
import { expect, it } from 'vitest'
import { type Observed, observe } from './programs.ts'

const SECONDS = Number(process.env.COMPILE_FUZZ_SECONDS ?? 4)
const FIRST = Number(process.env.COMPILE_FUZZ_SEED ?? 1)

/** The largest of the numbers, and at least 1. */
const sizeOf = (values: readonly number[], from: number, to: number): number => {
  let most = 1
  for (let i = from; i < to; i++) if (Number.isFinite(values[i])) most = Math.max(most, Math.abs(values[i]))
  return most
}

/** What differs, part by part, by more than `bound` relative to the largest number of the part; null where nothing does. */
function difference(got: Observed, wanted: Observed, bound: (from: number, to: number) => number): string | null {
  expect(got.parts, 'what was computed').toEqual(wanted.parts)
  for (const [k, { what, from }] of got.parts.entries()) {
    const to = got.parts[k + 1]?.from ?? got.values.length
    const most = bound(from, to) * sizeOf(wanted.values, from, to)
    for (let i = from; i < to; i++) {
      const [v, w] = [got.values[i], wanted.values[i]]
      if (!(Object.is(v, w) || Math.abs(v - w) <= most))
        return `${what}: number ${i - from} of ${to - from} is ${v} instead of ${w}`
    }
  }
  return null
}

/** How far apart two runs are in a part, relative to its largest number. */
function apart(a: Observed, b: Observed, from: number, to: number): number {
  let most = 0
  for (let i = from; i < to; i++) most = Math.max(most, Math.abs(a.values[i] - b.values[i]) || 0)
  return most / sizeOf(b.values, from, to)
}

/**
 * Compiled float64 against eager. Where it is further off than 1e-12, what float32 makes of the program tells how much
 * the program enlarges rounding.
 */
function differsInDouble(seed: number): string | null {
  const [got, wanted] = [observe(seed, 'float64', true), observe(seed, 'float64', false)]
  if (difference(got, wanted, () => 1e-12) === null) return null
  const single = observe(seed, 'float32', false)
  return difference(got, wanted, (from, to) => Math.max(1e-12, 64 * 2 ** -29 * apart(single, wanted, from, to)))
}

/** What eager float32 itself is far off says nothing: a comparison has come out otherwise, or rounding has grown. */
function differsInSingle(seed: number, data: number): string | null {
  const exact = observe(seed, 'float64', false, data)
  const eager = observe(seed, 'float32', false, data)
  if (difference(eager, exact, () => 1e-3) !== null) return null
  const bound = (from: number, to: number) => 16 * apart(eager, exact, from, to) + 1e-5
  return difference(observe(seed, 'float32', true, data), exact, bound)
}

/** Near a tie, one way of rounding may decide otherwise than another; for other numbers it will not do so again. */
function check(seed: number): void {
  const double = differsInDouble(seed)
  if (double !== null) expect.fail(`seed ${seed}, float64: ${double}`)
  const again = (data: number): string | null => differsInSingle(seed, data)
  const single = again(seed) && again(seed + 1) && again(seed + 2)
  if (single !== null) expect.fail(`seed ${seed}, float32: ${single}`)
}

it(`random programs compute the same compiled, for ${SECONDS} s`, { timeout: (SECONDS + 60) * 1000 }, () => {
  const until = performance.now() + SECONDS * 1000
  let seed = FIRST
  do check(seed++)
  while (performance.now() < until)
  console.log(`${seed - FIRST} random programs from seed ${FIRST}`)
})
