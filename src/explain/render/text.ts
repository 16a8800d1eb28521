/** A document for the terminal: wrapped and aligned to its width, in colour only if asked. */
import { ArgumentError } from '../../errors/index.ts'
import type { Block, Tone } from './document.ts'
import { spellOut } from './escape.ts'
import { formulaLines } from './text-formula.ts'
import { type Paint, type Style, textTable } from './text-table.ts'
import { displayWidth } from './width.ts'
import { flow, hang, wrap } from './wrap.ts'

export interface TextOptions {
  /** Columns of the terminal; 80 unless told. */
  readonly width?: number
  /** Whether to colour by ANSI escape sequences. */
  readonly color?: boolean
}

const NARROWEST = 20

/** SGR codes; the colours are those that read on a dark and on a light background. */
const codes: Readonly<Record<Style, number>> = {
  title: 1,
  heading: 1,
  head: 1,
  rule: 2,
  plus: 36,
  minus: 33,
  zero: 2,
  good: 32,
  warning: 33,
  bad: 31,
}

const coloured: Paint = (style, text) => (text === '' ? '' : `\u001b[${codes[style]}m${text}\u001b[0m`)
const plain: Paint = (_, text) => text

export const marks: Readonly<Record<Tone, string>> = { good: '✓', warning: '!', bad: '✗' }

export function renderText(title: string, blocks: readonly Block[], options: TextOptions): string {
  const { width = 80, color = false } = options
  if (!Number.isInteger(width) || width < NARROWEST)
    throw new ArgumentError(`toText: width is an integer of at least ${NARROWEST}; got ${width}`)
  const paint = color ? coloured : plain
  const parts = [
    underlined(title, '═', width, 'title', paint),
    ...blocks.map((block) => textBlock(block, width, paint)),
  ]
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function textBlock(block: Block, width: number, paint: Paint): string[] {
  switch (block.is) {
    case 'heading':
      if (block.level === 1) return underlined(block.text, '─', width, 'heading', paint)
      return wrap(spellOut(block.text), width).map((line) => paint('heading', line))
    case 'paragraph':
      return wrap(flow(block.parts), width)
    case 'formula':
      return formulaLines(block.lines, width)
    case 'table':
      return textTable(block, width, paint)
    case 'list':
      return block.items.flatMap((item) => hang('- ', flow(item), width))
    case 'code':
      return block.text.split('\n').map((line) => `    ${line.split('\t').map(spellOut).join('\t')}`.trimEnd())
    case 'note': {
      const mark = marks[block.tone]
      return hang(`${mark} `, flow(block.parts), width).map((line) =>
        line.startsWith(mark) ? paint(block.tone, mark) + line.slice(mark.length) : line,
      )
    }
    case 'picture':
      return []
  }
}

function underlined(text: string, line: string, width: number, style: Style, paint: Paint): string[] {
  const lines = wrap(spellOut(text), width)
  const rule = line.repeat(Math.max(...lines.map(displayWidth)))
  return [...lines.map((each) => paint(style, each)), paint('rule', rule)]
}
