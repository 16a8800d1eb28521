/** Trajectories of optimizers, sequences of learning rates and clipped gradients against PyTorch: see fixtures/make_optim.py. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as optim from '../src/optim/index.ts'
import { fromArray, type Tensor, tensor } from '../src/tensor/index.ts'

type Options = Record<string, unknown>
interface Flat {
  shape: number[]
  data: number[]
}
interface Fixtures {
  problem: { start: number[]; a: number[]; b: number[]; c: number[] }[]
  optimizers: {
    optimizer: string
    options: Options
    groups: { params: number[]; options?: Options }[]
    trajectory: number[][][]
    evaluations?: number
  }[]
  schedulers: {
    scheduler: string
    optimizer: string
    optimizerOptions: Options
    groups: Options[]
    options: Options
    metrics?: number[]
    lrs: number[][]
    momenta?: number[][]
  }[]
  chains: { schedulers: [string, Options][]; set: Record<string, number>; lrs: number[][] }[]
  clipping: { op: string; args: number[]; options: Options; gradients: Flat[]; clipped: Flat[]; total?: number }[]
}

const fixtures = JSON.parse(readFileSync(new URL('./fixtures/optim.json', import.meta.url), 'utf8')) as Fixtures
const problem = fixtures.problem

type AnyOptimizer = optim.Optimizer & { step(closure?: () => number): unknown }
type Momenta = { lr: number; momentum?: number; betas?: number[] }[]
const classes = optim as unknown as Record<string, new (...args: unknown[]) => unknown>
const makeOptimizer = (name: string, ...args: unknown[]) => new classes[name](...args) as AnyOptimizer
const text = (options: object) => JSON.stringify(options)

/** Σ a x⁴ / 4 - b x + c sin x, whose gradient a x³ - b + c cos x is put where backward would put it. */
function lossAndGradients(xs: readonly Tensor[]): number {
  let loss = 0
  xs.forEach((x, k) => {
    const { a, b, c } = problem[k]
    const values = x.data
    for (let i = 0; i < a.length; i++)
      loss += (a[i] * values[i] ** 4) / 4 - b[i] * values[i] + c[i] * Math.sin(values[i])
    x.grad = tensor(
      Array.from(values, (v, i) => a[i] * v ** 3 - b[i] + c[i] * Math.cos(v)),
      { dtype: 'float64' },
    )
  })
  return loss
}

describe('optimizers follow the trajectories of PyTorch', () => {
  test.each(fixtures.optimizers.map((c) => [c.optimizer, text(c.options), text(c.groups), c] as const))(
    '%s %s %s',
    (_1, _2, _3, c) => {
      const xs = problem.map(({ start }) => tensor(start, { dtype: 'float64', requiresGrad: true }))
      const groups = c.groups.map(({ params, options }) => ({ params: params.map((i) => xs[i]), ...options }))
      const optimizer = makeOptimizer(c.optimizer, groups, c.options)
      let evaluations = 0
      const closure = () => {
        evaluations++
        return lossAndGradients(xs)
      }
      for (const expected of c.trajectory) {
        optimizer.step(closure)
        xs.forEach((x, k) => {
          x.data.forEach((v, i) => {
            expect(Math.abs(v - expected[k][i])).toBeLessThan(1e-10 * Math.max(1, Math.abs(v)))
          })
        })
      }
      if (c.evaluations !== undefined) expect(evaluations).toBe(c.evaluations)
    },
  )
})

describe('schedulers give the sequences of PyTorch', () => {
  test.each(fixtures.schedulers.map((c) => [c.scheduler, text(c.options), c] as const))('%s %s', (_1, _2, c) => {
    const groups = c.groups.map((options) => ({ params: [tensor([0])], ...options }))
    const optimizer = makeOptimizer(c.optimizer, groups, c.optimizerOptions)
    const scheduler = new classes[c.scheduler](optimizer, c.options) as {
      step(metric?: number): void
      getLastLr(): number[]
    }
    const close = (found: (number | undefined)[], expected: number[]) =>
      found.forEach((v, i) => {
        expect(v).toBeCloseTo(expected[i], 10)
      })
    c.lrs.forEach((lrs, k) => {
      if (c.metrics) scheduler.step(c.metrics[k])
      else if (k > 0) scheduler.step()
      const now: Momenta = optimizer.paramGroups
      close(
        now.map(({ lr }) => lr),
        lrs,
      )
      expect(scheduler.getLastLr()).toEqual(now.map(({ lr }) => lr))
      if (c.momenta)
        close(
          now.map(({ momentum, betas }) => momentum ?? betas?.[0]),
          c.momenta[k],
        )
    })
  })
})

describe('several schedulers, and rates changed by hand in between, give the sequences of PyTorch', () => {
  test.each(fixtures.chains.map((c) => [text(c.schedulers), text(c.set), c] as const))('%s %s', (_1, _2, c) => {
    const optimizer = makeOptimizer('SGD', [tensor([0])], { lr: 1 })
    const group = optimizer.paramGroups[0]
    const expectRate = (k: number, i: number) =>
      expect(Math.abs(group.lr - c.lrs[k][i]), `round ${k}, scheduler ${i}`).toBeLessThan(
        1e-12 * Math.max(1, c.lrs[k][i]),
      )
    const schedulers = c.schedulers.map(([name, options], i) => {
      const scheduler = new classes[name](optimizer, options) as optim.LRScheduler
      expectRate(0, i)
      return scheduler
    })
    for (let k = 1; k < c.lrs.length; k++) {
      group.lr *= c.set[k] ?? 1
      schedulers.forEach((scheduler, i) => {
        scheduler.step()
        expectRate(k, i)
      })
    }
  })
})

describe('gradients are clipped as in PyTorch', () => {
  test.each(fixtures.clipping.map((c) => [c.op, c.args[0], text(c.options), c] as const))(
    '%s %d %s',
    (_1, _2, _3, c) => {
      const params = c.gradients.map(({ shape, data }) => {
        const x = fromArray(new Float64Array(data.length), shape, 'float64')
        x.grad = fromArray(Float64Array.from(data), shape, 'float64')
        return x
      })
      const options = { ...c.options }
      if (options.normType === 'Infinity') options.normType = Infinity
      if (c.op === 'clipGradNorm') {
        const total = optim.clipGradNorm(params, c.args[0], options)
        expect(Math.abs(total.item() - c.total!)).toBeLessThan(1e-12 * c.total!)
      } else optim.clipGradValue(params, c.args[0])
      params.forEach((x, k) => {
        x.grad!.data.forEach((v, i) => {
          expect(Math.abs(v - c.clipped[k].data[i])).toBeLessThan(1e-12 * Math.max(1, Math.abs(v)))
        })
      })
    },
  )
})
