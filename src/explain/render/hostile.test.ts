/** What no name from outside may do, wherever in a document it stands. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Block, Document } from './document.ts'
import { escapeHtml, spellOut } from './escape.ts'
import { equals, partial, symbol } from './typeset.ts'

class Page extends Document {
  readonly title: string
  readonly content: Block[]

  constructor(title: string, content: Block[]) {
    super()
    this.title = title
    this.content = content
  }

  blocks(): Block[] {
    return this.content
  }
}

/** Any text, rich in what is special in some format. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'`*_[](){}|\\$#%^~- a1\n\t\0\u001b\u202e\ud800中🙂'), maxLength: 30 }),
  fc.constantFrom(
    '<img src=x onerror=alert(1)>',
    '</style><script>',
    '\\end{document}',
    '\\end{Verbatim}',
    ']]>',
    '-->',
    '```',
  ),
)

const everywhere = (name: string): Page =>
  new Page(name, [
    { is: 'heading', text: name, level: 1 },
    { is: 'paragraph', parts: [name, symbol(name), partial(name, 'w')] },
    { is: 'formula', lines: [equals(name, 1)] },
    { is: 'table', columns: [{ head: name, align: 'left' }], rows: [[name], [[name, symbol(name)]]], caption: name },
    { is: 'list', items: [[name]] },
    { is: 'code', text: name },
    { is: 'note', tone: 'bad', parts: [name] },
    { is: 'picture', svg: name, alt: name },
  ])

describe('no text from outside', () => {
  it('steers a terminal or leaves its line', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 20, max: 100 }), (name, width) => {
        const text = everywhere(name).toText({ width })
        expect(text.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })

  it('makes an element or an attribute of HTML', () => {
    const tags = (html: string) => html.replace(/(?<==")[^"]*/g, '').match(/<[^>]*>/g)
    const expected = tags(everywhere('name').toHtml())
    fc.assert(
      fc.property(hostile, (name) => {
        // A name may have subscripts or be a number, so formulas are compared without their leaves.
        const bare = (all: RegExpMatchArray | null) => all?.filter((tag) => !/^<\/?m(?!ath|ain)/.test(tag))
        const html = everywhere(name).toHtml()
        expect(bare(tags(html))).toEqual(bare(expected))
        expect(html).toContain(`<h2>${escapeHtml(name)}</h2>`)
      }),
    )
  })

  it('makes a column or a row of a Markdown table', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const lines = everywhere(name).toMarkdown().split('\n')
        const rule = lines.indexOf('| :-- |')
        for (const line of [lines[rule - 1], lines[rule + 1], lines[rule + 2]])
          expect(line.replace(/\\./g, '').match(/\|/g)).toHaveLength(2)
        expect(lines[rule + 3]).toBe('')
      }),
    )
  })

  it('ends a group or an environment of TeX', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const tex = everywhere(name).toTex()
        expect(tex.match(/\\end\{document\}/g)).toHaveLength(spellOut(name) === '\\end{document}' ? 2 : 1)
        expect(tex.match(/^\\end\{Verbatim\}/gm)).toHaveLength(1)
        const outside = tex.replace(/\\begin\{Verbatim\}[\s\S]*?\n\\end\{Verbatim\}/, '').replace(/\\[{}\\]/g, '')
        expect(outside.match(/\{/g)?.length).toBe(outside.match(/\}/g)?.length)
      }),
    )
  })
})
