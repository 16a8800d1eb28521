/** KaTeX with its fonts, in a chunk of its own: the page stands before formulas are typeset. */
import katex from 'katex'
// biome-ignore lint/style/noRestrictedImports: the style sheet of KaTeX lies in its dist/
import 'katex/dist/katex.min.css'

/** Formulas that were typeset lately; a slider comes back to the same ones again and again. */
const lately = new Map<string, string>()
const KEPT = 500

/** The formula as HTML and MathML; text that is no TeX shows in the colour of errors. KaTeX escapes what it is given. */
export function typeset(tex: string, display: boolean): string {
  const key = `${display} ${tex}`
  const known = lately.get(key)
  if (known !== undefined) return known
  const html = katex.renderToString(tex, {
    displayMode: display,
    output: 'htmlAndMathml',
    throwOnError: false,
    trust: false,
    maxExpand: 200,
    strict: 'ignore',
  })
  if (lately.size >= KEPT) lately.delete(lately.keys().next().value!)
  lately.set(key, html)
  return html
}
