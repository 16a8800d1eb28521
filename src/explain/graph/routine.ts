/**
 * The local Jacobian of a routine. Most routines move elements about (gather, cat, sort, scatter): each result is one
 * operand element times a constant. Three tangents find that out without knowing the routine: with 1, 1, 1, ... a result
 * shows its constant c, with 1, 2, 3, ... it shows c times the place of its source, and random numbers confirm it. What
 * mixes its operands (a determinant, a cumulative sum) is asked column by column, with a tangent of a single 1.
 */
import { toDense } from '../../backends/js/layout.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { fromArray, type Tensor, withoutRecording } from '../../tensor/index.ts'
import type { Application, Local } from './local.ts'

export function routineLocal(call: Application, slot: number): Local {
  const n = (call.inputs[slot] as Tensor).size
  return (n > 3 && moves(call, slot)) || columns(call, slot)
}

/** The tangents of all results for one tangent of the operand; null where they do not move. */
function push(call: Application, slot: number, tangent: Float64Array): (ArrayLike<number> | null)[] {
  const x = call.inputs[slot] as Tensor
  return withoutRecording(() => {
    const t = fromArray(x.dtype === 'float64' ? tangent : Float32Array.from(tangent), x.shape, x.dtype)
    const made = (call.op as Op).jvp(
      call,
      call.inputs.map((_, i) => (i === slot ? t : null)),
    )
    return made.map((y) => y && toDense(y as Tensor))
  })
}

function columns(call: Application, slot: number): Local {
  const { size } = call.inputs[slot] as Tensor
  return (i, visit) => {
    const one = new Float64Array(size)
    one[i] = 1
    push(call, slot, one).forEach((column, k) => {
      for (let o = 0; column && o < column.length; o++) if (column[o] !== 0) visit(k, o, column[o])
    })
  }
}

/** Lists of the result elements that each operand element was moved to, or null where elements are mixed. */
function moves(call: Application, slot: number): Local | null {
  const x = call.inputs[slot] as Tensor
  const n = x.size
  // Places are to be whole numbers that the dtype holds.
  if (x.dtype !== 'float64' && n > 2 ** 24) return null
  const place = (i: number) => i + 1
  const probes = [() => 1, place, noise].map((probe) =>
    push(
      call,
      slot,
      Float64Array.from({ length: n }, (_, i) => probe(i)),
    ),
  )
  const close = (a: number, b: number) => Math.abs(a - b) <= (x.dtype === 'float64' ? 1e-13 : 1e-6) * Math.abs(b)
  const moved = new Lists(n)
  for (let k = probes[0].length - 1; k >= 0; k--) {
    const [c, at, check] = probes.map((probe) => probe[k])
    if (!c || !at || !check) continue
    for (let o = c.length - 1; o >= 0; o--) {
      if (c[o] === 0 && at[o] === 0 && check[o] === 0) continue
      const i = Math.round(at[o] / c[o]) - 1
      if (!(i >= 0 && i < n && close(at[o], c[o] * place(i)) && close(check[o], c[o] * noise(i)))) return null
      moved.add(i, { k, o, factor: c[o] })
    }
  }
  const local: Local = (i, visit) => moved.each(i, ({ k, o, factor }) => visit(k, o, factor))
  local.ones = moved.moves.every(({ factor }) => factor === 1)
  return local
}

/** Numbers in [1, 2) without a pattern, of 12 bits, so that products with them are exact in float32. */
const noise = (i: number): number => 1 + (Math.imul(i + 1, 0x9e3779b1) >>> 20) / 4096

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

  each(i: number, visit: (move: Move) => void): void {
    for (let at = this.first[i]; at >= 0; at = this.next[at]) visit(this.moves[at])
  }
}
