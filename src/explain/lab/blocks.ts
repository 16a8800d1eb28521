/** The blocks that the lab's documents are made of. */
import type { Block, Cell, Inline } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'

export const paragraph = (...parts: Inline[]): Block => ({ is: 'paragraph', parts })
export const heading = (text: string): Block => ({ is: 'heading', text, level: 2 })
export const picture = (svg: string, alt: string): Block => ({ is: 'picture', svg, alt })
export const list = (items: readonly string[]): Block => ({ is: 'list', items: items.map((item) => [item]) })

/** The first column says what a row is about, the others are numbers. */
export function table(heads: readonly Inline[], rows: readonly (readonly Cell[])[], caption?: string): Block {
  const columns = heads.map((head, i) => ({ head, align: i === 0 ? ('left' as const) : ('right' as const) }))
  return { is: 'table', columns, rows, caption }
}

/** x with that many significant digits. */
export const digits = (x: number, n: number): number => Number(x.toPrecision(n))

/** 12 % */
export const percent = (share: number): string => `${shortNumber(digits(100 * share, 3))} %`

/** 750,500: a count with all its digits, while these can be read. */
export const count = (n: number): string => (n < 1e12 ? n.toLocaleString('en-US') : shortNumber(n))

/** 'one layer', '50 layers' */
export const plural = (n: number, noun: string, many = `${noun}s`): string =>
  n === 1 ? `one ${noun}` : `${count(n)} ${many}`
