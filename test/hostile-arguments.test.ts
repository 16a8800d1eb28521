/**
 * Whatever a function is called with, it answers or throws an error of this library that says what is wrong: every
 * function of the package is called as in its example, with each argument in turn replaced by what does not belong
 * there, and with nothing at all.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as chainrule from '../src/index.ts'

const { ChainruleError, Tensor, tensor } = chainrule
type Fn = (...args: unknown[]) => unknown

const hostile: readonly unknown[] = [
  undefined,
  null,
  '',
  '0',
  'same',
  true,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1.5,
  7,
  3n,
  Symbol('s'),
  {},
  { dim: 1 },
  { foo: 1 },
  Object.create(null),
  new Date(0),
  [],
  [null],
  ['0'],
  [[1]],
  [Number.NaN],
  () => 1,
  new Float32Array(2),
  tensor([1.5, 2]),
  tensor([0, 1], { dtype: 'int32' }),
  tensor(true),
  chainrule.zeros([0]),
  { a: tensor(1) },
]

/** Functions that still let an error of the language through: most call a function they are given, which then throws it. */
const excepted = new Set(
  (
    'arange batchNorm castTo checkGradients checkpoint defineFunction detectAnomaly dropout enableGrad gelu groupNorm ' +
    'layerNorm linspace oneHot rmsNorm to vjp'
  ).split(' '),
)

const isClass = (f: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(f))
const functions = Object.entries(chainrule).filter(
  (entry): entry is [string, Fn] => typeof entry[1] === 'function' && !isClass(entry[1]),
)

/** The arguments with which the examples of the documentation call each function. */
const calls = new Map<string, unknown[][]>()
const scope: Record<string, unknown> = { ...chainrule }
let depth = 0
for (const [name, fn] of functions) {
  scope[name] = (...args: unknown[]) => {
    if (depth === 0) calls.set(name, [...(calls.get(name) ?? []), args])
    depth++
    try {
      return fn(...args)
    } finally {
      depth--
    }
  }
}
const root = fileURLToPath(new URL('../src', import.meta.url))
for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
  for (const [, example] of readFileSync(join(root, file), 'utf8').matchAll(/@example (.+?)\s*(?:\*\/|\n)/g)) {
    try {
      new Function(...Object.keys(scope), example.split(' // ')[0])(...Object.values(scope))
    } catch {
      // Names that are not part of the package; the examples have a test of their own.
    }
  }
}

const matrix = () => tensor([[1, 2, 3]])
const square = (x: chainrule.Tensor) => x.mul(x).sum()
const usual = () => [[matrix()], [matrix(), matrix()], [square, matrix()], [[2, 3]]]
const copy = (x: unknown): unknown => (x instanceof Tensor ? tensor(x, { requiresGrad: x.requiresGrad }) : x)

/** What is wrong with a call: an error that is not ours, a tensor that is none; undefined where nothing is. */
function complaint(fn: Fn, args: readonly unknown[]): string | undefined {
  try {
    const result = fn(...args)
    for (const y of [result].flat()) {
      if (y instanceof Promise) y.catch(() => {})
      if (y instanceof Tensor && (!y.shape.every((n) => n >= 0 && Number.isInteger(n)) || y.data.length !== y.size))
        return `returned a tensor of ${y.shape}`
    }
  } catch (error) {
    if (!(error instanceof ChainruleError)) return String(error)
  }
  return undefined
}

const label = (x: unknown): string =>
  typeof x === 'object' && x !== null ? (x.constructor?.name ?? 'bare object') : String(x)

describe('hostile arguments', () => {
  it.each(functions.filter(([name]) => !excepted.has(name)))('%s', (name, fn) => {
    const found: string[] = []
    const check = (args: readonly unknown[], what: string) => {
      const wrong = complaint(fn, args.map(copy))
      if (wrong) found.push(`${what}: ${wrong}`)
    }
    check([], 'nothing')
    for (const args of (calls.get(name) ?? usual()).slice(0, 3)) {
      for (let i = 0; i <= args.length; i++) {
        for (const value of hostile)
          check([...args.slice(0, i), value, ...args.slice(i + 1)], `${label(value)} at ${i}`)
      }
    }
    expect(found).toEqual([])
  })
})
