/**
 * The local Jacobian of a routine. Most routines move elements about (gather, cat, sort, scatter): each result is one
 * operand element times a constant. Four tangents find that out without knowing the routine: with 1, 1, 1, ... a result
 * shows its constant c, with 1, 2, 3, ... it shows c times the place of its source, and random numbers confirm it. What
 * mixes its operands (a determinant, a cumulative sum) is asked column by column, with a tangent of a single 1. A function
 * of a user may know cotangents only: it is asked in the same way from the other end.
 */
import { toDense } from '../../backends/js/layout.ts'
import { GradError } from '../../errors/index.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { fromArray, type Tensor, withoutRecording } from '../../tensor/index.ts'
import type { Application, Local } from './local.ts'

export function routineLocal(call: Application, slot: number): Local {
  const n = (call.inputs[slot] as Tensor).size
  try {
    return (n > PROBES && moves(call, slot)) || columns(call, slot)
  } catch (error) {
    if (error instanceof GradError) return rows(call, slot)
    throw error
  }
}

type Numbers = ArrayLike<number>

/** The tangents of all results for one tangent of the operand; null where they do not move. */
function push(call: Application, slot: number, tangent: Float64Array): (Numbers | null)[] {
  return withoutRecording(() => {
    const t = like(call.inputs[slot] as Tensor, tangent)
    const made = (call.op as Op).jvp(
      call,
      call.inputs.map((_, i) => (i === slot ? t : null)),
    )
    return made.map((y) => y && toDense(y as Tensor))
  })
}

/** The cotangent of the operand for one cotangent of result k; null where none arrives. */
function pull(call: Application, slot: number, k: number, cotangent: Float64Array): Numbers | null {
  return withoutRecording(() => {
    const g = call.outputs.map((y, i) => (i === k ? like(y, cotangent) : null))
    const wanted = call.inputs.map((_, i) => i === slot)
    const made = (call.op as Op).vjp(call, g, wanted)[slot]
    return made && toDense(made as Tensor)
  })
}

const like = ({ dtype, shape }: Tensor, data: Float64Array): Tensor =>
  fromArray(dtype === 'float64' ? data : Float32Array.from(data), shape, dtype)

function one(size: number, i: number): Float64Array {
  const unit = new Float64Array(size)
  unit[i] = 1
  return unit
}

function columns(call: Application, slot: number): Local {
  const { size } = call.inputs[slot] as Tensor
  // Whether there are tangents at all shows at once, not when the first element is asked for.
  push(call, slot, new Float64Array(size))
  return (i, visit) => {
    push(call, slot, one(size, i)).forEach((column, k) => {
      for (let o = 0; column && o < column.length; o++) if (column[o] !== 0) visit(k, o, column[o])
    })
  }
}

/** Lists of the result elements that each operand element was moved to, or null where elements are mixed. */
function moves(call: Application, slot: number): Local | null {
  const x = call.inputs[slot] as Tensor
  const answers = probes(x).map((probe) => push(call, slot, probe))
  const moved = new Lists(x.size)
  for (let k = call.outputs.length - 1; k >= 0; k--) {
    const of = answers.map((answer) => answer[k])
    if (!isComplete(of)) continue
    const source = sources(of, x)
    if (!source) return null
    for (let o = source.length - 1; o >= 0; o--) if (source[o] >= 0) moved.add(source[o], { k, o, factor: of[0][o] })
  }
  return moved.local()
}

/** As `moves` or, where operand elements go into several results, row by row: every result is asked what it is made of. */
function rows(call: Application, slot: number): Local {
  const found = new Lists((call.inputs[slot] as Tensor).size)
  for (let k = call.outputs.length - 1; k >= 0; k--) {
    const y = call.outputs[k]
    const answers = probes(y).map((probe) => pull(call, slot, k, probe))
    if (!isComplete(answers)) continue
    const target = y.size > PROBES ? sources(answers, y) : null
    for (let i = 0; target && i < target.length; i++)
      if (target[i] >= 0) found.add(i, { k, o: target[i], factor: answers[0][i] })
    for (let o = y.size - 1; o >= 0 && !target; o--) {
      const row = pull(call, slot, k, one(y.size, o))!
      for (let i = 0; i < row.length; i++) if (row[i] !== 0) found.add(i, { k, o, factor: row[i] })
    }
  }
  return found.local()
}

const place = (i: number): number => i + 1

/** Numbers in [1, 2) without a pattern, of 20 bits, so that float32 holds them (a mixing function of MurmurHash3). */
function noise(i: number, seed: number): number {
  let h = Math.imul(i + seed, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return 1 + ((h ^ (h >>> 16)) >>> 12) / 2 ** 20
}

/** 1, 1, 1, ...; 1, 2, 3, ...; and twice noise. */
const probeAt = [() => 1, place, (i: number) => noise(i, 1), (i: number) => noise(i, 2 ** 30)]
const PROBES = probeAt.length

const probes = ({ size }: Tensor): Float64Array[] =>
  probeAt.map((probe) => Float64Array.from({ length: size }, (_, i) => probe(i)))

const isComplete = (answers: readonly (Numbers | null)[]): answers is Numbers[] => answers.every((x) => x !== null)

/** For every answer to the probes of x, which element it comes from alone, or -1 for none; null where some are mixed. */
function sources(answers: readonly Numbers[], { size, dtype }: Tensor): Int32Array | null {
  const [c, at] = answers
  // Places are to be whole numbers that the dtype holds.
  if (dtype !== 'float64' && size > 2 ** 24) return null
  const close = (a: number, b: number) => Math.abs(a - b) <= (dtype === 'float64' ? 1e-13 : 1e-6) * Math.abs(b)
  const found = new Int32Array(c.length).fill(-1)
  for (let o = 0; o < c.length; o++) {
    if (answers.every((x) => x[o] === 0)) continue
    const i = Math.round(at[o] / c[o]) - 1
    if (!(i >= 0 && i < size && answers.every((x, p) => close(x[o], c[o] * probeAt[p](i))))) return null
    found[o] = i
  }
  return found
}

interface Move {
  readonly k: number
  readonly o: number
  readonly factor: number
}

/** A list per operand element, in the reverse order of adding. */
class Lists {
  readonly first: Int32Array
  readonly moves: Move[] = []
  readonly next: number[] = []

  constructor(n: number) {
    this.first = new Int32Array(n).fill(-1)
  }

  add(i: number, move: Move): void {
    this.next.push(this.first[i])
    this.first[i] = this.moves.push(move) - 1
  }

  local(): Local {
    const local: Local = (i, visit) => {
      for (let at = this.first[i]; at >= 0; at = this.next[at]) {
        const { k, o, factor } = this.moves[at]
        visit(k, o, factor)
      }
    }
    local.ones = this.moves.every(({ factor }) => factor === 1)
    return local
  }
}
