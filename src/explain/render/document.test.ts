/** One document in its four formats, whole. */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'
import { type Block, Document } from './document.ts'
import { equals, number, partial, product, symbol } from './typeset.ts'

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

const slope = partial('L', 'w')

const page = new Page('The slope of L', [
  { is: 'heading', text: 'The path', level: 1 },
  {
    is: 'paragraph',
    parts: ['Nudge ', symbol('w'), ', and ', symbol('L'), ' moves by ', number(-4), ' times as much.'],
  },
  {
    is: 'formula',
    lines: [equals(slope, product([partial('L', 'z'), partial('z', 'w')])), equals(slope, product([-2, 2]), -4)],
  },
  {
    is: 'table',
    caption: 'The factors',
    columns: [
      { head: 'factor', align: 'left' },
      { head: 'rule', align: 'center' },
      { head: 'value', align: 'right' },
    ],
    rows: [
      [partial('L', 'z'), ['2·(', symbol('z'), ' - 3)'], -2],
      [partial('z', 'w'), 'x', 2],
    ],
  },
  { is: 'note', tone: 'good', parts: ['The central difference agrees.'] },
  { is: 'note', tone: 'warning', parts: ['A warning.'] },
  { is: 'note', tone: 'bad', parts: ['A problem.'] },
  { is: 'picture', svg: '<svg xmlns="http://www.w3.org/2000/svg"><text>"w" & x</text></svg>', alt: 'w -> L' },
  { is: 'heading', text: 'Then', level: 2 },
  { is: 'list', items: [['one'], ['two, ', slope]] },
  { is: 'code', text: 'if (a < b)\n\tz = w * x' },
])

