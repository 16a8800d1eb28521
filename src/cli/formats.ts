/** The formats in which results are printed. */
import { checkOptions } from '../errors/index.ts'
import type { Document } from '../explain/index.ts'
import { UsageError } from './command.ts'

export const formats = ['text', 'tex', 'md', 'html', 'svg', 'dot', 'json'] as const
export type Format = (typeof formats)[number]

/** What can be printed: every result is a document, some are graphs as well. */
export interface Printable extends Document {
  toSvg?(): string
  toDot?(): string
  toJSON?(): unknown
}

export interface PrintOptions {
  readonly width: number
  readonly color: boolean
}

export function print(result: Printable, format: Format, options: PrintOptions): string {
  checkOptions('print', options, ['width', 'color'])
  switch (format) {
    case 'text':
      return result.toText(options)
    case 'tex':
      return result.toTex()
    case 'md':
      return result.toMarkdown()
    case 'html':
      return result.toHtml()
    case 'svg':
      return result.toSvg?.() ?? refuse(format)
    case 'dot':
      return result.toDot?.() ?? refuse(format)
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`
  }
}

function refuse(format: Format): never {
  throw new UsageError(`this result is no graph: it cannot be printed as ${format}`)
}
