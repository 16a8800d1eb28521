/** A document as LaTeX: by itself it compiles with pdfLaTeX, LuaLaTeX and XeLaTeX and the packages that it names. */

import { largest, shrink } from './columns.ts'
import { displayTex } from './display.ts'
import type { Block, Cell, Column, Inline, Tone } from './document.ts'
import { escapeTex, spellOut } from './escape.ts'
import { shortNumber } from './number.ts'
import { number } from './typeset.ts'

export interface TexOptions {
  /** Whether to write a whole document, the default, or its body only. */
  readonly standalone?: boolean
}

const preamble = `\\documentclass{article}
\\usepackage[T1]{fontenc}
\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}
\\usepackage[margin=25mm]{geometry}
\\usepackage{textcomp,amsmath,amssymb,array,booktabs,longtable,fancyvrb}
\\setlength{\\parindent}{0pt}
\\setlength{\\parskip}{0.8em}
\\setlength{\\LTleft}{0pt}
% A sign for which pdfLaTeX has no font becomes a box; LuaLaTeX and XeLaTeX take it from the font of the document.
\\makeatletter
\\ifdefined\\UTFviii@undefined@err\\def\\UTFviii@undefined@err#1{\\ensuremath{\\square}}\\fi
\\makeatother`

export function renderTex(title: string, blocks: readonly Block[], { standalone = true }: TexOptions): string {
  const body = blocks
    .map(texBlock)
    .filter((part) => part !== '')
    .join('\n\n')
  if (!standalone) return `${body}\n`
  const heading = `{\\LARGE\\bfseries ${escapeTex(title)}\\par}`
  return `${preamble}\n\\begin{document}\n${heading}\n\n${body}\n\\end{document}\n`
}

const sections = { 1: 'section', 2: 'subsection', 3: 'subsubsection' } as const
const marks: Readonly<Record<Tone, string>> = { good: '$\\checkmark$', warning: '!', bad: '$\\times$' }

function texBlock(block: Block): string {
  switch (block.is) {
    case 'heading':
      return `\\${sections[block.level]}*{${escapeTex(block.text)}}`
    case 'paragraph':
      return inline(block.parts)
    case 'formula':
      return `\\[\n${displayTex(block.lines)}\n\\]`
    case 'table':
      return table(block)
    case 'list':
      return ['\\begin{itemize}', ...block.items.map((item) => `\\item ${inline(item)}`), '\\end{itemize}'].join('\n')
    case 'code':
      return verbatim(block.text)
    case 'note':
      return `\\textbf{${marks[block.tone]}} ${inline(block.parts)}`
    case 'picture':
      return ''
  }
}

const inline = (parts: readonly Inline[]): string =>
  parts.map((part) => (typeof part === 'string' ? words(part) : `$${part.tex}$`)).join('')

const BREAK = '\u200b'

/** A long name may break after its marks, without a hyphen. */
const words = (text: string): string =>
  escapeTex(text.replace(/\S{25,}/g, (name) => name.replace(/[._/,\]-]/g, `$&${BREAK}`))).replaceAll(
    BREAK,
    '\\allowbreak{}',
  )

const cell = (content: Cell): string =>
  typeof content === 'number'
    ? `$${number(content).tex}$`
    : inline(Array.isArray(content) ? content : [content]).replaceAll('$\\frac', '$\\displaystyle\\frac')

/** Characters in a line of the page, at the size of its text. */
const LINE = 84
/** Fewer make no column of text. */
const NARROW = 14
const GAP = 3

function table({ columns, rows, caption }: Extract<Block, { is: 'table' }>): string {
  const line = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`
  const cells = rows.map((row) => columns.map((_, i) => row[i] ?? ''))
  const { spec, size } = layout(columns, cells)
  const body = cells.map((row) => {
    const set = row.map(cell)
    return line(set) + (set.some((content) => /\\frac|\\begin/.test(content)) ? ' \\addlinespace' : '')
  })
  return [
    `{${size}\\begin{longtable}{@{}${spec}@{}}`,
    ...(caption === undefined ? [] : [`\\multicolumn{${columns.length}}{@{}l}{${escapeTex(caption)}} \\\\`]),
    '\\toprule',
    line(columns.map(({ head }) => inline([head]))),
    '\\midrule',
    '\\endhead',
    ...body,
    '\\bottomrule',
    '\\end{longtable}}',
  ].join('\n')
}

const letters = { left: 'l', right: 'r', center: 'c' } as const

/** Columns of text that are too wide get lines; a table that is too wide all the same, a smaller size. */
function layout(columns: readonly Column[], cells: readonly (readonly Cell[])[]): { spec: string; size: string } {
  const lengths = columns.map(({ head }, i) => cells.map((row) => lengthOf(row[i])).concat(lengthOf(head)))
  const natural = lengths.map(largest)
  const least = natural.map((width, i) =>
    cells.every((row) => typeof row[i] === 'number') ? width : Math.min(width, NARROW),
  )
  const room = LINE - GAP * (columns.length - 1)
  const widths = shrink(natural, least, room) ?? least
  const spec = columns.map(({ align }, i) =>
    widths[i] === natural[i]
      ? letters[align]
      : `>{\\raggedright\\arraybackslash}p{${(widths[i] / LINE).toFixed(2)}\\linewidth}`,
  )
  const excess = widths.reduce((a, b) => a + b, 0) / room
  return { spec: spec.join(''), size: excess <= 1 ? '' : excess <= 1.25 ? '\\footnotesize' : '\\scriptsize' }
}

const lengthOf = (content: Cell): number =>
  typeof content === 'number'
    ? shortNumber(content).length
    : typeof content === 'string'
      ? content.length
      : 'text' in content
        ? content.text.length
        : content.reduce<number>((sum, part) => sum + lengthOf(part), 0)

/** Nothing is a command between these lines but the line that ends them. */
function verbatim(text: string): string {
  const lines = text.split('\n').map((line) => line.split('\t').map(spellOut).join('    '))
  return [
    '\\begin{Verbatim}',
    ...lines.map((line) => line.replace('\\end{Verbatim}', '\\end {Verbatim}')),
    '\\end{Verbatim}',
  ].join('\n')
}
