/**
 * Instructions of one level shared out among threads, so that all have about as much to do. Instructions stay
 * whole where that is as even, as half a product takes more than half of its time.
 */
import type { KernelWork } from './work.ts'

/** An instruction that is ready to be shared out, and how long all of it takes. */
export interface Load {
  readonly index: number
  readonly work: KernelWork
  readonly seconds: number
}

/** Units from..to of an instruction. */
export interface Piece {
  readonly index: number
  readonly from: number
  readonly to: number
}

export interface Parts {
  /** Per thread. */
  readonly pieces: readonly (readonly Piece[])[]
  /** Of the thread that has most to do. */
  readonly seconds: number
}

/** Less is not worth a piece of its own, nor to be evened out. In seconds, and as a share of what a thread has to do. */
const LEAST_PIECE = 2e-6
const LEAST_SHARE = 0.02

interface Part {
  readonly pieces: Piece[]
  seconds: number
}

const grainOf = ({ grain }: KernelWork): number => Math.max(grain, 1)

const blocksOf = (work: KernelWork): number => Math.ceil(work.units / grainOf(work))

/** Pieces for each of the threads. Every unit is in one of them. */
export function shareOut(loads: readonly Load[], threads: number): Parts {
  const parts: Part[] = Array.from({ length: threads }, () => ({ pieces: [], seconds: 0 }))
  let rest = loads.reduce((sum, { seconds }) => sum + seconds, 0)
  const least = Math.max(LEAST_PIECE, (LEAST_SHARE * rest) / threads)
  const blockTime = ({ work, seconds }: Load) => seconds / blocksOf(work)
  // The finest come last, to even out what the others have left uneven.
  const coarseFirst = loads.filter(({ work }) => work.units > 0).sort((a, b) => blockTime(b) - blockTime(a))
  for (const load of coarseFirst) {
    rest -= load.seconds
    const emptiest = parts.reduce((a, b) => (b.seconds < a.seconds ? b : a))
    const most = Math.max(emptiest.seconds + load.seconds, ...parts.map(({ seconds }) => seconds))
    const gaps = parts.reduce((sum, { seconds }) => sum + most - seconds, 0) - load.seconds
    const whole = gaps <= rest + threads * least || load.seconds < 2 * least || blocksOf(load.work) === 1
    if (whole) give(emptiest, load, 0, load.work.units)
    else split(load, parts, least)
  }
  const pieces = parts.map((part) => part.pieces.sort((a, b) => a.index - b.index))
  return { pieces, seconds: Math.max(...parts.map(({ seconds }) => seconds)) }
}

function give(part: Part, { index, work, seconds }: Load, from: number, to: number): void {
  if (to <= from) return
  part.pieces.push({ index, from, to })
  part.seconds += (seconds * (to - from)) / work.units
}

/** Divides an instruction so that the parts become as even as whole blocks allow. */
function split(load: Load, parts: readonly Part[], least: number): void {
  const { work, seconds } = load
  const some = parts.toSorted((a, b) => a.seconds - b.seconds).slice(0, Math.floor(seconds / least))
  const level = waterLevel(some, seconds)
  const shares = parts.map((part) => (some.includes(part) ? Math.max(level - part.seconds, 0) : 0))
  let [from, before] = [0, 0]
  for (const [i, part] of parts.entries()) {
    before += shares[i]
    const to = Math.min(Math.round((before / seconds) * blocksOf(work)) * grainOf(work), work.units)
    give(part, load, from, to)
    from = to
  }
}

/** How high so much reaches if it fills these, of which the emptiest is the first. */
function waterLevel(parts: readonly Part[], amount: number): number {
  let sum = amount
  for (const [i, part] of parts.entries()) {
    sum += part.seconds
    const level = sum / (i + 1)
    if (i + 1 === parts.length || level <= parts[i + 1].seconds) return level
  }
  return amount
}
