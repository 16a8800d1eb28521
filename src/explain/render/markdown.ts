/** A document as GitHub flavoured Markdown; formulas stand between dollar signs, which GitHub and most editors set. */

import { displayTex } from './display.ts'
import type { Block, Cell, Column, Inline } from './document.ts'
import { escapeBlockStart, escapeMarkdown, spellOut } from './escape.ts'
import { shortNumber } from './number.ts'
import { marks } from './text.ts'

export function renderMarkdown(title: string, blocks: readonly Block[]): string {
  return `${[`# ${escapeMarkdown(title)}`, ...blocks.map(markdownBlock)].join('\n\n')}\n`
}

function markdownBlock(block: Block): string {
  switch (block.is) {
    case 'heading':
      return `${'#'.repeat(block.level + 1)} ${escapeMarkdown(block.text)}`
    case 'paragraph':
      return escapeBlockStart(inline(block.parts))
    case 'formula':
      return `$$\n${mathForMarkdown(displayTex(block.lines))}\n$$`
    case 'table':
      return table(block)
    case 'list':
      return block.items.map((item) => `- ${escapeBlockStart(inline(item))}`).join('\n')
    case 'code':
      return fenced(block.text)
    case 'note':
      return `> **${marks[block.tone]}** ${inline(block.parts)}`
    case 'picture':
      return `*${escapeMarkdown(block.alt)}*`
  }
}

const inline = (parts: readonly Inline[]): string =>
  parts.map((part) => (typeof part === 'string' ? escapeMarkdown(part) : `$${mathForMarkdown(part.tex)}$`)).join('')

/**
 * The same formula in commands without marks that mean something in Markdown or HTML, where these are read first: a bar
 * would end a cell of a table, a backslash before a mark would be taken as Markdown's own.
 */
const mathForMarkdown = (tex: string): string =>
  tex.replace(/\\\\|\\[{}]|[|<>*`[\]]|\/\//g, (mark, place: number) => {
    const next = tex[place + mark.length] ?? ''
    return commands[mark] + (/[A-Za-z]/.test(next) ? ' ' : '')
  })

const commands: Readonly<Record<string, string>> = {
  '\\\\': '\\cr',
  '\\{': '\\lbrace',
  '\\}': '\\rbrace',
  '|': '\\vert',
  '<': '\\lt',
  '>': '\\gt',
  '*': '\\ast',
  '`': '\\backprime',
  '[': '\\lbrack',
  ']': '\\rbrack',
  // The rest of an address would become a link.
  '//': '{//}',
}

const edges = { left: ':--', right: '--:', center: ':-:' } as const

function table({ columns, rows, caption }: Extract<Block, { is: 'table' }>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const lines = [
    line(columns.map(({ head }) => inline([head]))),
    line(columns.map(({ align }: Column) => edges[align])),
    ...rows.map((row) => line(columns.map((_, i) => cell(row[i] ?? '')))),
  ]
  return [...(caption === undefined ? [] : [`**${escapeMarkdown(caption)}**\n`]), ...lines].join('\n')
}

const cell = (content: Cell): string =>
  typeof content === 'number' ? shortNumber(content) : inline(Array.isArray(content) ? content : [content])

/** A fence of more backticks than the longest run in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  const lines = text.split('\n').map((line) => line.split('\t').map(spellOut).join('\t'))
  return [fence, ...lines, fence].join('\n')
}
