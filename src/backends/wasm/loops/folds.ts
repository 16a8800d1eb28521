/**
 * Accumulators. Sums of float32 are kept in float64: up to four vectors that stand side by side in an iteration are added
 * in float32, two additions one after the other, and that is added to float64 lanes. So with the unit u = 2⁻²⁴ of rounding
 * a sum of any length is off by at most 3 u Σ|x|: two u for these additions, one for rounding the result.
 */
import { type Expr, type Local, op, shuffle, v128 } from '../emit/code.ts'
import { emitFormula } from '../formula.ts'
import { type Lanes, type Register, strandOf, type V } from '../lanes.ts'
import type { Extreme, Fold } from './recipe.ts'

/** Which vectors an iteration holds side by side: rows of so many vectors along the lanes. */
export interface Shape {
  readonly rows: number
  readonly vectors: number
  /** How many lanes of the last vector exist. */
  readonly last: number
}

/** What is folded, as code: started before the loops, joined with values in them, finished behind. */
export interface Accumulator {
  /** What it has joined so far. */
  readonly held: readonly Local<'v128'>[]
  join(value: V, shape: Shape): void
  /** The result: in every lane the same for `row`, one per lane for `column`. */
  finish(): Register
}

type Vector = Expr<'v128'>

/** How many terms are added in float32 at most. */
const TERMS = 4

/** `strands` vectors are folded side by side. */
export function accumulator(l: Lanes, fold: Fold, kind: 'row' | 'column', strands: number): Accumulator {
  if (fold.extreme) return extremes(l, fold.extreme, kind, strands)
  if (fold.sums && l.precision === 'float32') return kind === 'row' ? sumOfRow(l) : sumOfColumns(l, strands)
  return monoid(l, fold, kind, strands)
}

/** How many vectors an accumulator of columns holds for each vector along the lanes. */
export const heldBy = (l: Lanes, { extreme, sums }: Fold): number =>
  extreme || (sums && l.precision === 'float32') ? 2 : 1

/** A mask of the first lanes. */
const firstLanes = (l: Lanes, lanes: number): Vector =>
  v128(Array.from({ length: 16 }, (_, i) => (i < (16 / l.count) * lanes ? 0xff : 0)))

function sumOfRow(l: Lanes): Accumulator {
  const wide = l.in('float64')
  const sums = wide.variables(2, wide.c(0))
  return {
    held: sums.strands,
    join(value, { vectors, last }) {
      const terms = Array.from({ length: vectors }, (_, i) => strandOf(value, i))
      if (last < l.count) terms.push(op('v128.and', terms.pop()!, firstLanes(l, last)))
      addHalves(l, sums, 0, paired(terms))
    },
    finish() {
      const both = l.f.let(op('f64x2.add', sums.strands[0], sums.strands[1]))
      const total = op('f64x2.add', both, shuffle(both, both, [1, 0]))
      const narrow = l.f.let(op('f32x4.demote_f64x2_zero', total))
      return l.let({ strands: [shuffle(narrow, narrow, [0, 1, 0, 1])] })
    },
  }
}

function sumOfColumns(l: Lanes, strands: number): Accumulator {
  const wide = l.in('float64')
  const sums = wide.variables(2 * strands, wide.c(0))
  return {
    held: sums.strands,
    join(value, { rows, vectors }) {
      for (let v = 0; v < vectors; v++) {
        const terms = Array.from({ length: rows }, (_, r) => strandOf(value, r * vectors + v))
        for (let r = 0; r < rows; r += TERMS) addHalves(l, sums, v, paired(terms.slice(r, r + TERMS)))
      }
    },
    finish() {
      const narrow = sums.strands.map((x) => op('f32x4.demote_f64x2_zero', x))
      return l.let({
        strands: Array.from({ length: strands }, (_, v) => shuffle(narrow[2 * v], narrow[2 * v + 1], [0, 1, 4, 5])),
      })
    },
  }
}

