/**
 * What it costs to watch a training with `GradientMonitor`: `node bench/monitor.mjs`. Rounds with and without it take
 * turns, and of each kind the fastest counts, since other work on the machine only ever adds to them.
 */

import { GradientMonitor } from '../dist/explain/index.js'
import { manualSeed, randint, randn } from '../dist/index.js'
import * as nn from '../dist/nn/index.js'
import * as optim from '../dist/optim/index.js'

const STEPS = 200
const ROUNDS = 30

manualSeed(0)
const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10))
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 })
const [x, y] = [randn([64, 784]), randint(0, 10, [64])]

/** Milliseconds per training step. */
function round(every) {
  const monitor = every > 0 ? new GradientMonitor(model, { every }).attach() : undefined
  const start = performance.now()
  for (let i = 0; i < STEPS; i++) {
    optimizer.zeroGrad()
    const loss = nn.crossEntropy(model.forward(x), y)
    loss.backward()
    optimizer.step()
    monitor?.step(loss)
  }
  const time = (performance.now() - start) / STEPS
  monitor?.detach()
  return time
}

const kinds = { 'not watched': 0, 'every 100th step': 100, 'every 10th step': 10, 'every step': 1 }
const best = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, Infinity]))
for (let r = 0; r < ROUNDS; r++)
  for (const [kind, every] of Object.entries(kinds)) best[kind] = Math.min(best[kind], round(every))

console.log('a training step of a network 784 → 128 → 10 on a batch of 64:')
for (const [kind, time] of Object.entries(best))
  console.log(`${kind.padEnd(18)} ${time.toFixed(2).padStart(6)} ms   ${(time / best['not watched']).toFixed(2)} times`)
