/**
 * A program as text, one line per instruction: what it does, over which sizes (the folded ones behind a bar), how many
 * operands it reads and results it writes, and what is in place.
 */
import type { Instruction } from '../../backends/kernels.ts'
import type { Lowered } from './lowered.ts'

/** @returns the lines, without an end of line after the last one. */
export const printProgram = ({ program }: Lowered): string => program.instructions.map(printInstruction).join('\n')

function printInstruction(instruction: Instruction): string {
  const { label } = instruction
  if (instruction.is === 'product') return `${label}${instruction.kernel.add ? ' add' : ''}`
  const ends = `${instruction.reads.length} -> ${instruction.writes.length}`
  if (instruction.is === 'host') return `host ${label} ${ends}`
  const { sizes, folded, writes } = instruction.kernel
  const kept = sizes.length - folded
  const space = `[${sizes.slice(0, kept).join(' ')}${folded > 0 ? ` | ${sizes.slice(kept).join(' ')}` : ''}]`
  const inPlace = writes.filter(({ over }) => over !== undefined).length
  return `loop ${label} ${space} ${ends}${inPlace > 0 ? ` in place ${inPlace}` : ''}`
}
