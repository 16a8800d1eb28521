/**
 * Tables in a terminal: columns by display width, numbers never cut. A table that is too wide first wraps its widest
 * columns; if that is not enough, each row becomes a list of `head  value` lines.
 */

import { largest, shrink } from './columns.ts'
import type { Block, Cell, Column } from './document.ts'
import { shortNumber } from './number.ts'
import { displayWidth, padBoth, padLeft, padRight } from './width.ts'
import { flow, widestNumber, widestWord, wrap } from './wrap.ts'

type Table = Extract<Block, { is: 'table' }>

/** Colours a piece of a line that has its final width. */
export type Paint = (style: Style, text: string) => string
export type Style = 'title' | 'heading' | 'head' | 'rule' | 'plus' | 'minus' | 'zero' | 'good' | 'warning' | 'bad'

const GAP = '  '

interface TextCell {
  readonly text: string
  readonly style?: Style
  /** The least width that cuts no word, and that which cuts no number. */
  readonly least: number
  readonly number: number
}

const pads = { left: padRight, right: padLeft, center: padBoth } as const

export function textTable(table: Table, width: number, paint: Paint): string[] {
  const { columns, caption } = table
  const heads = columns.map(({ head }): TextCell => cell(head, 'head'))
  const rows = table.rows.map((row) => columns.map((_, i) => cell(row[i] ?? '')))
  const title = caption === undefined ? [] : wrap(flow([caption]), width)
  const widths = widthsWithin(
    columns.map((_, i) => [heads[i], ...rows.map((row) => row[i])]),
    width,
  )
  if (widths === undefined) return [...title, ...stacked(heads, rows, width, paint)]
  const rule = paint('rule', widths.map((columnWidth) => '─'.repeat(columnWidth)).join(GAP))
  const lines = (cells: readonly TextCell[]) => rowLines(cells, columns, widths, paint)
  return [...title, ...lines(heads), rule, ...rows.flatMap(lines)]
}

function cell(content: Cell, style?: Style): TextCell {
  if (typeof content === 'number') {
    const text = shortNumber(content)
    return { text, style: signOf(content), least: text.length, number: text.length }
  }
  const text = flow(Array.isArray(content) ? content : [content])
  return { text, style, least: widestWord(text), number: widestNumber(text) }
}

/** The style of a number; one that is none stands out. */
const signOf = (x: number): Style => (x > 0 ? 'plus' : x < 0 ? 'minus' : x === 0 ? 'zero' : 'bad')

/** Words wider than this are cut where the table would not fit otherwise. */
const LONG_WORD = 16

function widthsWithin(columns: readonly (readonly TextCell[])[], width: number): number[] | undefined {
  const natural = columns.map((cells) => largest(cells.map(({ text }) => displayWidth(text))))
  const room = width - GAP.length * (columns.length - 1)
  const least = (longest: number) =>
    columns.map((cells) => largest(cells.map(({ least, number }) => Math.max(number, Math.min(least, longest)))))
  return shrink(natural, least(Infinity), room) ?? shrink(natural, least(LONG_WORD), room)
}

function rowLines(cells: readonly TextCell[], columns: readonly Column[], widths: readonly number[], paint: Paint) {
  const wrapped = cells.map(({ text }, i) => wrap(text, widths[i]))
  const height = largest(wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    cells
      .map(({ style }, i) => {
        const padded = pads[columns[i].align](wrapped[i][line] ?? '', widths[i])
        const shown = i === cells.length - 1 ? padded.trimEnd() : padded
        return style === undefined ? shown : paint(style, shown)
      })
      .join(GAP)
      .trimEnd(),
  )
}

function stacked(heads: readonly TextCell[], rows: readonly (readonly TextCell[])[], width: number, paint: Paint) {
  const widest = largest(heads.map(({ text }) => displayWidth(text)))
  const headWidth = Math.min(widest, Math.floor(width / 2))
  const room = width - headWidth - GAP.length
  return rows.flatMap((row, i) => [
    ...(i === 0 ? [] : ['']),
    ...row.flatMap(({ text, style }, j) => {
      const [names, values] = [wrap(heads[j].text, headWidth), wrap(text, room)]
      return Array.from({ length: Math.max(names.length, values.length) }, (_, line) => {
        const name = paint('head', padRight(names[line] ?? '', headWidth))
        const value = values[line] ?? ''
        return (name + GAP + (style === undefined ? value : paint(style, value))).trimEnd()
      })
    }),
  ])
}
