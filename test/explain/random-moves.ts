/** What a random program may do next. A move that has nothing to work on gives null. */
import * as nn from '../../src/functional/index.ts'
import { cat, checkpoint, defineFunction, eye, noGrad, stack, type Tensor } from '../../src/index.ts'
import { where } from '../../src/ops/elementwise/index.ts'
import { apply, type Op } from '../../src/ops/kinds/op.ts'
import { registry } from '../../src/ops/registry.ts'
import { windows } from '../../src/ops/view/windows.ts'
import type { Pool, Random } from './random-programs.ts'

type Move = (pool: Pool, random: Random) => Tensor | readonly Tensor[] | null

const formulas = [...registry.values()]
  // A condition is a flag: at a single point where it is another, the slope is that of a branch which no neighbour takes.
  .flatMap((op) => (op.kind === 'elementwise' && op.differentiable && !op.args.includes('cond') ? [op] : []))
  .sort((a, b) => (a.name < b.name ? -1 : 1))

/** Squashed into where the op is smooth and defined. */
function within(x: Tensor, range: readonly [number, number] | undefined): Tensor {
  if (!range) return x
  const [low, high] = range
  return x
    .sigmoid()
    .mul(high - low)
    .add(low)
}

const formula: Move = (pool, random) => {
  const op = random.pick(formulas)
  const operands = op.args.map((name, k) => {
    if (k > 0 && random.chance(0.2)) return random.number(...(op.domain?.[name] ?? ([-2, 2] as const)))
    const x = random.chance(0.1) ? pool.constant(pool.shape(), 'int32') : pool.float()!
    return within(x, op.domain?.[name])
  })
  return operands.some((x) => typeof x !== 'number') ? apply<Tensor>(op as Op, operands, {}) : null
}

/** `f` of a random value of so many dimensions. */
const of =
  (ndim: number | undefined, f: (x: Tensor, random: Random, pool: Pool) => Tensor | readonly Tensor[] | null): Move =>
  (pool, random) => {
    const x = pool.float(ndim)
    return x && f(x, random, pool)
  }

const dim = (x: Tensor, random: Random): number => random.below(x.ndim) - (random.chance(0.5) ? x.ndim : 0)
/** Only where there is a dimension. */
const along = (f: (x: Tensor, dim: number, random: Random, pool: Pool) => Tensor | readonly Tensor[] | null): Move =>
  of(undefined, (x, random, pool) => (x.ndim === 0 || x.shape.includes(0) ? null : f(x, dim(x, random), random, pool)))

const axes = (x: Tensor, random: Random): number[] => x.shape.flatMap((_, d) => (random.chance(0.5) ? [d] : []))
const shuffled = (n: number, random: Random): number[] => {
  const list = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[list[i], list[j]] = [list[j], list[i]]
  }
  return list
}

const factors = (n: number): number[][] => [[n], [1, n], [n, 1], ...[2, 3].flatMap((a) => (n % a ? [] : [[a, n / a]]))]

const views: [string, Move][] = [
  ['reshape', of(undefined, (x, random) => x.reshape(random.pick(factors(x.size))))],
  ['permute', of(undefined, (x, random) => x.permute(shuffled(x.ndim, random)))],
  [
    'expand',
    of(undefined, (x, random) =>
      x.expand([...(random.chance(0.5) ? [2] : []), ...x.shape.map((n) => (n === 1 ? 2 : n))]),
    ),
  ],
  [
    'slice',
    along((x, d, random) => {
      const n = x.shape.at(d)!
      const start = random.below(n)
      return x.slice(d, start, start + random.below(n + 1), 1 + random.below(2))
    }),
  ],
  ['at range', along((x, _, random) => x.at({ start: random.below(2), step: random.pick([1, 2]) }))],
  ['at element', along((x, _, random) => x.at(random.below(x.shape[0])))],
  [
    'at list',
    along((x, _, random) => x.at(Array.from({ length: 1 + random.below(3) }, () => random.below(x.shape[0])))),
  ],
  ['at mask', of(undefined, (x, _, pool) => x.at(pool.constant(x.shape, 'bool')))],
  ['at new axis', of(undefined, (x) => x.at(null, '...'))],
  ['diagonal', of(2, (x, random) => x.diagonal(random.below(3) - 1))],
  ['flip', along((x, d) => x.flip(d))],
  ['roll', along((x, d, random) => x.roll(random.below(4) - 2, d))],
  ['pad', along((x, _, random) => x.pad([random.below(2), random.below(2)], random.number()))],
  ['tril', of(2, (x, random) => (random.chance(0.5) ? x.tril() : x.triu(random.below(2))))],
  ['windows', of(2, (x) => windows(x, { kernel: [1, 2], stride: [1, 1], dilation: [1, 1] }))],
  ['unbind', along((x, d) => x.unbind(d))],
  ['chunk', along((x, d) => x.chunk(2, d))],
  ['repeat', of(undefined, (x) => x.repeat(x.shape.map(() => 2)))],
  ['unsqueeze', of(undefined, (x) => x.unsqueeze(-1).squeeze())],
]

