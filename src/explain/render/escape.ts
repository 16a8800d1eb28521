/**
 * Text from outside as text: names may hold anything, and nothing in them may act as markup, as a command of TeX, as
 * structure of a graph file or on the terminal. Characters that cannot be seen are spelled out first, in all formats.
 */
import { escapeXml, texName } from '../../scalar/index.ts'
import { spellOut } from '../../tensor/print.ts'

export { spellOut }

/** For the text and the quoted attributes of HTML and SVG. */
export const escapeHtml = (text: string): string => escapeXml(spellOut(text))

/** For Markdown within a line, addresses included, which GitHub makes links of; `escapeBlockStart` sees to its beginning. */
export const escapeMarkdown = (text: string): string =>
  spellOut(text).replace(/[\\`*_[\]<>|~$@]|&(?=#?\w+;)|:(?=\/\/)|(?<=www)\./gi, '\\$&')

/** For a line of Markdown that could begin as a heading, a list or a rule does. */
export const escapeBlockStart = (line: string): string =>
  line.replace(/^(\s*)(?:([#+=:-])|(\d+)(?=[.)]))/, (_, space, mark, number) =>
    mark === undefined ? `${space}${number}\\` : `${space}\\${mark}`,
  )

/** For text mode, with the signs of mathematics set as such. Other scripts than Latin need LuaLaTeX or XeLaTeX. */
export const escapeTex = (text: string): string =>
  spellOut(text)
    .replace(/[\\{}$&#_%^~<>|"[\]*]/g, (mark) => texMarks[mark] ?? `\\${mark}`)
    .replace(/(?<=[-'`,!?])(?=[-'`,])/g, '{}')
    .replace(/\P{ASCII}/gu, (sign) => {
      const math = signs[sign] ?? (/\p{Script=Greek}/u.test(sign) ? texName(sign) : '')
      return math.startsWith('\\text{') || math === '' ? sign : `\\ensuremath{${math}}`
    })

const texMarks: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  // At the start of a row or an item these would be read as an option.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
}

/** The signs that explanations use, in math mode. */
const signs: Readonly<Record<string, string>> = {
  '·': '\\cdot',
  '×': '\\times',
  '−': '-',
  '±': '\\pm',
  '∂': '\\partial',
  '∇': '\\nabla',
  '∑': '\\sum',
  '∏': '\\prod',
  '√': '\\surd',
  '∞': '\\infty',
  '≈': '\\approx',
  '≠': '\\neq',
  '≤': '\\leq',
  '≥': '\\geq',
  '∈': '\\in',
  '→': '\\to',
  '←': '\\leftarrow',
  '↔': '\\leftrightarrow',
  '⌊': '\\lfloor',
  '⌋': '\\rfloor',
  '✓': '\\checkmark',
  '✗': '\\times',
  '…': '\\ldots',
  ᵀ: '^{\\mathsf T}',
  '⁻': '^{-}',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((sign, i) => [sign, `^{${i}}`])),
  ...Object.fromEntries([...'₀₁₂₃₄₅₆₇₈₉'].map((sign, i) => [sign, `_{${i}}`])),
}
