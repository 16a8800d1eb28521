/**
 * Elementwise kernels of eager mode: a formula in a loop over vectors, written for one pattern of operands. Sizes are
 * arguments, so that one kernel serves them all; those of programs (`loops/`) have theirs written into them. The result
 * has rows and columns; an operand runs along with it, repeats one row, has one element per row, or is a number. Vectors
 * are read and written whole: what lies behind the end of a row is overwritten by the next one, behind the last row is
 * slack.
 */
import { bytesPerElement } from '../../../ops/dtype.ts'
import { type Expr, i32, type Local, load, op, store, storeLane, type ValueType } from '../emit/code.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { emitFormula } from '../formula.ts'
import { Lanes, type Precision, type Register, strandOf } from '../lanes.ts'
import type { Heap } from '../memory.ts'
import type { Steps } from '../merge.ts'

export type Floating = 'float32' | 'float64'
export type Walk = 'along' | 'row' | 'column' | 'number'

export interface OperandPattern {
  readonly walk: Walk
  readonly dtype: Floating
}

export interface Pattern {
  readonly operands: readonly OperandPattern[]
  /** The result's. */
  readonly dtype: Floating
  readonly precision: Precision
  /** How many vectors are computed side by side. */
  readonly strands: number
}

/** A module whose `kernel(rows, columns, result, ...operands)` takes addresses, and numbers where the pattern has them. */
export function elementwiseModule(program: Steps, pattern: Pattern, heap: Heap): ModuleBuilder {
  const module = new ModuleBuilder()
  const given = pattern.operands.map(({ walk }): ValueType => (walk === 'number' ? 'f64' : 'i32'))
  const head = ['i32', 'i32', 'i32'] as const
  module.function('kernel', [...head, ...given], 'none', (f, params) => {
    const [rows, columns, out] = params as unknown as [Local<'i32'>, Local<'i32'>, Local<'i32'>]
    const strands = pattern.strands
    const l = new Lanes(pattern.precision, { module, heap, f })
    const operands = pattern.operands.map((p, i) =>
      readers[p.walk](l, p.dtype, params[i + head.length] as never, columns, strands),
    )
    const size = bytesPerElement[pattern.dtype]
    const rowBytes = f.let(op('i32.mul', columns, i32(size)))
    f.repeat(rows, 1, () => {
      for (const operand of operands) operand.startRow?.()
      const at = f.let(out)
      f.advance(out, rowBytes)
      f.loop((again) => {
        const result = emitFormula(
          l,
          program,
          operands.map((operand) => operand.next()),
        )
        for (let i = 0; i < strands; i++) f.do(write(l, pattern.dtype, at, strandOf(result, i), i * size * l.count))
        f.advance(at, size * l.count * strands)
        f.jump(again, op('i32.lt_u', at, out))
      })
      for (const operand of operands) operand.endRow?.()
    })
  })
  return module
}

interface Reader {
  readonly startRow?: () => void
  /** The next vector, called once per round of the loop. */
  readonly next: () => Register
  readonly endRow?: () => void
}

type MakeReader<T extends ValueType> = (
  l: Lanes,
  dtype: Floating,
  given: Local<T>,
  columns: Local<'i32'>,
  strands: number,
) => Reader

const readers: { readonly number: MakeReader<'f64'> } & Readonly<Record<Exclude<Walk, 'number'>, MakeReader<'i32'>>> = {
  number(l, _, value) {
    const splat = l.let(l.splat(value))
    return { next: () => splat }
  },
  column(l, dtype, address) {
    const value = l.f.local('v128')
    const startRow = () => {
      l.f.set(value, readOne(l, dtype, address))
      l.f.advance(address, bytesPerElement[dtype])
    }
    return { startRow, next: () => ({ strands: [value] }) }
  },
  row: (l, dtype, address, _, strands) => vectors(l, dtype, address, strands),
  along(l, dtype, address, columns, strands) {
    const rowBytes = l.f.let(op('i32.mul', columns, i32(bytesPerElement[dtype])))
    return { ...vectors(l, dtype, address, strands), endRow: () => l.f.advance(address, rowBytes) }
  },
}

function vectors(l: Lanes, dtype: Floating, address: Local<'i32'>, strands: number): Reader {
  const at = l.f.local('i32')
  const step = bytesPerElement[dtype] * l.count
  const next = () => {
    const value = l.let({ strands: Array.from({ length: strands }, (_, i) => read(l, dtype, at, i * step)) })
    l.f.advance(at, strands * step)
    return value
  }
  return { startRow: () => l.f.set(at, address), next }
}

type Vector = Expr<'v128'>

const read = (l: Lanes, dtype: Floating, at: Expr<'i32'>, offset: number): Vector =>
  l.precision !== 'float32' && dtype === 'float32'
    ? op('f64x2.promote_low_f32x4', load('v128.load64_zero', at, offset))
    : load('v128.load', at, offset)

function readOne(l: Lanes, dtype: Floating, at: Expr<'i32'>): Vector {
  if (dtype === 'float64') return load('v128.load64_splat', at)
  const value = load('v128.load32_splat', at)
  return l.precision === 'float32' ? value : op('f64x2.promote_low_f32x4', value)
}

const write = (l: Lanes, dtype: Floating, at: Expr<'i32'>, value: Vector, offset: number): Expr<'none'> =>
  l.precision !== 'float32' && dtype === 'float32'
    ? storeLane('v128.store64_lane', at, op('f32x4.demote_f64x2_zero', value), 0, offset)
    : store('v128.store', at, value, offset)
