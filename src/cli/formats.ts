/** The formats in which results are printed. */
import { extname } from 'node:path'
import { checkOptions } from '../errors/index.ts'
import type { Document } from '../explain/index.ts'
import { choice, UsageError } from './command.ts'

export const formats = ['text', 'tex', 'md', 'html', 'svg', 'dot', 'json'] as const
export type Format = (typeof formats)[number]

const endings: Readonly<Record<string, Format>> = { txt: 'text', markdown: 'md', htm: 'html', gv: 'dot' }

/**
 * What was asked for, else what the name of the file says, else the first of those that there are.
 * @throws UsageError for another one.
 */
export function formatOf<const F extends readonly Format[]>(
  command: string,
  format: string | undefined,
  file: string | undefined,
  allowed: F,
): F[number] {
  const ending = extname(file ?? '')
    .slice(1)
    .toLowerCase()
  const meant = formats.find((each) => each === ending) ?? endings[ending]
  return choice(command, 'format', format ?? meant, allowed)
}

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
      return result.toJSON ? `${JSON.stringify(result, null, 2)}\n` : refuse(format)
  }
}

function refuse(format: Format): never {
  throw new UsageError(`--format ${format}: this result is words, formulas and tables; take text, tex, md or html`)
}
