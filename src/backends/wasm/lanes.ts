/**
 * Arithmetic on vectors of one width: four float32 or two float64. What is written with these works in either; masks
 * have all bits of a lane set or none. Constants are read from a table in memory before the loop, once each: Node 26
 * rebuilds a constant written into a loop in every iteration, at twice the time of the whole exponential.
 */
import { call, type Expr, i32, type Local, lane, load, op } from './emit/code.ts'
import type { FunctionBuilder } from './emit/function.ts'
import type { ModuleBuilder } from './emit/module.ts'
import type { Opcode, opcodes } from './emit/opcodes.ts'
import type { Heap } from './memory.ts'

/**
 * A value: one vector per strand, or one for all of them. Strands are neighbouring vectors that a kernel computes side
 * by side, instruction by instruction: while one waits for its last step, the other does its next.
 */
export interface V {
  readonly strands: readonly Expr<'v128'>[]
}

/** A value held in variables. */
export interface Register extends V {
  readonly strands: readonly Local<'v128'>[]
}

/**
 * How a formula is computed: in float32, in float64, or in float64 for a result that is then rounded to float32, which
 * leaves 29 bits to spare.
 */
export type Precision = 'float32' | 'float64' | 'narrow'

/** What a kernel is written into. */
export interface Target {
  readonly module: ModuleBuilder
  readonly heap: Heap
  readonly f: FunctionBuilder
  /** Whether products and sums may be one instruction (relaxed SIMD), with one rounding or two. */
  readonly fused?: boolean
}

/** Bytes of a vector. */
export const VECTOR = 16

/** Up to how many terms a polynomial is one chain. */
const SHORT = 5

export class Lanes {
  readonly precision: Precision
  readonly target: Target
  readonly f: FunctionBuilder
  /** Lanes in a vector. */
  readonly count: number
  private readonly float: 'f32x4' | 'f64x2'
  private readonly integer: 'i32x4' | 'i64x2'
  private readonly constants = new Map<bigint, Register>()
  /** The same by their values; 0 and -0 would be one. */
  private readonly numbers = new Map<number, Register>()
  private readonly shared: Lanes[]

  constructor(precision: Precision, target: Target, shared: Lanes[] = []) {
    this.precision = precision
    this.target = target
    this.f = target.f
    this.count = precision === 'float32' ? 4 : 2
    this.float = precision === 'float32' ? 'f32x4' : 'f64x2'
    this.integer = precision === 'float32' ? 'i32x4' : 'i64x2'
    this.shared = shared
    shared.push(this)
  }

  /** The same function in another precision; asked for again, the same lanes. */
  in(precision: Precision): Lanes {
    return this.shared.find((lanes) => lanes.precision === precision) ?? new Lanes(precision, this.target, this.shared)
  }

  /** A number in every lane. */
  c(value: number): Register {
    const known = this.numbers.get(value)
    if (known && !Object.is(value, -0)) return known
    const made = this.bits(this.count === 4 ? bitsOfSingle(value) : bitsOfDouble(value))
    if (!Object.is(value, -0)) this.numbers.set(value, made)
    return made
  }

  /** The same bits in every lane. */
  bits(value: bigint): Register {
    const known = this.constants.get(value)
    if (known) return known
    const address = i32(this.target.heap.constant(value))
    const made = this.f.letFirst(load(this.count === 4 ? 'v128.load32_splat' : 'v128.load64_splat', address))
    const constant = { strands: [made] }
    this.constants.set(value, constant)
    return constant
  }

  set(to: Register, value: V): void {
    for (const [i, strand] of to.strands.entries()) this.f.set(strand, strandOf(value, i))
  }

  /** Variables of their own, so many strands, that start from a value. */
  variables(strands: number, start: V): Register {
    const made: Register = { strands: Array.from({ length: strands }, () => this.f.local('v128')) }
    this.set(made, start)
    return made
  }

  /** A variable for what is read more than once. */
  let(x: V): Register {
    return isRegister(x) ? x : { strands: x.strands.map((strand) => this.f.let(strand)) }
  }

  add = (a: V, b: V): V => each(`${this.float}.add`, a, b)
  sub = (a: V, b: V): V => each(`${this.float}.sub`, a, b)
  mul = (a: V, b: V): V => each(`${this.float}.mul`, a, b)
  /** a b + c. */
  multiplyAdd = (a: V, b: V, c: V): V =>
    this.target.fused ? each(`${this.float}.relaxed_madd`, a, b, c) : this.add(this.mul(a, b), c)
  div = (a: V, b: V): V => each(`${this.float}.div`, a, b)
  neg = (a: V): V => each(`${this.float}.neg`, a)
  abs = (a: V): V => each(`${this.float}.abs`, a)
  sqrt = (a: V): V => each(`${this.float}.sqrt`, a)
  floor = (a: V): V => each(`${this.float}.floor`, a)
  /** To the nearest integer, halves to the even one. */
  nearest = (a: V): V => each(`${this.float}.nearest`, a)
  /** IEEE: NaN if one is, -0 below 0. */
  min = (a: V, b: V): V => each(`${this.float}.min`, a, b)
  max = (a: V, b: V): V => each(`${this.float}.max`, a, b)
  /** x bounded from above and below; NaN stays. */
  atMost = (x: V, bound: V): V => each(`${this.float}.pmin`, x, bound)
  atLeast = (x: V, bound: V): V => each(`${this.float}.pmax`, x, bound)
  eq = (a: V, b: V): V => each(`${this.float}.eq`, a, b)
  ne = (a: V, b: V): V => each(`${this.float}.ne`, a, b)
  lt = (a: V, b: V): V => each(`${this.float}.lt`, a, b)
  le = (a: V, b: V): V => each(`${this.float}.le`, a, b)
  and = (a: V, b: V): V => each('v128.and', a, b)
  or = (a: V, b: V): V => each('v128.or', a, b)
  xor = (a: V, b: V): V => each('v128.xor', a, b)
  /** The bits of a that b has not. */
  without = (a: V, b: V): V => each('v128.andnot', a, b)
  select = (mask: V, then: V, otherwise: V): V => each('v128.bitselect', then, otherwise, mask)
  /** Whether a lane of a strand is set. */
  any(mask: V): Expr<'i32'> {
    const all = mask.strands.reduce<Expr<'v128'>>((a, b) => op('v128.or', a, b), mask.strands[0])
    return op('v128.any_true', all)
  }

