/**
 * How a step is measured, the same for every participant in JavaScript (peers/pytorch.py does likewise): some steps from the
 * initial state, whose losses are kept to be compared, then timed blocks of about 2 ms, or of one step where a step is longer.
 * One process measures one workload and prints one line of JSON.
 */
const SLOW = 30e3

export function median(values) {
  const sorted = Float64Array.from(values).sort()
  const mid = sorted.length >> 1
  return sorted.length % 2 ? sorted[mid] : (sorted[mid - 1] + sorted[mid]) / 2
}

/** The losses of the first steps: as many as asked for, or 6 where all of them would take longer than half a minute. */
async function warmUp(step, steps) {
  const losses = []
  const began = performance.now()
  let spent = 0
  while (losses.length < steps || spent < 300) {
    // awaiting a number would cost a turn of the queue
    const value = step()
    losses.push(typeof value === 'number' ? value : await value)
    spent = performance.now() - began
    if (losses.length === 6 && (spent / 6) * steps > SLOW) break
  }
  return losses
}

/** Milliseconds per step in each block. */
async function time(step, seconds) {
  // what was compiled made the first steps slow, so the estimate comes from later ones
  let steps = 0
  const estimating = performance.now()
  do {
    await step()
    steps++
  } while (performance.now() - estimating < 50)
  const estimate = (performance.now() - estimating) / steps
  const inner = Math.max(1, Math.round(2 / estimate))
  const fewest = estimate > 1000 ? 2 : 5
  const blocks = []
  const began = performance.now()
  while (blocks.length < fewest || performance.now() - began < seconds * 1000) {
    const start = performance.now()
    for (let i = 0; i < inner; i++) {
      const value = step()
      if (typeof value !== 'number') await value
    }
    blocks.push((performance.now() - start) / inner)
  }
  return blocks
}

const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024)

/** `--name value` options and the workload from the command line. */
export function readArguments(defaults) {
  const options = { seconds: 1, warmup: 51, ...defaults }
  const rest = process.argv.slice(2)
  const workload = rest.pop()
  for (let i = 0; i < rest.length; i += 2) {
    const name = rest[i].slice(2)
    options[name] = typeof options[name] === 'number' ? Number(rest[i + 1]) : rest[i + 1]
  }
  return { ...options, workload }
}

/**
 * Measures one workload and prints what came out.
 * @param workloads functions by name; each returns `{ step, note? }`, where step() does one step and returns its loss, or a
 *   promise of it.
 */
export async function main(workloads, { workload, seconds, warmup }) {
  const idleMb = peakMb()
  const { step, note = '' } = await workloads[workload]()
  const beginning = performance.now()
  const first = await step()
  const firstMs = performance.now() - beginning
  const losses = [first, ...(await warmUp(step, warmup - 1))]
  const blocks = await time(step, seconds)
  const result = {
    ms: median(blocks),
    leastMs: Math.min(...blocks),
    firstMs,
    loss5: losses[5],
    loss50: losses[50] ?? null,
    peakMb: peakMb(),
    idleMb,
    note,
  }
  console.log(JSON.stringify(result))
}
