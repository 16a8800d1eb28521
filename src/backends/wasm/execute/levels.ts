/**
 * Which instructions may run side by side. An instruction's level is one more than the highest of those it depends on:
 * who wrote what it reads, and who read or wrote what it overwrites. Instructions of one level are independent.
 *
 * Memory is looked at in cells: the pieces between all starts and ends of what instructions touch. Of each cell the
 * last levels are known that wrote and that read it.
 */
import { bytesPerElement } from '../../../ops/dtype.ts'
import type { Instruction, LoopKernel, Place, Program, Stream } from '../../kernels.ts'
import { type Span, spanOf, spanOfOperand } from '../../span.ts'
import { LINE } from '../memory.ts'
import { addressOf } from './place.ts'

/** What an instruction touches, in cache lines: what lies in one line is taken for one. */
interface Effects {
  readonly reads: readonly Span[]
  readonly writes: readonly Span[]
}

/** The level of each instruction, from 0 on. */
export function levelsOf(program: Program, addresses: readonly number[]): number[] {
  const effects = program.instructions.map((instruction) => effectsOf(program, instruction, addresses))
  const cells = new Cells(effects)
  // What JavaScript finds out may end the run: nothing that outlives it is overwritten before, as in the program.
  let host = 0
  return program.instructions.map((instruction, i) => {
    const { reads, writes } = effects[i]
    const ordered =
      instruction.is === 'host' || writesOf(instruction).some((p) => program.regions[p.region].is === 'kept')
    const level = Math.max(ordered ? host : 0, cells.after(reads, writes))
    cells.mark(reads, writes, level)
    if (instruction.is === 'host') host = level
    return level
  })
}

const writesOf = (instruction: Instruction): readonly Place[] =>
  instruction.is === 'product' ? [instruction.c] : instruction.writes

class Cells {
  private readonly bounds: number[]
  private readonly index: Map<number, number>
  /** Per cell, one more than the last level that wrote it, and that read it. */
  private readonly written: Int32Array
  private readonly read: Int32Array

  constructor(effects: readonly Effects[]) {
    const all = effects.flatMap(({ reads, writes }) => [...reads, ...writes]).flatMap(({ start, end }) => [start, end])
    this.bounds = [...new Set(all)].sort((a, b) => a - b)
    this.index = new Map(this.bounds.map((bound, i) => [bound, i]))
    this.written = new Int32Array(this.bounds.length)
    this.read = new Int32Array(this.bounds.length)
  }

  /** The first level at which this may be done. */
  after(reads: readonly Span[], writes: readonly Span[]): number {
    let level = 0
    for (const span of reads) this.each(span, (i) => (level = Math.max(level, this.written[i])))
    for (const span of writes) this.each(span, (i) => (level = Math.max(level, this.written[i], this.read[i])))
    return level
  }

  mark(reads: readonly Span[], writes: readonly Span[], level: number): void {
    for (const span of reads) this.each(span, (i) => (this.read[i] = Math.max(this.read[i], level + 1)))
    for (const span of writes) this.each(span, (i) => (this.written[i] = Math.max(this.written[i], level + 1)))
  }

  private each({ start, end }: Span, visit: (cell: number) => void): void {
    for (let i = this.index.get(start)!; this.bounds[i] < end; i++) visit(i)
  }
}

function effectsOf(program: Program, instruction: Instruction, addresses: readonly number[]): Effects {
  const span = (place: Place, extent: Span): Span[] => {
    const { start, end } = extent
    const [at, size] = [addressOf(addresses, place), bytesPerElement[place.dtype]]
    if (start >= end) return []
    return [{ start: Math.floor((at + start * size) / LINE), end: Math.ceil((at + end * size) / LINE) }]
  }
  if (instruction.is === 'host') {
    const whole = (place: Place) => {
      const { bytes } = program.regions[place.region]
      return span(place, { start: 0, end: bytes / bytesPerElement[place.dtype] - place.offset })
    }
    return { reads: instruction.reads.flatMap(whole), writes: instruction.writes.flatMap(whole) }
  }
  if (instruction.is === 'loop') {
    const { kernel, reads, writes } = instruction
    return {
      reads: reads.flatMap((place, i) => span(place, spanOfStream(kernel, kernel.reads[i]))),
      writes: writes.flatMap((place, i) => span(place, spanOfStream(kernel, kernel.writes[i]))),
    }
  }
  const { kernel, a, b, c } = instruction
  const [ofA, ofB, ofC] = [0, 1, 2].map((operand) => spanOfOperand(kernel, operand))
  const result = span(c, ofC)
  return { reads: [...span(a, ofA), ...span(b, ofB), ...(kernel.add ? result : [])], writes: result }
}

const spanOfStream = ({ sizes }: LoopKernel, { strides }: Stream): Span => spanOf(sizes, strides)
