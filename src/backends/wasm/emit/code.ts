/**
 * WebAssembly code as data. An expression is a tree: instruction, operands, result type; in the binary the operands
 * come first. A function's body is a list of statements, which a `FunctionBuilder` collects. Operand types are checked
 * by TypeScript: `op('f32x4.add', a, b)` takes two v128 and is one.
 */
import { type Bytes, float32, float64, signed, signed32, unsigned, type Writer } from './encode.ts'
import {
  FD,
  type LaneOpcode,
  type LaneStoreOpcode,
  type LoadOpcode,
  laneStores,
  lanes,
  loads,
  type Opcode,
  opcodes,
  type StoreOpcode,
  stores,
} from './opcodes.ts'

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'
export type Type = ValueType | 'none'

const typeOfLetter = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', v: 'v128', '': 'none' } as const
type Letters = typeof typeOfLetter
type TypeOf<L> = L extends keyof Letters ? Letters[L] : never
type Operands<A extends string> = A extends `${infer L}${infer Rest}`
  ? [Expr<TypeOf<L> & ValueType>, ...Operands<Rest>]
  : []

/** A function of the module or imported by it. Its number is known when the module is finished. */
export interface Func<A extends readonly ValueType[] = readonly ValueType[], R extends Type = Type> {
  readonly name: string
  readonly params: A
  readonly result: R
  index: number
}

/** One instruction and what it works on. */
export interface Expr<T extends Type = Type> {
  readonly type: T
  readonly name: string
  readonly of: readonly Expr[]
  readonly code: number
  /** What follows the code in the binary; a function stands for its number. */
  readonly immediate: Bytes | Func
  /** The immediate as text. */
  readonly shown: string | (() => string)
}

const NONE: readonly never[] = []

function node<T extends Type>(
  type: T,
  name: string,
  code: number,
  of: readonly Expr[] = NONE,
  immediate: Bytes | Func = NONE,
  shown: string | (() => string) = '',
): Expr<T> {
  return { type, name, of, code, immediate, shown }
}

/** An instruction without immediates, by its standard name. */
export function op<N extends Opcode>(
  name: N,
  ...operands: Operands<(typeof opcodes)[N][1]>
): Expr<TypeOf<(typeof opcodes)[N][2]>> {
  const [code, , result] = opcodes[name]
  return node(typeOfLetter[result] as TypeOf<(typeof opcodes)[N][2]>, name, code, operands as readonly Expr[])
}

/** Reads at address + offset, in bytes. */
export function load<N extends LoadOpcode>(
  name: N,
  address: Expr<'i32'>,
  offset = 0,
): Expr<TypeOf<(typeof loads)[N][2]>> {
  const [code, align, result] = loads[name]
  return node(typeOfLetter[result] as TypeOf<(typeof loads)[N][2]>, name, code, [address], ...place(align, offset))
}

/** Writes at address + offset, in bytes. */
export function store<N extends StoreOpcode>(
  name: N,
  address: Expr<'i32'>,
  value: Expr<TypeOf<(typeof stores)[N][2]>>,
  offset = 0,
): Expr<'none'> {
  const [code, align] = stores[name]
  return node('none', name, code, [address, value], ...place(align, offset))
}

/** Writes one lane of a vector at address + offset. */
export function storeLane(
  name: LaneStoreOpcode,
  address: Expr<'i32'>,
  value: Expr<'v128'>,
  lane: number,
  offset = 0,
): Expr<'none'> {
  const [code, align] = laneStores[name]
  const [bytes, shown] = place(align, offset)
  return node('none', name, code, [address, value], [...bytes, lane], `${shown} ${lane}`.trim())
}

const place = (align: number, offset: number): [Bytes, string] =>
  offset === 0 ? [[align, 0], ''] : [[align, ...unsigned(offset)], `offset=${offset}`]

/** Reads or replaces one lane. */
export function lane<N extends LaneOpcode>(
  name: N,
  at: number,
  ...operands: Operands<(typeof lanes)[N][1]>
): Expr<TypeOf<(typeof lanes)[N][2]>> {
  const [code, , result] = lanes[name]
  return node(
    typeOfLetter[result] as TypeOf<(typeof lanes)[N][2]>,
    name,
    code,
    operands as readonly Expr[],
    [at],
    `${at}`,
  )
}

