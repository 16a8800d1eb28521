/**
 * Random programs: a function of tensors with parameters and state outside of it, which it differentiates and changes
 * in place. What a seed gives is the same in every run; dtype and the way of running are the caller's.
 */
import {
  add_,
  assign,
  checkpoint,
  compile,
  dropout,
  gradients,
  manualSeed,
  mul_,
  noGrad,
  rand,
  randn,
  type Tensor,
  tensor,
  vmap,
} from '../../src/index.ts'
import { Dice } from './dice.ts'
import { statement } from './statements.ts'

export type Float = 'float32' | 'float64'

export interface Observed {
  readonly values: readonly number[]
  /** What the numbers are, for messages: one per tensor with where its numbers start. */
  readonly parts: readonly { readonly what: string; readonly from: number }[]
}

const SIZES = [0, 1, 1, 2, 3, 4, 5, 7, 8, 13, 16, 17, 31, 64, 67]
const CALLS = 4

interface World {
  readonly params: readonly Tensor[]
  readonly state: readonly Tensor[]
}

function shapeOf(dice: Dice, empty: boolean): number[] {
  const shape: number[] = []
  for (let n = dice.below(4); n > 0; n--) {
    const size = dice.pick(SIZES)
    if (shape.reduce((a, b) => a * b, size) <= 2000) shape.push(size === 0 && !empty ? 2 : size)
  }
  return shape
}

/** A change in place of a part of some state. */
function change(dice: Dice, { state }: World, by: Tensor): void {
  const s = dice.pick(state)
  const part = dice.chance(0.5) ? s.T : s
  const rows = part.narrow(0, 0, 1 + dice.below(part.shape[0]))
  const value = by.size > 0 ? by.mean().tanh() : by.sum()
  if (dice.chance(0.3)) assign(rows, rows.flip(0))
  else if (dice.chance(0.5)) mul_(rows, 0.9)
  else add_(rows, value)
}

/** One statement in its plain form, recomputed, mapped, without gradients or with noise. */
function grow(pool: readonly Tensor[], dice: Dice): Tensor {
  const [x, y] = [dice.pick(pool), dice.pick(pool)]
  // Checkpoints run it again: it must choose the same then.
  const own = dice.below(2 ** 30)
  const plain = (a: Tensor, b: Tensor): Tensor => statement(a, b, new Dice(own))
  const way = dice.below(20)
  if (way === 0) return checkpoint(plain, x, y)
  if (way === 1) return noGrad(() => plain(x, y))
  if (way === 2) return dropout(x, 0.25).mul(rand(x.shape, { dtype: x.dtype as Float }))
  if (way === 3 && x.ndim > 0 && x.shape[0] > 0) return vmap((row: Tensor) => row.tanh().mul(row.sum().sigmoid()))(x)
  if (way === 4 && x.tracked && x.size > 0) {
    const slope = gradients(x.sin().sum(), x, { createGraph: dice.chance(0.5), retainGraph: true })[0]
    return slope.clamp(-3, 3)
  }
  return plain(x, y)
}

function body(seed: number, { params, state }: World, xs: readonly Tensor[]): Tensor[] {
  const dice = new Dice(seed)
  const world = { params, state }
  const pool = [...xs, ...params, state[0].mul(1)]
  for (let n = 3 + dice.below(14); n > 0; n--) {
    if (dice.chance(0.15)) noGrad(() => change(dice, world, dice.pick(pool)))
    else pool.push(grow(pool, dice))
  }
  if (dice.chance(0.6)) for (const p of params) p.grad = null
  const parts = pool.map((v) => (v.size > 0 ? v.sin().mean() : v.sum()))
  const loss = parts.reduce((s, v) => s.add(v)).square()
  loss.backward()
  noGrad(() => {
    for (const p of params) if (p.grad) add_(p, p.grad.mul(-0.05))
  })
  return [loss, ...pool.slice(-3).map((v) => v.detach().clone())]
}

const turned = (x: Tensor): Tensor => x.permute(x.shape.map((_, d) => x.ndim - 1 - d))

/** All that can be seen after each of some calls with arguments that differ, in layout as well; `data` seeds the numbers. */
export function observe(seed: number, dtype: Float, compiled: boolean, data = seed): Observed {
  manualSeed(data)
  const dice = new Dice(seed ^ 0x5bd1e995)
  // Drawn in float64, so that both precisions begin with the same numbers.
  const draw = (shape: readonly number[]): Tensor => tensor(randn(shape, { dtype: 'float64' }).to(dtype))
  const two = (make: () => Tensor) => [make(), make()]
  const params = two(() => draw(shapeOf(dice, false)))
  const world: World = { params, state: two(() => draw([1 + dice.below(9), 1 + dice.below(9)])) }
  for (const p of params) p.requiresGrad = true
  const shapes = [shapeOf(dice, true), shapeOf(dice, true)]
  const step = (...xs: Tensor[]) => body(seed, world, xs)
  const call = compiled ? compile(step) : step
  const values: number[] = []
  const parts: { what: string; from: number }[] = []
  const see = (what: string, x: Tensor) => {
    parts.push({ what, from: values.length })
    for (const v of x.data) values.push(v)
  }
  for (let k = 0; k < CALLS; k++) {
    const xs = shapes.map((shape) => (k === 2 ? turned(draw([...shape].reverse())) : draw(shape)))
    if (k === 3) noGrad(() => mul_(params[0], 0.5))
    call(...xs).forEach((y, i) => void see(`call ${k}, output ${i}`, y))
    params.forEach((p, i) => {
      see(`call ${k}, parameter ${i}`, p)
      see(`call ${k}, gradient ${i}`, p.grad ?? tensor(0))
    })
    world.state.forEach((s, i) => void see(`call ${k}, state ${i}`, s))
  }
  return { values, parts }
}
