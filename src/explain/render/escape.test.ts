import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeBlockStart, escapeHtml, escapeMarkdown, escapeTex, spellOut } from './escape.ts'

/** Any text, rich in what is special somewhere. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'`*_[](){}|\\$#%^~-+=!,.1 a\n\t\r\0\u001b\u202e\u2066\ud800é中🙂') }),
)

describe('spellOut', () => {
  it('leaves nothing that cannot be seen or steers a terminal', () => {
    fc.assert(
      fc.property(text, (s) => {
        expect(spellOut(s)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
    expect(spellOut('a\nb\t\u001b[31m\u202ec\ud800')).toBe('a\\nb\\t\\u001b[31m\\u202ec\\ud800')
  })

  it('leaves everything else', () => {
    expect(spellOut('naïve Ελλ 中文 👩‍👩‍👧 \\frac{')).toBe('naïve Ελλ 中文 👩‍👩‍👧 \\frac{')
  })
})

describe('escapeHtml', () => {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  const read = (html: string) => html.replace(/&(#?\w+);/g, (_, name) => entities[name])

  it('is read back as the text, in elements and in attributes', () => {
    fc.assert(
      fc.property(text, (s) => {
        expect(escapeHtml(s)).not.toMatch(/[<>"']/)
        expect(read(escapeHtml(s))).toBe(spellOut(s))
      }),
    )
    expect(escapeHtml('<img onerror=alert(1)>')).toBe('&lt;img onerror=alert(1)&gt;')
  })
})

describe('escapeMarkdown', () => {
  it('is read back as the text, with every mark escaped', () => {
    fc.assert(
      fc.property(text, (s) => {
        const escaped = escapeMarkdown(s)
        expect(escaped.replace(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(spellOut(s))
        expect(escaped.replace(/\\[!-/:-@[-`{-~]/g, 'x')).not.toMatch(/[`*_[\]<>|~$]/)
      }),
    )
  })

  it('makes no entity, and leaves the rest readable', () => {
    expect(escapeMarkdown('&lt; a & b')).toBe('\\&lt; a & b')
    expect(escapeMarkdown('http://a.b, www.a.b, a@b.c')).toBe('http\\://a.b, www\\.a.b, a\\@b.c')
    expect(escapeMarkdown('a|b, x - 1 = 0.5')).toBe('a\\|b, x - 1 = 0.5')
  })
})

describe('escapeBlockStart', () => {
  it('escapes what starts a block, and nothing else', () => {
    expect(['# a', '- b', '1. c', '=== d', ' : e', 'a - b', '1 - c', '0.5'].map(escapeBlockStart)).toEqual([
      '\\# a',
      '\\- b',
      '1\\. c',
      '\\=== d',
      ' \\: e',
      'a - b',
      '1 - c',
      '0\\.5',
    ])
  })
})

describe('escapeTex', () => {
  it('leaves only commands of its own, and braces that match', () => {
    const known =
      /\\(?:[{}$&#_%]|text\w+\{\}|(?:ensuremath|mathsf|to|leftarrow|leftrightarrow|lfloor|rfloor)\b|[a-zA-Z]+)/g
    fc.assert(
      fc.property(text, (s) => {
        const plain = escapeTex(s).replace(known, '')
        expect(plain).not.toMatch(/[\\$&#%~"<>|]/)
        let depth = 0
        for (const c of plain) expect((depth += c === '{' ? 1 : c === '}' ? -1 : 0)).toBeGreaterThanOrEqual(0)
        expect(depth).toBe(0)
      }),
    )
  })

  it('shows what was written', () => {
    expect(escapeTex('\\frac{a}')).toBe('\\textbackslash{}frac\\{a\\}')
    expect(escapeTex('50 % of w_1 & $2 #3 ^ ~')).toBe(
      '50 \\% of w\\_1 \\& \\$2 \\#3 \\textasciicircum{} \\textasciitilde{}',
    )
    expect(escapeTex('a -- b')).toBe('a -{}- b')
    expect(escapeTex('[1] * 2')).toBe('{[}1{]} {*} 2')
    expect(escapeTex('∂L/∂σ ≈ 2·x²')).toBe(
      '\\ensuremath{\\partial}L/\\ensuremath{\\partial}\\ensuremath{\\sigma} \\ensuremath{\\approx} 2\\ensuremath{\\cdot}x\\ensuremath{^{2}}',
    )
  })
})