/** (a + b) + (c + d): short chains, small errors. */
function paired(terms: readonly Vector[]): Vector {
  if (terms.length === 1) return terms[0]
  const half = Math.ceil(terms.length / 2)
  return op('f32x4.add', paired(terms.slice(0, half)), paired(terms.slice(half)))
}

function addHalves(l: Lanes, { strands }: Register, v: number, value: Vector): void {
  const [low, high] = [strands[2 * v], strands[2 * v + 1]]
  const x = l.f.let(value)
  l.f.set(low, op('f64x2.add', low, op('f64x2.promote_low_f32x4', x)))
  l.f.set(high, op('f64x2.add', high, op('f64x2.promote_low_f32x4', shuffle(x, x, [2, 3, 2, 3]))))
}

/**
 * IEEE's maximum costs seven instructions on some processors; here one that is not told about NaN, which is watched for
 * beside it. Of zeros of both signs it may be either.
 */
function extremes(l: Lanes, { largest, start }: Extreme, kind: 'row' | 'column', strands: number): Accumulator {
  const acc = l.variables(strands, l.c(start))
  const broken = l.variables(strands, l.c(0))
  const better = (a: V, b: V): V => (largest ? l.atLeast(a, b) : l.atMost(a, b))
  return {
    held: [...acc.strands, ...broken.strands],
    join(value, { rows, vectors, last }) {
      for (let r = 0; r < rows; r++) {
        for (let v = 0; v < vectors; v++) {
          const whole = kind === 'column' || v < vectors - 1 || last === l.count
          const x: V = { strands: [strandOf(value, r * vectors + v)] }
          const known = whole ? x : l.let(l.select({ strands: [firstLanes(l, last)] }, x, l.c(start)))
          const [to, nan] = [acc, broken].map(({ strands: all }): Register => ({ strands: [all[v]] }))
          l.set(to, better(to, known))
          l.set(nan, l.or(nan, l.ne(known, known)))
        }
      }
    },
    finish() {
      const each = (name: Register) => name.strands.map((strand): V => ({ strands: [strand] }))
      if (kind === 'column') return l.let(l.or(broken, acc))
      const one = l.let(each(acc).reduce(better))
      const nan = l.let(each(broken).reduce(l.or))
      const turned = (x: Register, turn: number[]): V => ({ strands: [shuffle(x.strands[0], x.strands[0], turn)] })
      const joined = (join: (a: V, b: V) => V) => (x: Register, turn: number[]) => l.let(join(x, turned(x, turn)))
      return l.let(l.or(turns(l).reduce(joined(l.or), nan), turns(l).reduce(joined(better), one)))
    },
  }
}

function monoid(l: Lanes, fold: Fold, kind: 'row' | 'column', strands: number): Accumulator {
  const acc = l.variables(strands, l.c(fold.identity))
  const combine = (a: Register, b: Register) => emitFormula(l, fold.combine, [a, b])
  const one = (x: Vector): Register => l.let({ strands: [x] })
  return {
    held: acc.strands,
    join(value, { rows, vectors, last }) {
      for (let r = 0; r < rows; r++) {
        for (let v = 0; v < vectors; v++) {
          const to = acc.strands[v]
          const next = combine({ strands: [to] }, one(strandOf(value, r * vectors + v))).strands[0]
          const whole = kind === 'column' || v < vectors - 1 || last === l.count
          l.f.set(to, whole ? next : op('v128.bitselect', next, to, firstLanes(l, last)))
        }
      }
    },
    finish() {
      if (kind === 'column') return l.let(acc)
      const joined = acc.strands.map((strand): Register => ({ strands: [strand] })).reduce(combine)
      return turns(l).reduce((x, turn) => {
        const [strand] = x.strands
        return combine(x, one(shuffle(strand, strand, turn)))
      }, joined)
    },
  }
}

/** Every lane with its neighbour, then every pair with the other. */
const turns = (l: Lanes): number[][] =>
  l.count === 2
    ? [[1, 0]]
    : [
        [2, 3, 0, 1],
        [1, 0, 3, 2],
      ]
