/**
 * What `chainrule explain` and `chainrule derive` answer to mistakes in the command line: one message that names what was
 * got and what to write instead, and no output at all. And the formats of what is right.
 */
import { derivationNames } from 'chainrule/explain'
import { describe, expect, test } from 'vitest'
import { derive } from '../../src/cli/commands/derive.ts'
import { explain } from '../../src/cli/commands/explain.ts'
import { explainFormula } from '../../src/cli/explain-formula.ts'
import type { ExplainRequest } from '../../src/cli/explain-program.ts'

const loss = 'L = (w*x + b)^2'
const at = ['--at', 'w=2,x=3,b=1']

describe('mistakes', () => {
  test.each([
    [
      [],
      'explain: what is to be explained? A formula such as "L = (w*x + b)^2", or a script; see chainrule explain --help',
    ],
    [['  '], /^explain: what is to be explained\?/],
    [[loss], /^formula: no value for w, x and b/],
    [
      [loss, '--at', 'w=2', 'x=3', 'b=1'],
      'explain: values stand in one piece, with commas between: --at "w=2, x=3, b=1"',
    ],
    [['L', '=', 'w'], 'explain: takes one formula or script, got 3: L = w; write a formula in quotes'],
    [[loss, ...at, '--at'], 'explain: --at needs a value; see chainrule explain --help'],
    [[loss, '--at', '--wrt', 'w'], 'explain: --at needs a value; see chainrule explain --help'],
    [[loss, ...at, '--formats', 'svg'], 'explain: there is no option --formats; did you mean --format?'],
    [
      [loss, ...at, '--color=no'],
      'explain: there is no option --color; its options are --at, --wrt, --table, --paths, --detail, --call, --timeout, --format, --out, --help',
    ],
    [[loss, ...at, '-wrt', 'w'], 'explain: there is no option -wrt; did you mean --wrt?'],
    [['-wrt', 'w', loss], 'explain: there is no option -wrt; did you mean --wrt?'],
    [[loss, ...at, '--table=yes'], "explain: --table takes no value, got 'yes'"],
    [[loss, ...at, '--paths', '-1'], "explain: --paths takes a whole number of 1 or more, got '-1'"],
    [[loss, ...at, '--format', 'pdf'], "explain: --format is one of text, tex, md, html, svg, dot, json; got 'pdf'"],
    [[loss, ...at, '--detail', 'all'], "explain: --detail is one of function, op; got 'all'"],
    [[loss, ...at, '--call', '1'], 'explain: --call is for scripts, and this is a formula'],
    [[loss, ...at, '--timeout', '9'], 'explain: --timeout is for scripts, and this is a formula'],
    [[loss, ...at, '--', 'a'], 'explain: what stands behind -- is for scripts, and this is a formula'],
    [['nowhere.ts', ...at], 'explain: --at gives values to a formula, and this is a script'],
    [['.'], /: this is a folder; name a script in it$/],
    [['nowhere.ts'], 'nowhere.ts: there is no such file'],
    [['package.json'], 'package.json: a script ends in .ts, .js, .mts, .mjs'],
    [
      [loss, ...at, '--table', '--format', 'svg', '--wrt', 'w', '--out', 'no/such/a.svg'],
      /^--out: no\/such\/a\.svg cannot be written: there is no folder no\/such$/,
    ],
    [[loss, ...at, '--out', 'src'], '--out: src cannot be written: it is a folder'],
  ])('%j', async (args, message) => {
    const { message: said } = await explain.run(args).then(
      () => new Error('it did not fail'),
      (error: Error) => error,
    )
    if (typeof message === 'string') expect(said).toBe(message)
    else expect(said).toMatch(message)
  })

  test.each([
    ['L = w*x', 'w=2,x=3', ['c'], "--wrt: nothing is called 'c'; there are w, x and L"],
    ['L = weight^2', 'weight=2', ['Weights'], "--wrt: nothing is called 'Weights'; did you mean weight?"],
    ['L = w*x', 'w=2,x=3', [''], "--wrt takes a name, or an element such as W1[0,2]; got ''"],
    ['L = w*x', 'w=2,x=3', ['w[0]'], '--wrt: w is a single number, of which there is no w[0]'],
    ['L = sum(w)', 'w=[1,2]', ['w[2]'], '--wrt: there is no w[2]: w is [2], and indices count from 0'],
    ['L = sum(w)', 'w=[1,2]', ['w[0,1]'], '--wrt: w is [2], so an element of it is such as w[0]; got w[0,1]'],
    ['c = 2; L = c*w', 'w=2', ['c'], "--wrt: 'c' is a constant; nothing is differentiated by it"],
    ['h = w^2; L = w', 'w=2', ['h'], "--wrt: L does not depend on 'h'"],
    [
      'y = W@x',
      'W=[[1,2],[3,4]], x=[1,2]',
      [],
      'explain: y has the shape [2], and what is explained is the derivative of one number; end the formula with sum(y), mean(y), or one element such as y[0]',
    ],
    [
      'x > 0',
      'x=1',
      [],
      'explain: L is a whole number or a truth value, which has no derivative; end with a value that changes smoothly',
    ],
    [
      '2^3',
      '',
      [],
      'explain: there is nothing to differentiate by: the formula has no names; write w for a number, and --at w=2',
    ],
    [
      `w${' + w'.repeat(25_000)}`,
      'w=1',
      [],
      'explain: this formula has 100001 characters, and at most 100000 are read; write it as a script',
    ],
  ])('%s at %s by %j', (source, values, wrt, message) => {
    expect(() => explained(source, values, { wrt })).toThrow(message)
  })

  test.each([
    [['sigmod'], "derive: there is no derivation of 'sigmod'; did you mean sigmoid?"],
    [['xyz'], /^derive: there is no derivation of 'xyz'; there are sigmoid, .* and /],
    [['relu', 'tanh'], 'derive: takes one function, got 2: relu tanh'],
    [['--wrt', 'x'], 'derive: --wrt needs a function'],
    [['relu', '--format', 'json'], "derive: --format is one of text, tex, md, html, svg; got 'json'"],
    [['--format', 'svg'], '--format svg: this result is words, formulas and tables; take text, tex, md or html'],
  ])('derive %j', async (args, message) => {
    await expect(derive.run(args)).rejects.toThrow(message)
  })

  test('the help of derive names what is told as in a textbook', () => {
    for (const name of derivationNames) expect(derive.help).toContain(name)
  })
})

