/**
 * Chainrule beside its peers, in one run: `npm run bench`. Options:
 *
 *   --workloads W1,W3   only these; W4 means every W4-...      --peers chainrule,pytorch,tfjs,jaxjs
 *   --seconds 1         that each process measures             --rounds 3   processes per participant and workload
 *   --quick             one round of 0.2 seconds, without W7   --out DIR    for results.json and bench.svg
 *
 * Ctrl-C ends it and prints what there is. The exit code is 1 where Chainrule's losses are not what they must be.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chart } from './harness/chart.mjs'
import { assemble, families } from './harness/participants.mjs'
import { race } from './harness/rounds.mjs'
import { complaints, duration, memoryTable, table } from './harness/table.mjs'
import { choose, products } from './harness/workloads.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const list = (text) => text.split(',').filter((word) => word !== '')

function readOptions() {
  const string = { type: 'string' }
  const options = { workloads: string, peers: string, seconds: string, rounds: string, out: string }
  const { values } = parseArgs({ options: { ...options, quick: { type: 'boolean' } } })
  const { quick = false, workloads = '', peers = families.join(','), out } = values
  const chosen = choose(list(workloads))
  return {
    workloads: quick && workloads === '' ? chosen.filter(({ name }) => !name.startsWith('W7')) : chosen,
    peers: list(peers),
    seconds: number('seconds', values.seconds ?? (quick ? 0.2 : 1)),
    rounds: Math.ceil(number('rounds', values.rounds ?? (quick ? 1 : 3))),
    out,
  }
}

function number(name, text) {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} must be a positive number, got ${text}`)
  return value
}

/** Floating point operations a second: the fastest product of this run. */
function peakOf(figures) {
  const times = figures.filter(({ workload, ms }) => workload === products.name && ms !== undefined)
  return times.length > 0 ? (products.flops / Math.min(...times.map(({ leastMs }) => leastMs))) * 1000 : undefined
}

async function measureAll(options, participants, signal) {
  const all = [products, ...options.workloads]
  const processes = all.map(({ name }) => participants.filter(({ runs }) => runs(name)).length * options.rounds)
  const total = processes.reduce((a, b) => a + b, 0)
  const figures = []
  let done = 0
  const progress = ({ label }, { ms, error }, round) =>
    console.log(`[${++done}/${total}] round ${round + 1}  ${label}: ${error ?? duration(ms)}`)
  for (const workload of all) {
    if (signal.aborted) break
    console.log(`${workload.name}: ${workload.title}`)
    const warmup = workload === products ? 6 : 51
    figures.push(...(await race(workload, participants, { ...options, warmup, signal }, progress)))
  }
  return figures
}

/** Prints the tables; the number of Chainrule's figures that are wrong or missing. */
function print(workloads, figures, peak) {
  const shown = workloads.filter(({ name }) => figures.some((figure) => figure.workload === name))
  if (peak) console.log(`\nsgemm, fastest of this run: ${(peak / 1e9).toFixed(0)} GFLOP/s`)
  if (shown.length > 0) console.log(`\n${table(shown, figures, peak)}`)
  const memory = memoryTable(shown, figures)
  if (memory) console.log(`\n${memory}`)
  const wrong = complaints(shown, figures)
  if (wrong.length > 0) console.log(`\n${wrong.join('\n')}`)
  else if (shown.length > 0) console.log('\nall losses agree after 5 and after 50 steps')
  return wrong.filter((line) => line.includes(' Chainrule ')).length
}

/** Only a whole run replaces the figures and the chart of the docs; any other writes where `--out` says. */
function write({ out, workloads }, whole, figures, peak) {
  if (!out && !whole) return
  const short = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(7)) : value)
  const results = { date: new Date().toISOString().slice(0, 10), node: process.versions.node, peak, figures }
  const images = out ?? join(here, '..', 'docs', 'img')
  mkdirSync(images, { recursive: true })
  writeFileSync(join(out ?? here, 'results.json'), `${JSON.stringify(results, short, 2)}\n`)
  writeFileSync(join(images, 'bench.svg'), chart(workloads, figures, peak))
}

const stop = new AbortController()
process.on('SIGINT', () => stop.abort())
try {
  const options = readOptions()
  const participants = await assemble(options.peers, (line) => console.log(line))
  const figures = await measureAll(options, participants, stop.signal)
  if (stop.signal.aborted) console.log('\nstopped; what was measured until then:')
  const peak = peakOf(figures)
  const wrong = print(options.workloads, figures, peak)
  const whole = !stop.signal.aborted && !process.argv.slice(2).some((word) => /^--(workloads|peers|quick)/.test(word))
  write(options, whole, figures, peak)
  process.exitCode = stop.signal.aborted ? 130 : wrong > 0 ? 1 : 0
} catch (error) {
  console.error(`bench: ${error.message}`)
  process.exitCode = 2
}
