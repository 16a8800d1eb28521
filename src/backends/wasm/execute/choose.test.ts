/** The faster way is taken, and looked for again. */
import { expect, it } from 'vitest'
import { Chooser, median } from './choose.ts'

/** Ways that take so long on a clock of their own. */
function simulated(durations: [alone: number, together: number], busy: () => number = () => 0) {
  const [counts, clock] = [[0, 0], { now: 0 }]
  const way = (i: 0 | 1) => () => {
    counts[i]++
    clock.now += durations[i] + (i === 1 ? busy() : 0)
  }
  const chooser = new Chooser(way(0), way(1), () => clock.now)
  const run = (n: number) => {
    const before = [...counts]
    for (let i = 0; i < n; i++) chooser.run()
    return counts.map((count, i) => count - before[i])
  }
  return { chooser, run, clock }
}

it('takes the faster way', () => {
  for (const durations of [
    [2, 3],
    [3, 2],
    [0.3, 0.2],
    [0.2, 0.3],
    [90, 50],
  ] as [number, number][]) {
    const { chooser, run, clock } = simulated(durations)
    run(100)
    expect(chooser.together).toBe(durations[1] < durations[0])
    const start = clock.now
    run(5000)
    expect(clock.now - start).toBeLessThan(5000 * Math.min(...durations) * 1.05)
  }
})

it('changes its mind when the machine does', () => {
  const durations: [number, number] = [2, 1]
  const { chooser, run } = simulated(durations)
  run(100)
  expect(chooser.together).toBe(true)
  durations[1] = 3
  run(40)
  expect(chooser.together).toBe(false)
  durations[1] = 1
  run(310)
  expect(chooser.together).toBe(true)
})

it('counts what a busy machine costs now and then', () => {
  let n = 0
  // Mostly faster, but on average slower.
  const { chooser, run, clock } = simulated([0.5, 0.3], () => (++n % 10 === 0 ? 4 : 0))
  run(1000)
  expect(chooser.together).toBe(false)
  const start = clock.now
  run(20_000)
  expect(clock.now - start).toBeLessThan(20_000 * 0.5 * 1.05)
})

it('overlooks one disturbance', () => {
  let n = 0
  const { chooser, run } = simulated([0.5, 0.3], () => (++n === 10 ? 50 : 0))
  run(100)
  expect(chooser.together).toBe(true)
})

it('recovers from a comparison that was disturbed', () => {
  let n = 0
  const { chooser, run, clock } = simulated([0.5, 0.3], () => (++n < 10 ? 5 : 0))
  run(60)
  expect(chooser.together).toBe(false)
  while (clock.now < 3000) run(100)
  expect(chooser.together).toBe(true)
})

it('takes medians', () => {
  expect(median([3, 1, 2])).toBe(2)
})
