/** Addresses, and tables of them: how kernels find elements whose places follow no single stride. */
import { type Expr, load, op } from './emit/code.ts'

export type Address = Expr<'i32'>

export const sum = (a: Address, b: Address): Address => op('i32.add', a, b)

/** An entry of a table, by its number. */
export const entry = (table: Address, at = 0): Address => load('i32.load', table, 4 * at)

/** So many parameters of type i32. */
type I32<N extends number, A extends 'i32'[] = []> = A['length'] extends N ? A : I32<N, [...A, 'i32']>
export const i32s = <N extends number>(n: N) => new Array<'i32'>(n).fill('i32') as I32<N>
