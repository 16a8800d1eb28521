/**
 * Loops over pointers. A pointer is the address of a stream's element; loops copy those that move, advance the copies
 * with each round, and hand them to what they repeat.
 */
import { type Expr, i32, type Local, op } from '../emit/code.ts'
import type { FunctionBuilder } from '../emit/function.ts'

export type Address = Expr<'i32'>

/** Where each stream is. Those of streams that a pass does not use are not kept up to date. */
export type Pointers = readonly Address[]

/** Per stream how many bytes a round goes on; undefined for streams that are not used. */
export type Steps = readonly (number | undefined)[]

/**
 * Runs the body so many times and returns where it ended. A number of rounds that is known only when the code runs may
 * be 0.
 */
export function repeat(
  f: FunctionBuilder,
  rounds: number | Local<'i32'>,
  pointers: Pointers,
  steps: Steps,
  body: (pointers: Pointers) => void,
): Pointers {
  if (rounds === 0) return pointers
  const moving = pointers.map((p, k) => (steps[k] ? f.let(p) : p))
  const round = () => {
    body(moving)
    for (const [k, p] of moving.entries()) if (steps[k]) f.advance(p as Local<'i32'>, steps[k])
  }
  if (rounds === 1) round()
  else if (typeof rounds === 'number') countDown(f, f.let(i32(rounds)), round)
  else f.if(rounds, () => countDown(f, f.let(rounds), round))
  return moving
}

function countDown(f: FunctionBuilder, left: Local<'i32'>, round: () => void): void {
  f.loop((again) => {
    round()
    f.set(left, op('i32.sub', left, i32(1)))
    f.jump(again, left)
  })
}

/** Units number from <= u < to of dimensions of these sizes, the last one running fastest. */
export interface Units {
  readonly from: Local<'i32'>
  readonly to: Local<'i32'>
  readonly sizes: readonly number[]
  readonly addresses: Pointers
  /** Per address how many bytes each dimension goes on. */
  readonly steps: readonly (readonly number[])[]
}

/**
 * Runs the body for all units, of which there is one at least, with pointers and the last index. They are found by
 * division where a line of the last dimension starts, and go on by a step from there.
 */
export function walkUnits(
  f: FunctionBuilder,
  { from, to, sizes, addresses, steps }: Units,
  body: (pointers: Pointers, last: Address) => void,
): void {
  const at = f.let(from)
  const last = f.local('i32')
  const left = f.local('i32')
  const pointers = addresses.map((address, k) => (steps[k].some((step) => step !== 0) ? f.local('i32') : address))
  f.loop((again) => {
    f.if(op('i32.eqz', left), () => {
      const index = indices(f, at, sizes)
      f.set(last, index.at(-1)!)
      f.set(left, op('i32.sub', i32(sizes.at(-1)!), last))
      for (const [k, p] of pointers.entries()) {
        if (p !== addresses[k]) f.set(p as Local<'i32'>, advanced(f, addresses[k], index, steps[k]))
      }
    })
    body(pointers, last)
    for (const [k, p] of pointers.entries()) {
      const step = steps[k].at(-1)!
      if (step !== 0) f.advance(p as Local<'i32'>, step)
    }
    f.advance(last, 1)
    f.set(left, op('i32.sub', left, i32(1)))
    f.advance(at, 1)
    f.jump(again, op('i32.lt_u', at, to))
  })
}

/** The indices of element number `at` of dimensions of these sizes, the last one running fastest. */
function indices(f: FunctionBuilder, at: Address, sizes: readonly number[]): Address[] {
  const found: Address[] = []
  let rest = at
  for (let d = sizes.length - 1; d >= 0; d--) {
    if (d === 0) found.unshift(rest)
    else if (sizes[d] === 1) found.unshift(i32(0))
    else {
      found.unshift(f.let(op('i32.rem_u', rest, i32(sizes[d]))))
      rest = f.let(op('i32.div_u', rest, i32(sizes[d])))
    }
  }
  return found
}

/** address + Σ index · step. */
function advanced(f: FunctionBuilder, address: Address, index: readonly Address[], steps: readonly number[]): Address {
  const terms = index.flatMap((i, d) => (steps[d] === 0 ? [] : [op('i32.mul', i, i32(steps[d]))]))
  if (terms.length === 0) return address
  return f.let(terms.reduce((a, b) => op('i32.add', a, b), address))
}
