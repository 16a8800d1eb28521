/** Display formulas in a terminal: lines aligned at their first relation sign, broken before signs and operators. */
import type { Typeset } from './typeset.ts'
import { displayWidth, padLeft } from './width.ts'
import { flowFormula, wrap } from './wrap.ts'

const INDENT = 2
/** How far the rest of a part is moved in that does not fit on its line. */
const HANGING = 4

export function formulaLines(lines: readonly Typeset[], width: number): string[] {
  const room = width - INDENT
  const lefts = lines.flatMap(({ chain }) => (chain === undefined ? [] : [displayWidth(chain[0].of.text)]))
  const widest = Math.max(0, ...lefts)
  // A left side that takes more than half of the line stands on a line of its own.
  const aligned = widest <= room / 2 ? widest : HANGING
  return lines.flatMap((line) => formulaLine(line, aligned, room)).map((line) => ' '.repeat(INDENT) + line)
}

function formulaLine({ text, chain }: Typeset, aligned: number, room: number): string[] {
  if (chain === undefined) return wrap(flowFormula(text), room)
  const [{ of: left }, ...links] = chain
  const lines = displayWidth(left.text) <= aligned ? [] : wrap(flowFormula(left.text), room)
  let line = lines.length > 0 ? ' '.repeat(aligned) : padLeft(left.text, aligned)
  let full = false
  for (const [i, { sign, of }] of links.entries()) {
    const part = `${sign!.text} ${of.text}`
    if (full || (i > 0 && displayWidth(line) + 1 + displayWidth(part) > room)) {
      lines.push(line)
      line = ' '.repeat(aligned)
    }
    const free = room - displayWidth(line) - 1
    const [first, ...rest] = wrap(flowFormula(part), Math.max(1, room - aligned - 1 - HANGING), free)
    line += ` ${first}`
    for (const more of rest) {
      lines.push(line)
      line = `${' '.repeat(aligned + 1 + HANGING)}${more}`
    }
    full = rest.length > 0
  }
  return [...lines, line]
}