describe('a document', () => {
  it('in text', () => {
    expect(page.toText({ width: 40 })).toBe(`The slope of L
══════════════

The path
────────

Nudge w, and L moves by -4 times as
much.

  ∂L/∂w = ∂L/∂z · ∂z/∂w
  ∂L/∂w = -2 × 2 = -4

The factors
factor    rule     value
──────  ─────────  ─────
∂L/∂z   2·(z - 3)     -2
∂z/∂w       x          2

✓ The central difference agrees.

! A warning.

✗ A problem.

Then

- one
- two, ∂L/∂w

    if (a < b)
    	z = w * x`)
  })

  it('in Markdown', () => {
    expect(page.toMarkdown()).toBe(`# The slope of L

## The path

Nudge $w$, and $L$ moves by $-4$ times as much.

$$
\\begin{aligned}
\\frac{\\partial L}{\\partial w} &= \\frac{\\partial L}{\\partial z} \\cdot \\frac{\\partial z}{\\partial w} \\cr
\\frac{\\partial L}{\\partial w} &= -2 \\times 2 = -4
\\end{aligned}
$$

**The factors**

| factor | rule | value |
| :-- | :-: | --: |
| $\\frac{\\partial L}{\\partial z}$ | 2·($z$ - 3) | -2 |
| $\\frac{\\partial z}{\\partial w}$ | x | 2 |

> **✓** The central difference agrees.

> **!** A warning.

> **✗** A problem.

*w -\\> L*

### Then

- one
- two, $\\frac{\\partial L}{\\partial w}$

\`\`\`
if (a < b)
	z = w * x
\`\`\`
`)
  })

  it('in TeX', () => {
    expect(page.toTex({ standalone: false })).toBe(`\\section*{The path}

Nudge $w$, and $L$ moves by $-4$ times as much.

\\[
\\begin{aligned}
\\frac{\\partial L}{\\partial w} &= \\frac{\\partial L}{\\partial z} \\cdot \\frac{\\partial z}{\\partial w} \\\\
\\frac{\\partial L}{\\partial w} &= -2 \\times 2 = -4
\\end{aligned}
\\]

{\\begin{longtable}{@{}lcr@{}}
\\multicolumn{3}{@{}l}{The factors} \\\\
\\toprule
factor & rule & value \\\\
\\midrule
\\endhead
$\\displaystyle\\frac{\\partial L}{\\partial z}$ & 2\\ensuremath{\\cdot}($z$ - 3) & $-2$ \\\\ \\addlinespace
$\\displaystyle\\frac{\\partial z}{\\partial w}$ & x & $2$ \\\\ \\addlinespace
\\bottomrule
\\end{longtable}}

\\textbf{$\\checkmark$} The central difference agrees.

\\textbf{!} A warning.

\\textbf{$\\times$} A problem.

\\subsection*{Then}

\\begin{itemize}
\\item one
\\item two, $\\frac{\\partial L}{\\partial w}$
\\end{itemize}

\\begin{Verbatim}
if (a < b)
    z = w * x
\\end{Verbatim}
`)
    expect(page.toTex()).toMatch(
      /^\\documentclass\{article\}\n[\s\S]*\\begin\{document\}\n[\s\S]*\n\\end\{document\}\n$/,
    )
    expect(page.toTex()).toContain('{\\LARGE\\bfseries The slope of L\\par}')
  })

  it('in HTML', () => {
    const body = page.toHtml().split('<body>\n')[1]
    expect(body).toBe(`<main>
<h1>The slope of L</h1>
<h2>The path</h2>
<p>Nudge <math><mi>w</mi></math>, and <math><mi>L</mi></math> moves by <math><mo form="prefix">−</mo><mn>4</mn></math> times as much.</p>
<div class="scroll formula" role="region" aria-label="Formula" tabindex="0"><math display="block"><mtable displaystyle="true"><mtr><mtd class="end">${slope.mathml}</mtd><mtd class="start"><mo>=</mo> ${partial('L', 'z').mathml}<mo>·</mo>${partial('z', 'w').mathml}</mtd></mtr><mtr><mtd class="end">${slope.mathml}</mtd><mtd class="start"><mo>=</mo> <mo form="prefix">−</mo><mn>2</mn><mo>×</mo><mn>2</mn> <mo>=</mo> <mo form="prefix">−</mo><mn>4</mn></mtd></mtr></mtable></math></div>
<div class="scroll table" role="region" aria-label="The factors" tabindex="0"><table>
<caption>The factors</caption>
<thead><tr><th scope="col" class="left">factor</th><th scope="col" class="center">rule</th><th scope="col" class="right">value</th></tr></thead>
<tbody>
<tr><td class="left"><math displaystyle="true">${partial('L', 'z').mathml}</math></td><td class="center">2·(<math displaystyle="true"><mi>z</mi></math> - 3)</td><td class="right number minus" title="-2">-2</td></tr>
<tr><td class="left"><math displaystyle="true">${partial('z', 'w').mathml}</math></td><td class="center">x</td><td class="right number plus" title="2">2</td></tr>
</tbody>
</table></div>
<p class="note good" role="note"><span class="mark" role="img" aria-label="Good:">✓</span><span>The central difference agrees.</span></p>
<p class="note warning" role="note"><span class="mark" role="img" aria-label="Warning:">!</span><span>A warning.</span></p>
<p class="note bad" role="note"><span class="mark" role="img" aria-label="Problem:">✗</span><span>A problem.</span></p>
<div class="scroll picture" role="region" aria-label="w -&gt; L" tabindex="0"><img src="data:image/svg+xml;charset=utf-8,%3Csvg%20xmlns%3D%22http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg%22%3E%3Ctext%3E%22w%22%20%26%20x%3C%2Ftext%3E%3C%2Fsvg%3E" alt="w -&gt; L"></div>
<h3>Then</h3>
<ul>
<li>one</li>
<li>two, <math>${slope.mathml}</math></li>
</ul>
<pre tabindex="0"><code>if (a &lt; b)
	z = w * x</code></pre>
</main>
</body>
</html>
`)
  })
})

describe('options', () => {
  it('are checked', () => {
    for (const width of [0, 19, 40.5, NaN, '80' as never]) expect(() => page.toText({ width })).toThrow(ArgumentError)
    expect(() => page.toText({ colour: true } as never)).toThrow(
      "toText: unknown option 'colour'; it takes { width, color }",
    )
    expect(() => page.toTex({ body: true } as never)).toThrow(ArgumentError)
  })
})

describe('HTML', () => {
  it('asks for nothing from anywhere and runs nothing', () => {
    const html = page.toHtml()
    expect(html).toContain(
      '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:">',
    )
    expect(html).not.toMatch(/<script|<link|@import|url\(|\son\w+=|(?:src|href)="(?!data:)/)
    expect(html).toContain('prefers-color-scheme:dark')
  })
})
