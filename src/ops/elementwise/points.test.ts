/** Every elementwise op against its own declarations: points, partials to order 3, and what is written by hand. */
import { describe, expect, it } from 'vitest'
import { add, c, call, differentiate, evaluate, fold, freeArgs, mul, type Scalar } from '../../scalar/index.ts'
import type { ElementwiseDefinition } from '../kinds/elementwise.ts'
import * as index from './index.ts'

type Env = Record<string, number>

const ops = Object.values(index).filter((op): op is typeof op & ElementwiseDefinition => 'kind' in op)

/** The same number, up to a few units in the last place; -0 is 0. */
function expectUlp(got: number, wanted: number, ulp: number, what: string) {
  const near = Math.abs(got - wanted) <= ulp * Number.EPSILON * Math.abs(wanted)
  expect(near || Object.is(got + 0, wanted + 0), `${what}: ${got}, not ${wanted}`).toBe(true)
}

function expectClose(got: number, wanted: number, tolerance: number, what: string) {
  const error = Math.abs(got - wanted) / Math.max(1, Math.abs(wanted))
  expect(error <= tolerance, `${what}: ${got}, not ${wanted}`).toBe(true)
}

const env = (op: ElementwiseDefinition, at: readonly number[]): Env => {
  const given = Object.fromEntries(op.args.map((a, i) => [a, at[i]]))
  return { ...given, y: evaluate(op.formula, given) }
}

/** d f / d arg, where f is in terms of the arguments and of y: what the engine does with a partial that reads y. */
function total(op: ElementwiseDefinition, f: Scalar, i: number): Scalar {
  const direct = differentiate(f, op.args[i])
  return freeArgs(f).includes('y') ? add(direct, mul(differentiate(f, 'y'), op.partials[i])) : direct
}

/** Reproducible ordinary points. */
function ordinary(op: ElementwiseDefinition, count: number): number[][] {
  let state = 12345
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
  return Array.from({ length: count }, () =>
    op.args.map((a) => {
      const [low, high] = op.domain?.[a] ?? [-2, 2]
      return low + (high - low) * random()
    }),
  )
}

const shifted = (at: readonly number[], i: number, by: number) => at.map((v, j) => (j === i ? v + by : v))

/** With errors of order h^6. */
function centralDifference(op: ElementwiseDefinition, f: Scalar, at: readonly number[], i: number): number {
  const value = (k: number) => evaluate(f, env(op, shifted(at, i, k * h)))
  return (45 * (value(1) - value(-1)) - 9 * (value(2) - value(-2)) + (value(3) - value(-3))) / (60 * h)
}

const h = 1e-3

/** Which of its pieces the formula is in: the outcome of every comparison and step on the way. */
function piece(f: Scalar, values: Env): string {
  const pieces: number[] = []
  fold<number>(f, (node, of) => {
    const value = evaluate(node.is === 'call' ? call(node.fn, ...of.map(c)) : node, values)
    if (node.is !== 'call') return value
    if (['eq', 'lt', 'le', 'sign', 'floor', 'round'].includes(node.fn)) pieces.push(value)
    if (node.fn === 'abs') pieces.push(Math.sign(of[0]))
    if (node.fn === 'min' || node.fn === 'max') pieces.push(Math.sign(of[0] - of[1]))
    if (node.fn === 'fmod') pieces.push(Math.trunc(of[0] / of[1]))
    return value
  })
  return pieces.join()
}

/** Within reach of the differences. */
const isSmooth = (op: ElementwiseDefinition, at: readonly number[]) =>
  new Set([-3, 0, 3].flatMap((k) => at.map((_, i) => piece(op.formula, env(op, shifted(at, i, k * h)))))).size === 1

describe.each(ops.map((op) => [op.name, op] as const))('%s', (_, op) => {
  it('has the declared values and partials', () => {
    expect(op.points?.length).toBeGreaterThan(0)
    for (const { at, y, partials } of op.points ?? []) {
      const values = env(op, at)
      expectUlp(values.y, y, 4, `${op.name}(${at})`)
      for (const [i, wanted] of (partials ?? []).entries())
        expectUlp(evaluate(op.partials[i], values), wanted, 4, `d ${op.name}(${at}) / d ${op.args[i]}`)
    }
  })

  it('has partials that equal the derived ones', () => {
    for (const at of ordinary(op, 40))
      op.args.forEach((a, i) => {
        if (!op.handwritten[i]) return
        const derived = evaluate(differentiate(op.formula, a), env(op, at))
        expectClose(evaluate(op.partials[i], env(op, at)), derived, 1e-9, `d ${op.name}(${at}) / d ${a}`)
      })
  })

  it('has partials that equal central differences, to order 3', () => {
    if (!op.differentiable) return
    for (const at of ordinary(op, 12).filter((at) => isSmooth(op, at)))
      op.args.forEach((_, i) => {
        let f = op.formula
        for (const order of [1, 2, 3]) {
          for (let j = 0; j < op.args.length; j++) {
            const g = order === 1 && j === i ? op.partials[i] : total(op, f, j)
            const what = `order ${order} of ${op.name}(${at}) in ${op.args[i]}, then ${op.args[j]}`
            expectClose(evaluate(g, env(op, at)), centralDifference(op, f, at, j), 1e-7, what)
          }
          f = order === 1 ? op.partials[i] : total(op, f, i)
        }
      })
  })
})

describe('beyond all overflow', () => {
  const saturating = [
    'sigmoid',
    'tanh',
    'silu',
    'mish',
    'gelu',
    'geluTanh',
    'logSigmoid',
    'softsign',
    'softplus',
  ] as const
  it.each(saturating)('the second and third derivative of %s is 0', (name) => {
    const op = ops.find((op) => op.name === name)!
    const second = total(op, op.partials[0], 0)
    const third = total(op, second, 0)
    for (const x of [-Infinity, -1e200, -1000, -800, 800, 1000, 1e200, Infinity]) {
      const values = env(op, [x, 1, 20])
      for (const f of [second, third]) expectClose(evaluate(f, values), 0, 1e-8, `${name} at ${x}`)
    }
  })
})

it('sinc has the derivatives 0, -pi^2/3, 0, pi^4/5, 0, -pi^6/7 at 0', () => {
  let f = index.sinc.formula
  for (const wanted of [0, -(Math.PI ** 2) / 3, 0, Math.PI ** 4 / 5, 0, -(Math.PI ** 6) / 7]) {
    f = differentiate(f, 'x')
    expectUlp(evaluate(f, { x: 0 }), wanted, 8, 'sinc')
  }
})
