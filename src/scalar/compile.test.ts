import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { composeClosure } from './closure.ts'
import { codeGeneration, compileLoop, compileScalar } from './compile.ts'
import { differentiate } from './differentiate.ts'
import { emitJs } from './emit.ts'
import { evaluate } from './evaluate.ts'
import * as s from './expression.ts'
import { arg, c, type Intrinsic, type Scalar } from './expression.ts'
import { intrinsics } from './intrinsics.ts'
import { simplify } from './simplify.ts'

const x = arg('x')
const y = arg('y')
const modes = ['generate', 'compose'] as const

afterEach(() => codeGeneration.force(undefined))

const special = [0, -0, 1, -1, 2, 3, 0.5, -2.5, Infinity, -Infinity, NaN, 1e308, 5e-324]
const anyNumber = fc.oneof(fc.constantFrom(...special), fc.double({ min: -30, max: 30 }))
const arity = (fn: Intrinsic) => (fn === 'select' ? 3 : intrinsics[fn].value.length)

const formulas = (names: readonly Intrinsic[]): fc.Arbitrary<Scalar> =>
  fc.letrec<{ tree: Scalar }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6, depthSize: 'medium' },
      fc.constantFrom<Scalar>(x, y),
      anyNumber.map(c),
      fc.constantFrom(...names).chain((fn) => {
        const of = Array.from({ length: arity(fn) }, () => tie('tree'))
        return fc.tuple(...of).map((args) => s.call(fn, ...args))
      }),
    ),
  })).tree

const all = Object.keys(intrinsics) as Intrinsic[]

describe('compiled formulas', () => {
  it('equal the tree walk bit for bit, generated and composed', () => {
    fc.assert(
      fc.property(formulas(all), anyNumber, anyNumber, (f, a, b) => {
        const expected = evaluate(f, { x: a, y: b })
        for (const mode of modes) {
          codeGeneration.force(mode)
          expect(compileScalar(f, ['x', 'y'])(a, b)).toBe(expected)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('simplify changes no value but the sign of a zero', () => {
    const same = (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b))
    // 1/-0 and its kind turn a zero's sign into a value
    const signBlind = all.filter((fn) => !['div', 'pow', 'atan2'].includes(fn))
    fc.assert(
      fc.property(formulas(signBlind), anyNumber, anyNumber, (f, a, b) =>
        same(evaluate(simplify(f), { x: a, y: b }), evaluate(f, { x: a, y: b })),
      ),
      { numRuns: 400 },
    )
  })

  it('int32 sums and products wrap alike in both modes', () => {
    const integers: Intrinsic[] = ['add', 'sub', 'mul', 'neg', 'abs', 'min', 'max', 'fmod', 'lt', 'select', 'sign']
    fc.assert(
      fc.property(formulas(integers), fc.integer(), fc.integer(), (f, a, b) => {
        const results = modes.map((mode) => {
          codeGeneration.force(mode)
          return compileScalar(f, ['x', 'y'], { integer: true })(a, b)
        })
        expect(results[0]).toBe(results[1])
      }),
      { numRuns: 200 },
    )
    const f = compileScalar(s.add(s.mul(x, y), c(1)), ['x', 'y'], { integer: true })
    expect(f(123456789, 987654321)).toBe((Math.imul(123456789, 987654321) + 1) | 0)
    expect(compileScalar(s.mul(s.div(x, y), c(2)), ['x', 'y'], { integer: true })(3, 2)).toBe(3)
  })

  it('a formula 5000 deep compiles, in both modes', () => {
    let f: Scalar = x
    for (let i = 0; i < 5000; i++) f = s.add(s.sin(f), y)
    const expected = evaluate(f, { x: 0.3, y: 0.1 })
    for (const mode of modes) {
      codeGeneration.force(mode)
      expect(compileScalar(f, ['x', 'y'])(0.3, 0.1)).toBe(expected)
    }
  })

  it('a formula that doubles 60 times stays linear in size', () => {
    let f: Scalar = x
    for (let i = 0; i < 60; i++) f = s.mul(f, f)
    expect(emitJs([f], { args: { x: 'x' } }).statements).toHaveLength(59)
    expect(composeClosure(f, ['x'])(new Float64Array([1]))).toBe(1)
  })

  it('a missing argument is named', () => {
    expect(() => compileScalar(s.add(x, y), ['x'])).toThrow("The formula reads 'y'")
    expect(() => evaluate(x, {})).toThrow("'x'")
  })
})

describe('emitted source', () => {
  const emit = (...roots: Scalar[]) => emitJs(roots, { args: { x: 'a[i]', y: 'b' } })
  it('is inline where nothing is shared', () => {
    expect(emit(s.div(s.add(x, y), s.exp(s.neg(x)))).results).toEqual(['((a[i] + b) / Math.exp((-a[i])))'])
    expect(emit(s.select(s.lt(x, y), x, c(-0))).results).toEqual(['(a[i] < b ? a[i] : (-0))'])
    expect(emit(s.select(s.mul(s.eq(x, y), s.le(x, y)), c(1), x)).results).toEqual([
      '(a[i] === b && a[i] <= b ? 1 : a[i])',
    ])
    expect(emit(s.select(x, c(1), y)).results).toEqual(['(a[i] !== 0 ? 1 : b)'])
  })

  it('names what is shared, across roots too', () => {
    const f = s.sin(s.pow(s.add(x, y), c(2)))
    expect(emit(f, differentiate(f, 'x'))).toEqual({
      statements: ['const t0 = (a[i] + b)', 'const t1 = (t0 * t0)'],
      results: ['Math.sin(t1)', '(Math.cos(t1) * (2 * t0))'],
    })
  })

  it('uses int32 arithmetic only on integers', () => {
    const { results } = emitJs([s.mul(s.add(x, c(1)), s.div(x, y))], { args: { x: 'x', y: 'y' }, integer: true })
    expect(results).toEqual(['((x + 1 | 0) * (x / y))'])
  })
})

describe('code generation', () => {
  it('is detected, and can be forced', () => {
    expect(codeGeneration.allowed()).toBe(true)
    codeGeneration.force('compose')
    expect(codeGeneration.allowed()).toBe(false)
    codeGeneration.force(undefined)
    expect(codeGeneration.allowed()).toBe(true)
  })
})

describe('loops', () => {
  const sigmoid = s.div(c(1), s.add(c(1), s.exp(s.neg(x))))
  for (const mode of modes)
    it(`run over vectors and numbers, ${mode}d`, () => {
      codeGeneration.force(mode)
      const f = compileLoop(s.mul(sigmoid, y), ['x', 'y'], { operands: ['vector', 'number'], label: 'sigmoid f64' })
      const out = new Float64Array(4)
      f(3, out, new Float64Array([-1000, 0, 2, 5]), 2)
      expect([...out]).toEqual([0, 1, 2 * (1 / (1 + Math.exp(-2))), 0])
    })

  it('rounds to the type of the output', () => {
    const out = new Float32Array(1)
    compileLoop(s.div(x, y), ['x', 'y'], { operands: ['vector', 'vector'] })(
      1,
      out,
      new Float32Array([1]),
      new Float32Array([3]),
    )
    expect(out[0]).toBe(Math.fround(1 / 3))
  })

  it('wants one kind per argument', () => {
    expect(() => compileLoop(x, ['x'], { operands: [] })).toThrow('1 arguments but 0')
  })
})
