/**
 * What an explanation says, apart from how it looks: a list of blocks. Everything that explains itself extends
 * `Document` and says its blocks once; one renderer each makes text, TeX, Markdown and HTML of them.
 */
import { checkOptions } from '../../errors/index.ts'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import { renderTex, type TexOptions } from './tex.ts'
import { renderText, type TextOptions } from './text.ts'
import type { Typeset } from './typeset.ts'

/** Words or a formula in a line of text. Words are taken literally: nothing in them is markup. */
export type Inline = string | Typeset

/** What stands in one place of a table. A bare number is shown by `shortNumber`, with its sign by colour as well. */
export type Cell = Inline | number | readonly Inline[]

export type Column = { readonly head: Inline; readonly align: 'left' | 'right' | 'center' }

/** How a note is meant; every renderer says it in words or signs, never by colour alone. */
export type Tone = 'good' | 'warning' | 'bad'

export type Block =
  | { readonly is: 'heading'; readonly text: string; readonly level: 1 | 2 | 3 }
  | { readonly is: 'paragraph'; readonly parts: readonly Inline[] }
  /** Set apart from the text; several lines are aligned at their first relation sign. */
  | { readonly is: 'formula'; readonly lines: readonly Typeset[] }
  | {
      readonly is: 'table'
      readonly columns: readonly Column[]
      readonly rows: readonly (readonly Cell[])[]
      readonly caption?: string
    }
  | { readonly is: 'list'; readonly items: readonly (readonly Inline[])[] }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'note'; readonly tone: Tone; readonly parts: readonly Inline[] }
  /** Shown in HTML only; Markdown has its `alt` text, text and TeX leave it out. */
  | { readonly is: 'picture'; readonly svg: string; readonly alt: string }

/** Something that explains itself: a title and blocks, in any of four formats. */
export abstract class Document {
  abstract readonly title: string
  abstract blocks(): Block[]

  /**
   * For a terminal of `width` columns (80 unless told, at least 20); `color: true` adds ANSI colours.
   *
   * @throws ArgumentError for an unknown option or a width that is no integer of 20 or more.
   */
  toText(options: TextOptions = {}): string {
    checkOptions('toText', options, ['width', 'color'])
    return renderText(this.title, this.blocks(), options)
  }

  /**
   * A LaTeX document that compiles by itself; `standalone: false` leaves out everything but the body, which needs the
   * packages amsmath, amssymb, array, booktabs, longtable and fancyvrb.
   *
   * @throws ArgumentError for an unknown option.
   */
  toTex(options: TexOptions = {}): string {
    checkOptions('toTex', options, ['standalone'])
    return renderTex(this.title, this.blocks(), options)
  }

  /** GitHub flavoured Markdown, with formulas between dollar signs. */
  toMarkdown(): string {
    return renderMarkdown(this.title, this.blocks())
  }

  /** One file that needs nothing else: no script, no request, light and dark. */
  toHtml(): string {
    return renderHtml(this.title, this.blocks())
  }
}
