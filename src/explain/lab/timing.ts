/** How long something takes, within a budget of time. */

/** Samples shorter than this would measure the clock. */
const SHORTEST_MS = 2
const ENOUGH = 15

/**
 * The median time of one call in milliseconds, over up to 15 samples after a warm-up. It stops when the budget is spent, but
 * not before one sample.
 */
export function medianTime(fn: () => unknown, budgetMs: number): number {
  const start = performance.now()
  do fn()
  while (performance.now() - start < budgetMs / 4)
  const first = sample(fn, 1)
  const calls = Math.max(1, Math.ceil(SHORTEST_MS / Math.max(first, 1e-4)))
  const samples = calls === 1 ? [first] : [sample(fn, calls)]
  while (samples.length < ENOUGH && performance.now() - start + samples[0] * calls < budgetMs)
    samples.push(sample(fn, calls))
  samples.sort((a, b) => a - b)
  const middle = samples.length >> 1
  return samples.length % 2 === 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2
}

function sample(fn: () => unknown, calls: number): number {
  const start = performance.now()
  for (let i = 0; i < calls; i++) fn()
  return (performance.now() - start) / calls
}