const request: ExplainRequest = {
  wrt: [],
  paths: null,
  detail: 'function',
  table: false,
  format: 'text',
  print: { width: 80, color: false },
}

const explained = (source: string, values: string, options: Partial<ExplainRequest> = {}): string =>
  explainFormula(source, values, { ...request, ...options })

describe('what can be asked for', () => {
  const two = 'h = relu(W@x); L = sum(h)'
  const values = 'W=[[1,-2],[3,4]], x=[0.5,1]'

  test('all elements of a gradient, beside the largest', () => {
    const matrix = explained(two, values, { wrt: ['W'] })
    expect(matrix).toContain('∂L/∂W\n     0  1\n─  ───  ─\n0    0  0\n1  0.5  1\n')
    expect(matrix.startsWith('∂L/∂W[1,1] = 1\n')).toBe(true)
    expect(explained(two, values, { wrt: ['x'] })).toContain(
      '∂L/∂x\n   value  gradient\n─  ─────  ────────\n0    0.5         3\n1      1         4\n',
    )
    const many = explained('L = sum(w^2)', `w=[${Array.from({ length: 20 }, (_, i) => i)}]`, { wrt: ['w'] })
    expect(many).toContain('∂L/∂w has the shape [20]; its elements are from 0 to 38, its norm is 99.4.')
  })

  test('one element, several names, intermediate values', () => {
    expect(explained(two, values, { wrt: ['W[-1,-2]'] })).toMatch(/^∂L\/∂W\[1,0\] = 0\.5\n/)
    const several = explained(two, values, { wrt: ['W[1,0], h[1]', 'x'] })
    expect(several).toContain('  ∂L/∂W[1,0] = 0.5\n    ∂L/∂h[1] = 1\n    ∂L/∂x[1] = 4\n')
  })

  test('what is chosen, where nothing is asked for', () => {
    const source = 'a*b*c*d*f + sum(v)'
    const all = explained(source, 'a=1,b=2,c=3,d=4,f=5,v=[1,2]').replaceAll(/\s+/g, ' ')
    expect(all).toContain('∂L/∂a = 120 ∂L/∂b = 60 ∂L/∂c = 40 ∂L/∂d = 30')
    expect(all).toContain('These are the largest of 6 inputs; --wrt f takes another.')
    const element = explained('sum(v) + u', 'v=[1,2],u=1').replaceAll(/\s+/g, ' ')
    expect(element).toContain('Of v, the element with the largest derivative is taken; --wrt "v[0]" takes another.')
  })

  test('the working line by line', () => {
    expect(explained(loss, at[1], { wrt: ['w'], table: true })).toContain(
      '∂L/∂v2  2·v2             2·7         14\n∂v2/∂w  x                3            3\n∂L/∂w   ∂L/∂v2 · ∂v2/∂w  14 × 3      42\n',
    )
  })

  test('a formula of several lines', () => {
    const text = explained('z = w*x\nL = z^2', 'w=2,x=3')
    expect(text).toMatch(/^The derivatives of L\n═+\n\n {4}z = w\*x\n {4}L = z\^2\n\n/)
  })

  test('a formula that begins with a sign', async () => {
    // It is read as far as its values.
    await expect(explain.run(['-w^2'])).rejects.toThrow('no value for w')
  })

  describe.each([{ wrt: [] }, { wrt: ['w'] }])('a picture or a page of %j', ({ wrt }) => {
    const as = (format: ExplainRequest['format']) => explained('L = (w<3)·|w*x|·σ(b)', 'w=2,x=3,b=1', { wrt, format })

    /** Whether every tag is closed where it must be; those of HTML that never are, are left out. */
    function isBalanced(markup: string): boolean {
      const open: string[] = []
      const tags = markup.matchAll(/<(\/?)([a-z]\w*)[^>]*?(\/?)>/g)
      return [...tags].every(([, end, name, self]) => {
        if (end) return open.pop() === name
        if (!self && name !== 'meta' && name !== 'img') open.push(name)
        return true
      })
    }

    test('html has no script and asks for nothing', () => {
      const html = as('html')
      expect(/<script|<link|<iframe|\bon\w+=|javascript:/i.test(html)).toBe(false)
      const places = [...html.matchAll(/\b(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/gi)].map(([, place]) => place)
      expect(places.filter((place) => !place.startsWith('data:image/svg+xml'))).toEqual([])
      expect(isBalanced(html)).toBe(true)
    })

    test('svg is closed as it is opened, and a formula is no markup', () => {
      const svg = as('svg')
      expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true)
      expect(isBalanced(svg)).toBe(true)
      expect(`${svg}${as('html')}`).not.toContain('(w<')
      expect(as('html')).toContain('L = (w&lt;3)')
    })

    test('dot, tex and md', () => {
      expect(as('dot')).toMatch(/^digraph \{\n[\s\S]+\n\}\n?$/)
      const tex = as('tex')
      const count = (pattern: RegExp) => [...tex.matchAll(pattern)].length
      expect(count(/\\begin\{/g)).toBe(count(/\\end\{/g))
      expect(as('md')).toMatch(/^# .*\n\n/)
    })

    test('json', () => {
      const { format, version } = JSON.parse(as('json'))
      expect([format, version]).toEqual([wrt.length > 0 ? 'chainrule-explanation' : 'chainrule-trace', 1])
    })
  })
})
