/** A document as one HTML file: no script, no request to anywhere, light and dark, from 320 pixels up and on paper. */

import { displayRows } from './display.ts'
import type { Block, Cell, Column, Inline, Tone } from './document.ts'
import { escapeHtml } from './escape.ts'
import { htmlStyle } from './html-style.ts'
import { fullNumber, shortNumber } from './number.ts'
import { marks } from './text.ts'
import type { Typeset } from './typeset.ts'

/** The page may load nothing; the style sheet stands in it and pictures are data. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

export function renderHtml(title: string, blocks: readonly Block[]): string {
  const name = escapeHtml(title)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
<style>
${htmlStyle}
</style>
</head>
<body>
<main>
<h1>${name}</h1>
${blocks.map(htmlBlock).join('\n')}
</main>
</body>
</html>
`
}

function htmlBlock(block: Block): string {
  switch (block.is) {
    case 'heading':
      return `<h${block.level + 1}>${escapeHtml(block.text)}</h${block.level + 1}>`
    case 'paragraph':
      return `<p>${inline(block.parts)}</p>`
    case 'formula':
      return scrolling('formula', display(block.lines), 'Formula')
    case 'table':
      return table(block)
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li>${inline(item)}</li>`).join('\n')}\n</ul>`
    case 'code':
      return `<pre tabindex="0"><code>${code(block.text)}</code></pre>`
    case 'note':
      return note(block.tone, inline(block.parts))
    case 'picture':
      return scrolling('picture', `<img src="${dataUrl(block.svg)}" alt="${escapeHtml(block.alt)}">`, block.alt)
  }
}

/** What may be wider than the page scrolls in a box of its own, which the keyboard can reach. */
const scrolling = (kind: string, content: string, label: string): string =>
  `<div class="scroll ${kind}" role="region" aria-label="${escapeHtml(label)}" tabindex="0">${content}</div>`

const inline = (parts: readonly Inline[], style = ''): string =>
  parts.map((part) => (typeof part === 'string' ? escapeHtml(part) : `<math${style}>${part.mathml}</math>`)).join('')

/** Fractions in a cell have all the room they need. */
const spacious = (parts: readonly Inline[]): string => inline(parts, ' displaystyle="true"')

function display(lines: readonly Typeset[]): string {
  const rows = displayRows(lines, 'mathml')
  if (rows.length === 1) return `<math display="block">${rows[0].left}${rows[0].right}</math>`
  const cells = rows.map(
    ({ left, right }) => `<mtr><mtd class="end">${left}</mtd><mtd class="start">${right}</mtd></mtr>`,
  )
  return `<math display="block"><mtable displaystyle="true">${cells.join('')}</mtable></math>`
}

function table({ columns, rows, caption }: Extract<Block, { is: 'table' }>): string {
  const head = columns.map(({ head, align }) => `<th scope="col" class="${align}">${spacious([head])}</th>`)
  const body = rows.map((row) => `<tr>${columns.map((column, i) => cell(row[i] ?? '', column)).join('')}</tr>`)
  const title = caption === undefined ? '' : `<caption>${escapeHtml(caption)}</caption>\n`
  const content = `<table>
${title}<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>`
  return scrolling('table', content, caption ?? 'Table')
}

function cell(content: Cell, { align }: Column): string {
  if (typeof content !== 'number')
    return `<td class="${align}">${spacious(Array.isArray(content) ? content : [content])}</td>`
  const sign = content > 0 ? 'plus' : content < 0 ? 'minus' : content === 0 ? 'zero' : 'bad'
  return `<td class="${align} number ${sign}" title="${fullNumber(content)}">${shortNumber(content)}</td>`
}

const tones: Readonly<Record<Tone, string>> = { good: 'Good', warning: 'Warning', bad: 'Problem' }

const note = (tone: Tone, content: string): string =>
  `<p class="note ${tone}" role="note"><span class="mark" role="img" aria-label="${tones[tone]}:">${marks[tone]}</span><span>${content}</span></p>`

const code = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.split('\t').map(escapeHtml).join('\t'))
    .join('\n')

/** As an image: its styles and names stay apart from the page's, and no script in it would run. */
const dataUrl = (svg: string): string =>
  `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.replace(/\p{Surrogate}/gu, '\ufffd'))}`