  /** Whether all lanes of all strands are set. */
  all(mask: V): Expr<'i32'> {
    const all = mask.strands.reduce<Expr<'v128'>>((a, b) => op('v128.and', a, b), mask.strands[0])
    return op('i32x4.all_true', all)
  }

  /** Bits of the lanes as integers. */
  shiftLeft = (a: V, by: number): V => on(a, (x) => op(`${this.integer}.shl`, x, i32(by)))
  shiftRight = (a: V, by: number): V => on(a, (x) => op(`${this.integer}.shr_u`, x, i32(by)))
  addBits = (a: V, b: V): V => each(`${this.integer}.add`, a, b)
  subBits = (a: V, b: V): V => each(`${this.integer}.sub`, a, b)

  /** The sign bit of every lane. */
  get signs(): Register {
    return this.c(-0)
  }

  /** |size| with the sign of x. */
  withSign = (size: V, x: V): V => this.or(size, this.and(x, this.signs))

  /**
   * Lowest power first. Long polynomials as e(x²) + x o(x²), even and odd powers apart: two chains of half the length,
   * since it is not the number of steps that costs but waiting for the step before.
   */
  polynomial(coefficients: readonly number[], x: V): V {
    if (coefficients.length <= SHORT) return this.horner(coefficients, x)
    const base = this.let(x)
    const square = this.let(this.mul(base, base))
    const [even, odd] = [0, 1].map((parity) => coefficients.filter((_, i) => i % 2 === parity))
    return this.multiplyAdd(base, this.polynomial(odd, square), this.polynomial(even, square))
  }

  private horner(coefficients: readonly number[], x: V): V {
    const base = this.let(x)
    return coefficients
      .slice(0, -1)
      .reduceRight<V>((sum, c) => this.multiplyAdd(sum, base, this.c(c)), this.c(coefficients.at(-1)!))
  }

  /** A number that JavaScript hands over, in every lane. */
  splat(value: Expr<'f64'>): V {
    return { strands: [this.count === 4 ? op('f32x4.splat', op('f32.demote_f64', value)) : op('f64x2.splat', value)] }
  }

  /** Lane by lane through a function of JavaScript: for what is rare or not worth more. */
  call(name: string, value: (...of: number[]) => number, ...of: Register[]): V {
    const func = this.target.module.import(
      name,
      of.map(() => 'f64' as const),
      'f64',
      value,
    )
    const lanes = Array.from({ length: this.count }, (_, i) => i)
    const one = (strand: number, i: number) => call(func, ...of.map((x) => this.extract(i, strandOf(x, strand))))
    return over(of, (strand) =>
      lanes.reduce<Expr<'v128'>>((sum, i) => this.replace(i, sum, one(strand, i)), strandOf(this.c(0), 0)),
    )
  }

  private extract(i: number, x: Expr<'v128'>): Expr<'f64'> {
    if (this.count === 2) return lane('f64x2.extract_lane', i, x)
    return op('f64.promote_f32', lane('f32x4.extract_lane', i, x))
  }

  private replace(i: number, x: Expr<'v128'>, by: Expr<'f64'>): Expr<'v128'> {
    if (this.count === 2) return lane('f64x2.replace_lane', i, x, by)
    return lane('f32x4.replace_lane', i, x, op('f32.demote_f64', by))
  }
}

export const strandOf = <T extends V>({ strands }: T, i: number): T['strands'][number] => strands[i % strands.length]

/** Strand by strand. */
export const over = (of: readonly V[], make: (strand: number) => Expr<'v128'>): V => ({
  strands: Array.from({ length: Math.max(...of.map(({ strands }) => strands.length)) }, (_, i) => make(i)),
})

export const on = (x: V, make: (strand: Expr<'v128'>) => Expr<'v128'>): V => ({ strands: x.strands.map(make) })

type Vectorial = {
  [N in Opcode]: (typeof opcodes)[N][1] extends 'v' | 'vv' | 'vvv'
    ? (typeof opcodes)[N][2] extends 'v'
      ? N
      : never
    : never
}[Opcode]

function each(name: Vectorial, ...of: V[]): V {
  let count = 0
  for (const { strands } of of) count = Math.max(count, strands.length)
  const made: Expr<'v128'>[] = []
  for (let i = 0; i < count; i++)
    made.push(op(name as 'v128.bitselect', ...(of.map((x) => strandOf(x, i)) as Operands)))
  return { strands: made }
}

type Operands = [Expr<'v128'>, Expr<'v128'>, Expr<'v128'>]

const isRegister = (x: V): x is Register => x.strands.every((strand) => 'index' in strand)

const view = new DataView(new ArrayBuffer(8))

function bitsOfSingle(value: number): bigint {
  view.setFloat32(0, value)
  return BigInt(view.getUint32(0))
}

function bitsOfDouble(value: number): bigint {
  view.setFloat64(0, value)
  return view.getBigUint64(0)
}
