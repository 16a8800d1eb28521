/**
 * What random programs are made of. A statement makes a tensor of others, whatever their shapes: it chooses by shapes,
 * which are known while tracing, and keeps values within some ten or so, so that rounding does not grow along a program.
 */
import {
  avgPool2d,
  cat,
  conv1d,
  conv2d,
  einsum,
  gather,
  indexSelect,
  layerNorm,
  logSoftmax,
  matmul,
  maxPool2d,
  pad,
  roll,
  scaledDotProductAttention,
  scatterAdd,
  softmax,
  stack,
  type Tensor,
  topk,
  tril,
  where,
  zeros,
} from '../../src/index.ts'
import type { Dice } from './dice.ts'

export type Statement = (x: Tensor, y: Tensor, dice: Dice) => Tensor

/** Larger results are cut down before they are worked with. */
const MOST = 3000

const dimOf = (x: Tensor, dice: Dice): number => (x.ndim === 0 ? 0 : dice.below(x.ndim))

/** At least one dimension. */
const line = (x: Tensor): Tensor => (x.ndim === 0 ? x.reshape([1]) : x)

/** As rows: everything but the last dimension is one. */
function rows(x: Tensor): Tensor {
  const last = x.shape.at(-1) ?? 1
  return x.reshape([last === 0 ? 0 : x.size / last, last])
}

/** Of any shape to that shape: elements are repeated or left out. */
function resized(x: Tensor, shape: readonly number[]): Tensor {
  const size = shape.reduce((n, m) => n * m, 1)
  const flat = x.reshape([x.size])
  if (size > 0 && x.size === 0) return zeros(shape, { dtype: x.dtype })
  const enough = size > x.size ? flat.tile([Math.ceil(size / x.size)]) : flat
  return enough.narrow(0, 0, size).reshape(shape)
}

/** y with a shape that x broadcasts with, by sums over some dimensions. */
function beside(x: Tensor, y: Tensor, dice: Dice): Tensor {
  const shape = x.shape.slice(dice.below(x.ndim + 1)).map((n) => (dice.chance(0.3) && n > 0 ? 1 : n))
  return resized(y, shape)
}

const asFlags = (x: Tensor, y: Tensor, dice: Dice): Tensor => x.gt(beside(x, y, dice))

const elementwise: Statement[] = [
  (x) => x.tanh(),
  (x) => x.sin().add(x.cos()),
  (x) => x.sigmoid().mul(x),
  (x) => x.clamp(-5, 3).exp().sqrt(),
  (x) => x.abs().add(0.1).log(),
  (x) => x.square().add(1).rsqrt(),
  (x) => x.erf(),
  (x) => x.gelu().softplus(),
  (x) => x.relu().sub(x.neg().relu()),
  (x) => x.div(x.square().add(1)),
  (x) => x.leakyRelu().elu(),
  (x) => x.atan().mish(),
  (x) => x.clamp(-1, 1),
  (x) => x.mul(-0).add(x),
  (x) => x.to('float64').mul(2).to(x.dtype),
  (x) => x.mul(3).round().to('int32').remainder(5).to(x.dtype),
  (x) => x.gt(0).logicalAnd(x.lt(1)).to(x.dtype),
]

const binary: Statement[] = [
  (x, y, dice) => x.add(beside(x, y, dice)),
  (x, y, dice) => beside(x, y, dice).sub(x),
  (x, y, dice) => x.tanh().mul(beside(x, y, dice)),
  (x, y, dice) => x.maximum(beside(x, y, dice)),
  (x, y, dice) => x.div(beside(x, y, dice).abs().add(1)),
  (x, y, dice) => where(asFlags(x, y, dice), x, beside(x, y, dice).neg()),
  (x, y, dice) => x.maskedFill(asFlags(x, y, dice), 0.5),
  (x, y, dice) => x.hypot(beside(x, y, dice)),
  (x, y, dice) =>
    x
      .abs()
      .add(0.2)
      .pow(beside(x, y, dice).tanh()),
  (x, y, dice) => x.atan2(beside(x, y, dice).abs().add(0.5)),
  (x, y, dice) => x.lerp(beside(x, y, dice), 0.3),
  (x, y) => stack([x, resized(y, x.shape), x.neg()], 0).mean(0),
]

