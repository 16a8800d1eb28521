/**
 * What is measured. `flops` are those of one step (full attention, as every participant computes it; the first layer's input
 * needs no gradient), where products take most of a step; over the machine's sgemm speed they are the time that no program can
 * beat. `losses` are PyTorch 1.13's after 5 and 50 steps, and `tolerance` is how far another order of summation may lead from
 * the second, relatively: training amplifies rounding. `targets` are milliseconds with BLAS and with WebAssembly only.
 */
const mlp = (batch) => 2 * batch * (2 * 784 * 256 + 3 * (256 * 128 + 128 * 10))
const gpt = (batch) => 3 * 2 * 64 * batch * (4 * 12 * 128 * 128 + 128 * 65 + 4 * 2 * 64 * 128)

export const workloads = [
  { name: 'W0', title: 'scalar network', losses: [0.938491, 0.0305005], targets: [0.0005, 0.0005] },
  {
    name: 'W1-b64',
    title: 'MLP 784-256-128-10, batch 64',
    flops: mlp(64),
    losses: [2.22551, 0.661009],
    targets: [0.27, 0.95],
  },
  {
    name: 'W1-b512',
    title: 'the same, batch 512',
    flops: mlp(512),
    losses: [2.29236, 2.18925],
    targets: [1.45, 6],
  },
  {
    name: 'W2',
    title: 'CNN 16-32 on 28×28, batch 64',
    flops: 2 * 64 * (2 * 784 * 16 * 9 + 3 * 196 * 32 * 144 + 3 * 1568 * 10),
    losses: [2.16606, 0.070098],
    tolerance: 2e-3,
    targets: [5, 15],
  },
  {
    name: 'W3',
    title: 'transformer d 128 × 4, batch 16',
    flops: gpt(16),
    losses: [3.60712, 0.124142],
    tolerance: 5e-3,
    targets: [25, 80],
  },
  { name: 'W4-grad', title: 'input gradient of 1000→500→500→1', losses: [0.0985299, 0.0985299], targets: [0.08, 0.15] },
  {
    name: 'W4-jvp',
    title: '1,000 forward passes of it',
    flops: 2 * 1001 * (500_000 + 250_000 + 500),
    losses: [0.0985299, 0.0985299],
    targets: [5.5, 16],
  },
  { name: 'W4-jac', title: 'Jacobian of a 64→64→64 tanh net', losses: [2.36187, 2.36187], targets: [0.03, 0.05] },
  {
    name: 'W5',
    title: '50 layers × 32 tanh, batch 16',
    flops: 2 * 16 * 32 * 32 * (3 * 50 - 1),
    losses: [0.0870563, 0.084025],
    targets: [0.1, 0.12],
  },
  {
    name: 'W7',
    title: 'W3 at batch 64',
    flops: gpt(64),
    losses: [3.93344, 1.34],
    tolerance: 3e-2,
    targets: [138],
    memory: 273,
  },
  {
    name: 'W7-ckpt',
    title: 'with every layer checkpointed',
    flops: (gpt(64) * 4) / 3,
    losses: [3.93344, 1.34],
    tolerance: 3e-2,
    targets: [169],
    memory: 171,
  },
]

/** Square products: what the machine can do, for the bounds. They are part of every run. */
export const products = { name: 'W6-1024', title: 'product of 1024×1024', flops: 2 * 1024 ** 3 }

/** The workloads whose names begin with one of the words: `W4` means every W4-... */
export function choose(words) {
  for (const word of words)
    if (!workloads.some(({ name }) => matches(name, word))) throw new Error(`there is no workload ${word}`)
  return workloads.filter(({ name }) => words.length === 0 || words.some((word) => matches(name, word)))
}

const matches = (name, word) => name === word || name.startsWith(`${word}-`)

/** Where a participant's losses are not those they must be, in words; otherwise nothing. */
export function disagreement({ losses, tolerance = 1e-4 }, { loss5, loss50 }) {
  const far = (value, wanted, allowed) => !(Math.abs(value - wanted) <= allowed * Math.abs(wanted))
  if (far(loss5, losses[0], 1e-4)) return `the loss after 5 steps is ${loss5}, not ${losses[0]}`
  if (loss50 !== null && far(loss50, losses[1], tolerance))
    return `the loss after 50 steps is ${loss50}, not ${losses[1]}`
  return undefined
}
