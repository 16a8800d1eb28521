/**
 * What a formula costs per element in JavaScript and as vector code, in nanoseconds: sums over its steps of measured
 * costs, rough but enough to tell where copying operands in and results out is repaid. Measured over 8,192 elements in
 * cache on Node 20 and 26, taking what speaks for JavaScript.
 */
import type { Intrinsic, Step } from '../../../scalar/index.ts'
import type { Precision } from '../lanes.ts'
import type { Steps } from '../merge.ts'

/** In JavaScript, in float32 lanes, in float64 lanes. */
type Costs = readonly [js: number, float32: number, float64: number]

const costs = {
  add: [0.3, 0.05, 0.1],
  sub: [0.3, 0.05, 0.1],
  mul: [0.3, 0.05, 0.1],
  div: [0.3, 0.15, 0.3],
  neg: [0.2, 0.05, 0.1],
  abs: [0.2, 0.05, 0.1],
  sign: [4, 0.1, 0.2],
  floor: [0.3, 0.05, 0.1],
  round: [7, 0.05, 0.1],
  min: [5, 0.1, 0.3],
  max: [5, 0.1, 0.3],
  fmod: [8, 16, 16],
  sqrt: [0.7, 0.15, 0.6],
  pow: [14, 6.4, 6.9],
  exp: [10, 0.7, 2.2],
  expm1: [13, 0.9, 2.5],
  log: [7.5, 1.2, 2.9],
  log1p: [11, 1.4, 3.3],
  sin: [13, 3.8, 3.5],
  cos: [12, 3.8, 3.5],
  asin: [10, 3.5, 3.3],
  acos: [10, 3.8, 3.8],
  atan2: [24, 5.5, 5.2],
  sinh: [13, 2.8, 3],
  cosh: [10, 0.9, 2.6],
  tanh: [17, 1.2, 3.4],
  erf: [22, 8, 9],
  erfc: [30, 6, 13],
  eq: [0.1, 0.05, 0.1],
  lt: [0.1, 0.05, 0.1],
  le: [0.1, 0.05, 0.1],
  select: [2.5, 0.1, 0.2],
} satisfies Record<Intrinsic, Costs>

/** A power that is not narrow is a call of JavaScript for every lane. */
const CALLED_POWER = 60

/** Per element: the loop, and reading or writing one array; in vector code, copying it as well. */
const LOOP = 0.5
const ARRAY = { js: 0.25, wasm: 0.15 }
/** Per call: finding the kernel, views for copying each array, and a hundredth of what making a kernel takes, once. */
const CALL = 500
const VIEW = 150
const KERNEL = 1.5e6 / 100

/** From how many elements on vector code is faster; Infinity where it never is. */
export function worthFrom(steps: Steps, merged: Steps, precision: Precision, arrays: number): number {
  const js = LOOP + ARRAY.js * (arrays + 1) + jsCost(steps)
  const wasm = ARRAY.wasm * (arrays + 1) * (precision === 'float64' ? 2 : 1) + wasmCost(merged, precision)
  return js > wasm ? (KERNEL + CALL + VIEW * (arrays + 1)) / (js - wasm) : Infinity
}

const isCall = (step: Step): step is Extract<Step, { is: 'call' }> => step.is === 'call'

/** JavaScript computes the branch that is taken, so what both branches of a select cost is halved. */
function jsCost({ steps }: Steps): number {
  const branches = steps.some((step) => isCall(step) && step.fn === 'select')
  return sum(steps, (fn) => costs[fn][0] * (branches && costs[fn][0] > 1 && fn !== 'select' ? 0.5 : 1))
}

function wasmCost({ steps }: Steps, precision: Precision): number {
  return sum(steps, (fn) => {
    if (fn === 'pow' && precision === 'float64') return CALLED_POWER
    return costs[fn][precision === 'float32' ? 1 : 2]
  })
}

const sum = (steps: readonly Step[], cost: (fn: Intrinsic) => number): number =>
  steps.filter(isCall).reduce((total, { fn }) => total + cost(fn), 0)

/** Long polynomials leave no registers for more than two strands; else four keep the processor busy. */
export function strandsFor({ steps }: Steps): number {
  return steps.some((step) => isCall(step) && costs[step.fn][2] > 8) ? 2 : 4
}