const reductions: Statement[] = [
  (x, _, dice) => x.sum(dimOf(x, dice), { keepdim: dice.chance(0.5) }).tanh(),
  (x, _, dice) => x.mean(dimOf(x, dice), { keepdim: true }).sub(x),
  (x) => x.sum().tanh(),
  (x, _, dice) => softmax(line(x), dimOf(line(x), dice)).mul(x),
  (x, _, dice) => logSoftmax(line(x), dimOf(line(x), dice)).clamp(-8, 0),
  (x, _, dice) => line(x).logsumexp(dimOf(line(x), dice)),
  (x, _, dice) =>
    line(x)
      .cumsum(dimOf(line(x), dice))
      .tanh(),
  (x, _, dice) => x.tanh().prod(dimOf(x, dice)),
  (x, _, dice) => (line(x).shape.includes(0) ? x : line(x).amax(dimOf(line(x), dice))),
  (x, _, dice) => (line(x).shape.includes(0) ? x : line(x).max(dimOf(line(x), dice)).values),
  (x, _, dice) =>
    line(x).shape.includes(0)
      ? x
      : line(x)
          .argmin(dimOf(line(x), dice))
          .to(x.dtype)
          .mul(0.1),
  (x) => ((x.shape.at(-1) ?? 0) > 1 ? layerNorm(x.mul(3), [x.shape.at(-1)!], undefined, undefined, { eps: 0.1 }) : x),
  (x, _, dice) => (line(x).shape[dimOf(line(x), dice)] > 0 ? line(x).square().add(0.1).sum(0).sqrt() : x),
]

const arrangements: Statement[] = [
  (x, _, dice) => x.transpose(dimOf(x, dice), dimOf(x, dice)),
  (x) => x.reshape([x.size]),
  (x) => rows(x).T,
  (x, _, dice) => line(x).flip(dimOf(line(x), dice)),
  (x, _, dice) => (x.ndim > 0 && x.shape[0] > 0 ? x.select(0, dice.below(x.shape[0])) : x),
  (x, _, dice) => (x.ndim > 0 && x.shape[0] > 1 ? x.narrow(0, 1, 1 + dice.below(x.shape[0] - 1)) : x),
  (x) => line(x).at('...', { start: 0, step: 2 }),
  (x) => (x.size > 0 ? x.unsqueeze(0).expand([2, ...x.shape]) : x.unsqueeze(-1)),
  (x, _, dice) => line(x).tile([1 + dice.below(3)]),
  (x, _, dice) => roll(line(x), 1 + dice.below(3), dimOf(line(x), dice)),
  (x, _, dice) => pad(line(x), [dice.below(3), dice.below(3)]),
  (x, y) => cat([rows(x), resized(y, [3, rows(x).shape[1]])], 0),
  (x) => (rows(x).size > 0 ? tril(rows(x)) : x),
  (x) => x.clone(),
  (x) => x.detach().mul(0.5).add(x),
]

const products: Statement[] = [
  (x, y, dice) => matmul(rows(x), resized(y, [rows(x).shape[1], 1 + dice.below(9)])).tanh(),
  (x, y) => matmul(rows(x).T, resized(y, rows(x).shape)).tanh(),
  (x, y, dice) => matmul(resized(y, [1 + dice.below(20), rows(x).shape[0]]), rows(x)).sigmoid(),
  (x, y) => matmul(rows(x), resized(y, [5, rows(x).shape[1]]).T).relu(),
  (x, y) => einsum('bij,bjk->bik', resized(x, [3, 4, 5]), resized(y, [3, 5, 2])).tanh(),
  (x, y) => einsum('ij,ij->j', rows(x), resized(y, rows(x).shape)).tanh(),
  (x, y) => matmul(resized(x, [2, 3, 7, 4]).transpose(1, 2), resized(y, [4, 5])).tanh(),
  (x, y) => conv2d(resized(x, [2, 3, 6, 5]), resized(y, [4, 3, 3, 3]), undefined, { padding: 1 }).tanh(),
  (x, y) => conv1d(resized(x, [2, 4, 9]), resized(y, [6, 2, 3]), resized(y, [6]), { stride: 2, groups: 2 }).tanh(),
  (x) => maxPool2d(resized(x, [2, 2, 7, 6]), 2),
  (x) => avgPool2d(resized(x, [2, 2, 7, 6]), 3, { stride: 2, padding: 1 }),
  (x, y) =>
    scaledDotProductAttention(resized(x, [2, 5, 4]), resized(y, [2, 6, 4]), resized(x.add(1), [2, 6, 3])).tanh(),
]

const indexed: Statement[] = [
  (x) => (x.size > 0 ? indexSelect(rows(x), 0, rows(x).sum(1).argsort(0)) : x),
  (x) => (x.size > 0 ? gather(rows(x), 1, rows(x).argsort(1)) : x),
  (x, y) => {
    const into = resized(y, [4, rows(x).shape[1]])
    const places = rows(x).mul(7).round().to('int32').remainder(4)
    return scatterAdd(into, 0, places, rows(x)).tanh()
  },
  (x) => (rows(x).shape[1] > 2 && x.size > 0 ? topk(rows(x), 2, 1).values : x),
  (x) => (x.size > 0 ? line(x).sort(0).values : x),
]

const kinds: readonly (readonly Statement[])[] = [
  elementwise,
  elementwise,
  binary,
  reductions,
  arrangements,
  products,
  indexed,
]

/** Statements that draw from the library's generator change what follows, in both ways of running. */
export function statement(x: Tensor, y: Tensor, dice: Dice): Tensor {
  const made = dice.pick(dice.pick(kinds))(x, y, dice)
  return made.size > MOST ? made.reshape([made.size]).narrow(0, 0, MOST - dice.below(99)) : made
}