const reductions: [string, Move][] = [
  ...(['sum', 'mean', 'prod', 'amax', 'amin', 'logsumexp'] as const).map((name): [string, Move] => [
    name,
    of(undefined, (x, random) => {
      const list = axes(x, random)
      return x[name](list.length > 0 || random.chance(0.5) ? list : undefined, { keepdim: random.chance(0.5) })
    }),
  ]),
  ['std', of(undefined, (x, random) => x.std(axes(x, random), { keepdim: random.chance(0.5) }))],
  ['variance', of(undefined, (x, random) => x.variance(axes(x, random), { correction: 0 }))],
  ['norm', of(undefined, (x, random) => x.norm(axes(x, random), { p: random.pick([1, 2, 3]) }))],
  ['max of all', of(undefined, (x) => x.max())],
  ['max', along((x, d) => x.max(d).values)],
  ['min', along((x, d) => x.min(d, { keepdim: true }).values)],
  ['median', of(1, (x) => nn.median(x) as Tensor)],
  ['sort', along((x, d, random) => x.sort(d, { descending: random.chance(0.5) }).values)],
  ['topk', along((x, d, random) => x.topk(1 + random.below(x.shape.at(d)!), { dim: d }).values)],
  ['cumsum', along((x, d) => x.cumsum(d))],
  ['cumprod', along((x, d) => x.cumprod(d))],
  ['softmax', along((x, d) => x.softmax(d))],
  ['logSoftmax', along((x, d) => x.logSoftmax(d))],
]

const products: [string, Move][] = [
  ['matmul', (pool) => pool.float(2)?.matmul(pool.float(2)!) ?? null],
  ['matmul with itself', of(2, (x) => x.matmul(x.T))],
  ['matmul with a vector', (pool) => pool.float(2)?.matmul(pool.float(1)!) ?? null],
  ['bmm', of(3, (x) => x.bmm(x.permute([0, 2, 1])))],
  ['outer', (pool) => pool.float(1)?.outer(pool.float(1)!) ?? null],
  ['dot', of(1, (x) => x.dot(x))],
  ['linear', of(2, (x, _, pool) => nn.linear(x, pool.constant([2, x.shape[1]]), pool.constant([2])))],
  ['linear by a value', (pool) => (pool.float(2) ? nn.linear(pool.float(2)!, pool.float(2)!, pool.float(1)) : null)],
  ['einsum', of(2, (x, random) => nn.einsum(random.pick(['ij,ij->i', 'ij,kj->ki', 'ij,ij->', 'ij,kl->il']), x, x))],
  ['einsum of a diagonal', of(2, (x) => nn.einsum('ii->i', x))],
  [
    'conv2d',
    of(2, (x, random, pool) => nn.conv2d(x.at(null), pool.constant([2, 1, 1, 2]), null, { padding: random.below(2) })),
  ],
  ['conv2d by a value', of(2, (x, _, pool) => nn.conv2d(pool.constant([1, 4, 4]), x.at(null, null)))],
  ['conv1d', of(2, (x) => nn.conv1d(x, x.at(null)))],
  ['convTranspose2d', of(2, (x, _, pool) => nn.convTranspose2d(x.at(null), pool.constant([1, 1, 2, 2])))],
  [
    'maxPool2d',
    of(2, (x, random) => nn.maxPool2d(x.at(null), [1, 2], { stride: 1, padding: [0, random.below(2)] }).at(0)),
  ],
  [
    'avgPool2d',
    of(2, (x, random) => nn.avgPool2d(x.at(null), [2, 1], { stride: 1, padding: [random.below(2), 0] }).at(0)),
  ],
  ['attention', of(2, (x, random) => nn.scaledDotProductAttention(x, x, x.mul(2), { isCausal: random.chance(0.5) }))],
  ['det', of(2, (x) => (x.shape[0] === x.shape[1] ? nn.det(x) : null))],
  ['slogdet', of(2, (x) => (x.shape[0] === x.shape[1] ? nn.slogdet(x.mul(0.3).add(twice(x))).logabsdet : null))],
  ['inverse', of(2, (x) => (x.shape[0] === x.shape[1] ? nn.inverse(x.mul(0.3).add(twice(x))) : null))],
  ['solve', of(2, (x) => (x.shape[0] === x.shape[1] ? nn.solve(x.mul(0.3).add(twice(x)), x) : null))],
  ['trace', of(2, (x) => nn.trace(x))],
]

const twice = (x: Tensor): Tensor => eye(x.shape[0], { dtype: x.dtype }).mul(2)

