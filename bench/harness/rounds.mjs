/**
 * Runs participants in rounds, A B C A B C ..., each in a process of its own, so that whatever else the machine does meets all
 * of them alike. Of each process the median step counts, and of a participant the best of its rounds, since other work on the
 * machine only ever adds to it.
 */
import { spawn } from 'node:child_process'

const PATIENCE = 300e3

/** One process; what it measured, or `{ error }`. */
function measure({ command, env }, workload, { seconds, warmup, signal }) {
  const [program, ...args] = command
  const options = ['--seconds', String(seconds), '--warmup', String(warmup), workload]
  const child = spawn(program, [...args, ...options], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE,
    signal,
  })
  let [out, errors] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (errors += text))
  return new Promise((settle) => {
    child.on('error', (error) => settle({ error: error.message }))
    child.on('close', (code, killed) => {
      const line = out.split('\n').find((text) => text.startsWith('{"ms"'))
      settle(line ? JSON.parse(line) : { error: whatWentWrong(errors) ?? `ended with ${killed ?? code}` })
    })
  })
}

/** The line of an error's output that says what it was. */
const whatWentWrong = (errors) => errors.split('\n').find((text) => /^(\w+ )*\[?\w*Error\b/.test(text))

/** One figure made of a participant's rounds; losses and memory are those of the first, which alone goes the whole way. */
function combine(workload, { family, mode, threads, label }, rounds) {
  const timed = rounds.filter((round) => round.error === undefined)
  const about = { workload: workload.name, family, mode, threads, label }
  if (timed.length === 0) return { ...about, error: rounds[0].error }
  const least = (key) => Math.min(...timed.map((round) => round[key]))
  return { ...about, ...timed[0], ms: least('ms'), leastMs: least('leastMs'), rounds: timed.length }
}

/**
 * Measures one workload with everyone who can run it.
 * @param progress called with a participant and what its process measured.
 * @returns a figure per participant; fewer where `signal` ended it.
 */
export async function race(workload, participants, { rounds, seconds, warmup, signal }, progress) {
  const able = participants.filter(({ runs }) => runs(workload.name))
  const measured = new Map(able.map((participant) => [participant, []]))
  for (let round = 0; round < rounds; round++) {
    for (const participant of able) {
      const before = measured.get(participant)
      // what failed would fail again
      if (signal.aborted || before[0]?.error !== undefined) continue
      const result = await measure(participant, workload.name, { seconds, warmup: round === 0 ? warmup : 6, signal })
      if (signal.aborted) continue
      before.push(result)
      progress(participant, result, round)
    }
  }
  return [...measured]
    .filter(([, all]) => all.length > 0)
    .map(([participant, all]) => combine(workload, participant, all))
}