/** Picks 16 bytes of the 32 of a and b, or 4 words of their 8, or 2 double words of their 4, by their numbers. */
export function shuffle(a: Expr<'v128'>, b: Expr<'v128'>, picks: readonly number[]): Expr<'v128'> {
  const width = 16 / picks.length
  const bytes: number[] = []
  for (const p of picks) for (let i = 0; i < width; i++) bytes.push(p * width + i)
  return node('v128', 'i8x16.shuffle', FD + 0x0d, [a, b], bytes, () => bytes.join(' '))
}

export const i32 = (value: number): Expr<'i32'> =>
  node('i32', 'i32.const', 0x41, [], signed32(value | 0), () => `${value | 0}`)
export const i64 = (value: bigint): Expr<'i64'> =>
  node('i64', 'i64.const', 0x42, [], signed(BigInt.asIntN(64, value)), `${value}`)
export const f32 = (value: number): Expr<'f32'> =>
  node('f32', 'f32.const', 0x43, [], float32(value), () => shownFloat(value))
export const f64 = (value: number): Expr<'f64'> =>
  node('f64', 'f64.const', 0x44, [], float64(value), () => shownFloat(value))

const shownFloat = (value: number): string => (Object.is(value, -0) ? '-0' : `${value}`)

/** A constant vector with the same bytes in every lane. */
export function v128(lane: Bytes): Expr<'v128'> {
  const bytes = Array.from({ length: 16 }, (_, i) => lane[i % lane.length])
  return node('v128', 'v128.const', FD + 0x0c, [], bytes, () =>
    bytes.map((b) => b.toString(16).padStart(2, '0')).join(' '),
  )
}

/** `then` if `when` is not 0; both are computed. */
export const choose = <T extends ValueType>(when: Expr<'i32'>, then: Expr<T>, otherwise: Expr<T>): Expr<T> =>
  node(
    then.type,
    'select',
    then.type === 'v128' ? 0x1c : 0x1b,
    [then, otherwise, when],
    then.type === 'v128' ? [1, 0x7b] : [],
  )

type Arguments<A extends readonly ValueType[]> = { [I in keyof A]: Expr<A[I]> }

export const call = <A extends readonly ValueType[], R extends Type>(
  func: Func<A, R>,
  ...given: Arguments<A>
): Expr<R> => node(func.result, 'call', 0x10, given as readonly Expr[], func, `$${func.name}`)

/** A variable of a function; as an expression it is its value. */
export interface Local<T extends ValueType = ValueType> extends Expr<T> {
  readonly index: number
}

export const localOf = <T extends ValueType>(type: T, index: number, label: string): Local<T> => ({
  type,
  name: 'local.get',
  of: NONE,
  code: 0x20,
  immediate: unsigned(index),
  shown: `$${label}`,
  index,
})

export const setLocal = <T extends ValueType>(to: Local<T>, value: Expr<T>): Expr<'none'> =>
  node('none', 'local.set', 0x21, [value], to.immediate, to.shown)

/** Jumps, by the number of enclosing blocks to leave. */
export const branch = (depth: number, shown: string): Expr<'none'> =>
  node('none', 'br', 0x0c, [], unsigned(depth), shown)
export const branchIf = (depth: number, when: Expr<'i32'>, shown: string): Expr<'none'> =>
  node('none', 'br_if', 0x0d, [when], unsigned(depth), shown)
export const returned = (value?: Expr): Expr<'none'> => node('none', 'return', 0x0f, value ? [value] : [])
export const dropped = (value: Expr): Expr<'none'> => node('none', 'drop', 0x1a, [value])

/** Where a function's number stands in code, to be filled in when it is known. */
export interface Reference {
  readonly at: number
  readonly to: Func
}

/** Appends the expression's bytes: operands first. */
export function encode(e: Expr, out: Writer, references: Reference[]): void {
  const { of, immediate } = e
  for (let i = 0; i < of.length; i++) encode(of[i], out, references)
  out.opcode(e.code)
  if ('index' in immediate) {
    references.push({ at: out.length, to: immediate })
    out.padded(0)
  } else for (let i = 0; i < immediate.length; i++) out.byte(immediate[i])
}

/** Appends the expression's instructions, one line each. */
export function print(e: Expr, indent: string, lines: string[]): void {
  for (const operand of e.of) print(operand, indent, lines)
  const shown = typeof e.shown === 'string' ? e.shown : e.shown()
  lines.push(`${indent}${e.name}${shown === '' ? '' : ` ${shown}`}`)
}