const moved: [string, Move][] = [
  ['gather', along((x, d, _, pool) => x.gather(d, pool.indices(x.shape, x.shape.at(d)!)))],
  ['indexSelect', along((x, d, random, pool) => x.indexSelect(d, pool.indices([1 + random.below(3)], x.shape.at(d)!)))],
  [
    'scatterAdd',
    along((x, d, _, pool) => pool.constant(x.shape).scatterAdd(d, pool.indices(x.shape, x.shape.at(d)!), x)),
  ],
  ['cat', (pool, random) => cat([pool.float()!, pool.float()!], random.below(2))],
  ['cat with itself', along((x, d) => cat([x, x.mul(0.5), x], d))],
  ['cat with nothing', of(1, (x) => cat([x, x.slice(0, 0, 0)]))],
  ['stack', of(undefined, (x, random) => stack([x, x.sin()], random.below(x.ndim + 1)))],
  ['where', (pool) => where(pool.constant(pool.float()!.shape, 'bool'), pool.float()!, pool.float()!)],
  ['where of itself', of(undefined, (x) => where(x.gt(0), x.square(), x.exp()))],
  ['maskedFill', of(undefined, (x, random, pool) => x.maskedFill(pool.constant(x.shape, 'bool'), random.number()))],
  ['takeAlongDim', along((x, d, _, pool) => x.takeAlongDim(pool.indices(x.shape, x.shape.at(d)!), d))],
]

const losses: [string, Move][] = [
  ['mseLoss', (pool) => nn.mseLoss(pool.float()!, pool.float()!)],
  [
    'mseLoss of itself',
    of(undefined, (x, random) => nn.mseLoss(x, x.sin(), { reduction: random.pick(['sum', 'none']) })),
  ],
  ['l1Loss', of(undefined, (x, _, pool) => nn.l1Loss(x, pool.constant(x.shape, x.dtype)))],
  ['huberLoss', of(undefined, (x, _, pool) => nn.huberLoss(x, pool.constant(x.shape, x.dtype)))],
  ['bceLoss', of(undefined, (x, _, pool) => nn.bceLoss(x.sigmoid(), pool.constant(x.shape, x.dtype, [0, 1])))],
  ['bceWithLogits', of(undefined, (x, _, pool) => nn.bceWithLogits(x, pool.constant(x.shape, x.dtype, [0, 1])))],
  ['crossEntropy', of(2, (x, _, pool) => nn.crossEntropy(x, pool.indices([x.shape[0]], x.shape[1])))],
  ['klDiv', of(1, (x, _, pool) => nn.klDiv(x.logSoftmax(0), pool.constant(x.shape, x.dtype, [0.1, 0.9])))],
  ['layerNorm', along((x) => nn.layerNorm(x, [x.shape.at(-1)!]))],
  ['rmsNorm', along((x) => nn.rmsNorm(x, [x.shape.at(-1)!]))],
  ['groupNorm', of(3, (x) => nn.groupNorm(x, 1))],
]

const cube = defineFunction({
  name: 'cube',
  forward(ctx, x: Tensor) {
    ctx.saveForward = 3
    ctx.saveForBackward(x)
    return x.mul(x).mul(x)
  },
  backward: (ctx, g) => ctx.savedTensors[0].square().mul(3).mul(g),
})

const both = defineFunction({
  name: 'both',
  forward(ctx, x: Tensor, factor: number, y: Tensor) {
    const sines = x.sin()
    ctx.saveForBackward(x.cos(), y)
    ctx.factor = factor
    return [sines.mul(factor), y.mul(y).sum()]
  },
  backward(ctx, g, h) {
    const [cosines, y] = ctx.savedTensors
    return [cosines.mul(g).mul(ctx.factor as number), null, y.mul(2).mul(h)]
  },
})

const others: [string, Move][] = [
  ['detach', of(undefined, (x) => x.detach())],
  ['noGrad', of(undefined, (x) => noGrad(() => x.sin()))],
  ['checkpoint', of(undefined, (x) => checkpoint((z: Tensor) => z.sin().mul(z.sigmoid()).tanh(), x))],
  ['a function of a user', of(undefined, (x) => cube(x))],
  ['a function with two results', (pool) => both(pool.float()!, 2, pool.float()!)],
  ['an integer factor', of(undefined, (x, _, pool) => x.mul(pool.constant(x.shape, 'int32')))],
  ['to float32', of(undefined, (x) => x.to('float32'))],
  ['to float64', of(undefined, (x) => x.to('float64'))],
  ['used thrice', of(undefined, (x) => x.mul(x).add(x))],
  [
    'in place',
    (pool, random) => {
      const x = pool.float()!
      if (x.isLeaf || x.isView || !x.requiresGrad) return null
      const other = random.chance(0.5) ? random.number() : pool.constant(x.shape, x.dtype)
      return random.chance(0.5) ? x.add_(other) : x.mul_(other)
    },
  ],
  ['nothing', of(undefined, (x) => (x.ndim > 0 ? x.slice(0, 0, 0) : null))],
]

/** Formulas are many ops. */
export const moves: readonly (readonly [string, Move])[] = [
  ...Array.from({ length: 40 }, () => ['formula', formula] as const),
  ...views,
  ...reductions,
  ...products,
  ...moved,
  ...losses,
  ...others,
  ...others,
]
