/**
 * Random programs, compiled and eager, for a bounded time: values, views, changes in place, random draws, reductions,
 * products, gradients of parameters. After each of several calls everything that can be seen must agree.
 * COMPILE_FUZZ_SECONDS sets how long; a failure names the seed.
 */
import { expect, it } from 'vitest'
import {
  add_,
  assign,
  compile,
  Generator,
  manualSeed,
  matmul,
  mul_,
  noGrad,
  rand,
  randn,
  softmax,
  type Tensor,
  tensor,
  where,
} from '../../src/index.ts'

const SECONDS = Number(process.env.COMPILE_FUZZ_SECONDS ?? 3)
const dtype = 'float64' as const

/** One statement of a program: from the values so far to a new one. Statements draw their choices when they are made. */
type Statement = (pool: Tensor[], world: World) => Tensor | undefined

/** What lives outside of the function. */
interface World {
  readonly params: Tensor[]
  readonly state: Tensor[]
}

class Dice {
  private readonly generator: Generator
  constructor(seed: number) {
    this.generator = new Generator(seed)
  }
  below(n: number): number {
    return Math.floor(rand([1], { dtype, generator: this.generator }).item() * n)
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }
}

const unary: ((x: Tensor) => Tensor)[] = [
  (x) => x.tanh(),
  (x) => x.sin(),
  (x) => x.mul(x).add(1).sqrt(),
  (x) => softmax(x, -1),
  (x) => x.T,
  (x) => x.sum(0, { keepdim: true }).add(x),
  (x) => x.mean(1, { keepdim: true }).sub(x),
  (x) => x.narrow(0, 1, 2).tile([2, 1]),
  (x) => x.flip(1),
  (x) => x.max(1).values.reshape([4, 1]).mul(x),
  (x) => x.cumsum(0),
  (x) => x.clone(),
  (x) => x.reshape([2, 8]).reshape([4, 4]),
  (x) => x.detach(),
  (x) => x.abs().log1p(),
]

const binary: ((x: Tensor, y: Tensor) => Tensor)[] = [
  (x, y) => x.add(y),
  (x, y) => x.mul(y),
  (x, y) => x.sub(y.mul(0.5)),
  (x, y) => matmul(x, y).tanh(),
  (x, y) => where(x.gt(y), x, y.neg()),
  (x, y) => x.maximum(y),
  (x, y) => x.select(0, 1).add(y),
]

function statement(dice: Dice): Statement {
  const [a, b, k] = [dice.below(1000), dice.below(1000), dice.below(12)]
  const [one, two] = [dice.pick(unary), dice.pick(binary)]
  const from = (pool: readonly Tensor[], i: number) => pool[i % pool.length]
  if (k < 4) return (pool) => one(from(pool, a))
  if (k < 8) return (pool) => two(from(pool, a), from(pool, b))
  if (k === 8) return () => randn([4, 4], { dtype })
  if (k === 9)
    return (pool, { state }) => {
      noGrad(() => assign(from(state, a), from(pool, b)))
      return from(state, a).mul(1)
    }
  if (k === 10)
    return (pool, { state }) => void noGrad(() => add_(from(state, a).select(0, a % 4), from(pool, b).sum().tanh()))
  return (pool) => {
    const x = from(pool, a).clone()
    noGrad(() => mul_(x.detach().narrow(1, 1, 2), 0.5))
    return x.detach().add(from(pool, b))
  }
}

function program(seed: number): (x: Tensor, world: World) => Tensor[] {
  const dice = new Dice(seed)
  const statements = Array.from({ length: 3 + dice.below(15) }, () => statement(dice))
  const forget = dice.below(2) === 0
  const rate = dice.below(2) * 0.1
  // Then the caller differentiates.
  const outside = dice.below(3) === 0
  return (x, world) => {
    const pool = [x, ...world.params, world.state[0].mul(1)]
    for (const run of statements) {
      const made = run(pool, world)
      if (made) pool.push(made)
    }
    if (forget) for (const p of world.params) p.grad = null
    const loss = pool.map((v) => v.sin().mean()).reduce((s, v) => s.add(v))
    if (outside) return [loss, pool[pool.length - 1].mul(1)]
    loss.backward()
    noGrad(() => {
      for (const p of world.params) if (p.grad) add_(p, p.grad.mul(-rate))
    })
    return [loss, ...pool.slice(-2).map((v) => v.detach().clone())]
  }
}

/** All that can be seen after each of some calls. */
function observe(seed: number, compiled: boolean): number[] {
  manualSeed(seed)
  const make = () => randn([4, 4], { dtype })
  const world: World = { params: [make(), make()], state: [make(), make()] }
  for (const p of world.params) p.requiresGrad = true
  const body = program(seed)
  const step = (x: Tensor) => body(x, world)
  const call = compiled ? compile(step) : step
  const seen: number[] = []
  for (let k = 0; k < 4; k++) {
    if (k === 3) assign(world.state[0], 0.5)
    const x = make()
    const outputs = call(k === 2 ? x.T : x)
    if (outputs[0].gradFn && !outputs[0].gradFn.freed) {
      const [loss, other] = outputs
      if (k === 1) loss.add(other.square().sum()).backward(null, { retainGraph: true })
      if (other.requiresGrad && k === 2) other.sin().sum().backward(null, { retainGraph: true })
      loss.backward()
    }
    const all = [...outputs, x, ...world.params, ...world.params.map((p) => p.grad ?? tensor(0)), ...world.state]
    for (const y of all) seen.push(...y.data)
  }
  return seen
}

it(`random programs compute the same compiled, for ${SECONDS} s`, { timeout: (SECONDS + 60) * 1000 }, () => {
  const until = performance.now() + SECONDS * 1000
  let seed = 1
  for (; seed <= 3 || performance.now() < until; seed++) {
    const [wanted, got] = [observe(seed, false), observe(seed, true)]
    expect(got.length, `seed ${seed}`).toBe(wanted.length)
    const off = got.findIndex(
      (v, i) => !(Object.is(v, wanted[i]) || Math.abs(v - wanted[i]) <= 1e-12 * Math.max(1, Math.abs(wanted[i]))),
    )
    if (off >= 0) expect.fail(`seed ${seed}: number ${off} is ${got[off]}, eagerly ${wanted[off]}`)
  }
})
